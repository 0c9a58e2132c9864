import { withWholeFiles } from './chosen-files.ts';
import { keptValues, stateValues, withIds } from './elements.ts';
import { newId, secretPart } from './ids.ts';
import { type Dict, dictsOf, textOf } from './json.ts';
import type { Parts } from './parts.ts';
import { Refused } from './refused.ts';
import type { OpenView } from './state.ts';

const MOST_VIEWS = 3;

function freshHash(parts: Parts): string {
  return `${Math.floor(parts.clock.now() / 1000)}.${secretPart(4)}`;
}

function complete(view: Dict): Dict {
  return { ...view, blocks: withIds(dictsOf(view.blocks)) };
}

/** Every view that stands somewhere: modals of all people, and Home tabs. */
function allViews(parts: Parts): readonly OpenView[] {
  return [...[...parts.state.stacks.values()].flat(), ...parts.state.homes.values()];
}

/** Refused: `duplicate_external_id` when another open view has it. */
export function checkExternalId(parts: Parts, view: Dict, except: OpenView | null): void {
  const externalId = textOf(view.external_id);
  const taken = externalId !== '' && allViews(parts).some((open) => open !== except && open.view.external_id === externalId);
  if (taken) throw new Refused('duplicate_external_id');
}

function opened(parts: Parts, userId: string, view: Dict, below: OpenView | undefined): OpenView {
  const id = newId('V');
  return {
    id,
    userId,
    rootId: below?.rootId ?? id,
    previousId: below?.id ?? null,
    view: complete(view),
    hash: freshHash(parts),
    values: {},
    errors: {},
    busy: false,
  };
}

/** A person's open modals, topmost last. */
export function stackOf(parts: Parts, userId: string): readonly OpenView[] {
  return parts.state.stacks.get(userId) ?? [];
}

function setStack(parts: Parts, userId: string, stack: OpenView[]): void {
  parts.state.stacks.set(userId, stack);
  parts.changes.emit({ is: 'state', userId });
}

/** Opens a modal as the only one of this person. */
export function openRoot(parts: Parts, userId: string, view: Dict): OpenView {
  const open = opened(parts, userId, view, undefined);
  setStack(parts, userId, [open]);
  return open;
}

/** Puts a modal over the top one. Refused: `push_limit_reached` at three. */
export function pushView(parts: Parts, userId: string, view: Dict, where: string): OpenView {
  const stack = [...stackOf(parts, userId)];
  const top = stack.at(-1);
  if (top === undefined) throw new Refused('not_found');
  if (stack.length >= MOST_VIEWS) {
    parts.failures.record('view-stack', where, 'push_limit_reached');
    throw new Refused('push_limit_reached');
  }
  const open = opened(parts, userId, view, top);
  setStack(parts, userId, [...stack, open]);
  return open;
}

/** Redraws a view in place: new hash, errors gone, answers kept where block id and action id are unchanged. */
export function replaceView(parts: Parts, open: OpenView, view: Dict): void {
  open.view = complete(view);
  open.hash = freshHash(parts);
  open.errors = {};
  open.values = keptValues(dictsOf(open.view.blocks), open.values);
  parts.changes.emit({ is: 'state', userId: open.userId });
}

/** Draws a person's Home tab. */
export function publish(parts: Parts, userId: string, view: Dict): OpenView {
  const old = parts.state.homes.get(userId);
  if (old !== undefined) {
    replaceView(parts, old, view);
    return old;
  }
  const home = opened(parts, userId, view, undefined);
  parts.state.homes.set(userId, home);
  parts.changes.emit({ is: 'state', userId });
  return home;
}

/** Takes a view and everything above it off the stack; the answer lists them, topmost first. */
export function closeFrom(parts: Parts, open: OpenView): readonly OpenView[] {
  const stack = stackOf(parts, open.userId);
  const index = stack.indexOf(open);
  if (index < 0) return [];
  setStack(parts, open.userId, stack.slice(0, index));
  return stack.slice(index).reverse();
}

/** Closes all of a person's modals; the answer lists them, topmost first. */
export function clearStack(parts: Parts, userId: string): readonly OpenView[] {
  const stack = stackOf(parts, userId);
  setStack(parts, userId, []);
  return [...stack].reverse();
}

/** An open modal by its id, whoever it belongs to. */
export function modalById(parts: Parts, viewId: string): OpenView | undefined {
  return [...parts.state.stacks.values()].flat().find((open) => open.id === viewId);
}

/** A modal or Home tab by view id or external id. Refused: `not_found`. */
export function viewBy(parts: Parts, viewId: string | undefined, externalId: string | undefined): OpenView {
  const found = allViews(parts).find((open) => (viewId === undefined ? open.view.external_id === externalId : open.id === viewId));
  if (found === undefined) throw new Refused('not_found');
  return found;
}

/** Slack's view object, with what is entered in `state.values`. */
export function viewJson(parts: Parts, open: OpenView): Dict {
  const { view } = open;
  const blocks = dictsOf(view.blocks);
  return {
    id: open.id,
    team_id: parts.state.team.id,
    type: view.type,
    blocks,
    private_metadata: textOf(view.private_metadata),
    callback_id: textOf(view.callback_id),
    state: { values: stateValues(blocks, withWholeFiles(parts, open)) },
    hash: open.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clear_on_close === true,
    notify_on_close: view.notify_on_close === true,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: open.previousId,
    root_view_id: open.rootId,
    app_id: parts.state.app.id,
    external_id: textOf(view.external_id),
    app_installed_team_id: parts.state.team.id,
    bot_id: parts.state.app.botId,
  };
}
