import { z } from 'zod';
import { HISTORY_KINDS, HISTORY_OUTCOMES, type HistoryCursor, type HistoryFilter } from '../../src/domain/assignments/history.ts';
import { connectorHistory } from '../../src/domain/assignments/verbs/history.ts';
import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { fullName, type PersonId } from '../../src/domain/directory/person.ts';
import { findPeople, findPerson, personSeen } from '../../src/domain/directory/verbs/find.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { HISTORY_PAGE, historyModal, readCursor } from '../../views/assignments/history-modal.ts';
import type { Choice, ModalView } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading } from '../../views/notice.ts';
import { eitherOf } from '../../views/words.ts';
import type { Answer, Ask, Command, Press, Suggestion } from '../command.ts';
import { named, type Words } from '../words.ts';

const outcome = z.enum(HISTORY_OUTCOMES);
const kind = z.enum(HISTORY_KINDS);
const metadata = z.object({ connectorId: z.string(), personId: z.string().nullable(), outcome, kind });
type Shown = z.infer<typeof metadata>;

/** A connector's history log (A4). */
export const connectorHistoryCommand: Command = {
  typed: [
    {
      topic: 'assign',
      verb: 'history',
      right: 'see',
      usage: `assign history <connector> [person=<name>] [outcome=${HISTORY_OUTCOMES.join('|')}] [kind=${HISTORY_KINDS.join('|')}]`,
      summary: 'Assigning, runs, events and settings, newest first',
      run: typedHistory,
    },
  ],
  presses: {
    'connectors.history': (ask, press) => open(ask, { connectorId: press.value ?? '', personId: null, outcome: 'all', kind: 'all' }, null),
    'assign.history-older': (ask, press) => open(ask, shownIn(press), readCursor(press.value)),
    'assign.history-newest': (ask, press) => open(ask, shownIn(press), null),
    'assign.history-anyone': (ask, press) => open(ask, { ...shownIn(press), personId: null }, null),
    'assign.history-person': async (ask, press) => open(ask, { ...shownIn(press), personId: await personOf(ask, press.value) }, null),
    'assign.history-outcome': (ask, press) => open(ask, { ...shownIn(press), outcome: outcome.catch('all').parse(press.value) }, null),
    'assign.history-kind': (ask, press) => open(ask, { ...shownIn(press), kind: kind.catch('all').parse(press.value) }, null),
  },
  suggestions: { 'assign.history-person': people },
};

async function typedHistory(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  const { person } = words.options;
  const personId = person === undefined ? null : (await findPerson(ask.outside, ask.actor, person)).id;
  const filter = { outcome: oneOf(HISTORY_OUTCOMES, 'outcome', words.options.outcome), kind: oneOf(HISTORY_KINDS, 'kind', words.options.kind) };
  return open(ask, { connectorId: connector.id, personId, ...filter }, null);
}

function oneOf<T extends string>(known: readonly T[], field: string, typed = 'all'): T | 'all' {
  const found = known.find((one) => one === typed.toLowerCase());
  if (found === undefined) throw badInput(field, `“${typed}” is none of them.`, `Type ${field}=${eitherOf(known)}.`);
  return found;
}

async function open(ask: Ask, shown: Shown, after: HistoryCursor | null): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, shown.connectorId);
  return { is: 'modal', view: loading('History', `Reading the history of ${connector.name}…`), later: () => drawn(ask, shown, after) };
}

async function drawn(ask: Ask, { connectorId, ...filter }: Shown, after: HistoryCursor | null): Promise<ModalView> {
  const { outside, actor } = ask;
  const { connector, entries, next } = await connectorHistory(outside, actor, connectorId, filter satisfies HistoryFilter, { after, limit: HISTORY_PAGE });
  const names = await namesOf(
    outside,
    entries.flatMap((entry) => (entry.is === 'event' ? [] : [entry.row.by])),
  );
  const person = filter.personId === null ? undefined : await personSeen(outside, actor, filter.personId);
  return historyModal({
    connector,
    entries,
    filter,
    person: person === undefined ? null : fullName(person),
    next,
    first: after === null,
    timeZone: outside.settings.timeZone,
    names,
  });
}

async function people(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  const found = await findPeople(ask.outside, ask.actor, typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}

/** The person of a chosen option; a long id travels as a digest, so it is looked for. Null where there is nobody. */
async function personOf(ask: Ask, value: string | null): Promise<PersonId | null> {
  if (value === null) return null;
  const direct = await personSeen(ask.outside, ask.actor, value);
  return (direct ?? (await personSeen(ask.outside, ask.actor, (id) => isValueOf(value, id))))?.id ?? null;
}

function shownIn(press: Press): Shown {
  const read = metadata.safeParse(press.view?.metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data;
}
