import type { Link } from './chain.ts';
import type { AuditRow } from './audit.ts';

/** A row of the audit with its place in the chain, as an export has it (X2). Before and after, salt and hash let others check it. */
export interface AuditRecord extends AuditRow {
  readonly seq: number;
  readonly salt: string | null;
  readonly digest: string | null;
  readonly hash: string | null;
}

export function auditRecord({ seq, row, link }: { readonly seq: number; readonly row: AuditRow; readonly link: Link | null }): AuditRecord {
  return { seq, ...row, salt: link?.salt ?? null, digest: link?.digest ?? null, hash: link?.hash ?? null };
}

export const AUDIT_HEADER: readonly string[] = [
  ...['Seq', 'ID', 'Time', 'By', 'By ID', 'Way', 'Action', 'Connector ID', 'Connector', 'Subject', 'Summary', 'Before', 'After'],
  ...['Channel ID', 'Channel', 'Request', 'Approved by', 'Single person', 'Salt', 'Digest', 'Hash'],
];

/** `by`, `connector` and `channel`: their names; empty where they have none. */
export function auditCells(
  record: AuditRecord,
  { by, connector, channel }: { readonly by: string; readonly connector: string; readonly channel: string },
): readonly string[] {
  const { seq, id, at, way, action, connectorId, subject, summary, before, after, channelId, approval, salt, digest, hash } = record;
  return [
    ...[String(seq), id, new Date(at).toISOString(), by, record.by, way, action, connectorId ?? '', connector, subject ?? '', summary],
    ...[json(before), json(after), channelId ?? '', channel, approval?.requestId ?? '', approval?.approvedBy.join(' ') ?? '', approval?.singlePerson ?? ''],
    ...[salt ?? '', digest ?? '', hash ?? ''],
  ];
}

function json(values: AuditRow['before']): string {
  return values === null ? '' : JSON.stringify(values);
}
