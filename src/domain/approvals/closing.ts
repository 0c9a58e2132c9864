import type { Outside } from '../../ports/outside.ts';
import type { Append, Put, Stored } from '../../ports/store.ts';
import { audited } from '../audit/row.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import { put } from '../revise.ts';
import { copiesOf } from './copies.ts';
import type { ApprovalRequest } from './request.ts';

/** Usher itself, which closes what was overtaken. */
const USHER = { userId: 'usher', way: 'job' } as const;

/** What closes requests together with the change that overtakes them. */
export interface Closing {
  readonly puts: readonly Put[];
  readonly appends: readonly Append[];
  /** For `cards.changed` once it is durable. */
  readonly cards: readonly string[];
}

/** The open requests about a connector. */
export async function openAbout(outside: Pick<Outside, 'store'>, connectorId: ConnectorId): Promise<readonly Stored<ApprovalRequest>[]> {
  const found: Stored<ApprovalRequest>[] = [];
  for await (const page of outside.store.scan('approval'))
    found.push(...page.filter(({ value }) => value.state.is === 'open' && value.described.connectorId === connectorId));
  return found;
}

/** Closes every open request about a connector, in the transaction that disconnects or deletes it (C13). */
export async function closing(outside: Pick<Outside, 'store' | 'clock' | 'chance'>, connectorId: ConnectorId, because: string): Promise<Closing> {
  return closingThese(outside, await openAbout(outside, connectorId), because);
}

/** Closes one request, in the transaction of what overtakes it; nothing where it waits no more. */
export async function closingRequest(outside: Pick<Outside, 'store' | 'clock' | 'chance'>, id: string | null, because: string): Promise<Closing> {
  const stored = id === null ? undefined : await outside.store.get('approval', id);
  return closingThese(outside, stored?.value.state.is === 'open' ? [stored] : [], because);
}

async function closingThese(
  outside: Pick<Outside, 'store' | 'clock' | 'chance'>,
  requests: readonly Stored<ApprovalRequest>[],
  because: string,
): Promise<Closing> {
  const puts: Put[] = [];
  const appends: Append[] = [];
  const cards: string[] = [];
  for (const { value, version } of requests) {
    const closed: ApprovalRequest = { ...value, state: { is: 'closed', at: outside.clock.now(), because } };
    const copies = await copiesOf(outside, closed, { requester: { key: 'closed', text: because } });
    puts.push(put('approval', value.id, copies.request, version), ...copies.puts);
    appends.push(closedRow(outside, value, because));
    cards.push(...copies.cards);
  }
  return { puts, appends, cards };
}

/** The audit row of a request that closed by itself. */
export function closedRow(outside: Pick<Outside, 'clock' | 'chance'>, { id, described }: ApprovalRequest, because: string): Append {
  return audited(outside, USHER, { action: 'approvals.close', connectorId: described.connectorId, subject: id, summary: `closed ${id}: ${because}` });
}
