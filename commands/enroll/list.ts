import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { noTasksMessage } from '../../views/enrollment/none-message.ts';
import type { Answer, Ask, Command } from '../command.ts';

/** Enrollment tasks (E). There are none yet: the answer says so. */
export const enrollCommands: Command = {
  typed: [{ topic: 'enroll', verb: '', right: 'see', usage: 'enroll', summary: 'Enrollment tasks: none yet, enrollment is off', run: list }],
  presses: { 'enroll.list': list },
};

async function list(ask: Ask): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'message', message: noTasksMessage() };
}
