import { z } from 'zod';
import type { Effect } from '../../src/domain/approvals/request.ts';
import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { maybeGuarded } from '../../src/domain/approvals/verbs/policy-for.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import type { Assigned } from '../../src/domain/assignments/verbs/assign.ts';
import {
  type Assignable,
  type AssignableGrouping,
  assignableConnector,
  assignableConnectors,
  assignableGroupings,
  assignableNamed,
  requireConfigured,
} from '../../src/domain/assignments/verbs/assignable.ts';
import { estimate } from '../../src/domain/assignments/verbs/estimate.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import type { Organization } from '../../src/domain/directory/organization.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { holds } from '../../src/domain/rights/grant.ts';
import { tree } from '../../src/domain/rights/verbs/who.ts';
import type { Ahead } from '../../views/approvals/ahead.ts';
import { askedMessage, askedModal } from '../../views/approvals/asked.ts';
import { type Assigning, assignModal, readAssign } from '../../views/assignments/assign-modal.ts';
import { type AssignmentDone, assignedMessage, assignedModal } from '../../views/assignments/assigned.ts';
import { chooseConnectorModal } from '../../views/assignments/choose-modal.ts';
import type { Message, ModalView } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { refusalText } from '../../views/refusal.ts';
import { aheadOf } from '../approvals/ahead.ts';
import { organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { chosenFrom, connectorChoices, firstPlace, groupingChoices, groupingsAsChoices, groupingNamed, placeChoices } from './choices.ts';

const metadata = z.object({ connectorId: z.string(), organizationId: z.string().nullable() });

const add: Typed = {
  topic: 'assign',
  verb: 'add',
  right: 'administer',
  usage: 'assign add <connector> <role or group> [organization=<organization>] [why=<reason>]',
  summary: 'Assign it; its people get accounts at the next run',
  run: typedAdd,
};

/** Assigning a connector to roles and groups, with the numbers as one chooses (A1, A2). */
export const newAssignment: Command = {
  typed: [
    { topic: 'assign', verb: '', right: 'administer', usage: 'assign', summary: 'Assign a connector: the form', run: (ask) => begin(ask, '') },
    { topic: 'assign', verb: 'new', right: 'administer', usage: 'assign new [connector]', summary: 'The same for a named connector', run: typedNew },
    add,
  ],
  presses: {
    'assign.new': (ask, press) => begin(ask, press.value ?? ''),
    'assign.connector': (ask, press) => begin(ask, press.value ?? ''),
    'assign.organization': picked,
    'assign.groupings': picked,
  },
  forms: { 'assign.new': submitted },
  suggestions: {
    'assign.connector': connectorChoices,
    'assign.organization': (ask, suggestion) => placeChoices(ask, suggestion, metadataOf(suggestion.view?.metadata).connectorId),
    'assign.groupings': (ask, suggestion) => {
      const { connectorId, organizationId } = metadataOf(suggestion.view?.metadata);
      return groupingChoices(ask, suggestion, connectorId, organizationId);
    },
  },
};

/** Opens the form; asks for the connector first where none is given and there are several. */
async function begin(ask: Ask, value: string): Promise<Answer> {
  const all = await assignableConnectors(ask.outside, ask.actor);
  if (all.length === 0) throw new Refusal({ is: 'nothing-to-do', detail: 'There is no connector that you may assign. “connectors new” creates one.' });
  const only = value === '' && all.length === 1 ? all[0] : all.find(({ connector }) => isValueOf(value, connector.id) || connector.id === value);
  if (only !== undefined) return form(ask, only, firstPlace(only), []);
  // Refuses with the reason: it is gone, or not theirs to assign.
  if (value !== '') await assignableConnector(ask.outside, ask.actor, value);
  return { is: 'modal', view: chooseConnectorModal() };
}

async function typedNew(ask: Ask, words: Words): Promise<Answer> {
  if (words.objects.length === 0) return begin(ask, '');
  return begin(ask, (await assignableNamed(ask.outside, ask.actor, words.objects.join(' '))).connector.id);
}

/** Something was chosen in the form: it is counted anew behind it. */
async function picked(ask: Ask, press: Press): Promise<Answer> {
  const { connectorId, organizationId } = metadataOf(press.view?.metadata);
  const assignable = await assignableConnector(ask.outside, ask.actor, connectorId);
  const { organization, groupings } = readAssign(press.view?.state);
  const wanted = organization ?? organizationId ?? '';
  const place = [...assignable.organizations.values()].find(({ id }) => isValueOf(wanted, id)) ?? firstPlace(assignable);
  return form(ask, assignable, place, await chosenFrom(ask, assignable, groupings));
}

async function form(ask: Ask, { connector }: Assignable, place: Organization | null, chosen: readonly AssignableGrouping[]): Promise<Answer> {
  requireConfigured(connector);
  const of: Omit<Assigning, 'numbers'> = {
    connector,
    organization: place === null ? null : { text: place.name, value: place.id },
    chosen: groupingsAsChoices(chosen),
  };
  if (chosen.length === 0) return { is: 'modal', view: assignModal({ ...of, numbers: { are: 'none' } }) };
  const ids = chosen.map(({ grouping }) => grouping.id);
  return {
    is: 'modal',
    view: assignModal({ ...of, numbers: { are: 'counting' } }),
    later: async () => {
      const known = await estimate(ask.outside, ask.actor, connector.id, ids);
      return assignModal({
        ...of,
        numbers: { are: 'known', estimate: known, ahead: await approvalOf(ask, { is: 'assign', connectorId: connector.id, groupingIds: ids, why: null }) },
      });
    },
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { connectorId } = metadataOf(form.metadata);
  const { groupings, why } = readAssign(form.state);
  const assignable = await assignableConnector(ask.outside, ask.actor, connectorId);
  const chosen = await chosenFrom(ask, assignable, groupings);
  const effect = { is: 'assign', connectorId, groupingIds: chosen.map(({ grouping }) => grouping.id), why } as const;
  if (await maybeGuarded(ask.outside, 'assign')) {
    if (chosen.length === 0) throw badInput('groupings', 'No role or group is chosen.', 'Choose at least one.');
    return { is: 'modal', view: loading('Assign', 'Counting people, accounts and seats…'), later: () => settledModal(ask, effect) };
  }
  const submitted = await submit(ask.outside, ask.actor, effect, why);
  return submitted.is === 'asked'
    ? { is: 'modal', view: askedModal(await shownRequest(ask.outside, submitted.request, true)) }
    : doneModal(ask, submitted.result);
}

/** Counted first, since a policy may ask for approval from some size on. */
async function settledModal(ask: Ask, effect: Extract<Effect, { is: 'assign' }>): Promise<ModalView> {
  const submitted = await submit(ask.outside, ask.actor, effect, effect.why);
  if (submitted.is === 'asked') return askedModal(await shownRequest(ask.outside, submitted.request, true));
  return assignedModal(await counted(ask, await doneOf(ask, submitted.result)));
}

async function doneModal(ask: Ask, assigned: Assigned): Promise<Answer> {
  const of = await doneOf(ask, assigned);
  return { is: 'modal', view: assignedModal(of), later: async () => assignedModal(await counted(ask, of)) };
}

/** What its form says of the approval that it will take; the sentence of a refusal where it could not be asked for. */
async function approvalOf(ask: Ask, effect: Effect): Promise<Ahead | string | null> {
  try {
    return await aheadOf(ask, effect);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return refusalText(refusal.reason, ask.outside.settings);
  }
}

async function typedAdd(ask: Ask, words: Words): Promise<Answer> {
  const [connectorName, ...rest] = words.objects;
  if (connectorName === undefined || rest.length === 0) throw usage(add, words);
  const assignable = await assignableNamed(ask.outside, ask.actor, connectorName);
  requireConfigured(assignable.connector);
  const { organization, why } = words.options;
  const place = organization === undefined ? null : await organizationNamed(ask, organization, 'administer');
  const within = (await assignableGroupings(ask.outside, assignable, place?.id ?? null)).filter((each) => place === null || each.organization.id === place.id);
  const { grouping } = groupingNamed(within, rest.join(' '), undefined);
  const effect = { is: 'assign', connectorId: assignable.connector.id, groupingIds: [grouping.id], why: why ?? null } as const;
  return { is: 'message', message: note('Counting people, accounts and seats…'), later: () => settledMessage(ask, effect) };
}

async function settledMessage(ask: Ask, effect: Extract<Effect, { is: 'assign' }>): Promise<Message> {
  const submitted = await submit(ask.outside, ask.actor, effect, effect.why);
  if (submitted.is === 'asked') return askedMessage(await shownRequest(ask.outside, submitted.request, true));
  return assignedMessage(await counted(ask, await doneOf(ask, submitted.result)));
}

async function doneOf(ask: Ask, { connector, made, already }: Assigned): Promise<AssignmentDone> {
  return { connector, groupings: made, already, ...(await whenOf(ask, connector)), preview: null };
}

async function counted(ask: Ask, of: AssignmentDone): Promise<AssignmentDone> {
  return { ...of, preview: (await estimate(ask.outside, ask.actor, of.connector.id, [])).nextRun };
}

/** When the schedule starts the connector's next run, and whether the person may enable it. */
export async function whenOf(ask: Ask, connector: Connector): Promise<Pick<AssignmentDone, 'nextRun' | 'timeZone' | 'mayEnable'>> {
  const { schedule } = connector.operating;
  const { calendar, clock, settings } = ask.outside;
  const nextRun = schedule === null || connector.state.is !== 'active' ? null : calendar.next(schedule.cron, schedule.timeZone, clock.now());
  const mayEnable = holds(ask.actor, 'administer', connector.organizationId, await tree(ask.outside));
  return { nextRun, timeZone: schedule?.timeZone ?? settings.timeZone, mayEnable };
}

function metadataOf(from: unknown): z.infer<typeof metadata> {
  const read = metadata.safeParse(from);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data;
}
