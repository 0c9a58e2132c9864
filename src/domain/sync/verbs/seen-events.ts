import type { Outside } from '../../../ports/outside.ts';
import type { VisibleConnector } from '../../connectors/verbs/find.ts';
import type { ProvisioningEvent } from '../event.ts';
import type { Run } from '../run.ts';
import { type EventFilter, runDetail } from './history.ts';

/**
 * What one run did, as far as the actor may see its connector (C3): all of it, or the people of their part; paged as
 * `runDetail` is. A page of a part may be shorter than `limit` while there are more.
 */
export async function seenEvents(
  outside: Pick<Outside, 'store'>,
  { whole, organizations }: Pick<VisibleConnector, 'whole' | 'organizations'>,
  run: Pick<Run, 'id' | 'connectorId'>,
  filter: EventFilter,
  page: { readonly after?: number; readonly limit: number },
): Promise<{ readonly events: readonly ProvisioningEvent[]; readonly next: number | null }> {
  let found = await runDetail(outside, run, filter, page);
  const seen = (): readonly ProvisioningEvent[] => (whole ? found.events : found.events.filter(({ organizationId }) => organizations.has(organizationId)));
  // Pages without anybody of theirs are passed over.
  while (seen().length === 0 && found.next !== null) found = await runDetail(outside, run, filter, { ...page, after: found.next });
  return { events: seen(), next: found.next };
}
