import type { Run } from '../../src/domain/sync/run.ts';
import type { TaskOfRunShown } from '../../src/domain/enrollment/verbs/of-run.ts';
import type { TargetVerification } from '../../src/domain/verify/verification.ts';
import type { Trace } from '../../src/domain/sync/trace.ts';
import { traceBlocks } from '../people/trace-blocks.ts';
import { verifyMessage } from '../verify/verify-card.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import { bar, count, duration } from '../words.ts';
import { tally } from './run-counts.ts';
import { runResult } from './run-result.ts';

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

/** What a message says of a run. Its text is escaped when a message is made of it: once, alone or with more. */
export interface RunStanding {
  readonly text: string;
  readonly blocks: Blocks;
}

/** A run as one message that is edited in place: waiting, progress, result (S2, S3). In a channel it holds counts and no words that could name anybody (R3). */
export function runMessage(card: RunCard): Message {
  return card.run.kind === 'verify' ? verifyMessage(card, card.verification ?? null) : message(runStanding(card));
}

/** How far a run that writes came, and whose it is. */
export function runStanding(card: RunCard): RunStanding {
  const { text, blocks } = byState(card);
  const [headline, ...rest] = blocks;
  const trace = card.trace === undefined ? [] : traceBlocks(card.trace, card.mayName);
  return { text, blocks: [headline, ...trace, ...rest, origin(card)] };
}

function byState(card: RunCard): RunStanding {
  const { run, connector } = card;
  switch (run.state.is) {
    case 'queued':
      return {
        text: `Sync of ${connector.name} is waiting to start (${run.id}).`,
        blocks: [section(md`${bold(`Sync of ${connector.name}`)} is waiting to start.`), steering(card)],
      };
    case 'running':
      return running(card);
    case 'paused': {
      const why = run.state.halted === true ? ', since all writes are stopped' : '';
      return {
        text: `Sync of ${connector.name} is paused at ${progress(run)}.`,
        blocks: [section(md`⏸ ${bold(`Sync of ${connector.name}`)} is paused at ${progress(run)}${why}.`), section(tally(run.counts)), steering(card)],
      };
    }
    case 'ended':
      return runResult(card, run.state);
  }
}

function running(card: RunCard): RunStanding {
  const { run, connector } = card;
  const headline =
    run.total === null
      ? md`${bold(`Syncing ${connector.name}`)} · making the plan`
      : md`${bold(`Syncing ${connector.name}`)} ${bar(run.done, run.total)} ${progress(run)}${speed(card)}`;
  return {
    text: `Syncing ${connector.name}: ${progress(run)}.`,
    blocks: [section(headline), section(tally(run.counts)), run.asked !== null && context(`${ASKED[run.asked]}…`), steering(card)],
  };
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
