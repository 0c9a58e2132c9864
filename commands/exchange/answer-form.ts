import type { ViewResponseAction } from '@slack/bolt';
import { z } from 'zod';
import type { RefusalReason } from '../../src/domain/refusal.ts';
import { messageAsModal } from '../../views/notice.ts';
import { refusalText } from '../../views/refusal.ts';
import type { Answer } from '../command.ts';
import type { Outcome } from './boundary.ts';

/** At most three views stand on each other (SLACK.md 2.4). */
const DEEPEST = 3;

/** The form that was submitted, as far as the answer depends on it. */
export interface Submitted {
  /** Which view of the stack it is; 1 is the root. */
  readonly depth: number;
  /** Block ids of its inputs: Slack takes sentences for these only. */
  readonly inputs: readonly string[];
  /** The slash command's name. */
  readonly name: string;
}

const stacked = z.object({
  blocks: z.array(z.object({ type: z.string().optional(), block_id: z.string().optional() })).catch([]),
  previous_view_id: z.string().nullish().catch(null),
  root_view_id: z.string().nullish().catch(null),
});

/** Slack names root and previous view, and gives the form back with all its blocks. What it doesn't say reads as a lone form without inputs. */
export function submitted(body: { readonly view: unknown }, name: string): Submitted {
  const view = stacked.parse(body.view);
  const inputs = view.blocks.flatMap((block) => (block.type === 'input' && block.block_id !== undefined ? [block.block_id] : []));
  const isRoot = view.previous_view_id === null || view.previous_view_id === undefined;
  return { depth: isRoot ? 1 : view.previous_view_id === view.root_view_id ? 2 : DEEPEST, inputs, name };
}

/** The ack of a submission. What goes wrong stands under the field that it is about, or comes on top: what was typed is never lost. */
export function ackOf(outcome: Outcome<Answer>, form: Submitted): ViewResponseAction | undefined {
  if (outcome.is === 'refused') return refused(outcome.refusal.reason, outcome.message, form);
  if (outcome.is === 'failed') return onTop(messageAsModal(outcome.message), form);
  const answer = outcome.value;
  switch (answer.is) {
    case 'nothing':
    case 'home':
      return undefined;
    case 'close':
      return { response_action: 'clear' };
    case 'errors':
      return { response_action: 'errors', errors: { ...answer.errors } };
    case 'message':
      return { response_action: 'update', view: messageAsModal(answer.message) };
    case 'modal':
      return { response_action: 'update', view: answer.view };
    case 'push':
      return onTop(answer.view, form);
  }
}

function refused(reason: RefusalReason, message: Extract<Outcome<Answer>, { is: 'refused' }>['message'], form: Submitted): ViewResponseAction {
  const [first] = form.inputs;
  if (reason.is === 'bad-input' && reason.field !== null && form.inputs.includes(reason.field))
    return { response_action: 'errors', errors: { [reason.field]: `${reason.problem} ${reason.remedy}`.trim() } };
  // No fourth view can stand there: under the first field, what was typed stays too.
  if (form.depth === DEEPEST && first !== undefined) return { response_action: 'errors', errors: { [first]: refusalText(reason, form) } };
  return onTop(messageAsModal(message), form);
}

function onTop(view: ReturnType<typeof messageAsModal>, { depth }: Submitted): ViewResponseAction {
  return depth < DEEPEST ? { response_action: 'push', view } : { response_action: 'update', view };
}
