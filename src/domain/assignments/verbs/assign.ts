import type { Outside } from '../../../ports/outside.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import { audited } from '../../audit/row.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import type { GroupingId } from '../../directory/grouping.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Assignment } from '../assignment.ts';
import { type AssignableGrouping, assignableConnector, chosenGroupings, requireConfigured } from './assignable.ts';

export interface NewAssignment {
  readonly connectorId: ConnectorId;
  readonly groupingIds: readonly GroupingId[];
  readonly why: string | null;
}

export interface Assigned {
  readonly connector: Connector;
  readonly made: readonly (AssignableGrouping & { readonly assignment: Assignment })[];
  /** Chosen too, but assigned already: nothing was done for them. */
  readonly already: readonly AssignableGrouping[];
}

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>;

const LONGEST_WHY = 300;

/**
 * Assigns a connector to roles and groups (A1, A2): effective once it is cleared, carried out by the next run. Refused where the
 * connector has no settings in force (C5), for roles and groups outside its organization or the actor's part of it
 * (C3), and where all of them are assigned already: so a second submit of the same form has no effect.
 */
export async function assign(outside: Parts, actor: Actor, wanted: NewAssignment, clearance: Clearance): Promise<Assigned> {
  const why = reasonOf(wanted.why);
  for (;;) {
    const assignable = await assignableConnector(outside, actor, wanted.connectorId);
    const stored = await outside.store.get('connector', wanted.connectorId);
    if (stored === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: wanted.connectorId, near: [] });
    requireConfigured(stored.value);
    const chosen = await chosenGroupings(outside, actor, assignable, wanted.groupingIds);
    const { already, fresh } = await notYetAssigned(outside, stored.value, chosen);
    const counter = await outside.store.get('counter', 'assignment');
    const first = (counter?.value.value ?? 0) + 1;
    const now = outside.clock.now();
    const record = { connectorId: wanted.connectorId, by: actor.userId, why, requestedAt: clearance.askedAt ?? now, effectiveAt: now, ended: null };
    const made = fresh.map((each, index) => ({ ...each, assignment: { ...record, ...placed(each), id: `${wanted.connectorId}/${first + index}` } }));
    const connector: Connector = { ...stored.value, lastAssign: { at: now, by: actor.userId } };
    const outcome = await outside.store.transaction({
      puts: [
        // Both are compared and set: two people assigning the same at once make one assignment.
        put('connector', connector.id, connector, stored.version),
        put('counter', 'assignment', { value: first + made.length - 1 }, counter?.version ?? 0),
        ...made.map(({ assignment }) => put('assignment', assignment.id, assignment, 0)),
      ],
      appends: made.map((each) =>
        audited(outside, actor, {
          action: 'assignments.assign',
          connectorId: connector.id,
          subject: each.assignment.id,
          summary: `assigned ${connector.name} to ${nameOf(each)}${why === null ? '' : `: ${why}`}`,
          after: { grouping: each.grouping.id, organization: each.organization.id, ...(why === null ? {} : { why }) },
          ...clearance.row,
        }),
      ),
    });
    if (outcome === 'committed') return { connector, made, already };
  }
}

/** `Teachers (North High)`. */
export function nameOf({ grouping, organization }: AssignableGrouping): string {
  return `${grouping.name} (${organization.name})`;
}

/** A reason as it is kept; null for none. Refuses one that is too long. */
export function reasonOf(typed: string | null): string | null {
  const why = typed?.trim() ?? '';
  if (why.length > LONGEST_WHY) throw badInput('why', 'The reason is too long.', `Use at most ${LONGEST_WHY} characters.`);
  return why === '' ? null : why;
}

/** Which of the chosen are assigned already, and which are not; refuses where none is left to assign. */
export async function notYetAssigned(
  outside: Pick<Outside, 'store'>,
  { id, name }: Pick<Connector, 'id' | 'name'>,
  chosen: readonly AssignableGrouping[],
): Promise<{ readonly already: readonly AssignableGrouping[]; readonly fresh: readonly AssignableGrouping[] }> {
  if (chosen.length === 0) throw badInput('groupings', 'No role or group is chosen.', 'Choose at least one.');
  const taken = await assignedGroupings(outside, id);
  const already = chosen.filter(({ grouping }) => taken.has(grouping.id));
  const fresh = chosen.filter(({ grouping }) => !taken.has(grouping.id));
  if (fresh.length === 0) throw new Refusal({ is: 'nothing-to-do', detail: `${name} is already assigned to ${already.map(nameOf).join(', ')}.` });
  return { already, fresh };
}

function placed({ grouping, organization }: AssignableGrouping): Pick<Assignment, 'organizationId' | 'groupingId'> {
  return { organizationId: organization.id, groupingId: grouping.id };
}

async function assignedGroupings(outside: Pick<Outside, 'store'>, connectorId: ConnectorId): Promise<ReadonlySet<GroupingId>> {
  const taken = new Set<GroupingId>();
  for await (const page of outside.store.scan('assignment', { prefix: `${connectorId}/` }))
    for (const { value } of page) if (value.ended === null) taken.add(value.groupingId);
  return taken;
}
