/** What is sent as a whole: a message, a modal, the Home tab. Used through `blocks.ts`. */
import type { ContextBlock, HomeView, InputBlock, KnownBlock, ModalView } from '@slack/types';
import { bytes } from './clip.ts';
import { fitId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { fallbackText, plain, type Text, textObject } from './mrkdwn.ts';
import { count } from './words.ts';

/** What is posted or answered. `text` carries the whole fact for notifications and screen readers. */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export type { HomeView, ModalView };

/** Blocks with holes: what does not apply is null, false or undefined, and falls out. */
export type Blocks = readonly (KnownBlock | null | undefined | false)[];

const note = (text: Text): ContextBlock => ({ type: 'context', elements: [textObject(text, LIMITS.text)] });

/**
 * A message; without blocks its text is shown. Over 50 blocks the rest are counted in a last line. More than one
 * table is a RangeError: Slack takes one a message.
 */
export function message(of: { readonly text: Text; readonly blocks?: Blocks }): Message {
  const text = fallbackText(of.text, LIMITS.fallback, LIMITS.fallbackBytes);
  const blocks = kept(of.blocks ?? [{ type: 'section', text: textObject(of.text, LIMITS.text) }], LIMITS.messageBlocks, Number.POSITIVE_INFINITY);
  if (blocks.filter((block) => block.type === 'table').length > 1) throw new RangeError('a message holds one table');
  return { text, blocks };
}

export interface ModalParts {
  readonly callbackId: string;
  readonly title: string;
  /** Required where there is an input. */
  readonly submit?: string | undefined;
  /** Default `Cancel` beside a submit button, else `Close`. */
  readonly close?: string;
  readonly blocks: Blocks;
  /** What the view must know when it comes back; JSON of at most 3,000 characters. No secrets, no rights: it can be tampered with. */
  readonly metadata?: unknown;
  readonly notifyOnClose?: boolean;
  readonly clearOnClose?: boolean;
}

/** A modal. A RangeError where something can't be cut without changing its meaning: metadata over 3,000, inputs without `submit`. */
export function modal(of: ModalParts): ModalView {
  const blocks = kept(of.blocks, LIMITS.viewBlocks, VIEW_ROOM);
  if (of.submit === undefined && blocks.some((block) => block.type === 'input')) throw new RangeError(`modal ${of.callbackId} has an input and no submit`);
  return {
    type: 'modal',
    callback_id: fitId(of.callbackId),
    title: plain(of.title, LIMITS.viewTitle),
    ...(of.submit === undefined ? {} : { submit: plain(of.submit, LIMITS.viewTitle) }),
    close: plain(of.close ?? (of.submit === undefined ? 'Close' : 'Cancel'), LIMITS.viewTitle),
    blocks,
    ...metadata(of.metadata),
    ...(of.notifyOnClose === true ? { notify_on_close: true } : {}),
    ...(of.clearOnClose === true ? { clear_on_close: true } : {}),
  };
}

/** The Home tab. */
export function home(blocks: Blocks, data?: unknown): HomeView {
  return { type: 'home', callback_id: 'home', blocks: kept(blocks, LIMITS.viewBlocks, VIEW_ROOM), ...metadata(data) };
}

/** Bytes for the blocks of a view: what titles and metadata can need is kept free. */
const VIEW_ROOM = LIMITS.viewBytes - 20_000;

function metadata(data: unknown): { private_metadata?: string } {
  if (data === undefined) return {};
  const text = JSON.stringify(data);
  if (text.length > LIMITS.metadata) throw new RangeError(`private_metadata is ${text.length} characters long; Slack takes ${LIMITS.metadata}`);
  return { private_metadata: text };
}

/** The blocks that fit, with unique ids, and an honest last line where some do not. */
function kept(blocks: Blocks, most: number, room: number): KnownBlock[] {
  const all = blocks.filter((block): block is KnownBlock => block !== null && block !== undefined && block !== false);
  if (all.length === 0) return [note('')];
  const sizes = all.map((block) => (room === Number.POSITIVE_INFINITY ? 0 : bytes(JSON.stringify(block)) + 20));
  let fitting = 0;
  let used = 0;
  while (fitting < all.length && fitting < most && used + (sizes[fitting] ?? 0) <= room) used += sizes[fitting++] ?? 0;
  if (fitting === all.length) return unique(all);
  const first = fitting === most ? most - 1 : fitting;
  return unique([...all.slice(0, first), note(`and ${count(all.length - first)} more`)]);
}

/**
 * Ids are unique in a payload. A button or menu whose action id was used before gets a number behind it (its route
 * stays); an input's ids are how it is read back, so a second one of the same name is a RangeError, as is a block id.
 */
function unique(blocks: readonly KnownBlock[]): KnownBlock[] {
  const actions = new Set<string>();
  const blockIds = new Set<string>();
  const taken = (seen: Set<string>, id: string | undefined, what: string): void => {
    if (id === undefined) return;
    if (seen.has(id)) throw new RangeError(`${what} ${id} is used twice`);
    seen.add(id);
  };
  const inputs = blocks.filter((block): block is InputBlock => block.type === 'input');
  for (const block of inputs) taken(actions, block.element.action_id, 'action_id of input');
  const renamed = <E extends { readonly type: string }>(element: E): E => {
    if (!('action_id' in element) || typeof element.action_id !== 'string') return element;
    const free = unused(actions, element.action_id);
    actions.add(free);
    return free === element.action_id ? element : { ...element, action_id: free };
  };
  return blocks.map((block) => {
    taken(blockIds, block.block_id, 'block_id');
    if (block.type === 'actions') return { ...block, elements: block.elements.map(renamed) };
    if (block.type === 'section' && block.accessory !== undefined) return { ...block, accessory: renamed(block.accessory) };
    return block;
  });
}

function unused(seen: ReadonlySet<string>, id: string): string {
  if (!seen.has(id)) return id;
  for (let number = 2; ; number++) {
    const candidate = fitId(`${id}${id.includes(':') ? '~' : ':'}${number}`);
    if (!seen.has(candidate)) return candidate;
  }
}
