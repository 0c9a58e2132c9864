import type { Actor, Right } from '../src/domain/rights/grant.ts';
import type { Outside } from '../src/ports/outside.ts';
import type { Choice, Message, ModalView } from '../views/blocks.ts';
import type { Words } from './words.ts';

export const TOPICS = [
  'home',
  'connectors',
  'assign',
  'sync',
  'enroll',
  'report',
  'alerts',
  'directory',
  'person',
  'why',
  'events',
  'verify',
  'undo',
  'freeze',
  'roles',
  'approvals',
  'protected',
  'audit',
  'stop',
  'offboard',
] as const;
export type Topic = (typeof TOPICS)[number];

/** Who asks, from where, and everything a command may use. */
export interface Ask {
  readonly outside: Outside;
  readonly actor: Actor;
  /** Where the person stands; null in a modal or in the Home tab. */
  readonly channelId: string | null;
  /** In the log line, and shown to the person when something fails (X7). */
  readonly reference: string;
}

/**
 * What the person gets, where they stand. It must be ready fast: parse, permit and read our own store only. What is
 * slow (counting people, asking a target, making a file) goes into `later`, which runs after the answer was given
 * and replaces it. When `later` throws, the apology or refusal replaces it instead.
 */
export type Answer =
  | { readonly is: 'nothing' }
  /** Ephemeral. `replaces` puts it in the place of the ephemeral message whose button was pressed (paging). In a modal or the Home tab it is shown as a modal. */
  | { readonly is: 'message'; readonly message: Message; readonly replaces?: boolean; readonly later?: () => Promise<Message> }
  /** Opens a modal; from inside a modal it takes the place of the one the person looks at (drill-down with *Back*). A `later` of null leaves it as it stands. */
  | { readonly is: 'modal'; readonly view: ModalView; readonly later?: () => Promise<ModalView | null> }
  /** On top of the present modal: only *Learn more* and confirmations (three views at most). */
  | { readonly is: 'push'; readonly view: ModalView; readonly later?: () => Promise<ModalView | null> }
  /** Sentences by block id of the form's input blocks; submissions only. */
  | { readonly is: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** Closes every modal of the stack; submissions only. */
  | { readonly is: 'close' }
  /** Draws the Home tab anew. */
  | { readonly is: 'home' };

/** A typed command: `/usher <topic> <verb> [object] [key=value]`. */
export interface Typed {
  readonly topic: Topic;
  /** The empty string is the topic alone: `/usher connectors`. */
  readonly verb: string;
  /** What it takes at some organization at least; help leaves it out for who does not hold that. Absent: any role. */
  readonly right?: Right;
  /** It takes that for the whole installation. */
  readonly everywhere?: true;
  /** Without the app's name: `sync now <connector>`. Any `key=` that it doesn't show is refused (`commands/keys.ts`). */
  readonly usage: string;
  readonly summary: string;
  readonly run: (ask: Ask, words: Words) => Promise<Answer>;
}

/** A press of a button, a choice in a select, an input that dispatches. */
export interface Press {
  /** Of the action id: `connectors.open`. */
  readonly route: string;
  readonly blockId: string;
  /** Button value, selected option's value, or typed text; null where it was cleared. */
  readonly value: string | null;
  /** Values of a multi-select, checkboxes; one-element for a single choice. */
  readonly values: readonly string[];
  readonly view: PressedView | null;
  /** The message that holds the button, unless it is a view. */
  readonly message: { readonly channelId: string; readonly ts: string; readonly ephemeral: boolean } | null;
}

/** Ids and days that a view's metadata keeps are no longer: what is longer was tampered with, and would not fit into the next view's own. */
export const LONGEST_KEPT = 300;

export interface PressedView {
  readonly id: string;
  readonly hash: string;
  readonly kind: 'modal' | 'home';
  readonly callbackId: string;
  /** What the view put into `private_metadata`, parsed as JSON; it may have been tampered with. */
  readonly metadata: unknown;
  /** Slack's `view.state.values`: read it with `views/state.ts`. */
  readonly state: unknown;
}

export interface Form {
  readonly callbackId: string;
  readonly viewId: string;
  readonly metadata: unknown;
  readonly state: unknown;
}

export interface Suggestion {
  readonly route: string;
  readonly typed: string;
  readonly view: PressedView | null;
}

/** Everything one file of `commands/` teaches the app: each way of giving the same command. */
export interface Command {
  readonly typed?: readonly Typed[];
  /** By route, the part of the action id before the colon. */
  readonly presses?: Readonly<Record<string, (ask: Ask, press: Press) => Promise<Answer>>>;
  /** By callback id. Runs before the ack: nothing slow outside `later`. */
  readonly forms?: Readonly<Record<string, (ask: Ask, form: Form) => Promise<Answer>>>;
  /** By callback id: the person closed a modal that asked to be told. */
  readonly closings?: Readonly<Record<string, (ask: Ask, form: Form) => Promise<void>>>;
  /** By route: options for an external select, at most 100. */
  readonly suggestions?: Readonly<Record<string, (ask: Ask, suggestion: Suggestion) => Promise<readonly Choice[]>>>;
}
