import { entries } from '../../../catalog/verbs/entries.ts';
import { connectorsOverview } from '../../../connectors/verbs/overview.ts';
import { iso } from '../../cells.ts';
import type { ReportSheet } from './sheet.ts';

/** The organizations that activated partners' entries: those that own a connector of one, active or disabled (C4). One row per connector and assigned role or group. */
export const partners: ReportSheet = {
  header: [
    ...['Partner', 'Catalog entry', 'Organization', 'Parent organization', 'Connector ID', 'Connector', 'State', 'Accounts', 'People'],
    ...['Assigned to', 'Kind', 'In organization', 'Accounts there', 'People there', 'Last assign', 'Last provision'],
  ],
  async *rows({ outside, actor, filter, scope }) {
    const published = new Map((await entries(outside)).map((entry) => [entry.id, entry]));
    for (const { connector, total, parts } of await connectorsOverview(outside, actor, filter.organizationId)) {
      const entry = published.get(connector.entryId);
      const { state } = connector;
      if (entry?.partnerId == null || (state.is !== 'active' && state.is !== 'disabled')) continue;
      if (filter.connectorId !== null && connector.id !== filter.connectorId) continue;
      const owner = scope.organizations.get(connector.organizationId);
      const first = [
        // A partner's name is public: it stands in the catalog.
        ...[scope.organizations.get(entry.partnerId)?.name ?? entry.partnerId, entry.name],
        ...[scope.nameOf(connector.organizationId), scope.nameOf(owner?.parentId ?? null)],
        ...[connector.id, connector.name, state.is, String(total.have), String(total.of)],
      ];
      const last = [iso(connector.lastAssign?.at ?? null), iso(connector.lastProvision)];
      if (parts.length === 0) yield [...first, '', '', '', '', '', ...last];
      for (const part of parts) yield [...first, part.grouping, part.kind, part.organization, String(part.have), String(part.of), ...last];
    }
  },
};
