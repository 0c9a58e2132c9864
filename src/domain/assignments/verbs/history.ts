import type { Outside } from '../../../ports/outside.ts';
import type { AuditRow } from '../../audit/audit.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorById, type VisibleConnector } from '../../connectors/verbs/find.ts';
import type { Actor } from '../../rights/grant.ts';
import type { ProvisioningEvent } from '../../sync/event.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';
import { concerns } from '../../sync/verbs/seen-run.ts';
import { type HistoryCursor, type HistoryEntry, type HistoryFilter, momentOf } from '../history.ts';

export interface HistoryPage {
  readonly connector: Connector;
  readonly entries: readonly HistoryEntry[];
  /** Null on the last page. */
  readonly next: HistoryCursor | null;
}

type Parts = Pick<Outside, 'store' | 'settings'>;

interface Sought {
  readonly outside: Parts;
  readonly visible: VisibleConnector;
  readonly filter: HistoryFilter;
}

/**
 * A connector's history, newest first (A4): its audit rows and its events, merged as they are streamed; neither log is
 * read further than the page needs. Who holds a role for a part of its organizations sees that part: events and
 * assignments there, and that runs were made (C3).
 */
export async function connectorHistory(
  outside: Parts,
  actor: Actor,
  connectorId: ConnectorId,
  filter: HistoryFilter,
  page: { readonly after: HistoryCursor | null; readonly limit: number },
): Promise<HistoryPage> {
  const visible = await connectorById(outside, actor, connectorId);
  const sought = { outside, visible, filter };
  const audit = filter.kind === 'events' ? nothing() : auditEntries(sought, page.after?.audit);
  const events = filter.kind === 'all' || filter.kind === 'events' ? eventEntries(sought, page.after?.event) : nothing();
  return { connector: visible.connector, ...(await newestOf(audit, events, page)) };
}

/** A page of the two logs merged, newest first; neither is read further than the page needs. Each begins below its part of `after`. */
export async function newestOf(
  auditRows: AsyncGenerator<Sequenced>,
  eventRows: AsyncGenerator<Sequenced>,
  page: { readonly after: HistoryCursor | null; readonly limit: number },
): Promise<{ readonly entries: readonly HistoryEntry[]; readonly next: HistoryCursor | null }> {
  const audit = await Stream.open(auditRows);
  const events = await Stream.open(eventRows);
  const entries: HistoryEntry[] = [];
  while (entries.length < page.limit) {
    // Of the same moment the event is shown above: it follows from what was asked.
    const stream = later(events, audit) ? events : audit;
    if (stream.head === null) break;
    entries.push(stream.head.entry);
    await stream.step();
  }
  const next = audit.head === null && events.head === null ? null : { audit: audit.below(page.after?.audit), event: events.below(page.after?.event) };
  await Promise.all([audit.close(), events.close()]);
  return { entries, next };
}

/** An entry with its row's number in its log. */
export interface Sequenced {
  readonly seq: number;
  readonly entry: HistoryEntry;
}

/** One of the two logs, newest first, with its next entry in sight. */
class Stream {
  readonly #rows: AsyncGenerator<Sequenced>;
  head: Sequenced | null = null;
  #taken: number | null = null;

  private constructor(rows: AsyncGenerator<Sequenced>) {
    this.#rows = rows;
  }

  static async open(rows: AsyncGenerator<Sequenced>): Promise<Stream> {
    const stream = new Stream(rows);
    await stream.#read();
    return stream;
  }

  async step(): Promise<void> {
    this.#taken = this.head?.seq ?? null;
    await this.#read();
  }

  async #read(): Promise<void> {
    const next = await this.#rows.next();
    this.head = next.done === true ? null : next.value;
  }

  /** What the next page is asked to go on below: the last row taken; else just above the row in sight; else where it began. */
  below(began: number | undefined): number {
    if (this.#taken !== null) return this.#taken;
    return this.head === null ? (began ?? 0) : this.head.seq + 1;
  }

  async close(): Promise<void> {
    await this.#rows.return(undefined);
  }
}

function later(one: Stream, other: Stream): boolean {
  if (one.head === null) return false;
  return other.head === null || momentOf(one.head.entry) >= momentOf(other.head.entry);
}

/** A log that the filter leaves out. */
async function* nothing(): AsyncGenerator<Sequenced> {
  // It has no rows.
}

async function* eventEntries({ outside, visible, filter }: Sought, after: number | undefined): AsyncGenerator<Sequenced> {
  const match: Partial<ProvisioningEvent> = {
    ...(filter.personId === null ? {} : { subjectId: filter.personId }),
    ...(filter.outcome === 'all' ? {} : { success: filter.outcome === 'success' }),
  };
  for await (const rows of outside.store.rows('event', { partition: visible.connector.id, match, order: 'newest', ...(after === undefined ? {} : { after }) }))
    for (const { seq, row } of rows) if (visible.whole || visible.organizations.has(row.organizationId)) yield { seq, entry: { is: 'event', event: row } };
}

async function* auditEntries(sought: Sought, after: number | undefined): AsyncGenerator<Sequenced> {
  const { outside, visible, filter } = sought;
  const match: Partial<AuditRow> = filter.personId === null ? {} : { subject: filter.personId };
  for await (const rows of outside.store.rows('audit', {
    partition: visible.connector.id,
    match,
    order: 'newest',
    ...(after === undefined ? {} : { after }),
  })) {
    for (const { seq, row } of rows) {
      const entry = await auditEntry(sought, row);
      if (entry !== null) yield { seq, entry };
    }
  }
}

/** The row as an entry; null where the filter or the actor's part leaves it out. */
async function auditEntry({ outside, visible, filter }: Sought, row: AuditRow): Promise<HistoryEntry | null> {
  if (row.action.startsWith('assignments.')) {
    if (!wants(filter, 'assignments') || filter.outcome === 'failed') return null;
    return visible.whole || (await isTheirs(outside, visible, row)) ? { is: 'assignment', row } : null;
  }
  if (row.subject !== null && row.action.startsWith('sync.') && /^R-\d+$/.test(row.subject)) {
    if (!wants(filter, 'runs')) return null;
    const run = (await outside.store.get('run', row.subject))?.value ?? null;
    if (!visible.whole && (run === null || !(await concerns(outside, visible, run)))) return null;
    if (filter.outcome !== 'all' && filter.outcome !== outcomeOf(run)) return null;
    return { is: 'run', row, run: visible.whole ? run : null };
  }
  return wants(filter, 'settings') && filter.outcome !== 'failed' && visible.whole ? { is: 'setting', row } : null;
}

function wants(filter: HistoryFilter, kind: HistoryFilter['kind']): boolean {
  return filter.kind === 'all' || filter.kind === kind;
}

async function isTheirs(outside: Parts, visible: VisibleConnector, row: AuditRow): Promise<boolean> {
  const assignment = row.subject === null ? undefined : await outside.store.get('assignment', row.subject);
  return assignment !== undefined && visible.organizations.has(assignment.value.organizationId);
}

function outcomeOf(run: Run | null): HistoryFilter['outcome'] | null {
  if (run === null || isUnderWay(run) || run.state.is !== 'ended') return null;
  return run.state.result === 'success' ? 'success' : 'failed';
}
