import type { Instance } from '../../../catalog/catalog.ts';
import type { Connector } from '../../../connectors/connector.ts';
import { seatsTaken } from '../../../connectors/verbs/card.ts';
import { iso } from '../../cells.ts';
import { waitingCounts } from '../../../enrollment/verbs/attention.ts';
import type { ReportSheet } from './sheet.ts';

/** One row per application instance (E12): its seat total and where that comes from, and all active accounts, adopted and hand-made too; how many wait for a seat, as a count (E10). */
export const seats: ReportSheet = {
  header: [
    ...['Instance', 'Application', 'Organization', 'Connector ID', 'Connector', 'Seats', 'Active accounts', 'Free', 'Short', 'Seats from', 'Seats as of'],
    ...['Accounts as of', 'Waiting for a seat'],
  ],
  async *rows({ outside, filter, scope, nameOf }) {
    const byInstance = new Map<string, Connector>(scope.connectors.map(({ connector }) => [connector.instanceId, connector]));
    const waiting = await waitingCounts(outside);
    for await (const page of outside.store.scan('instance')) {
      for (const { value: instance } of page) {
        const connector = byInstance.get(instance.id);
        if (!scope.holds(scope.global, instance.organizationId) || (filter.connectorId !== null && connector === undefined)) continue;
        const taken = connector === undefined ? null : await seatsTaken(outside, connector.id, connector.listing?.unmanagedActive ?? 0);
        yield [
          ...[instance.name, instance.application, scope.nameOf(instance.organizationId), connector?.id ?? '', connector?.name ?? ''],
          ...[total(instance), taken === null ? '' : String(taken), ...left(instance, taken), await origin(instance, nameOf)],
          ...[iso(instance.seats.is === 'unlimited' ? null : instance.seats.at), iso(connector?.listing?.at ?? null)],
          connector === undefined ? '' : String(waiting.get(connector.id) ?? 0),
        ];
      }
    }
  },
};

function total({ seats: of }: Instance): string {
  return of.is === 'unlimited' ? 'unlimited' : of.total === null ? 'not read yet' : String(of.total);
}

/** Free and short: never a negative number, which a spreadsheet would be kept from reading as one (R2). */
function left({ seats: of }: Instance, taken: number | null): readonly [free: string, short: string] {
  if (of.is === 'unlimited' || of.total === null || taken === null) return ['', ''];
  return [String(Math.max(0, of.total - taken)), String(Math.max(0, taken - of.total))];
}

async function origin({ seats: of }: Instance, nameOf: (userId: string) => Promise<string>): Promise<string> {
  switch (of.is) {
    case 'unlimited':
      return '';
    case 'set':
      return `set by ${await nameOf(of.by)}`;
    case 'read':
      return 'read from the target';
  }
}
