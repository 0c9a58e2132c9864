import type { Outside } from '../../../ports/outside.ts';
import type { HistoryCursor, HistoryEntry } from '../../assignments/history.ts';
import { newestOf, type Sequenced } from '../../assignments/verbs/history.ts';
import type { AuditRow } from '../../audit/audit.ts';
import type { VisibleConnector } from '../../connectors/verbs/find.ts';
import type { Person, PersonId } from '../../directory/person.ts';

type Reading = Pick<Outside, 'store'>;
interface Subject {
  readonly personId: PersonId;
  readonly person: Person | undefined;
}

/**
 * What led to how somebody stands in a connector, newest first (S18): assigning what they are in, changes of the
 * mapping, runs made for them by name, and every event of theirs with its before and after.
 */
export async function timelineOf(
  outside: Reading,
  visible: VisibleConnector,
  subject: Subject,
  page: { readonly after: HistoryCursor | null; readonly limit: number },
): Promise<{ readonly entries: readonly HistoryEntry[]; readonly next: HistoryCursor | null }> {
  return newestOf(aboutThem(outside, visible, subject, page.after?.audit), done(outside, visible, subject, page.after?.event), page);
}

async function* done(outside: Reading, { connector }: VisibleConnector, { personId }: Subject, after: number | undefined): AsyncGenerator<Sequenced> {
  const query = { partition: connector.id, match: { subjectId: personId }, order: 'newest' } as const;
  for await (const rows of outside.store.rows('event', after === undefined ? query : { ...query, after }))
    for (const { seq, row } of rows) yield { seq, entry: { is: 'event', event: row } };
}

async function* aboutThem(outside: Reading, visible: VisibleConnector, subject: Subject, after: number | undefined): AsyncGenerator<Sequenced> {
  const query = { partition: visible.connector.id, order: 'newest' } as const;
  for await (const rows of outside.store.rows('audit', after === undefined ? query : { ...query, after })) {
    for (const { seq, row } of rows) {
      const entry = await entryOf(outside, visible, subject, row);
      if (entry !== null) yield { seq, entry };
    }
  }
}

async function entryOf(
  outside: Reading,
  { whole, organizations }: VisibleConnector,
  { personId, person }: Subject,
  row: AuditRow,
): Promise<HistoryEntry | null> {
  if (row.subject === personId) return { is: 'setting', row };
  if (row.action.startsWith('assignments.') && row.subject !== null) {
    const assignment = (await outside.store.get('assignment', row.subject))?.value;
    if (assignment === undefined || person?.groupings.includes(assignment.groupingId) !== true) return null;
    return whole || organizations.has(assignment.organizationId) ? { is: 'assignment', row } : null;
  }
  if (row.action === 'sync.person' && row.subject !== null) {
    const run = (await outside.store.get('run', row.subject))?.value;
    return run?.scope.is === 'people' && run.scope.ids.includes(personId) ? { is: 'run', row, run: null } : null;
  }
  return whole && changesMapping(row) ? { is: 'setting', row } : null;
}

function changesMapping({ before, after }: AuditRow): boolean {
  return [...Object.keys(before ?? {}), ...Object.keys(after ?? {})].some((name) => name.startsWith('mapping'));
}
