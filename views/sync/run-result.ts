import { withoutNames } from '../../src/domain/alerts/plain-words.ts';
import type { FailureCause, Run } from '../../src/domain/sync/run.ts';
import { actions, type Blocks, button, context, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import { resultSign } from '../signs.ts';
import { count, duration, percent, plural } from '../words.ts';
import type { RunCard, RunStanding } from './run-card.ts';
import { done } from './run-counts.ts';

/** Causes shown on the card; the rest is counted. */
const CAUSES = 5;

type Ended = Extract<Run['state'], { is: 'ended' }>;

const ENDING = {
  completed: '',
  cancelled: ', cancelled',
  held: ', removals held',
  disconnected: ', disconnected',
  credentials: ', needs credentials',
  failed: '',
  crashed: ', crashed',
} as const satisfies Readonly<Record<Ended['ending'], string>>;

/** How a run ended: its result in numbers, what it held back, the causes of what failed, and what to do next (S3). */
export function runResult(card: RunCard, state: Ended): RunStanding {
  const { run, connector } = card;
  const sign = resultSign(state.result);
  const took = run.startedAt === null ? '' : ` · took ${duration(state.at - run.startedAt)}`;
  // Held without removals: existing accounts wait for the plan by which they are adopted (S26).
  const how = state.ending === 'held' && run.held === null ? ', waits for approval' : ENDING[state.ending];
  const head = `${connector.name}: ${sign.word}${how}`;
  // A run that failed before its plan was made tells nothing of what there is to change.
  const what = state.result === 'failure' && run.total === null ? 'nothing was done' : done(run.counts);
  const blocks: Blocks = [
    section(md`${sign.sign} ${bold(head)} · ${what}${took}`),
    // A held or a void plan is told in Usher's own words, which name nobody.
    state.detail !== null && section(state.ending === 'held' || state.ending === 'cancelled' ? state.detail : readable(card, state.detail)),
    ...heldBlocks(card),
    ...run.causes.slice(0, CAUSES).map((cause) => causeSection(card, cause)),
    run.causes.length > CAUSES && context(`and ${plural(run.causes.length - CAUSES, 'more cause')}`),
    run.frozen.count > 0 && section(leftLine(run.frozen), { accessory: button({ text: 'See who', action: 'sync.frozen', value: run.id }) }),
    ...taskBlocks(card),
    actions([
      card.steers !== false && run.counts.failed > 0 && button({ text: `Retry failed (${count(run.counts.failed)})`, action: 'sync.retry', value: run.id }),
      run.counts.failed > 0 && button({ text: 'View errors', action: 'sync.errors', value: run.id }),
      button({ text: 'View people', action: 'sync.open', value: run.id }),
      button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
    ]),
  ];
  return { text: `${head} · ${what}.`, blocks };
}

/** `Enrollment task 1042 for 320 people` (E1). */
function taskBlocks({ task }: RunCard): Blocks {
  if (task === undefined || task === null) return [];
  return [
    section(`Enrollment task ${task.number} for ${plural(task.people, 'person', 'people')}`, {
      accessory: button({ text: 'Open task', action: 'enroll.task', value: task.id, accessibilityLabel: `Open task ${task.number}` }),
    }),
  ];
}

/** `3 people left as they are: 1 protected, something about 2 is not clear.` */
function leftLine({ count: all, protected: shielded = 0, skipped = 0 }: Run['frozen']): string {
  if (skipped > 0) {
    const others = all - skipped;
    return `${plural(skipped, 'person was', 'people were')} skipped: they changed since the plan was made.${others > 0 ? ` ${count(others)} more left as they are.` : ''}`;
  }
  const unclear = all - shielded;
  if (unclear === 0) return `${plural(all, 'person', 'people')} left as they are: protected.`;
  if (shielded === 0) return `${plural(all, 'person was', 'people were')} left as they are: something about them is not clear.`;
  return `${plural(all, 'person was', 'people were')} left as they are: ${count(shielded)} protected; something about ${count(unclear)} is not clear.`;
}

function heldBlocks({ run, connector }: RunCard): Blocks {
  if (run.held === null) return [];
  const { removals, accounts } = run.held;
  return [
    section(
      md`⛔ ${bold(`Stopped before removing anyone: ${connector.name} would lose ${count(removals)} of ${plural(accounts, 'account')} (${percent(removals, accounts)}).`)} Joins and changes went on. Nothing was removed.`,
    ),
    actions([button({ text: 'See who is held', action: 'sync.hold', value: run.connectorId })]),
    context('If they should go, somebody other than whoever started the sync releases them. Un-assigning on purpose shows them first, and is not held.'),
  ];
}

function causeSection(card: RunCard, cause: FailureCause): ReturnType<typeof section> {
  const status = cause.status === null ? '' : ` (${cause.status})`;
  return section(md`✕ ${count(cause.count)} × “${readable(card, cause.message)}”${status}`, {
    accessory: card.steers !== false && button({ text: `Retry these ${count(cause.count)}`, action: 'sync.retry', value: `${card.run.id}/${cause.key}` }),
  });
}

/** The provider's words, or as much of them as can name nobody. */
function readable(card: RunCard, words: string): string {
  return card.mayName ? words : (withoutNames(words) ?? 'the reason is in View errors');
}

/** Run and, where one was meant, cause of a pressed *Retry*; null for anything else. */
export function readRetry(value: string | null): { readonly runId: string; readonly cause?: string } | null {
  const [, runId, cause] = /^(R-\d+)(?:\/(.+))?$/.exec(value ?? '') ?? [];
  if (runId === undefined) return null;
  return cause === undefined ? { runId } : { runId, cause };
}
