import type { AuditRow } from '../../src/domain/audit/audit.ts';
import type { Link } from '../../src/domain/audit/chain.ts';
import { actions, button, context, divider, type ModalView, modal, section } from '../blocks.ts';
import { bold, channelMention, code, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import type { AuditShown } from './list-modal.ts';
import { summaryOf, WAYS } from './words.ts';

export interface AuditDetail {
  readonly entry: { readonly seq: number; readonly row: AuditRow; readonly link: Link | null };
  /** Where *Back* goes. */
  readonly shown: AuditShown;
  readonly connector: { readonly id: string; readonly name: string } | null;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** One row of the audit, whole: before and after, way, approval, and its place in the chain (X2). */
export function auditRowModal({ entry: { seq, row, link }, shown, connector, timeZone, names }: AuditDetail): ModalView {
  const { approval } = row;
  return modal({
    callbackId: 'audit.row',
    title: `Audit row ${seq}`,
    metadata: { ...shown },
    blocks: [
      section(md`${bold(names(row.by))} ${summaryOf(row)}`),
      section(
        joined(
          [
            md`${date(row.at, timeZone)} by ${WAYS[row.way]}`,
            md`Action: ${row.action}`,
            ...(row.connectorId === null ? [] : [md`Connector: ${connector?.name ?? row.connectorId}`]),
            ...(row.subject === null ? [] : [md`About: ${row.subject === row.channelId ? channelMention(row.subject) : row.subject}`]),
            ...(approval === undefined ? [] : [approvalLine(approval, names)]),
          ],
          '\n',
        ),
      ),
      divider(),
      ...changes(row),
      context(
        link === null ? 'This row is older than the chain.' : md`In the chain: ${code(link.hash)}${link.salt === null ? ' (its text was replaced)' : ''}`,
      ),
      context(md`Row ${row.id} · who: ${row.by}`),
      actions([
        button({ text: '‹ Audit', action: 'audit.back' }),
        connector !== null && button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

function approvalLine({ requestId, approvedBy, singlePerson }: NonNullable<AuditRow['approval']>, names: (id: string) => string): Mrkdwn {
  const who = approvedBy.length === 0 ? md`nobody else` : md`${approvedBy.map(names).join(', ')}`;
  return md`Approved: ${requestId} by ${who}${singlePerson === null ? '' : `, single person: ${singlePerson}`}`;
}

function changes({ before, after }: AuditRow): ReturnType<typeof section>[] {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  if (keys.length === 0) return [section('No values were recorded.')];
  return keys.slice(0, 30).map((key) => section(md`${bold(key)}\n${before?.[key] ?? '–'} → ${after?.[key] ?? '–'}`));
}
