import { z } from 'zod';
import { readSeats } from '../../src/domain/catalog/verbs/read-seats.ts';
import { saveSeats } from '../../src/domain/catalog/verbs/seats.ts';
import { draftOf } from '../../src/domain/connectors/settings.ts';
import { type DraftPart, revertDraft, saveDraft, saveOperating } from '../../src/domain/connectors/verbs/configure.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { referencesFor, saveSecret } from '../../src/domain/connectors/verbs/secret.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { tree } from '../../src/domain/rights/verbs/who.ts';
import type { ModalView } from '../../views/blocks.ts';
import {
  type Configuring,
  paceModal,
  readPace,
  readStep,
  readWhat,
  readWhere,
  STEPS,
  type Step,
  whatModal,
  whereModal,
} from '../../views/connectors/configure-modal.ts';
import { attributesModal } from '../../views/connectors/mapping-modal.ts';
import { readSecret, secretModal } from '../../views/connectors/secret-modal.ts';
import { note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press } from '../command.ts';
import { named, type Words } from '../words.ts';
import { rehearseIn } from './rehearse.ts';

const metadata = z.object({ connectorId: z.string(), page: z.number().optional() });

/** The configure modal: five steps, each kept in the store as it is left (C6, C9, C10). */
export const configureConnector: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'configure',
      right: 'administer',
      usage: 'connectors configure <connector>',
      summary: 'Where, what, attributes, pace, secret',
      run: typedConfigure,
    },
    {
      topic: 'connectors',
      verb: 'revert',
      right: 'administer',
      usage: 'connectors revert <connector>',
      summary: 'Throw unsaved edits away; what is in force stays',
      run: typedRevert,
    },
  ],
  presses: {
    'connectors.configure': (ask, press) => openStep(ask, press.value ?? '', 'where'),
    'connectors.step': goTo,
    'connectors.revert': revert,
  },
  forms: {
    'connectors.configure.where': (ask, form) => keep(ask, form, readWhere(form.state), 'what'),
    'connectors.configure.what': (ask, form) => keep(ask, form, readWhat(form.state), 'attributes'),
    'connectors.configure.attributes': (ask, form) => openStep(ask, connectorOf(form.metadata), 'pace'),
    'connectors.configure.pace': keepPace,
    'connectors.configure.secret': keepSecret,
  },
};

function connectorOf(from: unknown): string {
  const read = metadata.safeParse(from);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data.connectorId;
}

async function typedConfigure(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  return openStep(ask, connector.id, 'where');
}

async function typedRevert(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  await revertDraft(ask.outside, ask.actor, connector.id);
  return { is: 'message', message: note(`The edits of ${connector.name} are thrown away.`) };
}

/** Opens a step of the configure modal with what is stored. */
export async function openStep(ask: Ask, connectorId: string, step: Step): Promise<Answer> {
  return { is: 'modal', view: await stepView(ask, connectorId, step) };
}

async function stepView(ask: Ask, connectorId: string, step: Step, page = 1): Promise<ModalView> {
  const of = await configuring(ask, connectorId);
  switch (step) {
    case 'where':
      return whereModal(of);
    case 'what':
      return whatModal(of);
    case 'attributes':
      return attributesModal(of, page);
    case 'pace':
      return paceModal(of);
    case 'secret':
      return secretModal(of, referencesFor(ask.outside, of.draft));
  }
}

async function configuring(ask: Ask, connectorId: string): Promise<Configuring> {
  const { connector } = await requireConnector(ask.outside, ask.actor, connectorId, 'administer', 'configure');
  const instance = (await ask.outside.store.get('instance', connector.instanceId))?.value ?? null;
  const organization = (await tree(ask.outside)).get(connector.organizationId);
  return { connector, draft: draftOf(connector), instance, timeZone: organization?.timeZone ?? ask.outside.settings.timeZone };
}

async function keep(ask: Ask, form: Form, part: DraftPart, next: Step): Promise<Answer> {
  const connectorId = connectorOf(form.metadata);
  await saveDraft(ask.outside, ask.actor, connectorId, part);
  return openStep(ask, connectorId, next);
}

async function keepPace(ask: Ask, form: Form): Promise<Answer> {
  const connectorId = connectorOf(form.metadata);
  const { operating, cron, zone, seats } = readPace(form.state);
  if (seats === null) throw badInput('seats', 'That is neither a number nor a path and pointer.', 'Type 500, or /Seats /total, or leave it empty.');
  const timeZone = zone ?? ask.outside.settings.timeZone;
  const problem = cron === null ? null : ask.outside.calendar.problem(cron, timeZone);
  if (problem !== null) throw badInput('cron', problem, 'For every day at 6:00 type 0 6 * * *.');
  await saveOperating(ask.outside, ask.actor, connectorId, { ...operating, schedule: cron === null ? null : { cron, timeZone } });
  const instance = await saveSeats(ask.outside, ask.actor, connectorId, seats);
  // A total that the application tells is read at once; the next step waits for nothing.
  const later = async (): Promise<null> => {
    if (instance.seats.is === 'read') await readSeats(ask.outside, connectorId);
    return null;
  };
  return { is: 'modal', view: await stepView(ask, connectorId, 'secret'), later };
}

async function keepSecret(ask: Ask, form: Form): Promise<Answer> {
  const connectorId = connectorOf(form.metadata);
  const given = readSecret(form.state);
  const before = await configuring(ask, connectorId);
  if (given === null && before.draft.secret === undefined) throw badInput('token', 'A secret is needed.', 'Choose a reference or paste the token.');
  if (given !== null) await saveSecret(ask.outside, ask.actor, connectorId, given);
  return rehearseIn(ask, connectorId, form.viewId);
}

/** Leaves a step by its *Back*: what was typed so far is kept as far as it is valid. */
async function goTo(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readStep(press.value);
  if (wanted === null) return { is: 'nothing' };
  const leaving = STEPS.find((step) => press.view?.callbackId === `connectors.configure.${step}`);
  const part = leaving === 'where' ? readWhere(press.view?.state) : leaving === 'what' ? readWhat(press.view?.state) : null;
  if (part !== null)
    await saveDraft(ask.outside, ask.actor, wanted.connectorId, part).catch((error: unknown) => {
      if (!(error instanceof Refusal && error.reason.is === 'bad-input')) throw error;
    });
  return openStep(ask, wanted.connectorId, wanted.step);
}

async function revert(ask: Ask, press: Press): Promise<Answer> {
  const connectorId = press.value ?? '';
  await revertDraft(ask.outside, ask.actor, connectorId);
  return openStep(ask, connectorId, 'where');
}
