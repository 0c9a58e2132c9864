import type { Log, Logs, RowQuery } from '../../../../ports/store.ts';
import type { ProvisioningEvent } from '../../../sync/event.ts';
import { iso } from '../../cells.ts';
import type { ReportFilter } from '../../report.ts';
import type { Drawing, ReportSheet } from './sheet.ts';

/** Every attempted operation with all its fields (S5), connector by connector, each oldest first. */
export const events: ReportSheet = {
  header: [
    ...['Event ID', 'Time', 'Type', 'Run', 'Connector ID', 'Connector', 'Application', 'Organization ID', 'Organization', 'Started by', 'Started by ID'],
    ...['Person or group ID', 'Person or group', 'Target ID', 'Success', 'Error code', 'Error message', 'HTTP status', 'Attempts', 'Changes'],
  ],
  async *rows(drawing) {
    const { outside, scope, filter } = drawing;
    for (const { connector, whole } of scope.connectors) {
      for await (const page of outside.store.rows('event', periodQuery(connector.id, filter))) {
        for (const { row } of page) if (scope.holds(whole, row.organizationId)) yield await cells(row, connector.name, drawing);
        await outside.breath.due();
      }
    }
  },
};

/** The rows of one partition, or of all, in the asked period, oldest first. */
export function periodQuery<L extends Log>(partition: string | null, { from, until }: ReportFilter): RowQuery<L> {
  return {
    order: 'oldest',
    ...(partition === null ? {} : { partition }),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  };
}

async function cells(event: Logs['event'], connector: string, { scope, nameOf }: Drawing): Promise<readonly string[]> {
  return [
    ...[event.id, iso(event.at), event.type, event.runId, event.connectorId, connector, event.application],
    ...[event.organizationId, scope.nameOf(event.organizationId), await nameOf(event.by), event.by, event.subjectId, event.subjectName],
    ...[event.targetId ?? '', event.success ? 'yes' : 'no', event.errorCode ?? '', event.errorMessage ?? ''],
    ...[event.httpStatus === null ? '' : String(event.httpStatus), String(event.attempts), changesOf(event)],
  ];
}

/** Before and after of each changed attribute as JSON: the one form that no value can break. */
function changesOf({ changes }: ProvisioningEvent): string {
  return changes.length === 0 ? '' : JSON.stringify(changes);
}
