import type { ControlCalls, ControlValues } from './control.ts';
import { elementsIn, overlaid, stateEntry } from './elements.ts';
import { type Acted, badAck, basics, settledFor } from './interactions.ts';
import { type Dict, dictsOf, isDict, textOf } from './json.ts';
import { clearStack, closeFrom, modalById, pushView, replaceView, stackOf, viewJson } from './open-views.ts';
import type { Parts } from './parts.ts';
import { ackedViewIsSound } from './payload-checks.ts';
import { Refused } from './refused.ts';
import { formProblems } from './required-answers.ts';
import type { OpenView } from './state.ts';

/** A person's own modal on top of the stack; a string is why it is not. */
function topModal(parts: Parts, userId: string, viewId: string): OpenView | string {
  const open = modalById(parts, viewId);
  if (open === undefined || open.userId !== userId) return 'view_not_found';
  return stackOf(parts, userId).at(-1) === open ? open : 'view_not_on_top';
}

/** Response URLs for conversation selects that ask for one. */
function responseUrlsOf(parts: Parts, open: OpenView): readonly Dict[] {
  return elementsIn(dictsOf(open.view.blocks)).flatMap(({ element, blockId, actionId }) => {
    if (element.response_url_enabled !== true) return [];
    const entry = stateEntry(element, open.values[blockId]?.[actionId]);
    const channelId = textOf(entry?.selected_conversation ?? entry?.selected_channel);
    if (channelId === '') return [];
    const path = parts.responseUrls.mint({ userId: open.userId, channelId, source: null });
    return [{ block_id: blockId, action_id: actionId, channel_id: channelId, response_url: `${parts.origin}${path}` }];
  });
}

function showErrors(parts: Parts, open: OpenView, errors: Readonly<Record<string, string>>): void {
  open.errors = errors;
  parts.changes.emit({ is: 'state', userId: open.userId });
}

/** `errors` must name block ids of input blocks of the view, each with a sentence. Undefined when it does. */
function errorsProblem(open: OpenView, errors: unknown): string | undefined {
  if (!isDict(errors) || Object.keys(errors).length === 0) return 'errors must be a non-empty object';
  const inputs = new Set(dictsOf(open.view.blocks).flatMap((block) => (block.type === 'input' ? [textOf(block.block_id)] : [])));
  for (const [blockId, sentence] of Object.entries(errors)) {
    if (!inputs.has(blockId)) return `errors names "${blockId}", which is no block_id of an input block of this view`;
    if (typeof sentence !== 'string' || sentence === '') return `errors.${blockId} must be a non-empty string`;
  }
  return undefined;
}

/** Does what `response_action` says. Undefined when Slack can; otherwise what is wrong. */
function respond(parts: Parts, what: string, open: OpenView, ack: Dict): string | undefined {
  const action = ack.response_action;
  if (action === 'errors') {
    const problem = errorsProblem(open, ack.errors);
    if (problem === undefined && isDict(ack.errors))
      showErrors(parts, open, Object.fromEntries(Object.entries(ack.errors).map(([blockId, text]) => [blockId, textOf(text)])));
    return problem;
  }
  if (action === 'clear') {
    clearStack(parts, open.userId);
    return undefined;
  }
  if (action !== 'update' && action !== 'push') return `response_action ${JSON.stringify(action)} is none of errors, update, push, clear`;
  const view = ack.view;
  if (!isDict(view)) return 'view is missing';
  if (!ackedViewIsSound(parts, what, view, open.view.type)) return `the view of response_action ${action} is invalid`;
  if (action === 'update') replaceView(parts, open, view);
  else pushView(parts, open.userId, view, what);
  return undefined;
}

async function send(parts: Parts, open: OpenView, what: string): Promise<Acted> {
  const payload = {
    type: 'view_submission',
    ...basics(parts, open.userId),
    trigger_id: parts.triggers.mint({ userId: open.userId, viewId: open.id }),
    view: viewJson(parts, open),
    response_urls: responseUrlsOf(parts, open),
  };
  const acted = settledFor(parts, open.userId, 'Your submission', await parts.courier.ask('interactive', what, payload));
  open.busy = false;
  if (!acted.ok) {
    parts.changes.emit({ is: 'state', userId: open.userId });
    return acted;
  }
  if (acted.ack === null) {
    closeFrom(parts, open);
    return acted;
  }
  try {
    const problem = isDict(acted.ack) ? respond(parts, what, open, acted.ack) : 'a submission is acked with nothing or an object';
    return problem === undefined ? acted : badAck(parts, open.userId, what, problem);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return badAck(parts, open.userId, what, error.code);
  }
}

/** Submits the top modal: `view_submission`. What Slack's client would refuse itself comes back as `client_validation`. */
export async function submit(parts: Parts, call: ControlCalls['submit']): Promise<Acted> {
  const open = topModal(parts, call.as, call.viewId);
  if (typeof open === 'string') return { ok: false, error: open };
  if (open.busy) return { ok: false, error: 'busy' };
  open.values = overlaid(open.values, call.values satisfies ControlValues);
  const errors = formProblems(dictsOf(open.view.blocks), open.values);
  showErrors(parts, open, errors);
  if (Object.keys(errors).length > 0) return { ok: false, error: 'client_validation', errors };
  open.busy = true;
  parts.changes.emit({ is: 'state', userId: open.userId });
  return send(parts, open, `view_submission ${textOf(open.view.callback_id)}`);
}

/** Dismisses the top modal, or the whole stack: `view_closed` for those that asked for it. Resolves when they were acked. */
export async function close(parts: Parts, call: ControlCalls['close']): Promise<Acted> {
  const open = topModal(parts, call.as, call.viewId);
  if (typeof open === 'string') return { ok: false, error: open };
  const all = call.all || open.view.clear_on_close === true;
  const closed = all ? clearStack(parts, call.as) : closeFrom(parts, open);
  const told = closed.filter((one) => one.view.notify_on_close === true);
  const outcomes = await Promise.all(
    told.map((one) => {
      const payload = { type: 'view_closed', ...basics(parts, call.as), view: viewJson(parts, one), is_cleared: all };
      return parts.courier.ask('interactive', `view_closed ${textOf(one.view.callback_id)}`, payload);
    }),
  );
  for (const outcome of outcomes) if (outcome.is !== 'acked') return { ok: false, error: outcome.is === 'late' ? 'operation_timeout' : 'dispatch_failed' };
  return { ok: true, ack: null };
}
