import type { Changes } from './changes.ts';
import type { SandboxClock } from './clock.ts';
import type { ControlValues } from './control.ts';
import { newId } from './ids.ts';
import type { Dict } from './json.ts';
import type { Member, Usergroup } from './people.ts';
import type { Seed, SeedApp, SeedTeam } from './seed.ts';

export interface Message {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly channelId: string;
  readonly userId: string;
  readonly text: string;
  readonly blocks: readonly Dict[];
  readonly attachments: readonly Dict[];
  readonly fileIds: readonly string[];
  readonly metadata: Dict | null;
  readonly edited: string | null;
  readonly ephemeralFor: string | null;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  readonly shared: boolean;
  readonly topic: string;
  archived: boolean;
  readonly memberIds: Set<string>;
  /** Oldest first; ephemeral ones are not here. */
  readonly messages: Message[];
}

/** A modal or Home tab as it stands. `view` is what the app sent, its missing ids filled in. */
export interface OpenView {
  readonly id: string;
  readonly userId: string;
  readonly rootId: string;
  readonly previousId: string | null;
  view: Dict;
  hash: string;
  values: ControlValues;
  errors: Readonly<Record<string, string>>;
  busy: boolean;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly length: number;
  readonly mimetype: string;
  readonly uploadSecret: string;
  bytes: Buffer | null;
  completed: boolean;
  readonly channelIds: Set<string>;
  readonly createdAt: number;
  /** Whose it is: the bot's, or the person's who put it into a form. */
  readonly userId: string;
  /** A link to another service (Google Drive): Slack has no bytes of it. */
  readonly external: boolean;
}

export interface Notice {
  readonly at: number;
  readonly text: string;
}

/** All that the workspace remembers. */
export interface State {
  readonly team: SeedTeam;
  readonly app: SeedApp;
  readonly people: Map<string, Member>;
  readonly channels: Map<string, Channel>;
  readonly usergroups: Map<string, Usergroup>;
  readonly ephemerals: Message[];
  readonly files: Map<string, StoredFile>;
  /** By person, topmost last. */
  readonly stacks: Map<string, OpenView[]>;
  readonly homes: Map<string, OpenView>;
  readonly notices: Map<string, Notice[]>;
  /** By person, then channel. */
  readonly unread: Map<string, Map<string, number>>;
}

/** The bot as a member of the workspace. */
function botOf(seed: Seed): Member {
  return {
    id: seed.app.botUserId,
    name: seed.app.name.toLowerCase(),
    realName: seed.app.name,
    email: '',
    timeZone: 'UTC',
    title: '',
    admin: false,
    guest: 'none',
    teamId: seed.team.id,
    deleted: false,
    bot: true,
  };
}

/** A workspace on its first day. */
export function stateOf(seed: Seed): State {
  const people = [...seed.people, botOf(seed)];
  return {
    team: seed.team,
    app: seed.app,
    people: new Map(people.map((member) => [member.id, member])),
    channels: new Map(seed.channels.map((one) => [one.id, { ...one, memberIds: new Set(one.memberIds), messages: [] }])),
    usergroups: new Map(seed.usergroups.map((group) => [group.id, group])),
    ephemerals: [],
    files: new Map(),
    stacks: new Map(),
    homes: new Map(),
    notices: new Map(),
    unread: new Map(),
  };
}

/** The conversation of exactly two, made when it does not exist. */
export function directBetween(state: State, first: string, second: string): Channel {
  for (const channel of state.channels.values()) {
    if (channel.kind === 'direct' && channel.memberIds.has(first) && channel.memberIds.has(second)) return channel;
  }
  const channel: Channel = {
    id: newId('D'),
    name: '',
    kind: 'direct',
    shared: false,
    topic: '',
    archived: false,
    memberIds: new Set([first, second]),
    messages: [],
  };
  state.channels.set(channel.id, channel);
  return channel;
}

/** Whether a person can read the conversation: guests see only what they are in. */
export function canSee(state: State, userId: string, channel: Channel): boolean {
  if (channel.memberIds.has(userId)) return true;
  const member = state.people.get(userId);
  return channel.kind === 'public' && member !== undefined && member.guest === 'none' && member.teamId === state.team.id;
}

/** Shows a person what Slack would show for a moment; the last 20 are kept. */
export function notify(state: State, changes: Changes, clock: SandboxClock, userId: string, text: string): void {
  const notices = state.notices.get(userId) ?? [];
  state.notices.set(userId, [...notices, { at: clock.now(), text }].slice(-20));
  changes.emit({ is: 'state', userId });
}
