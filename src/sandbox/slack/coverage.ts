import type { Tier } from './rate-limits.ts';

/** What a token must be allowed. `by-kind` is `channels:`, `groups:` or `im:` and the suffix, after the kind of the conversation. */
export type Scope =
  | { readonly is: 'none' }
  | { readonly is: 'bot'; readonly needs: string }
  | { readonly is: 'by-kind'; readonly suffix: 'read' | 'history' }
  | { readonly is: 'app'; readonly needs: string };

/** One Web API method of the stand-in: what it asks for and how far it goes. */
export interface Covered {
  readonly method: string;
  readonly scope: Scope;
  readonly tier: Tier;
  readonly status: 'played' | 'partly';
  /** What is missing, or a fact worth knowing. */
  readonly notes: string;
}

const none: Scope = { is: 'none' };
const bot = (needs: string): Scope => ({ is: 'bot', needs });
const read: Scope = { is: 'by-kind', suffix: 'read' };
const history: Scope = { is: 'by-kind', suffix: 'history' };

/** The coverage table. A test compares it with the registered routes. */
export const COVERAGE: readonly Covered[] = [
  { method: 'api.test', scope: none, tier: 4, status: 'played', notes: 'works without a token' },
  { method: 'auth.test', scope: none, tier: 'special', status: 'played', notes: '' },
  { method: 'apps.connections.open', scope: { is: 'app', needs: 'connections:write' }, tier: 1, status: 'played', notes: 'plain ws:// on loopback' },
  { method: 'bots.info', scope: bot('users:read'), tier: 3, status: 'partly', notes: 'knows its own bot only' },
  { method: 'team.info', scope: bot('team:read'), tier: 3, status: 'partly', notes: 'id, name and domain' },
  { method: 'chat.postMessage', scope: bot('chat:write'), tier: 'posting', status: 'partly', notes: 'no username or icons, no unfurling' },
  { method: 'chat.update', scope: bot('chat:write'), tier: 3, status: 'played', notes: '' },
  { method: 'chat.delete', scope: bot('chat:write'), tier: 3, status: 'played', notes: '' },
  { method: 'chat.postEphemeral', scope: bot('chat:write'), tier: 4, status: 'played', notes: '' },
  { method: 'chat.getPermalink', scope: none, tier: 'special', status: 'played', notes: '' },
  { method: 'conversations.info', scope: read, tier: 3, status: 'played', notes: '' },
  { method: 'conversations.list', scope: read, tier: 2, status: 'played', notes: '' },
  { method: 'conversations.members', scope: read, tier: 4, status: 'played', notes: '' },
  { method: 'conversations.open', scope: bot('im:write'), tier: 3, status: 'partly', notes: 'one person only, no group messages' },
  { method: 'conversations.history', scope: history, tier: 3, status: 'played', notes: '' },
  { method: 'conversations.replies', scope: history, tier: 3, status: 'played', notes: '' },
  { method: 'conversations.join', scope: bot('channels:join'), tier: 3, status: 'played', notes: '' },
  { method: 'users.info', scope: bot('users:read'), tier: 4, status: 'played', notes: '' },
  { method: 'users.list', scope: bot('users:read'), tier: 2, status: 'played', notes: '' },
  { method: 'users.lookupByEmail', scope: bot('users:read.email'), tier: 3, status: 'played', notes: '' },
  { method: 'users.conversations', scope: read, tier: 3, status: 'played', notes: '' },
  { method: 'usergroups.list', scope: bot('usergroups:read'), tier: 2, status: 'played', notes: '' },
  { method: 'usergroups.users.list', scope: bot('usergroups:read'), tier: 2, status: 'played', notes: '' },
  { method: 'views.open', scope: none, tier: 4, status: 'played', notes: 'a trigger from inside a modal replaces the stack' },
  { method: 'views.push', scope: none, tier: 4, status: 'played', notes: '' },
  { method: 'views.update', scope: none, tier: 4, status: 'played', notes: '' },
  { method: 'views.publish', scope: none, tier: 4, status: 'played', notes: '' },
  { method: 'files.getUploadURLExternal', scope: bot('files:write'), tier: 4, status: 'played', notes: 'form bodies only, as Slack' },
  { method: 'files.completeUploadExternal', scope: bot('files:write'), tier: 4, status: 'played', notes: 'shared after the answer, as Slack' },
  { method: 'files.info', scope: bot('files:read'), tier: 4, status: 'partly', notes: 'no comments; also what a person chose in a form' },
  { method: 'files.delete', scope: bot('files:write'), tier: 3, status: 'played', notes: '' },
];
