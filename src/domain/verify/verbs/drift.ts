import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import type { Actor } from '../../rights/grant.ts';
import { accountKey } from '../../sync/account.ts';
import { isStanding } from '../standing.ts';
import type { DriftRow, TargetVerification } from '../verification.ts';
import { wholeConnector } from './permit.ts';

type Reading = Pick<Outside, 'store' | 'settings'>;

/** A drift that still stands. `seq` names it. */
export interface StandingDrift {
  readonly seq: number;
  readonly row: DriftRow;
}

export interface DriftPage {
  readonly connector: Connector;
  /** The last one; null where the target was never verified. */
  readonly verification: TargetVerification | null;
  readonly drift: readonly StandingDrift[];
  /** What to pass as `after` for the next page; null on the last. */
  readonly next: number | null;
}

/** What the last verification found and is neither re-asserted nor accepted nor changed since, a page at a time (S20). */
export async function driftPage(
  outside: Reading,
  actor: Actor,
  connectorId: ConnectorId,
  page: { readonly after: number | null; readonly limit: number },
): Promise<DriftPage> {
  const connector = await wholeConnector(outside, actor, connectorId);
  const verification = (await outside.store.get('verification', connectorId))?.value ?? null;
  const drift: StandingDrift[] = [];
  for await (const found of standingDrift(outside, connectorId, page.after)) {
    if (drift.length === page.limit) return { connector, verification, drift, next: drift.at(-1)?.seq ?? null };
    drift.push(found);
  }
  return { connector, verification, drift, next: null };
}

/** Every drift that stands, in the order of the reading. */
export async function* standingDrift({ store }: Pick<Outside, 'store'>, connectorId: ConnectorId, after: number | null): AsyncGenerator<StandingDrift> {
  const query = { partition: connectorId, order: 'oldest' } as const;
  for await (const rows of store.rows('drift', after === null ? query : { ...query, after })) {
    for (const { seq, row } of rows) {
      const account = (await store.get('account', accountKey(connectorId, row.drift.personId)))?.value;
      if (await isStanding(store, connectorId, row, account)) yield { seq, row };
    }
  }
}
