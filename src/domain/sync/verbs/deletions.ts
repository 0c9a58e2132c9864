import type { Outside } from '../../../ports/outside.ts';
import { connectorById } from '../../connectors/verbs/find.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { fullName, type PersonId } from '../../directory/person.ts';
import type { Instant } from '../../instant.ts';
import { protectedIn } from '../../protected/protected-in.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { scheduledDeletions } from './cancel-deletion.ts';

/** An account that is scheduled for deletion, by name. */
export interface ScheduledDeletion {
  readonly personId: PersonId;
  readonly name: string;
  /** Empty where the person left the directory. */
  readonly organization: string;
  readonly deleteAt: Instant;
  /** It waits for as long as they are protected (A7). */
  readonly protected: boolean;
  /** Whether the actor may cancel it. */
  readonly mayCancel: boolean;
}

/**
 * A connector's accounts *scheduled for deletion* (S10), the soonest first, as far as the actor may see their people:
 * of people who left the directory only for whoever sees the whole connector. Reads every account: for after the ack.
 */
export async function deletionsOf(
  outside: Pick<Outside, 'store' | 'settings'>,
  actor: Actor,
  connectorId: ConnectorId,
): Promise<{ readonly connector: Connector; readonly deletions: readonly ScheduledDeletion[] }> {
  const { connector, whole, organizations: seen } = await connectorById(outside, actor, connectorId);
  const organizations = await tree(outside);
  const everywhere = holds(actor, 'run', connector.organizationId, organizations);
  const shielded = await protectedIn(outside.store, connectorId);
  const deletions: ScheduledDeletion[] = [];
  for (const account of await scheduledDeletions(outside, connectorId)) {
    const person = (await outside.store.get('person', account.personId))?.value;
    if (!whole && (person === undefined || !seen.has(person.organizationId))) continue;
    deletions.push({
      personId: account.personId,
      name: person === undefined ? (account.pushed?.values.displayName ?? account.pushed?.values.userName ?? account.personId) : fullName(person),
      organization: person === undefined ? '' : (organizations.get(person.organizationId)?.name ?? ''),
      deleteAt: account.deleteAt,
      protected: shielded.has(account.personId),
      mayCancel: everywhere || (person !== undefined && holds(actor, 'run', person.organizationId, organizations)),
    });
  }
  return { connector, deletions };
}
