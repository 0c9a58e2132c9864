import type { Outside } from '../../ports/outside.ts';
import { peopleAndAccounts } from './people-and-accounts.ts';

/** Reads everybody once, so that the first search need not. Never throws: what can't be read is logged, and nobody cares once `stopped`. */
export async function readAhead(outside: Pick<Outside, 'store' | 'breath' | 'log'>, stopped: AbortSignal): Promise<void> {
  try {
    await peopleAndAccounts(outside).people();
  } catch (error) {
    if (!stopped.aborted) outside.log.warn({ err: error }, 'people could not be read ahead of the first search: it tries again');
  }
}
