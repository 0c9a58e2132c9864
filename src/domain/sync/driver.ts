import type { Put } from '../../ports/store.ts';
import type { Turn } from '../../ports/target.ts';
import type { Instant } from '../instant.ts';
import type { Planned } from './plan.ts';
import type { Task } from './task.ts';

/** What an attempt came to: the task is over, is to be tried again, or stays unfinished because the run stops. */
export type Next = { readonly is: 'over' } | { readonly is: 'again'; readonly at: Instant } | { readonly is: 'stopped' };
export const OVER: Next = { is: 'over' };

/** What the lanes leave to the run: making tasks, journalling them, attempting them. */
export interface Driver {
  readonly taskOf: (planned: Planned, first: boolean) => Task | undefined;
  readonly intents: (task: Task) => readonly Put[];
  readonly journal: (puts: readonly Put[]) => Promise<void>;
  /** Before each block: lets others in, and reads what was asked of the run. */
  readonly beforeBlock: () => Promise<void>;
  /** One attempt, its outcome recorded. */
  readonly attempt: (task: Task, turn: Turn) => Promise<Next>;
  readonly until: (instant: Instant, signal: AbortSignal) => Promise<void>;
  readonly now: () => Instant;
  /** How many writes travel in one request. */
  readonly together: () => number;
  /** The lanes stop at once and hand it on. */
  readonly onFault: (fault: unknown) => void;
}
