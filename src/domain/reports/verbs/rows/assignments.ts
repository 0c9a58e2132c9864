import type { Assignment } from '../../../assignments/assignment.ts';
import type { Connector } from '../../../connectors/connector.ts';
import { holds } from '../../../rights/grant.ts';
import { iso, within } from '../../cells.ts';
import type { Drawing, ReportSheet } from './sheet.ts';

/**
 * Assignments, ended ones included; with *as of* those in effect then. The period is that of asking for them. Somebody
 * sees those made in their organizations, whoever owns the connector.
 */
export const assignments: ReportSheet = {
  header: [
    ...['Assignment', 'Connector ID', 'Connector', 'Organization', 'Role or group', 'Kind', 'Asked for by', 'Asked for by ID', 'Why', 'Asked for', 'Effective'],
    ...['Ended', 'Ended by', 'Ended by ID', 'Why ended'],
  ],
  async *rows(drawing) {
    const { outside, filter } = drawing;
    const all = await connectorsById(drawing);
    const range = filter.connectorId === null ? {} : { prefix: `${filter.connectorId}/` };
    for await (const page of outside.store.scan('assignment', range)) {
      for (const { value } of page) {
        const owner = all.get(value.connectorId);
        if (owner === undefined || !drawing.scope.holds(owner.whole, value.organizationId) || !isAsked(value, drawing)) continue;
        yield await cells(value, owner.connector, drawing);
      }
      await outside.breath.due();
    }
  },
};

async function connectorsById({ outside, actor, scope }: Drawing): Promise<ReadonlyMap<string, { readonly connector: Connector; readonly whole: boolean }>> {
  const all = new Map<string, { readonly connector: Connector; readonly whole: boolean }>();
  for await (const page of outside.store.scan('connector'))
    for (const { value } of page) all.set(value.id, { connector: value, whole: holds(actor, 'see', value.organizationId, scope.organizations) });
  return all;
}

function isAsked({ requestedAt, effectiveAt, ended }: Assignment, { filter }: Drawing): boolean {
  if (!within(requestedAt, filter)) return false;
  return filter.asOf === null || (effectiveAt <= filter.asOf && (ended === null || ended.at > filter.asOf));
}

async function cells(assignment: Assignment, connector: Connector, { outside, scope, nameOf }: Drawing): Promise<readonly string[]> {
  const { ended } = assignment;
  const grouping = (await outside.store.get('grouping', assignment.groupingId))?.value;
  return [
    ...[assignment.id, connector.id, connector.name, scope.nameOf(assignment.organizationId)],
    ...[grouping?.name ?? assignment.groupingId, grouping?.kind ?? '', await nameOf(assignment.by), assignment.by, assignment.why ?? ''],
    ...[iso(assignment.requestedAt), iso(assignment.effectiveAt), iso(ended?.at ?? null)],
    ...(ended === null ? ['', '', ''] : [await nameOf(ended.by), ended.by, ended.why ?? '']),
  ];
}
