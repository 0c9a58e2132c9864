import { z } from 'zod';
import { describeRoleChange } from '../../src/domain/rights/verbs/change-roles.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { ModalView } from '../../views/blocks.ts';
import { loading } from '../../views/notice.ts';
import { readTake, takeModal } from '../../views/roles/take-modal.ts';
import { aheadOf } from '../approvals/ahead.ts';
import type { Answer, Ask, Command, Form, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { changed } from './changed.ts';

const metadata = z.object({ grantId: z.string() });

const take: Typed = {
  topic: 'roles',
  verb: 'take',
  right: 'administer',
  usage: 'roles take <role>',
  summary: 'Take a role away; first it says what they lose',
  run: typedTake,
};

/** Taking a role away, with what that means said first (X1, C11). */
export const takeRoles: Command = {
  typed: [take],
  presses: { 'roles.take': async (ask, press) => ({ ...(await confirmation(ask, press.value ?? '')), is: 'push' }) },
  forms: { 'roles.take': submitted },
};

async function typedTake(ask: Ask, words: Words): Promise<Answer> {
  const [typed = ''] = words.objects;
  if (!/^G-\d+$/i.test(typed)) throw usage(take, words);
  return { ...(await confirmation(ask, typed.toUpperCase())), is: 'modal' };
}

async function confirmation(ask: Ask, grantId: string): Promise<{ readonly view: ModalView; readonly later: () => Promise<ModalView> }> {
  await requireSomewhere(ask.outside, ask.actor, 'administer', 'take roles');
  const later = async (): Promise<ModalView> => {
    const change = { is: 'take', grantId } as const;
    const { title, lines } = await describeRoleChange(ask.outside, ask.actor, change);
    return takeModal({ grantId, title, lines, ahead: await aheadOf(ask, { is: 'change-roles', change }) });
  };
  return { view: loading('Take the role away?', 'Looking at what they lose…'), later };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const read = metadata.safeParse(form.metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  const change = { is: 'take', grantId: read.data.grantId, why: readTake(form.state).why } as const;
  return { is: 'modal', view: loading('Roles', 'Taking it away…'), later: async () => (await changed(ask, change)).modal() };
}
