import type { Account } from './account.ts';
import { holdsSeat } from './account.ts';
import type { Change } from './change.ts';

/** Seats that a change takes (1) or frees (−1) (S6, E12). `asleep`: the account to adopt is inactive in the target. Who is invited takes none before a seat is granted, and one that was granted is taken already (E10). */
export function seatEffect(change: Change, account: Account | undefined, asleep: boolean): -1 | 0 | 1 {
  const holds = account !== undefined && holdsSeat(account);
  switch (change.is) {
    case 'create':
      return change.invited === true ? 0 : 1;
    case 'adopt':
      return asleep ? 1 : 0;
    case 'reactivate':
      return holds ? 0 : 1;
    case 'deactivate':
      return holds ? -1 : 0;
    case 'update':
    case 'delete':
    case 'frozen':
      return 0;
  }
}
