import type { Waiting, WaitingList } from '../../src/domain/enrollment/verbs/seats.ts';
import type { BulkSummary } from '../../src/domain/enrollment/shown.ts';
import { actions, button, context, type Message, type ModalView, message, modal, section } from '../blocks.ts';
import { stepValue } from '../connectors/configure-modal.ts';
import { clip } from '../clip.ts';
import { optionValue } from '../ids.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, plural } from '../words.ts';
import { shortName, skippedLines } from './words.ts';

/** People on one page. */
const PAGE = 10;

export interface WaitingScreen extends WaitingList {
  readonly timeZone: string;
  /** What *Activate* just did; null where nothing was done. */
  readonly summary: BulkSummary | null;
}

/** Who accepted when no seat was free, in the order in which they did (E10). For direct view only: it holds names (R3). */
export function waitingModal(of: WaitingScreen, at: number): ModalView {
  const { connector, seats, waiting, invited, summary } = of;
  const page = pageOf(waiting, at, PAGE);
  const fitting = Math.min(waiting.length, seats.free ?? waiting.length);
  return modal({
    callbackId: 'enroll.waiting',
    title: 'Waiting for a seat',
    metadata: { connectorId: connector.id, page: page.page },
    blocks: [
      summary !== null && section(summaryText(summary)),
      section(md`${bold(clip(connector.name, 100))} · ${seatWords(of)}`),
      section(
        waiting.length === 0
          ? nobody(invited)
          : `${plural(waiting.length, 'person waits', 'people wait')} for a seat, first come first. They read “ask your admin”.`,
      ),
      ...page.items.map((one, index) => row(of, one, page.from + index)),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
      actions([
        fitting > 0 &&
          button({
            ...{
              text: fitting === waiting.length ? 'Activate all…' : `Activate the first ${count(fitting)}…`,
              action: 'enroll.activate-all',
              value: connector.id,
            },
            confirm: {
              title: 'Activate who waits?',
              text: `${plural(fitting, 'person gets', 'people get')} a seat of ${clip(connector.name, 80)}, and the account is made active there.`,
              confirm: 'Activate',
            },
          }),
        button({ text: 'Add seats…', action: 'connectors.step', value: stepValue('pace', connector.id) }),
        ...pager('enroll.waiting-page', page.page, page.pages, connector.id),
        button({ text: '‹ Settings', action: 'enroll.settings', value: connector.id }),
      ]),
    ],
  });
}

function summaryText(summary: BulkSummary): Mrkdwn {
  return joined([bold(`${plural(summary.done, 'person', 'people')} got a seat.`), ...skippedLines(summary)], '\n');
}

/** What *Activate* did, where it was typed. */
export function activatedMessage(summary: BulkSummary): Message {
  const text = summaryText(summary);
  return message({ text, blocks: [section(text)] });
}

function seatWords({ seats: { total, taken, free } }: WaitingList): string {
  if (total === null) return `${plural(taken, 'seat')} taken, unlimited`;
  if (total === 'unknown') return `${plural(taken, 'seat')} taken; the total is not known yet, so none is given out`;
  return `${count(taken)} of ${plural(total, 'seat')} taken, ${count(free ?? 0)} free`;
}

function nobody(invited: number): string {
  return invited === 0 ? 'Nobody waits for a seat.' : `Nobody waits for a seat; ${plural(invited, 'person is', 'people are')} invited and did not accept yet.`;
}

function row({ connector, timeZone }: WaitingScreen, { personId, name, since }: Waiting, place: number): ReturnType<typeof section> {
  return section(md`${count(place)}. ${bold(shortName(name))} · since ${date(since, timeZone)}`, {
    accessory: button({
      text: 'Activate',
      action: 'enroll.activate',
      value: JSON.stringify([connector.id, optionValue(personId)]),
      accessibilityLabel: `Activate ${clip(name, 60)}`,
    }),
  });
}

/** Which person of which connector, the person as an option's value; null for anything else. */
export function readActivate(value: string | null): { readonly connectorId: string; readonly person: string } | null {
  try {
    const read: unknown = JSON.parse(value ?? '');
    if (!Array.isArray(read)) return null;
    const [connectorId, person]: unknown[] = read;
    return typeof connectorId === 'string' && typeof person === 'string' ? { connectorId, person } : null;
  } catch {
    return null;
  }
}

/** Connectors whose seats enrollment gives out, with how many wait; counts only. */
export function waitingListModal(rows: readonly { readonly id: string; readonly name: string; readonly waiting: number }[], at: number): ModalView {
  const page = pageOf(rows, at, PAGE);
  return modal({
    callbackId: 'enroll.waiting-list',
    title: 'Waiting for a seat',
    blocks: [
      rows.length === 0 && section('No connector of yours gives seats out on acceptance: accounts arrive active everywhere.'),
      ...page.items.map(({ id, name, waiting }) =>
        section(md`${bold(clip(name, 100))} · ${waiting === 0 ? 'nobody waits' : plural(waiting, 'person waits', 'people wait')}`, {
          accessory: button({ text: 'Open', action: 'enroll.waiting', value: id, accessibilityLabel: `Open ${clip(name, 60)}` }),
        }),
      ),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
      actions([...pager('enroll.waiting-list', page.page, page.pages), button({ text: '‹ Settings', action: 'enroll.settings' })]),
    ],
  });
}
