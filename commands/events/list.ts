import { z } from 'zod';
import { connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { fullName } from '../../src/domain/directory/person.ts';
import { findPeople, findPerson, personSeen } from '../../src/domain/directory/verbs/find.ts';
import { ANY_EVENT, eventAt, findEvents } from '../../src/domain/events/verbs/find.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { NO_FILTER } from '../../src/domain/reports/report.ts';
import { checkReport, sendReport, type WantedReport } from '../../src/domain/reports/verbs/make.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import type { Choice, ModalView } from '../../views/blocks.ts';
import { eventModal } from '../../views/events/event-modal.ts';
import { EVENT_TYPES, EVENTS_PAGE, type EventsShown, eventsModal, readOutcome, readType } from '../../views/events/list-modal.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { sentMessage } from '../../views/reports/sent-message.ts';
import { eitherOf } from '../../views/words.ts';
import { fittingChoices } from '../choices.ts';
import { type Answer, type Ask, type Command, LONGEST_KEPT, type Press, type Suggestion, type Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';

const ALL: EventsShown = { ...ANY_EVENT, below: null };
const metadata = z.object({
  personId: z.string().max(LONGEST_KEPT).nullable(),
  runId: z.string().max(LONGEST_KEPT).nullable(),
  type: z.string().max(LONGEST_KEPT).nullable().transform(readType),
  outcome: z.string().max(LONGEST_KEPT).nullable().transform(readOutcome),
  connectorId: z.string().max(LONGEST_KEPT).nullable(),
  below: z.number().int().nullable(),
});

const typed: Typed = {
  topic: 'events',
  verb: '',
  right: 'see',
  usage: 'events [person=<person>] [run=<run>] [type=<type>] [outcome=failed] [connector=<connector>]',
  summary: 'Every attempted operation, newest first',
  run: spoken,
};
const one: Typed = {
  ...{ topic: 'events', verb: 'show', right: 'see', usage: 'events show <event>', summary: 'One event with what it changed' },
  run: async (ask, words) => {
    const seq = rowIn((words.objects[0] ?? '').replace(/^#/, ''));
    if (seq === null) throw usage(one, words);
    return show(ask, seq, ALL);
  },
};

/** Events with filters and paging, one whole, and their file (S5). */
export const listEvents: Command = {
  typed: [typed, one],
  presses: {
    'events.list': (ask) => open(ask, ALL),
    'events.back': (ask, press) => open(ask, shownIn(press)),
    'events.newest': (ask, press) => open(ask, { ...shownIn(press), below: null }),
    'events.older': (ask, press) => open(ask, { ...shownIn(press), below: rowIn(press.value) }),
    'events.person': async (ask, press) => open(ask, { ...shownIn(press), below: null, personId: await personOf(ask, press.value) }),
    'events.connector': async (ask, press) => open(ask, { ...shownIn(press), below: null, connectorId: await connectorOf(ask, press.value) }),
    'events.type': (ask, press) => open(ask, { ...shownIn(press), below: null, type: readType(press.value) }),
    'events.outcome': (ask, press) => open(ask, { ...shownIn(press), below: null, outcome: readOutcome(press.value) }),
    'events.open': (ask, press) => show(ask, rowIn(press.value) ?? 0, shownIn(press)),
    'events.csv': (ask, press) => send(ask, shownIn(press)),
  },
  suggestions: { 'events.person': people, 'events.connector': connectors },
};

async function spoken(ask: Ask, words: Words): Promise<Answer> {
  const { person, run, type, outcome, connector } = words.options;
  if (words.objects.length > 0) throw usage(typed, words);
  if (type !== undefined && readType(type) === null) throw badInput('type', `“${type}” is none of them.`, `Type type=${eitherOf(EVENT_TYPES)}.`);
  if (outcome !== undefined && readOutcome(outcome) === null)
    throw badInput('outcome', `“${outcome}” is none of them.`, 'Type outcome=done or outcome=failed.');
  const connectorId = connector === undefined ? null : (await connectorNamed(ask.outside, ask.actor, connector)).connector.id;
  const chosen = { ...ALL, connectorId, runId: run?.toUpperCase() ?? null, type: readType(type ?? null), outcome: readOutcome(outcome ?? null) };
  return person === undefined ? open(ask, chosen) : open(ask, chosen, async () => (await findPerson(ask.outside, ask.actor, person)).id);
}

async function open(ask: Ask, shown: EventsShown, find: () => Promise<string | null> = async () => shown.personId): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'modal', view: loading('Events', 'Reading the events…'), later: async () => drawn(ask, { ...shown, personId: await find() }) };
}

async function drawn(ask: Ask, shown: EventsShown): Promise<ModalView> {
  const { outside, actor } = ask;
  const { below, ...query } = shown;
  const { events, next } = await findEvents(outside, actor, query, { below, limit: EVENTS_PAGE });
  const person = shown.personId === null ? undefined : await personSeen(outside, actor, shown.personId);
  const connector = (await visibleConnectors(outside, actor)).find((visible) => visible.connector.id === shown.connectorId)?.connector.name ?? null;
  return eventsModal({ shown, events, next, person: person === undefined ? null : fullName(person), connector, timeZone: outside.settings.timeZone });
}

async function show(ask: Ask, seq: number, shown: EventsShown): Promise<Answer> {
  const { outside, actor } = ask;
  const found = await eventAt(outside, actor, seq);
  return {
    is: 'modal',
    view: loading('Event', `Reading event ${seq}…`),
    later: async () => {
      const organization = (await outside.store.get('organization', found.event.organizationId))?.value.name ?? found.event.organizationId;
      return eventModal({ ...found, organization, shown, timeZone: outside.settings.timeZone, names: await namesOf(outside, [found.event.by]) });
    },
  };
}

/** The connector's events as a file, or all, to the person who asks. */
async function send(ask: Ask, { connectorId }: EventsShown): Promise<Answer> {
  const wanted: WantedReport = { name: 'events', filter: { ...NO_FILTER, connectorId }, to: { userId: ask.actor.userId }, format: 'csv' };
  await checkReport(ask.outside, ask.actor, wanted);
  return { is: 'message', message: note('Making the events report…'), later: async () => sentMessage(await sendReport(ask.outside, ask.actor, wanted)) };
}

async function people(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  const found = await findPeople(ask.outside, ask.actor, suggestion.typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}

async function connectors(ask: Ask, { typed: text }: Suggestion): Promise<readonly Choice[]> {
  const all = (await visibleConnectors(ask.outside, ask.actor)).filter(({ asPartner }) => !asPartner);
  return fittingChoices(
    text,
    all.map(({ connector }) => connector),
  );
}

async function personOf(ask: Ask, value: string | null): Promise<string | null> {
  if (value === null) return null;
  const found = (await personSeen(ask.outside, ask.actor, value)) ?? (await personSeen(ask.outside, ask.actor, (id) => isValueOf(value, id)));
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed: value, near: [] });
  return found.id;
}

async function connectorOf(ask: Ask, value: string | null): Promise<string | null> {
  if (value === null) return null;
  return (await visibleConnectors(ask.outside, ask.actor)).find(({ connector }) => isValueOf(value, connector.id))?.connector.id ?? null;
}

function rowIn(value: string | null): number | null {
  return /^\d{1,15}$/.test(value ?? '') ? Number(value) : null;
}

/** From outside the modal, or tampered with: everything that the person may see. */
function shownIn(press: Press): EventsShown {
  return metadata.catch(ALL).parse(press.view?.metadata);
}
