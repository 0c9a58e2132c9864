import type { Outside } from '../../../ports/outside.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import type { Grouping, GroupingId } from '../../directory/grouping.ts';
import { andBelow, type Organization, type OrganizationId } from '../../directory/organization.ts';
import type { Coverage } from '../../projections/covering.ts';
import { peopleAndAccounts } from '../../projections/people-and-accounts.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId } from '../connector.ts';
import { shownConnector, type VisibleConnector, visibleConnectors } from './find.ts';

/** One assigned role or group under its connector. */
export interface AssignedPart extends Coverage {
  readonly assignment: Assignment;
  readonly grouping: string;
  readonly kind: Grouping['kind'];
  readonly organization: string;
}

export interface ConnectorRow {
  readonly connector: Connector;
  /** False where the viewer sees only the parts they hold a role for (C3). */
  readonly whole: boolean;
  /** The viewer is the partner whose entry it was made from: no people, no runs (C4). */
  readonly asPartner?: true;
  /** Each person once, however many assigned groups hold them (C1). */
  readonly total: Coverage;
  readonly parts: readonly AssignedPart[];
}

type Parts = Pick<Outside, 'store' | 'settings' | 'breath'>;

/**
 * The connectors list of an organization and everything below it; null is all that the actor may see (C1–C3). Reads
 * every person and account when it is first asked for: for after the ack.
 */
export async function connectorsOverview(outside: Parts, actor: Actor, organizationId: OrganizationId | null): Promise<readonly ConnectorRow[]> {
  return rowsOf(outside, await visibleConnectors(outside, actor), organizationId);
}

async function rowsOf(outside: Parts, visible: readonly VisibleConnector[], organizationId: OrganizationId | null): Promise<readonly ConnectorRow[]> {
  const organizations = await tree(outside);
  const picked = organizationId === null ? null : andBelow([...organizations.values()], organizationId);
  const inScope = (id: OrganizationId): boolean => picked === null || picked.has(id);
  const rows = await Promise.all(
    visible.map(async ({ connector, whole, organizations: seen, asPartner }) => {
      const assignments = (await activeAssignments(outside, connector.id)).filter(({ organizationId: at }) => inScope(at) && (whole || seen.has(at)));
      return { connector: whole ? connector : inPart(connector, assignments), whole: whole && inScope(connector.organizationId), asPartner, assignments };
    }),
  );
  const shown = rows.filter(({ connector, assignments }) => inScope(connector.organizationId) || assignments.length > 0);
  return counted(outside, shown, organizations);
}

/** As who sees a part of it sees it: the latest assigning there, not elsewhere (C2, C3). */
function inPart(connector: Connector, assignments: readonly Assignment[]): Connector {
  const latest = assignments.reduce<Assignment | null>((last, one) => (last === null || one.effectiveAt >= last.effectiveAt ? one : last), null);
  return { ...connector, lastAssign: latest === null ? null : { at: latest.effectiveAt, by: latest.by } };
}

/** The row of one connector, for its card. Refuses as *not found* what the actor may not see. */
export async function connectorRow(outside: Parts, actor: Actor, id: ConnectorId): Promise<ConnectorRow> {
  const [row] = await rowsOf(outside, [await shownConnector(outside, actor, id)], null);
  if (row === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  return row;
}

async function activeAssignments(outside: Parts, id: ConnectorId): Promise<readonly Assignment[]> {
  const found: Assignment[] = [];
  for await (const page of outside.store.scan('assignment', { prefix: `${id}/` }))
    found.push(...page.filter(({ value }) => value.ended === null).map(({ value }) => value));
  return found;
}

interface Counting {
  readonly connector: Connector;
  readonly whole: boolean;
  readonly asPartner: boolean;
  readonly assignments: readonly Assignment[];
}

async function counted(outside: Parts, rows: readonly Counting[], organizations: ReadonlyMap<OrganizationId, Organization>): Promise<readonly ConnectorRow[]> {
  // A connector that nobody is assigned to covers nobody, whatever accounts it has: nothing of it need be counted.
  const assigned = rows.filter(({ assignments }) => assignments.length > 0);
  const covered = await peopleAndAccounts(outside).covered(
    assigned.map(({ connector, assignments }) => ({ connectorId: connector.id, groupingIds: assignments.map(({ groupingId }) => groupingId) })),
  );
  const numbers = new Map(assigned.map(({ connector }, index) => [connector.id, covered[index]]));
  const groupings = await named(outside, rows);
  return rows.map(({ connector, whole, asPartner, assignments }) => {
    const its = numbers.get(connector.id);
    return {
      connector,
      whole,
      ...(asPartner ? { asPartner } : {}),
      total: its?.total ?? NOBODY,
      parts: assignments.map((assignment) => {
        const grouping = groupings.get(assignment.groupingId);
        return {
          assignment,
          grouping: grouping?.name ?? 'a group that is gone',
          kind: grouping?.kind ?? 'group',
          organization: organizations.get(assignment.organizationId)?.name ?? '–',
          ...(its?.parts.get(assignment.groupingId) ?? NOBODY),
        };
      }),
    };
  });
}

const NOBODY: Coverage = { have: 0, of: 0 };

async function named(outside: Parts, rows: readonly Counting[]): Promise<ReadonlyMap<GroupingId, Grouping>> {
  const ids = new Set(rows.flatMap(({ assignments }) => assignments.map(({ groupingId }) => groupingId)));
  const found = new Map<GroupingId, Grouping>();
  for (const id of ids) {
    const stored = await outside.store.get('grouping', id);
    if (stored !== undefined) found.set(id, stored.value);
  }
  return found;
}
