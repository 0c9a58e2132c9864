import { withoutNames } from '../../src/domain/alerts/plain-words.ts';
import type { FailureCause, Run, RunCounts } from '../../src/domain/sync/run.ts';
import type { TaskOfRunShown } from '../../src/domain/enrollment/verbs/of-run.ts';
import type { TargetVerification } from '../../src/domain/verify/verification.ts';
import type { Trace } from '../../src/domain/sync/trace.ts';
import { traceBlocks } from '../people/trace-blocks.ts';
import { verifyMessage } from '../verify/verify-card.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { resultSign } from '../signs.ts';
import { bar, count, duration, percent, plural } from '../words.ts';

/** Causes shown on the card; the rest is counted. */
const CAUSES = 5;

export interface RunCard {
  readonly run: Run;
  readonly connector: { readonly id: string; readonly name: string };
  readonly now: number;
  /** The plain name of whoever started it. */
  readonly by: string;
  /** Whether the provider's words, which may name people, may stand there: only where the person asked for it alone reads them (R3). */
  readonly mayName: boolean;
  /** False where only one person reads it and steering and retrying are not theirs; a shared card is drawn for everybody. */
  readonly steers?: boolean;
  /** What the run read, where it is of kind `verify`. */
  readonly verification?: TargetVerification | null;
  /** The enrollment task that it made (E1). */
  readonly task?: TaskOfRunShown | null;
  /** Of *one person now*: how far they came (S16). */
  readonly trace?: Trace;
}

/** A run as one message that is edited in place: waiting, progress, result (S2, S3). In a channel it holds counts and no words that could name anybody (R3). */
export function runMessage(card: RunCard): Message {
  const { run } = card;
  if (run.kind === 'verify') return verifyMessage(card, card.verification ?? null);
  const drawn = drawnRun(card);
  if (card.trace === undefined) return drawn;
  const [head, ...rest] = drawn.blocks;
  return message({ text: drawn.text, blocks: [head, ...traceBlocks(card.trace, card.mayName), ...rest] });
}

function drawnRun(card: RunCard): Message {
  const { run } = card;
  switch (run.state.is) {
    case 'queued':
      return message({
        text: `Sync of ${card.connector.name} is waiting to start (${run.id}).`,
        blocks: [section(md`${bold(`Sync of ${card.connector.name}`)} is waiting to start.`), steering(card), origin(card)],
      });
    case 'running':
      return running(card);
    case 'paused':
      return message({
        text: `Sync of ${card.connector.name} is paused at ${progress(run)}.`,
        blocks: [
          section(
            md`⏸ ${bold(`Sync of ${card.connector.name}`)} is paused at ${progress(run)}${run.state.halted === true ? ', since all writes are stopped' : ''}.`,
          ),
          section(tally(run.counts)),
          steering(card),
          origin(card),
        ],
      });
    case 'ended':
      return ended(card, run.state);
  }
}

function running(card: RunCard): Message {
  const { run, connector } = card;
  const head =
    run.total === null
      ? md`${bold(`Syncing ${connector.name}`)} · making the plan`
      : md`${bold(`Syncing ${connector.name}`)} ${bar(run.done, run.total)} ${progress(run)}${speed(card)}`;
  return message({
    text: `Syncing ${connector.name}: ${progress(run)}.`,
    blocks: [section(head), section(tally(run.counts)), run.asked !== null && context(`${ASKED[run.asked]}…`), steering(card), origin(card)],
  });
}

const ASKED = {
  pause: 'Pausing',
  cancel: 'Cancelling',
  disconnect: 'Stopping: the connector is disconnected',
  halt: 'Pausing: all writes are stopped',
} as const;

function progress({ done, total }: Run): string {
  return total === null ? 'the plan' : `${count(done)} of ${count(total)}`;
}

/** ` · 61/s · 2 s left`, once there is something to tell. */
function speed({ run, now }: RunCard): string {
  if (run.startedAt === null || run.done === 0 || run.total === null) return '';
  const elapsed = Math.max(1, now - run.startedAt);
  const perSecond = (run.done * 1_000) / elapsed;
  const left = ((run.total - run.done) / run.done) * elapsed;
  return ` · ${perSecond >= 10 ? count(perSecond) : perSecond.toFixed(1)}/s · ${duration(left)} left`;
}

function tally(counts: RunCounts): string {
  const parts = [
    `created ${count(counts.created)}`,
    counts.adopted > 0 && `adopted ${count(counts.adopted)}`,
    `updated ${count(counts.updated)}`,
    counts.reactivated > 0 && `re-activated ${count(counts.reactivated)}`,
    `deactivated ${count(counts.deactivated)}`,
    counts.deleted > 0 && `deleted ${count(counts.deleted)}`,
    `failed ${count(counts.failed)}`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

function steering({ run, steers = true }: RunCard): ReturnType<typeof actions> {
  if (run.asked === 'cancel' || run.asked === 'disconnect') return null;
  const people = button({ text: 'View people', action: 'sync.open', value: run.id });
  if (!steers) return actions([people]);
  return actions([
    run.state.is === 'paused'
      ? run.state.halted !== true && button({ text: 'Resume', action: 'sync.resume', value: run.id, style: 'primary' })
      : run.asked === null && button({ text: 'Pause', action: 'sync.pause', value: run.id }),
    button({
      text: 'Cancel',
      action: 'sync.cancel',
      value: run.id,
      style: 'danger',
      confirm: {
        title: 'Cancel this sync?',
        text: 'What is done stays done; the rest waits for the next sync.',
        confirm: 'Cancel the sync',
        deny: 'Keep going',
        style: 'danger',
      },
    }),
    people,
  ]);
}

function origin({ run, connector, by }: RunCard): ReturnType<typeof context> {
  return context(md`${run.id} · ${connector.id} · ${run.by === 'schedule' ? 'started by its schedule' : `started by ${by}`}`);
}

type Ended = Extract<Run['state'], { is: 'ended' }>;

function ended(card: RunCard, state: Ended): Message {
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
    origin(card),
  ];
  return message({ text: `${head} · ${what}.`, blocks });
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

const ENDING = {
  completed: '',
  cancelled: ', cancelled',
  held: ', removals held',
  disconnected: ', disconnected',
  credentials: ', needs credentials',
  failed: '',
  crashed: ', crashed',
} as const satisfies Readonly<Record<Ended['ending'], string>>;

/** `320 created, 12 changed, 14 deactivated, 14 failed`; what is nought is left out. */
export function done(counts: RunCounts): string {
  const parts = (
    [
      ['created', counts.created],
      ['adopted', counts.adopted],
      ['updated', counts.updated],
      ['re-activated', counts.reactivated],
      ['deactivated', counts.deactivated],
      ['deleted', counts.deleted],
      ['failed', counts.failed],
    ] as const
  )
    .filter(([, number]) => number > 0)
    .map(([word, number]) => `${count(number)} ${word}`);
  const unchanged = counts.unchanged > 0 ? [`${count(counts.unchanged)} unchanged`] : [];
  return parts.length === 0 ? `nothing to change${unchanged.length > 0 ? `, ${unchanged.join('')}` : ''}` : [...parts, ...unchanged].join(', ');
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
  return section(causeLine(card, cause, status), {
    accessory: card.steers !== false && button({ text: `Retry these ${count(cause.count)}`, action: 'sync.retry', value: `${card.run.id}/${cause.key}` }),
  });
}

/** The provider's words, or as much of them as can name nobody. */
function readable(card: RunCard, words: string): string {
  return card.mayName ? words : (withoutNames(words) ?? 'the reason is in View errors');
}

function causeLine(card: RunCard, cause: FailureCause, status: string): Mrkdwn {
  return md`✕ ${count(cause.count)} × “${readable(card, cause.message)}”${status}`;
}

/** Run and, where one was meant, cause of a pressed *Retry*; null for anything else. */
export function readRetry(value: string | null): { readonly runId: string; readonly cause?: string } | null {
  const [, runId, cause] = /^(R-\d+)(?:\/(.+))?$/.exec(value ?? '') ?? [];
  if (runId === undefined) return null;
  return cause === undefined ? { runId } : { runId, cause };
}
