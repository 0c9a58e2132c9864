import type { EventType, ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { actions, button, type Choice, context, externalSelect, type ModalView, modal, section, staticSelect } from '../blocks.ts';
import { bold, date, md } from '../mrkdwn.ts';
import { DONE, errorWords, outcomeOf } from '../sync/event-words.ts';

/** Events on one page. */
export const EVENTS_PAGE = 10;
export const EVENT_TYPES: readonly EventType[] = [
  'user_create_provision',
  'user_update_provision',
  'user_deprovision',
  'user_delete_provision',
  'user_lookup_provision',
  'group_create_provision',
  'group_update_provision',
  'group_delete_provision',
];

/** What is shown, as typed and chosen, and where the page begins. */
export interface EventsShown {
  readonly personId: string | null;
  readonly runId: string | null;
  readonly type: EventType | null;
  readonly outcome: 'done' | 'failed' | null;
  readonly connectorId: string | null;
  /** The page lies below this event; null is the newest page. */
  readonly below: number | null;
}

export interface EventsList {
  readonly shown: EventsShown;
  readonly events: readonly { readonly seq: number; readonly event: ProvisioningEvent; readonly connector: string }[];
  readonly next: number | null;
  /** Of the filters, by name. */
  readonly person: string | null;
  readonly connector: string | null;
  readonly timeZone: string;
}

const ANY = 'any';
const OUTCOMES: readonly Choice[] = [
  { text: 'Any outcome', value: ANY },
  { text: 'Done', value: 'done' },
  { text: 'Failed', value: 'failed' },
];

/** Every attempted operation, newest first, ten a page, with filters (S5). */
export function eventsModal(of: EventsList): ModalView {
  const { shown, events, next } = of;
  const { personId, runId, type, outcome, connectorId, below } = shown;
  const filters = [personId, runId, type, outcome, connectorId];
  return modal({
    callbackId: 'events.list',
    title: 'Events',
    metadata: { ...shown },
    blocks: [
      // Elements keep what was chosen as long as their block keeps its id: cleared ones need another.
      actions(
        [
          externalSelect({
            action: 'events.person',
            placeholder: 'Anybody',
            minQuery: 2,
            initial: personId === null ? null : { text: of.person ?? personId, value: personId },
          }),
          externalSelect({
            action: 'events.connector',
            placeholder: 'Any connector',
            initial: connectorId === null ? null : { text: of.connector ?? connectorId, value: connectorId },
          }),
          staticSelect({
            action: 'events.type',
            choices: [{ text: 'Any type', value: ANY }, ...EVENT_TYPES.map((value) => ({ text: DONE[value], value }))],
            initial: type ?? ANY,
          }),
          staticSelect({ action: 'events.outcome', choices: OUTCOMES, initial: outcome ?? ANY }),
        ],
        `filters ${filters.map((one) => one ?? '').join(' ')}`,
      ),
      runId !== null && context(`Only of run ${runId}.`),
      events.length === 0 && section(below === null ? 'Nothing to show.' : 'Nothing older.'),
      ...events.map(({ seq, event, connector }) =>
        section(
          md`${date(event.at, of.timeZone)} · ${event.success ? '✓' : '✕'} ${bold(event.subjectName)} ${outcomeOf(event)} · ${connector} · ${event.runId}${event.success ? md`` : md`\n${errorWords(event)}`}`,
          { accessory: button({ text: 'Open', action: 'events.open', value: String(seq), accessibilityLabel: `Open event ${seq}` }) },
        ),
      ),
      actions([
        below !== null && button({ text: '‹ Newest', action: 'events.newest' }),
        next !== null && button({ text: 'Older ›', action: 'events.older', value: String(next) }),
        filters.some((one) => one !== null) && button({ text: 'Clear filters', action: 'events.list' }),
        button({ text: 'CSV', action: 'events.csv', accessibilityLabel: 'Send the events to me as CSV' }),
      ]),
      context('The file holds every event of the chosen connector, or of all; the other filters narrow only what is shown here.'),
    ],
  });
}

/** The chosen type and outcome; null is any. */
export function readType(value: string | null): EventType | null {
  return EVENT_TYPES.find((type) => type === value) ?? null;
}

export function readOutcome(value: string | null): EventsShown['outcome'] {
  return value === 'done' || value === 'failed' ? value : null;
}
