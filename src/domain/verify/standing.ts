import type { Store } from '../../ports/store.ts';
import type { Account } from '../sync/account.ts';
import type { DriftRow } from './verification.ts';

/** Whether a drift still stands: the account was neither written, nor accepted, nor changed its state since the reading. */
export async function isStanding(store: Pick<Store, 'rows'>, connectorId: string, { at, drift }: DriftRow, account: Account | undefined): Promise<boolean> {
  if (account === undefined || account.targetId !== drift.targetId || account.intent !== null) return false;
  if (account.pushed === null || account.pushed.at > at || (account.timeline.at(-1)?.[0] ?? 0) > at) return false;
  // Deactivating once more leaves no trace on the account.
  const since = { partition: connectorId, match: { subjectId: drift.personId, success: true }, from: at + 1, order: 'newest', limit: 1 } as const;
  for await (const rows of store.rows('event', since)) if (rows.length > 0) return false;
  return true;
}
