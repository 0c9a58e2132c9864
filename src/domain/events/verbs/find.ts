import type { Outside } from '../../../ports/outside.ts';
import type { RowQuery } from '../../../ports/store.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { type VisibleConnector, visibleConnectors } from '../../connectors/verbs/find.ts';
import type { PersonId } from '../../directory/person.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import type { EventType, ProvisioningEvent } from '../../sync/event.ts';
import type { RunId } from '../../sync/run.ts';

/** What events are asked for; null is any (S5). */
export interface EventQuery {
  readonly personId: PersonId | null;
  readonly runId: RunId | null;
  readonly type: EventType | null;
  readonly outcome: 'done' | 'failed' | null;
  readonly connectorId: ConnectorId | null;
}

export const ANY_EVENT: EventQuery = { personId: null, runId: null, type: null, outcome: null, connectorId: null };

export interface FoundEvent {
  readonly seq: number;
  readonly event: ProvisioningEvent;
  readonly connector: string;
}

type Reading = Pick<Outside, 'store' | 'settings' | 'breath'>;

/**
 * Events of the connectors that the actor may see, newest first, a page at a time; of a connector that they see a part of,
 * the events of their organizations (S5, C3). `next` is what to pass as `below` for the next page, null on the last.
 */
export async function findEvents(
  outside: Reading,
  actor: Actor,
  query: EventQuery,
  page: { readonly below: number | null; readonly limit: number },
): Promise<{ readonly events: readonly FoundEvent[]; readonly next: number | null }> {
  const visible = await seenConnectors(outside, actor);
  const events: FoundEvent[] = [];
  for await (const rows of outside.store.rows('event', rowsOf(query, page.below))) {
    for (const { seq, row } of rows) {
      const found = foundIn(visible, seq, row);
      if (found === null) continue;
      if (events.length === page.limit) return { events, next: events.at(-1)?.seq ?? null };
      events.push(found);
    }
    await outside.breath.due();
  }
  return { events, next: null };
}

/** One event by its number. Refuses as *not found* what the actor may not see. */
export async function eventAt(outside: Reading, actor: Actor, seq: number): Promise<FoundEvent> {
  const visible = await seenConnectors(outside, actor);
  if (Number.isSafeInteger(seq) && seq >= 1)
    for await (const rows of outside.store.rows('event', { order: 'newest', after: seq + 1, limit: 1 }))
      for (const { seq: at, row } of rows) {
        const found = at === seq ? foundIn(visible, seq, row) : null;
        if (found !== null) return found;
      }
  throw new Refusal({ is: 'not-found', what: 'event', typed: String(seq), near: [] });
}

async function seenConnectors(outside: Reading, actor: Actor): Promise<ReadonlyMap<ConnectorId, VisibleConnector>> {
  const all = await visibleConnectors(outside, actor);
  return new Map(all.filter(({ asPartner }) => !asPartner).map((each) => [each.connector.id, each]));
}

function foundIn(visible: ReadonlyMap<ConnectorId, VisibleConnector>, seq: number, event: ProvisioningEvent): FoundEvent | null {
  const seen = visible.get(event.connectorId);
  if (seen === undefined || !(seen.whole || seen.organizations.has(event.organizationId))) return null;
  return { seq, event, connector: seen.connector.name };
}

function rowsOf({ personId, runId, type, outcome, connectorId }: EventQuery, below: number | null): RowQuery<'event'> {
  const match: Partial<ProvisioningEvent> = {
    ...(personId === null ? {} : { subjectId: personId }),
    ...(runId === null ? {} : { runId }),
    ...(type === null ? {} : { type }),
    ...(outcome === null ? {} : { success: outcome === 'done' }),
  };
  return { match, order: 'newest', ...(connectorId === null ? {} : { partition: connectorId }), ...(below === null ? {} : { after: below }) };
}
