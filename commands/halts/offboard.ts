import { offboard, offboardable, offboarded, offboardPreview, releaseOffboarding, requireOffboarder } from '../../src/domain/halts/verbs/offboard.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import type { Message } from '../../views/blocks.ts';
import { offboardedModal, offboardModal, offboardStarted, readOffboard, readOffboardPerson, releasedMessage } from '../../views/halts/offboard-modal.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const start: Typed = {
  topic: 'offboard',
  verb: '*',
  right: 'administer',
  usage: 'offboard <person>',
  summary: 'Deactivate somebody everywhere at once: shows their accounts first',
  run: typedOpen,
};
const now: Typed = {
  topic: 'offboard',
  verb: 'now',
  right: 'administer',
  usage: 'offboard now <person> [why="…"]',
  summary: 'The same without asking',
  run: typedStart,
};
const release: Typed = {
  topic: 'offboard',
  verb: 'release',
  right: 'administer',
  usage: 'offboard release <person>',
  summary: 'Let somebody back in',
  run: typedRelease,
};

/** Off-boards somebody at once, and lets them back in (S25). */
export const offboardCommands: Command = {
  typed: [{ topic: 'offboard', verb: '', right: 'administer', usage: 'offboard', summary: 'Who is off-boarded', run: list }, start, now, release],
  presses: { 'offboard.open': pressed, 'offboard.release': pressed },
  forms: { 'offboard.start': submitted, 'offboard.release': submittedRelease },
};

async function list(ask: Ask): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return {
    is: 'modal',
    view: loading('Off-boarded people', 'Reading who stays out…'),
    later: async () => offboardedModal(await offboarded(ask.outside, ask.actor), ask.outside.settings.timeZone),
  };
}

async function typedOpen(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '') throw usage(start, words);
  await requireRole(ask.outside, ask.actor);
  return dialog(ask, () => offboardable(ask.outside, ask.actor, typed));
}

async function pressed(ask: Ask, press: Press): Promise<Answer> {
  const personId = press.value;
  if (personId === null) return { is: 'nothing' };
  await requireOffboarder(ask.outside, ask.actor, personId);
  return dialog(ask, async () => personId);
}

/** What it comes to is read behind the answer. */
function dialog(ask: Ask, find: () => Promise<string>): Answer {
  return {
    is: 'modal',
    view: loading('Off-board', 'Looking up their accounts…'),
    later: async () => offboardModal(await offboardPreview(ask.outside, ask.actor, await find()), ask.outside.settings.timeZone),
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const personId = readOffboardPerson(form.metadata);
  if (personId === null) return { is: 'nothing' };
  await requireOffboarder(ask.outside, ask.actor, personId);
  const { why } = readOffboard(form.state);
  return { is: 'modal', view: loading('Off-board', 'Deactivating…'), later: async () => messageAsModal(await begun(ask, personId, why)) };
}

async function typedStart(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '') throw usage(now, words);
  await requireRole(ask.outside, ask.actor);
  const later = async (): Promise<Message> => begun(ask, await offboardable(ask.outside, ask.actor, typed), words.options.why ?? null);
  return { is: 'message', message: note('Deactivating…'), later };
}

async function begun(ask: Ask, personId: string, why: string | null): Promise<Message> {
  return offboardStarted(await offboard(ask.outside, ask.actor, personId, why));
}

async function submittedRelease(ask: Ask, form: Form): Promise<Answer> {
  const personId = readOffboardPerson(form.metadata);
  if (personId === null) return { is: 'nothing' };
  await requireOffboarder(ask.outside, ask.actor, personId);
  return { is: 'modal', view: loading('Let back in', 'Letting them back in…'), later: async () => messageAsModal(await letIn(ask, personId)) };
}

async function typedRelease(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '') throw usage(release, words);
  await requireRole(ask.outside, ask.actor);
  return { is: 'message', message: note('Letting them back in…'), later: async () => letIn(ask, await offboardable(ask.outside, ask.actor, typed)) };
}

async function letIn({ outside, actor }: Ask, personId: string): Promise<Message> {
  return releasedMessage(await releaseOffboarding(outside, actor, personId));
}
