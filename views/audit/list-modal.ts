import type { AuditRow } from '../../src/domain/audit/audit.ts';
import { actions, button, type Choice, context, datePicker, externalSelect, type ModalView, modal, section, staticSelect, usersSelect } from '../blocks.ts';
import { bold, date, md } from '../mrkdwn.ts';
import { ACTION_TOPICS, summaryOf } from './words.ts';

/** Rows on one page. */
export const AUDIT_PAGE = 10;

/** What is shown: as typed and chosen, and where the page begins. */
export interface AuditShown {
  readonly by: string | null;
  readonly action: string | null;
  readonly connectorId: string | null;
  /** Days: `2026-03-31`. */
  readonly from: string | null;
  readonly until: string | null;
  /** The page lies below this row; null is the newest page. */
  readonly below: number | null;
}

export interface AuditList {
  readonly shown: AuditShown;
  readonly entries: readonly { readonly seq: number; readonly row: AuditRow }[];
  readonly next: number | null;
  /** Of the filter. */
  readonly connector: { readonly id: string; readonly name: string } | null;
  /** They may have the whole of it verified. */
  readonly verifies: boolean;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

const ANY = 'any';

/** The audit, newest first, ten a page, with filters (X2). */
export function auditModal(of: AuditList): ModalView {
  const { shown, entries, next } = of;
  const { by, action, connectorId, from, until, below } = shown;
  return modal({
    callbackId: 'audit.list',
    title: 'Audit',
    metadata: { ...shown },
    blocks: [
      // Elements keep what was chosen as long as their block keeps its id: cleared ones need another.
      actions(
        [
          usersSelect({ action: 'audit.by', placeholder: 'Anybody', initial: by !== null && /^[UW][A-Z0-9]+$/.test(by) ? by : null }),
          staticSelect({ action: 'audit.action', choices: topics(action), initial: action ?? ANY }),
          externalSelect({
            action: 'audit.connector',
            placeholder: 'Any connector',
            initial: of.connector === null ? null : { text: of.connector.name, value: of.connector.id },
          }),
          datePicker({ action: 'audit.from', placeholder: 'From', initial: from }),
          datePicker({ action: 'audit.until', placeholder: 'Until', initial: until }),
        ],
        `filters ${[by, action, connectorId, from, until].map((one) => one ?? '').join(' ')}`,
      ),
      by !== null && !/^[UW][A-Z0-9]+$/.test(by) && context(`Only by ${of.names(by)}.`),
      entries.length === 0 && section(below === null ? 'Nothing to show.' : 'Nothing older.'),
      ...entries.map(({ seq, row }) =>
        section(md`${date(row.at, of.timeZone)} · ${bold(of.names(row.by))} ${summaryOf(row)}\n${row.action} · #${seq}`, {
          accessory: button({ text: 'Open', action: 'audit.open', value: String(seq), accessibilityLabel: `Open row ${seq}` }),
        }),
      ),
      actions([
        below !== null && button({ text: '‹ Newest', action: 'audit.newest' }),
        next !== null && button({ text: 'Older ›', action: 'audit.older', value: String(next) }),
        [by, action, connectorId, from, until].some((one) => one !== null) && button({ text: 'Clear filters', action: 'audit.list' }),
      ]),
      actions([
        button({ text: 'CSV', action: 'audit.csv', accessibilityLabel: 'Send the audit to me as CSV' }),
        button({ text: 'JSON lines', action: 'audit.jsonl', accessibilityLabel: 'Send the audit to me as JSON lines' }),
        of.verifies && button({ text: 'Verify', action: 'audit.verify' }),
      ]),
      context('The files hold the connector and the days that are chosen; person and action narrow only what is shown here.'),
    ],
  });
}

/** A typed action that is no topic is a choice of its own. */
function topics(action: string | null): readonly Choice[] {
  const known = ACTION_TOPICS.map(([value, text]) => ({ text, value }));
  const own = action === null || known.some(({ value }) => value === action) ? [] : [{ text: action, value: action }];
  return [{ text: 'Any action', value: ANY }, ...own, ...known];
}

/** The chosen topic; null is any. */
export function readTopic(value: string | null): string | null {
  return value === ANY ? null : value;
}
