import { header, type Message, message, section } from '../blocks.ts';
import { code, joined, md } from '../mrkdwn.ts';

export interface HelpLine {
  /** Without the app's name: `sync now <connector>`. */
  readonly usage: string;
  readonly summary: string;
}

export interface HelpTopic {
  readonly topic: string;
  readonly lines: readonly HelpLine[];
}

/** Every command, or those of one topic; `typed` are words that meant nothing (unknown words get help, not silence). */
export function helpMessage(topics: readonly HelpTopic[], typed: string | null, name: string): Message {
  const shown = topics.filter(({ lines }) => lines.length > 0);
  const opening = typed === null ? `What /${name} can do` : `Usher doesn’t know “${typed.slice(0, 80)}”. What it can do:`;
  return message({
    text: `${opening}: ${shown.map(({ topic }) => topic).join(', ')}.`,
    blocks: [
      section(opening),
      ...shown.flatMap(({ topic, lines }) => [
        header(topic),
        ...chunks(lines, 12).map((some) =>
          section(
            joined(
              some.map(({ usage, summary }) => md`${code(`/${name} ${usage}`)} ${summary}`),
              '\n',
            ),
          ),
        ),
      ]),
      section(md`Names with blanks go in quotes: ${code('"North High"')}. Every button has such a typed twin.`),
    ],
  });
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
