import type { AuditRow } from '../../../audit/audit.ts';
import { iso } from '../../cells.ts';
import { periodQuery } from './events.ts';
import type { Drawing, ReportSheet } from './sheet.ts';

/**
 * Who did what, when, by which way, before and after (X2), oldest first. Whoever sees everything gets the whole log,
 * deleted connectors included; others the rows of the connectors that they see the whole of.
 */
export const audit: ReportSheet = {
  header: ['ID', 'Time', 'By', 'By ID', 'Way', 'Action', 'Connector ID', 'Connector', 'Subject', 'Summary', 'Before', 'After'],
  async *rows(drawing) {
    const { outside, filter } = drawing;
    const names = new Map(drawing.scope.connectors.map(({ connector }) => [connector.id, connector.name]));
    for (const partition of partitionsOf(drawing)) {
      for await (const page of outside.store.rows('audit', periodQuery(partition, filter))) {
        for (const { row } of page) yield await cells(row, names, drawing);
        await outside.breath.due();
      }
    }
  },
};

/** The partitions to read one after another; null is the whole log. */
function partitionsOf({ scope, filter }: Drawing): readonly (string | null)[] {
  if (scope.global && scope.picked === null && filter.connectorId === null) return [null];
  return scope.connectors.filter(({ connector, whole }) => whole && scope.holds(whole, connector.organizationId)).map(({ connector }) => connector.id);
}

async function cells(row: AuditRow, names: ReadonlyMap<string, string>, { nameOf }: Drawing): Promise<readonly string[]> {
  return [
    ...[row.id, iso(row.at), await nameOf(row.by), row.by, row.way, row.action, row.connectorId ?? '', names.get(row.connectorId ?? '') ?? ''],
    ...[row.subject ?? '', row.summary, row.before === null ? '' : JSON.stringify(row.before), row.after === null ? '' : JSON.stringify(row.after)],
  ];
}
