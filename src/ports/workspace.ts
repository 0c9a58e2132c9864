/** What Usher must know of Slack's people and channels, and the one thing it sends that is no card: a file. */
export interface Workspace {
  /** Undefined for an unknown user. */
  member(userId: string): Promise<WorkspaceMember | undefined>;
  /** A user group with its members; undefined when it is disabled or gone. Throws a `WorkspaceFault`. */
  group(groupId: string): Promise<WorkspaceGroup | undefined>;
  /** Every user group that is not disabled, without its members; none where the workspace's plan has none. Throws a `WorkspaceFault`. */
  groups(): Promise<readonly Omit<WorkspaceGroup, 'members'>[]>;
  /** Without the number sign; undefined for one that Usher can't see, and for a private one: its name is its members'. */
  channelName(channelId: string): Promise<string | undefined>;
  /** Null when the bot can post there; otherwise what is wrong and how to mend it (N1). Of what goes there for one person (`by`), also when they are not in it themselves. */
  postingProblem(channelId: string, by?: string): Promise<{ readonly problem: string; readonly remedy: string } | null>;
  /** Whether a file or message there may hold personal data (R3): not shared with other workspaces, no guests. */
  mayHoldNames(channelId: string): Promise<boolean>;
  /** Sends a file by Slack's three-step upload, as a stream. Throws a `WorkspaceFault`. */
  upload(
    file: OutgoingFile,
    to: { readonly channelId: string /** Of the message in whose thread it goes. */; readonly threadTs?: string } | { readonly userId: string },
  ): Promise<void>;
  /** Opens a file that somebody put into a form, at most `most` bytes. Throws a `WorkspaceFault`, while its content is drawn too. */
  download(fileId: string, most: number): Promise<IncomingFile>;
}

export interface WorkspaceMember {
  readonly id: string;
  /** Of their own workspace, which is another one for who is foreign. */
  readonly teamId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly guest: boolean;
  readonly foreign: boolean;
  readonly deleted: boolean;
}

/** A Slack user group: `@it-leads`. */
export interface WorkspaceGroup {
  readonly id: string;
  readonly teamId: string;
  /** Without the at sign. */
  readonly handle: string;
  readonly name: string;
  /** User ids; deactivated people are not among them. */
  readonly members: readonly string[];
}

export interface IncomingFile {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface OutgoingFile {
  readonly name: string;
  readonly title: string;
  /** Shown as it is, whatever stands in it. */
  readonly comment: string;
  /** Bytes; Slack wants the exact length before the first byte. */
  readonly length: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Slack said no; `code` is its error, the message says what to do. */
export class WorkspaceFault extends Error {
  override readonly name = 'WorkspaceFault';
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
