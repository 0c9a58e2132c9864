import { requireStopper, resumeEverything, standstill, stopEverything } from '../../src/domain/halts/verbs/stop.ts';
import { requireRight } from '../../src/domain/rights/verbs/who.ts';
import type { Message } from '../../views/blocks.ts';
import { readStop, resumedMessage, stopModal, stoppedMessage } from '../../views/halts/stop-modal.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form } from '../command.ts';
import type { Words } from '../words.ts';

/** Stops all writes to all targets, and lets them go again (N5). */
export const stopCommands: Command = {
  typed: [
    { topic: 'stop', verb: '', right: 'run', usage: 'stop', summary: 'Stop all writes to all applications: tells what is under way first', run: open },
    { topic: 'stop', verb: 'now', right: 'run', usage: 'stop now [why="…"]', summary: 'Stop them without asking', run: typedStop },
    { topic: 'stop', verb: 'off', right: 'administer', everywhere: true, usage: 'stop off', summary: 'Let all writes go on', run: typedResume },
  ],
  presses: { 'stop.open': open },
  forms: { 'stop.all': submitted, 'stop.off': resumed },
};

async function open(ask: Ask): Promise<Answer> {
  await requireStopper(ask.outside, ask.actor);
  return {
    is: 'modal',
    view: loading('Stop', 'Counting what is under way…'),
    later: async () => stopModal(await standstill(ask.outside, ask.actor), ask.outside.settings.timeZone),
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  await requireStopper(ask.outside, ask.actor);
  const { why } = readStop(form.state);
  return { is: 'modal', view: loading('Stop', 'Stopping all writes…'), later: async () => messageAsModal(await stopped(ask, why)) };
}

async function typedStop(ask: Ask, words: Words): Promise<Answer> {
  await requireStopper(ask.outside, ask.actor);
  return { is: 'message', message: note('Stopping all writes…'), later: () => stopped(ask, words.options.why ?? null) };
}

async function stopped(ask: Ask, why: string | null): Promise<Message> {
  const { settings } = ask.outside;
  return stoppedMessage(await stopEverything(ask.outside, ask.actor, why), settings.timeZone, settings.name);
}

async function resumed(ask: Ask): Promise<Answer> {
  await requireResumer(ask);
  return { is: 'modal', view: loading('Resume', 'Letting writes go on…'), later: async () => messageAsModal(await goingOn(ask)) };
}

async function typedResume(ask: Ask): Promise<Answer> {
  await requireResumer(ask);
  return { is: 'message', message: note('Letting writes go on…'), later: () => goingOn(ask) };
}

async function requireResumer({ outside, actor }: Ask): Promise<void> {
  await requireRight(outside, actor, 'administer', null, 'let writes go on');
}

async function goingOn({ outside, actor }: Ask): Promise<Message> {
  return resumedMessage(await resumeEverything(outside, actor));
}
