import type { Outside } from '../../../ports/outside.ts';
import { type Days, periodOf } from '../../reports/verbs/period.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { audited } from '../row.ts';
import { type AuditRecord, auditRecord } from '../sheet.ts';
import { entryOf } from './find.ts';

/** The whole audit of a period, oldest first, streamed; that it was exported is audited first. Refuses who is no global admin. */
export async function* exportAudit(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'calendar' | 'breath'>,
  actor: Actor,
  days: Omit<Days, 'asOf'>,
): AsyncGenerator<AuditRecord> {
  await requireRight(outside, actor, 'administer', null, 'export the audit');
  const { from, until } = await periodOf(outside, { ...days, asOf: null }, null);
  const after = Object.fromEntries(Object.entries(days).filter((entry): entry is [string, string] => entry[1] !== null));
  await outside.store.transaction({ appends: [audited(outside, actor, { action: 'audit.export', summary: 'exported the audit', after })] });
  const period = { ...(from === null ? {} : { from }), ...(until === null ? {} : { until }) };
  for await (const page of outside.store.rows('audit', { order: 'oldest', ...period })) {
    for (const row of page) yield auditRecord(entryOf(row));
    await outside.breath.due();
  }
}
