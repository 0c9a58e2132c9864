import type { Run, RunEnding } from '../sync/run.ts';
import type { Condition } from './alert.ts';

/** Free seats under this part of the total are few (N4, in the simple form: not settable yet). */
const FEW = 0.05;

export interface Seats {
  readonly free: number;
  readonly total: number;
}

/** What an ended run tells of its connector. */
export interface News {
  readonly run: Run;
  /** When the run ended. */
  readonly at: number;
  /** What is wrong, the most exact word first: a channel is told of the first that it subscribed to. */
  readonly troubles: readonly Condition[];
  /** A success, whatever was before it. */
  readonly success: boolean;
  /** A success after trouble. */
  readonly recovered: boolean;
  /** Null where the instance has no seat total. */
  readonly seats: Seats | null;
}

/** `before` is the connector's last telling run before this one; `quarantined`: the connector is (S17). Null for a run that is not over. */
export function newsOf(run: Run, before: Run | undefined, seats: Seats | null, quarantined = false): News | null {
  if (run.state.is !== 'ended') return null;
  const success = isTelling(run) && run.state.result === 'success';
  const recovered = success && before !== undefined && troublesOf(before).length > 0;
  const troubles = troublesOf(run);
  return { run, at: run.state.at, troubles: quarantined && troubles.length > 0 ? ['quarantine', ...troubles] : troubles, success, recovered, seats };
}

/** A run for one person, one that activated who accepted, one that only read, and one that somebody ended by hand, say nothing of how the connector does. */
export function isTelling(run: Run): boolean {
  if (run.kind === 'person' || run.kind === 'activate' || run.kind === 'verify') return false;
  return run.state.is === 'ended' && run.state.ending !== 'cancelled' && run.state.ending !== 'disconnected';
}

function troublesOf(run: Run): readonly Condition[] {
  if (run.state.is !== 'ended') return [];
  const { ending, result } = run.state;
  if (ending === 'credentials') return TROUBLES.credentials;
  if (!isTelling(run)) return [];
  return ending === 'completed' && result === 'success' ? [] : TROUBLES[ending];
}

const TROUBLES: Readonly<Record<RunEnding, readonly Condition[]>> = {
  completed: ['partial'],
  held: ['fuse', 'partial'],
  credentials: ['credentials', 'failure'],
  failed: ['failure'],
  crashed: ['failure'],
  cancelled: [],
  disconnected: [],
};

/** Fewer free seats than `FEW` of the total (N4). */
export function isLow({ free, total }: Seats): boolean {
  return free < total * FEW;
}
