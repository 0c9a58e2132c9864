import { resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { verifyStoppedAudit } from '../adapters/lowdb/audit-files.ts';
import { CSV } from '../adapters/system/sheets.ts';
import { verdict } from '../domain/audit/verification.ts';
import { StoreFault } from '../ports/store.ts';
import { ask, NobodyListens } from './client.ts';
import { EXIT, PROTOCOL, type Reply, type Request } from './protocol.ts';
import { socketPath } from './socket.ts';
import { helpText, wantedBy } from './wanted.ts';

/** The process that somebody typed `usher …` into. */
export interface Terminal {
  /** After the program's name. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Their user name on this host. */
  readonly user: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Does what was typed and gives the exit code. Answers go to stdout, what went wrong and what to do to stderr. */
export async function run(terminal: Terminal): Promise<number> {
  const wanted = wantedBy(terminal.words);
  if (wanted.is === 'help') {
    terminal.stdout.write(helpText());
    return EXIT.done;
  }
  if (wanted.is === 'usage') return fault(terminal, `${wanted.problem}. \`usher help\` lists everything.`, EXIT.usage);
  const folder = resolve(wanted.folder ?? (terminal.environment.USHER_DATA || './data'));
  try {
    const replies = ask(socketPath(folder), { protocol: PROTOCOL, by: terminal.user, request: wanted.request });
    return await shown(terminal, replies, wanted.format);
  } catch (error) {
    if (error instanceof NobodyListens) return alone(terminal, folder, wanted.request);
    // The reader has what it wanted: `usher audit export | head`.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return EXIT.done;
    return fault(terminal, error instanceof Error ? error.message : String(error), EXIT.refused);
  }
}

/** No Usher listens: only the audit of a stopped store can be verified without one. */
async function alone(terminal: Terminal, folder: string, request: Request): Promise<number> {
  if (request.is !== 'audit verify')
    return fault(terminal, `No Usher answers in ${folder}. Start it, or name its data folder: --data <folder> or USHER_DATA.`, EXIT.unavailable);
  try {
    const found = await verifyStoppedAudit(folder, request.head);
    terminal.stdout.write(verdict(found).map(printed).join(''));
    return found.fault === null ? EXIT.done : EXIT.found;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return fault(terminal, `${error.message} The audit of a store is read from its files only while no Usher uses it.`, EXIT.unavailable);
  }
}

async function shown(terminal: Terminal, replies: AsyncIterable<Reply>, format: 'csv' | 'jsonl'): Promise<number> {
  let code: number = EXIT.refused;
  async function* rows(): AsyncGenerator<readonly string[] | string> {
    for await (const reply of replies) {
      if (reply.is === 'header' && format === 'csv') yield reply.cells;
      else if (reply.is === 'record') yield format === 'csv' ? reply.cells : `${JSON.stringify(reply.value)}\n`;
      else if (reply.is === 'line') terminal.stdout.write(printed(reply.text));
      else if (reply.is === 'fault') terminal.stderr.write(printed(reply.text));
      else if (reply.is === 'end') code = reply.code;
    }
  }
  const source = rows();
  // Without a table nothing is written, not even the byte order mark.
  const first = await source.next();
  if (first.done) return code;
  const table = Readable.from(following(first.value, source));
  await (format === 'csv' ? pipeline(table, stringify(CSV), terminal.stdout, { end: false }) : pipeline(table, terminal.stdout, { end: false }));
  return code;
}

async function* following<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

function fault({ stderr }: Terminal, text: string, code: number): number {
  stderr.write(printed(text));
  return code;
}

/** One line as it may stand on a terminal (X4): what a file or a name brings with it is no line of its own, no escape sequence, and turns no reading around. */
function printed(text: string): string {
  return `${text.replace(/[\t\r\n\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')}\n`;
}
