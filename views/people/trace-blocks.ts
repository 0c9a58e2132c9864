import type { Trace } from '../../src/domain/sync/trace.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { clip } from '../clip.ts';
import { whyValue } from '../explain/why-modal.ts';
import { outWords, placed } from '../explain/why-words.ts';
import { bold, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { attributeName, changesLine, errorWords, outcomeOf } from '../sync/event-words.ts';
import { count, listed, plural } from '../words.ts';

/** Values shown of those that the mapping gave. */
const VALUES = 8;

/** *One person now* in five steps, each with what it found (S16); without names and values where others read it too (R3). */
export function traceBlocks(trace: Trace, mayName: boolean): Blocks {
  return [section(joined(steps(trace, mayName), '\n'))];
}

/** Somebody who goes first in a run that was under way already: their own message, edited in place. */
export function traceMessage(trace: Trace, connector: { readonly id: string; readonly name: string }): Message {
  const head = md`${bold(trace.name)} goes first in run ${trace.runId} of ${connector.name}.`;
  return message({
    text: head,
    blocks: [
      section(head),
      ...traceBlocks(trace, true),
      actions([
        button({ text: 'Why', action: 'why.open', value: whyValue(connector.id, trace.personId) }),
        button({ text: 'Show the run', action: 'sync.open', value: trace.runId }),
      ]),
      context(md`${trace.runId} · ${connector.id}`),
    ],
  });
}

function steps(trace: Trace, mayName: boolean): readonly Mrkdwn[] {
  const { directory, scope } = trace;
  const found =
    directory === null
      ? md`✕ Directory: not there any more`
      : mayName
        ? md`✓ Directory: ${trace.name}, ${directory.organization}, from ${directory.source}`
        : md`✓ Directory: found`;
  if (scope.is === 'out') return [found, md`✕ Scope: ${outWords(scope.why)}. It ends here, and nothing is sent.`];
  return [
    found,
    md`✓ Scope: ${placed({ name: scope.grouping, organization: scope.organization })} is assigned`,
    matched(trace),
    mapped(trace, mayName),
    written(trace, mayName),
  ];
}

function matched({ matched: found, write }: Trace): Mrkdwn {
  if (found === null) return write?.is === 'waiting' ? md`… Account: none is linked yet` : md`– Account: none is linked`;
  const how = { linked: 'linked before', adopted: 'was there and was adopted', created: 'none was there; created' } as const;
  return md`✓ Account: ${found.targetId}, ${how[found.by]}`;
}

function mapped({ mapped: made }: Trace, mayName: boolean): Mrkdwn {
  if (made === null) return md`– Values: no mapping is in force`;
  if (made.missing.length > 0) return md`✕ Values: ${listed(made.missing.map(attributeName))} came out empty`;
  const entries = Object.entries(made.values);
  if (!mayName) return md`✓ Values: ${plural(entries.length, 'attribute')} mapped`;
  const shown = entries.slice(0, VALUES).map(([attribute, value]) => `${attributeName(attribute)}: ${clip(value, 60)}`);
  return md`✓ Values: ${shown.join(' · ')}${entries.length > VALUES ? ` and ${count(entries.length - VALUES)} more` : ''}`;
}

function written({ write }: Trace, mayName: boolean): Mrkdwn {
  switch (write?.is) {
    case undefined:
      return md`– Written: not tried`;
    case 'waiting':
      return md`… Written: waiting for its turn`;
    case 'unchanged':
      return md`✓ Written: nothing, the account is as it should be`;
    case 'not-reached':
      return md`– Written: the run ended before`;
    case 'failed':
      return mayName ? md`✕ Written: ${outcomeOf(write.event)}, ${errorWords(write.event)}` : md`✕ Written: ${outcomeOf(write.event)}; View errors says why`;
    case 'written': {
      const tries = write.event.attempts > 1 ? `, ${count(write.event.attempts)} requests` : '';
      const changes = mayName && write.event.type === 'user_update_provision' ? md`: ${changesLine(write.event.changes)}` : md``;
      return md`✓ Written: ${outcomeOf(write.event)}${tries}${changes}`;
    }
  }
}
