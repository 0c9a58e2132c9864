import type { Outside } from '../../../ports/outside.ts';
import type { RowQuery } from '../../../ports/store.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import type { ProvisioningEvent } from '../event.ts';
import type { Run, RunId } from '../run.ts';
import { latestRun } from './create-run.ts';

/** A connector's runs, newest first (S4). `after` is the last run of the page before; `next` is what to pass for the next page, null at the end. */
export async function runHistory(
  outside: Pick<Outside, 'store'>,
  connectorId: ConnectorId,
  page: { readonly after?: RunId; readonly limit: number },
): Promise<{ readonly runs: readonly Run[]; readonly next: RunId | null }> {
  const runs: Run[] = [];
  let run = page.after === undefined ? await latestRun(outside.store, connectorId) : await before(outside, page.after);
  while (run !== undefined && runs.length < page.limit) {
    runs.push(run);
    run = await before(outside, run.id);
  }
  return { runs, next: run === undefined ? null : (runs.at(-1)?.id ?? null) };
}

async function before(outside: Pick<Outside, 'store'>, runId: RunId): Promise<Run | undefined> {
  const previous = (await outside.store.get('run', runId))?.value.previous ?? null;
  return previous === null ? undefined : (await outside.store.get('run', previous))?.value;
}

export interface EventFilter {
  readonly personId?: PersonId;
  readonly success?: boolean;
  readonly cause?: string;
}

/** What one run did to whom, newest first (S4); `after` is the `next` of the page before. */
export async function runDetail(
  outside: Pick<Outside, 'store'>,
  run: Pick<Run, 'id' | 'connectorId'>,
  filter: EventFilter,
  page: { readonly after?: number; readonly limit: number },
): Promise<{ readonly events: readonly ProvisioningEvent[]; readonly next: number | null }> {
  const match: Partial<ProvisioningEvent> = {
    runId: run.id,
    ...(filter.personId === undefined ? {} : { subjectId: filter.personId }),
    ...(filter.success === undefined ? {} : { success: filter.success }),
    ...(filter.cause === undefined ? {} : { cause: filter.cause }),
  };
  const query: RowQuery<'event'> = {
    partition: run.connectorId,
    match,
    order: 'newest',
    limit: page.limit + 1,
    ...(page.after === undefined ? {} : { after: page.after }),
  };
  const rows: { readonly seq: number; readonly row: ProvisioningEvent }[] = [];
  for await (const some of outside.store.rows('event', query)) rows.push(...some);
  const shown = rows.slice(0, page.limit);
  return { events: shown.map(({ row }) => row), next: rows.length > page.limit ? (shown.at(-1)?.seq ?? null) : null };
}
