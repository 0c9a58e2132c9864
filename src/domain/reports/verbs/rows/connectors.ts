import { connectorsOverview } from '../../../connectors/verbs/overview.ts';
import { iso } from '../../cells.ts';
import { applicationOf, type ReportSheet } from './sheet.ts';

/**
 * One row per connector and assigned role or group (C1, C2); a connector that is assigned to nobody has one row. The
 * connector's own numbers count each person once and stand in each of its rows.
 */
export const connectors: ReportSheet = {
  header: [
    ...['Connector ID', 'Connector', 'Application', 'Owner', 'State', 'Health', 'Accounts', 'People'],
    ...['Assigned to', 'Kind', 'Organization', 'Accounts there', 'People there', 'Last assign', 'Last assign by', 'Last provision', 'Schedule', 'Time zone'],
  ],
  async *rows({ outside, actor, filter, scope, nameOf }) {
    for (const { connector, total, parts } of await connectorsOverview(outside, actor, filter.organizationId)) {
      if (filter.connectorId !== null && connector.id !== filter.connectorId) continue;
      const { lastAssign, operating } = connector;
      const first = [
        ...[connector.id, connector.name, await applicationOf(outside, connector), scope.nameOf(connector.organizationId)],
        ...[connector.state.is, connector.health.is, String(total.have), String(total.of)],
      ];
      const last = [
        ...[iso(lastAssign?.at ?? null), lastAssign === null ? '' : await nameOf(lastAssign.by), iso(connector.lastProvision)],
        ...[operating.schedule?.cron ?? '', operating.schedule?.timeZone ?? ''],
      ];
      if (parts.length === 0) yield [...first, '', '', '', '', '', ...last];
      for (const part of parts) yield [...first, part.grouping, part.kind, part.organization, String(part.have), String(part.of), ...last];
    }
  },
};
