import { HISTORY_KINDS, HISTORY_OUTCOMES, type HistoryCursor, type HistoryEntry, type HistoryFilter, momentOf } from '../../src/domain/assignments/history.ts';
import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { summaryOf } from '../audit/words.ts';
import { actions, button, type Choice, externalSelect, type ModalView, modal, section, staticSelect } from '../blocks.ts';
import { clip } from '../clip.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { resultSign, signed } from '../signs.ts';
import { outcomeOf } from '../sync/event-words.ts';
import { count, plural } from '../words.ts';

/** Lines on one page. */
export const HISTORY_PAGE = 10;

const LONGEST_ERROR = 200;

export interface HistoryList {
  readonly connector: { readonly id: string; readonly name: string };
  readonly entries: readonly HistoryEntry[];
  readonly filter: HistoryFilter;
  /** The person of the filter, by name. */
  readonly person: string | null;
  readonly next: HistoryCursor | null;
  readonly first: boolean;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** What travels with the modal. */
export interface HistoryMetadata extends HistoryFilter {
  readonly connectorId: string;
}

const OUTCOMES: Readonly<Record<HistoryFilter['outcome'], string>> = { all: 'Any outcome', success: 'Success', failed: 'Failed' };
const KINDS: Readonly<Record<HistoryFilter['kind'], string>> = {
  all: 'Everything',
  assignments: 'Assign and un-assign',
  runs: 'Runs',
  events: 'Events',
  settings: 'Settings',
};

/** A connector's history log: assigning, runs, events and settings, newest first, ten a page (A4). */
export function historyModal(of: HistoryList): ModalView {
  const { connector, filter } = of;
  const metadata: HistoryMetadata = { connectorId: connector.id, ...filter };
  const person: Choice | null = filter.personId === null ? null : { text: of.person ?? filter.personId, value: filter.personId };
  return modal({
    callbackId: 'connectors.history',
    title: 'History',
    metadata,
    blocks: [
      section(md`${bold(connector.name)} · newest first`),
      // A select keeps what was chosen as long as its block keeps its id: a cleared person needs another one.
      actions(
        [
          externalSelect({ action: 'assign.history-person', placeholder: 'Any person', minQuery: 2, initial: person }),
          staticSelect({
            action: 'assign.history-outcome',
            choices: HISTORY_OUTCOMES.map((value) => ({ text: OUTCOMES[value], value })),
            initial: filter.outcome,
          }),
          staticSelect({ action: 'assign.history-kind', choices: HISTORY_KINDS.map((value) => ({ text: KINDS[value], value })), initial: filter.kind }),
          person !== null && button({ text: 'Any person', action: 'assign.history-anyone' }),
        ],
        `history ${filter.personId ?? 'of all'}`,
      ),
      of.entries.length === 0 && section(of.first ? 'Nothing to show.' : 'Nothing older.'),
      ...of.entries.map((entry) => section(entryLine(entry, of), { accessory: opener(entry) })),
      actions([
        !of.first && button({ text: '‹ Newest', action: 'assign.history-newest' }),
        of.next !== null && button({ text: 'Older ›', action: 'assign.history-older', value: cursorValue(of.next) }),
        button({ text: '‹ Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

function cursorValue({ audit, event }: HistoryCursor): string {
  return `${audit}/${event}`;
}

/** Where the page of a pressed *Older* begins; null for anything else. */
export function readCursor(value: string | null): HistoryCursor | null {
  const [, audit, event] = /^(\d{1,15})\/(\d{1,15})$/.exec(value ?? '') ?? [];
  return audit === undefined || event === undefined ? null : { audit: Number(audit), event: Number(event) };
}

function opener(entry: HistoryEntry): ReturnType<typeof button> | null {
  switch (entry.is) {
    case 'event':
      return button({ text: 'Run', action: 'sync.open', value: entry.event.runId, accessibilityLabel: `Open run ${entry.event.runId}` });
    case 'run':
      return entry.run === null ? null : button({ text: 'Open', action: 'sync.open', value: entry.run.id, accessibilityLabel: `Open run ${entry.run.id}` });
    case 'assignment':
    case 'setting':
      return null;
  }
}

function entryLine(entry: HistoryEntry, { timeZone, names }: HistoryList): Mrkdwn {
  const at = date(momentOf(entry), timeZone);
  switch (entry.is) {
    case 'assignment':
      return md`${at} · ${bold(names(entry.row.by))} ${summaryOf(entry.row)}`;
    case 'setting':
      return md`${at} · ${names(entry.row.by)} ${summaryOf(entry.row)}`;
    case 'run':
      return md`${at} · ${names(entry.row.by)} ${summaryOf(entry.row)}${entry.run === null ? md`` : md`\n${runState(entry.run)}`}`;
    case 'event':
      return eventLine(entry.event, at);
  }
}

function runState(run: Run): string {
  if (run.state.is !== 'ended') return `${run.state.is}, ${count(run.done)} done`;
  if (run.kind === 'verify') return `${signed(resultSign(run.state.result))} · ${plural(run.done, 'account')} read`;
  const { created, updated, deactivated, failed } = run.counts;
  return `${signed(resultSign(run.state.result))} · ${count(created)} created, ${count(updated)} updated, ${count(deactivated)} deactivated, ${count(failed)} failed`;
}

function eventLine(event: ProvisioningEvent, at: Mrkdwn): Mrkdwn {
  const head = md`${at} · ${event.success ? '✓' : '✕'} ${bold(event.subjectName)} ${outcomeOf(event)} · ${event.runId}`;
  if (event.success) return head;
  return md`${head}\n“${clip(event.errorMessage ?? event.errorCode ?? 'no reason given', LONGEST_ERROR)}”`;
}
