import type { SlackViewAction, ViewResponseAction } from '@slack/bolt';
import { messageAsModal } from '../../views/notice.ts';
import type { Answer } from '../command.ts';
import type { Outcome } from './boundary.ts';

/** At most three views stand on each other (SLACK.md 2.4). */
const DEEPEST = 3;

/** Which view of the stack a submission came from: Slack names root and previous. 1 is the root. */
export function depthOf(body: SlackViewAction): number {
  const { view } = body;
  if (view.previous_view_id === null || view.previous_view_id === undefined) return 1;
  return view.previous_view_id === view.root_view_id ? 2 : DEEPEST;
}

/** The ack of a submission. A refusal or fault comes on top, so that what was typed is not lost; field errors stay in the form. */
export function ackOf(outcome: Outcome<Answer>, depth: number): ViewResponseAction | undefined {
  if (outcome.is === 'refused' && outcome.refusal.reason.is === 'bad-input' && outcome.refusal.reason.field !== null) {
    const { field, problem, remedy } = outcome.refusal.reason;
    return { response_action: 'errors', errors: { [field]: `${problem} ${remedy}`.trim() } };
  }
  if (outcome.is !== 'value') {
    const view = messageAsModal(outcome.message);
    return depth < DEEPEST ? { response_action: 'push', view } : { response_action: 'update', view };
  }
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
      return { response_action: 'push', view: answer.view };
  }
}
