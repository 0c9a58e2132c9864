import { type Answer, type Answers, answerFor, valuesFor } from './answers.ts';
import { choose } from './chosen-files.ts';
import { act } from './clicks.ts';
import { blocksOf, placeOf } from './containers.ts';
import type { ControlContainer, ControlMessage, ControlModal } from './control.ts';
import { controlMessage, controlModal } from './control-view.ts';
import { elementsIn, type PlacedElement } from './elements.ts';
import type { Acted } from './interactions.ts';
import { dictsOf } from './json.ts';
import { visibleTo } from './messages.ts';
import { stackOf } from './open-views.ts';
import type { Parts } from './parts.ts';
import { say } from './saying.ts';
import { directBetween } from './state.ts';
import { close, submit } from './submissions.ts';
import { suggest, type Suggested } from './suggestions.ts';
import { type Controlled, home } from './visits.ts';

/** Where to click; without it the top modal, else the newest message that has the element, else the Home tab. */
export interface Aim {
  readonly in?: ControlContainer;
  readonly blockId?: string;
}

/** Somebody at the keyboard, for tests: says what a person would say, by action id. */
export interface Person {
  readonly id: string;
  /** A slash command or a message. */
  say(channelId: string, text: string, threadTs?: string): Promise<Acted>;
  /** Presses a button, or chooses in a select or overflow (`answer`: the option's value or label). */
  press(actionId: string, answer?: Answer, aim?: Aim): Promise<Acted>;
  /** Types into an external select. */
  suggest(actionId: string, typed: string, aim?: Aim): Promise<Suggested>;
  /** Chooses a file in a `file_input` of the top modal, by action id or block id. */
  choose(field: string, file: { readonly name: string; readonly content: string | Uint8Array; readonly external?: boolean }): Promise<Controlled>;
  /** Fills in fields of the top modal, by action id or block id, and submits it. */
  submit(answers?: Answers): Promise<Acted>;
  /** Cancel, or with `all` the X of the whole stack. */
  dismiss(all?: boolean): Promise<Acted>;
  /** Opens the app's Home tab. */
  home(): Promise<Controlled>;
  /** The modal on top. */
  modal(): ControlModal | undefined;
  /** All that this person sees of a conversation, ephemeral messages included, oldest first. */
  messages(channelId: string): readonly ControlMessage[];
  /** The conversation with the app. */
  directChannel(): string;
}

/** Every place where this person can click now, in the order of `Aim`. */
function places(parts: Parts, userId: string): readonly ControlContainer[] {
  const top = stackOf(parts, userId).at(-1);
  const messages = [...parts.state.channels.values()].flatMap((channel) => visibleTo(parts, userId, channel)).sort((a, b) => (a.ts < b.ts ? 1 : -1));
  return [
    ...(top === undefined ? [] : [{ is: 'modal', viewId: top.id } as const]),
    ...messages.map((message) => ({ is: 'message', channelId: message.channelId, ts: message.ts }) as const),
    { is: 'home' },
  ];
}

function find(parts: Parts, userId: string, actionId: string, aim: Aim): { readonly container: ControlContainer; readonly placed: PlacedElement } {
  for (const container of aim.in === undefined ? places(parts, userId) : [aim.in]) {
    const place = placeOf(parts, userId, container);
    const placed =
      typeof place === 'string'
        ? undefined
        : elementsIn(blocksOf(place)).find((one) => one.actionId === actionId && (aim.blockId ?? one.blockId) === one.blockId);
    if (placed !== undefined) return { container, placed };
  }
  throw new Error(`${userId} sees nothing with the action_id "${actionId}"`);
}

function topOf(parts: Parts, userId: string): { readonly viewId: string; readonly blocks: ReturnType<typeof dictsOf> } {
  const top = stackOf(parts, userId).at(-1);
  if (top === undefined) throw new Error(`${userId} has no modal open`);
  return { viewId: top.id, blocks: dictsOf(top.view.blocks) };
}

/** A person of the workspace as a test plays them. What they can't see they can't press: that throws. */
export function personOf(parts: Parts, userId: string): Person {
  return {
    id: userId,
    say: (channelId, text, threadTs) => say(parts, { as: userId, channelId, text, ...(threadTs === undefined ? {} : { threadTs }) }),
    press: async (actionId, answer = {}, aim = {}) => {
      const { container, placed } = find(parts, userId, actionId, aim);
      const option = placed.type === 'overflow' ? { selected_option: { value: answer } } : answerFor(placed.element, answer);
      return act(parts, { as: userId, container, blockId: placed.blockId, actionId, action: option ?? {}, values: {} });
    },
    suggest: async (actionId, typed, aim = {}) => {
      const { container, placed } = find(parts, userId, actionId, aim);
      return suggest(parts, { as: userId, container, blockId: placed.blockId, actionId, typed });
    },
    choose: async (field, { name, content, external = false }) => {
      const { viewId, blocks } = topOf(parts, userId);
      const placed = elementsIn(blocks).find((one) => one.actionId === field || one.blockId === field);
      if (placed === undefined) throw new Error(`${userId} sees no field "${field}"`);
      const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
      return choose(parts, { as: userId, viewId, blockId: placed.blockId, actionId: placed.actionId, name, content: bytes.toString('base64'), external });
    },
    submit: async (answers = {}) => {
      const { viewId, blocks } = topOf(parts, userId);
      return submit(parts, { as: userId, viewId, values: valuesFor(blocks, answers) });
    },
    dismiss: async (all = false) => close(parts, { as: userId, viewId: topOf(parts, userId).viewId, all }),
    home: () => home(parts, { as: userId }),
    modal: () => stackOf(parts, userId).map(controlModal).at(-1),
    messages: (channelId) => {
      const channel = parts.state.channels.get(channelId);
      return channel === undefined ? [] : visibleTo(parts, userId, channel).map((message) => controlMessage(parts, message));
    },
    directChannel: () => directBetween(parts.state, userId, parts.state.app.botUserId).id,
  };
}
