import type { Preview } from '../../src/domain/sync/preview.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { bold, joined, md } from '../mrkdwn.ts';
import { count, duration, percent, plural } from '../words.ts';
import { CHANGE_WORDS } from './change-words.ts';

/** What a sync would do now, in numbers and first names (S6 in its simple form); seats are those of the whole connector (C3). Only for one person's eyes: it names people. */
export function previewMessage(of: Preview, connector: { readonly id: string; readonly name: string }, whole: boolean): Message {
  const changes = CHANGE_WORDS.filter(([kind]) => of.counts[kind] > 0);
  const line = changes
    .map(([kind, sign, word]) => `${sign}${count(of.counts[kind])} ${kind === 'create' && of.unlisted !== null ? 'create or adopt' : word}`)
    .join(' · ');
  const head =
    changes.length === 0 ? `Nothing to change in ${connector.name}: ${count(of.unchanged)} unchanged.` : `${line} · ${count(of.unchanged)} unchanged`;
  const blocks: Blocks = [
    section(md`${bold(`What a sync of ${connector.name} would do now`)}`),
    section(head),
    ...changes.map(([kind, , word]) => section(names(word, of.names[kind], of.counts[kind]))),
    of.counts.frozen > 0 &&
      section(
        md`${plural(of.counts.frozen, 'person', 'people')} would be left as they are: ${joined(of.names.frozen)}${of.counts.frozen > of.names.frozen.length ? ' …' : ''}`,
      ),
    of.protected.count > 0 && section(names('protected, so neither removed nor downgraded', of.protected.names, of.protected.count)),
    of.held.removals > 0 && section(md`⛔ ${bold(heldBack(of, whole))}`),
    of.unlisted !== null && section(`The accounts of ${connector.name} could not be listed: ${of.unlisted}. Some of “create” may turn out to be “adopt”.`),
    context(time(of), whole && seats(of), 'Nothing was sent.'),
    actions([
      changes.length > 0 && button({ text: 'Make a plan', action: 'sync.plan', value: connector.id }),
      changes.length > 0 && button({ text: 'Sync now', action: 'sync.now', value: connector.id, style: 'primary' }),
      button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
    ]),
  ];
  return message({ text: `${connector.name}: ${head}`, blocks });
}

/** What holds removals back; of how many accounts is told to whoever sees the whole connector. */
function heldBack({ held, counts }: Preview, whole: boolean): string {
  const many = whole
    ? `${count(held.removals)} of ${plural(held.accounts, 'account')} (${percent(held.removals, held.accounts)})`
    : plural(held.removals, 'account');
  if (held.by?.is === 'freeze') return `${plural(held.removals, 'removal')} held back by the freeze “${held.by.name}”.`;
  if (held.removals === counts.deactivate + counts.delete) return `The fuse would stop it before removing anyone: ${many}.`;
  return `${plural(held.removals, 'removal')} held back by the fuse; the other ${count(counts.deactivate + counts.delete - held.removals)} would go.`;
}

function names(word: string, first: readonly string[], total: number): ReturnType<typeof md> {
  const rest = total - first.length;
  return md`${word}: ${joined(first)}${rest > 0 ? ` and ${count(rest)} more` : ''}`;
}

function time(of: Preview): string {
  return of.seconds === null
    ? `${plural(of.requests, 'request')}, no rate limit set`
    : `about ${duration(of.seconds * 1_000)} for ${plural(of.requests, 'request')}`;
}

function seats(of: Preview): string {
  if (of.seats.total === null) return `${plural(of.seats.after, 'active account')} afterwards`;
  const left = of.seats.total - of.seats.after;
  return left >= 0 ? `${plural(left, 'seat')} left afterwards` : `${plural(-left, 'seat')} short afterwards`;
}
