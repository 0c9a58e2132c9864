import type { HistoryCursor, HistoryEntry } from '../../src/domain/assignments/history.ts';
import type { Explanation } from '../../src/domain/explain/explanation.ts';
import { summaryOf } from '../audit/words.ts';
import { actions, button, header, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { changesLine, errorWords, outcomeOf } from '../sync/event-words.ts';
import { listed } from '../words.ts';
import { type Telling, whySentence } from './why-words.ts';

/** Lines of the timeline on one page. */
export const WHY_PAGE = 10;

export interface WhyShown {
  readonly connector: { readonly id: string; readonly name: string };
  readonly personId: string;
  readonly name: string;
  readonly explanation: Explanation;
  readonly entries: readonly HistoryEntry[];
  readonly next: HistoryCursor | null;
  readonly first: boolean;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
  readonly nameOf: (personId: string) => string;
}

/** Which person and connector a button means; null for anything else. A connector's id holds no slash. */
export function readWhy(value: string | null): { readonly connectorId: string; readonly personId: string } | null {
  const [, connectorId, personId] = /^([^/]+)\/(.+)$/s.exec(value ?? '') ?? [];
  return connectorId === undefined || personId === undefined ? null : { connectorId, personId };
}

/** What a *Why* button carries. */
export function whyValue(connectorId: string, personId: string): string {
  return `${connectorId}/${personId}`;
}

/** Person × connector: why there is an account, or none, and what led there, newest first (S18). */
export function whyModal(of: WhyShown): ModalView {
  const { connector, timeZone, names, nameOf } = of;
  const to: Telling = { name: of.name, connector: connector.name, timeZone, names, nameOf };
  return modal({
    callbackId: 'why.open',
    title: 'Why',
    metadata: { connectorId: connector.id, personId: of.personId },
    blocks: [
      section(whySentence(of.explanation, to)),
      header('What led there'),
      of.entries.length === 0 && section(of.first ? 'Nothing was assigned or done yet.' : 'Nothing older.'),
      ...of.entries.map((entry) => section(entryLine(entry, of), { accessory: opener(entry) })),
      actions([
        !of.first && button({ text: '‹ Newest', action: 'why.open', value: whyValue(connector.id, of.personId) }),
        of.next !== null && button({ text: 'Older ›', action: 'why.older', value: `${of.next.audit}/${of.next.event}` }),
        button({ text: 'Person', action: 'person.open', value: of.personId }),
        button({ text: 'Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

/** Where the page of a pressed *Older* begins; null for anything else. */
export function readWhyCursor(value: string | null): HistoryCursor | null {
  const [, audit, event] = /^(\d{1,15})\/(\d{1,15})$/.exec(value ?? '') ?? [];
  return audit === undefined || event === undefined ? null : { audit: Number(audit), event: Number(event) };
}

function opener(entry: HistoryEntry): ReturnType<typeof button> | null {
  if (entry.is === 'assignment' || entry.is === 'setting') return null;
  const runId = entry.is === 'event' ? entry.event.runId : entry.row.subject;
  return runId === null ? null : button({ text: 'Run', action: 'sync.open', value: runId, accessibilityLabel: `Open run ${runId}` });
}

function entryLine(entry: HistoryEntry, { timeZone, names }: WhyShown): Mrkdwn {
  if (entry.is === 'event') {
    const { event } = entry;
    const head = md`${date(event.at, timeZone)} · ${event.success ? '✓' : '✕'} ${bold(outcomeOf(event))} in run ${event.runId}, started by ${names(event.by)}`;
    if (!event.success) return md`${head}\n${errorWords(event)}`;
    return event.changes.length === 0 ? head : md`${head}\n${changesLine(event.changes)}`;
  }
  const { row } = entry;
  const approved = row.approval === undefined || row.approval.approvedBy.length === 0 ? md`` : md` · approved by ${listed(row.approval.approvedBy.map(names))}`;
  const changed = entry.is === 'setting' ? settingChanges(row.before, row.after) : md``;
  return md`${date(row.at, timeZone)} · ${bold(names(row.by))} ${summaryOf(row)}${approved}${changed}`;
}

function settingChanges(before: Readonly<Record<string, string>> | null, after: Readonly<Record<string, string>> | null): Mrkdwn {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => name.startsWith('mapping'));
  return names.length === 0 ? md`` : md`\n${listed(names.map((name) => name.replace(/^mapping /, '')))}`;
}
