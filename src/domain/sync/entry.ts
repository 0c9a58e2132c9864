import type { Outside } from '../../ports/outside.ts';
import type { Append, Put } from '../../ports/store.ts';
import type { FailureCause, RunCounts } from './run.ts';

/** Documents and rows of one transaction. */
export interface Written {
  readonly puts: readonly Put[];
  readonly appends: readonly Append[];
}

/** What becomes durable together: what was done, the events that tell it, and the run's numbers. */
export interface Entry {
  readonly puts?: readonly Put[];
  readonly appends?: readonly Append[];
  readonly count?: keyof RunCounts;
  readonly cause?: FailureCause;
  /** Further documents and rows, made when they are written: requests go first. */
  readonly later?: () => Written;
}

/** All that these entries write, in their order. */
export async function written(entries: readonly Entry[], breath: Outside['breath']): Promise<Written> {
  const puts: Put[] = [];
  const appends: Append[] = [];
  for (const entry of entries) {
    for (const part of [entry, entry.later?.()]) {
      if (part?.puts !== undefined) puts.push(...part.puts);
      if (part?.appends !== undefined) appends.push(...part.appends);
    }
    const pause = breath.due();
    if (pause !== undefined) await pause;
  }
  return { puts, appends };
}
