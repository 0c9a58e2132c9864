/**
 * The plain API by which a person (through the page) or a test acts inside the workspace stand-in. It is served
 * under `/control/` as JSON, apart from the Web API that the app sees under `/api/`. `as` is always the user id of
 * the person acting. Shapes only: no code, so that the page can share this file.
 */

export interface ControlUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly timeZone: string;
  readonly title: string;
  readonly guest: boolean;
  readonly foreign: boolean;
  readonly deleted: boolean;
  readonly bot: boolean;
}

export interface ControlChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  readonly shared: boolean;
  readonly archived: boolean;
  readonly memberIds: readonly string[];
  readonly topic: string;
}

export interface ControlFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly bytes: number;
  readonly mimetype: string;
  /** Under the page's own origin. */
  readonly downloadUrl: string;
}

export interface ControlMessage {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly channelId: string;
  readonly userId: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly files: readonly ControlFile[];
  readonly edited: boolean;
  /** Only this person sees it. */
  readonly ephemeralFor: string | null;
  readonly replyCount: number;
}

/** A modal as it stands open for a person, topmost last in `ControlState.modals`. */
export interface ControlModal {
  readonly id: string;
  readonly hash: string;
  /** The view as the app sent it. */
  readonly view: unknown;
  /** `errors` response: block id to sentence. */
  readonly errors: Readonly<Record<string, string>>;
  /** A submission of it is under way. */
  readonly busy: boolean;
  /** What is entered so far, as far as the workspace was told; an update keeps it where block id and action id are unchanged. */
  readonly values: ControlValues;
}

export interface ControlCommand {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

/** A page beside this one (the SCIM target): `GET /control/links` → `{links}`. */
export interface ControlLink {
  readonly label: string;
  readonly url: string;
}

/** What one person sees: answer of `GET /control/state?as=U…`; without `as`, the first person. */
export interface ControlState {
  readonly team: { readonly id: string; readonly name: string };
  readonly app: { readonly id: string; readonly name: string; readonly botUserId: string; readonly connected: boolean };
  readonly me: ControlUser;
  readonly users: readonly ControlUser[];
  readonly channels: readonly ControlChannel[];
  readonly commands: readonly ControlCommand[];
  readonly modals: readonly ControlModal[];
  /** The Home tab as published for me, or null. */
  readonly home: { readonly view: unknown; readonly hash: string } | null;
  /** What Slack would show for a moment: `operation_timeout`, `dispatch_failed`, an expired trigger. Newest last, at most 20. */
  readonly notices: readonly { readonly at: number; readonly text: string }[];
  /** Unread counts by channel id. */
  readonly unread: Readonly<Record<string, number>>;
}

/** `GET /control/messages?as=U…&channel=C…&thread=ts?` → this, oldest first, at most 200. */
export interface ControlMessages {
  readonly messages: readonly ControlMessage[];
}

/** `GET /control/stream?as=U…`: server-sent events, `data:` is one of these. The page re-reads what changed. */
export type ControlSignal = { readonly is: 'state' } | { readonly is: 'messages'; readonly channelId: string };

/** Where a click happened. */
export type ControlContainer =
  | { readonly is: 'message'; readonly channelId: string; readonly ts: string }
  | { readonly is: 'modal'; readonly viewId: string }
  | { readonly is: 'home' };

/** Element values by block id and action id, in the shape of Slack's `view.state.values`. */
export type ControlValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Bodies of the `POST /control/<name>` calls. Each answers `{ok: true, …}` or `{ok: false, error}`. */
export interface ControlCalls {
  /** A slash command, or a plain message when `text` does not start with `/`. The answer tells how the app acked. */
  say: { readonly as: string; readonly channelId: string; readonly text: string; readonly threadTs?: string };
  /** Presses or changes one element. `action` is the element's own part of Slack's `actions[0]` (`selected_option`, `value`, …); `values` the present state of every input there. */
  act: {
    readonly as: string;
    readonly container: ControlContainer;
    readonly blockId: string;
    readonly actionId: string;
    readonly action: Readonly<Record<string, unknown>>;
    readonly values: ControlValues;
  };
  /** Asks the app for options of an external select: `{ok, options | option_groups}`. */
  suggest: { readonly as: string; readonly container: ControlContainer; readonly blockId: string; readonly actionId: string; readonly typed: string };
  /** Puts a file into a `file_input` of the top modal: `{ok, file}` with Slack's file object. `content` is base64; at most 10 MB. */
  choose: {
    readonly as: string;
    readonly viewId: string;
    readonly blockId: string;
    readonly actionId: string;
    readonly name: string;
    readonly content: string;
    /** Chosen from another service, as Slack's picker offers: Slack keeps a link only. */
    readonly external?: boolean;
  };
  submit: { readonly as: string; readonly viewId: string; readonly values: ControlValues };
  /** Cancel closes the topmost (`all: false`), the X the whole stack. */
  close: { readonly as: string; readonly viewId: string; readonly all: boolean };
  /** Opens the app's Home tab. */
  home: { readonly as: string };
  read: { readonly as: string; readonly channelId: string };
  /** Adds the bot (or a person) to a channel. */
  invite: { readonly as: string; readonly channelId: string; readonly userId: string };
}
