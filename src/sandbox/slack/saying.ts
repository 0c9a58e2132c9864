import { announceMessage } from './events.ts';
import { type Acted, badAck, settledFor, VERIFICATION_TOKEN } from './interactions.ts';
import { type Dict, escaped, isDict } from './json.ts';
import { post } from './messages.ts';
import type { DeclaredCommand } from './options.ts';
import type { Parts } from './parts.ts';
import { Refused } from './refused.ts';
import { answerPerson } from './responses.ts';
import type { ResponseTarget } from './response-urls.ts';
import { type Channel, canSee, notify } from './state.ts';

/** Somebody types into a conversation. */
export interface Said {
  readonly as: string;
  readonly channelId: string;
  readonly text: string;
  readonly threadTs?: string;
}

/** Mentions as Slack writes them: `@name` to `<@U…|name>`, `#name` to `<#C…|name>`, links in angle brackets; only what the typist can see. */
function withMentions(parts: Parts, userId: string, text: string, named: boolean): string {
  const { people, channels, usergroups, state } = { ...parts.state, state: parts.state };
  const label = (name: string): string => (named ? `|${name}` : '');
  return escaped(text)
    .replaceAll(/(^|\s)@([\p{L}0-9._-]+)/gu, (whole, before: string, name: string) => {
      const member = [...people.values()].find((one) => one.name === name && !one.deleted);
      if (member !== undefined) return `${before}<@${member.id}${label(name)}>`;
      const group = [...usergroups.values()].find((one) => one.handle === name);
      return group === undefined ? whole : `${before}<!subteam^${group.id}${label(`@${name}`)}>`;
    })
    .replaceAll(/(^|\s)#([\p{L}0-9._-]+)/gu, (whole, before: string, name: string) => {
      const channel = [...channels.values()].find((one) => one.kind !== 'direct' && one.name === name && canSee(state, userId, one));
      return channel === undefined ? whole : `${before}<#${channel.id}${label(name)}>`;
    })
    .replaceAll(/(^|\s)(https?:\/\/\S+)/g, (_whole, before: string, url: string) => `${before}<${url}>`);
}

function channelNameFor(channel: Channel): string {
  if (channel.kind === 'direct') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

function commandPayload(parts: Parts, said: Said, channel: Channel, declared: DeclaredCommand, typed: string, target: ResponseTarget): Dict {
  const { team, app, people } = parts.state;
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelNameFor(channel),
    user_id: said.as,
    user_name: people.get(said.as)?.name ?? '',
    command: declared.command,
    text: declared.shouldEscape === false ? escaped(typed) : withMentions(parts, said.as, typed, true),
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${parts.origin}${parts.responseUrls.mint(target)}`,
    trigger_id: parts.triggers.mint({ userId: said.as, viewId: null }),
  };
}

function refuse(parts: Parts, userId: string, error: string, text: string): Acted {
  notify(parts.state, parts.changes, parts.clock, userId, text);
  return { ok: false, error };
}

async function command(parts: Parts, said: Said, channel: Channel): Promise<Acted> {
  const [word = '', typed = ''] = /^(\S+)\s*([\s\S]*)$/.exec(said.text.trim())?.slice(1) ?? [];
  // An app's commands are for the people of the workspace that installed it, also in shared channels.
  const foreign = parts.state.people.get(said.as)?.teamId !== parts.state.team.id;
  const declared = foreign ? undefined : parts.settings.commands.find((one) => one.command === word);
  if (declared === undefined) return refuse(parts, said.as, 'unknown_command', `${word} is not a valid command.`);
  if (said.threadTs !== undefined) return refuse(parts, said.as, 'not_supported_in_threads', `${word} is not supported in threads. Sorry!`);
  const target: ResponseTarget = { userId: said.as, channelId: channel.id, source: null };
  const outcome = await parts.courier.ask('slash_commands', word, commandPayload(parts, said, channel, declared, typed.trim(), target));
  const acted = settledFor(parts, said.as, word, outcome);
  if (!acted.ok || acted.ack === null) return acted;
  const payload: Dict = isDict(acted.ack) ? acted.ack : { text: acted.ack };
  try {
    answerPerson(parts, word, target, payload);
    return acted;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return badAck(parts, said.as, word, error.code);
  }
}

/** A slash command or a message. Commands resolve when the app acked; a message needs no app. */
export async function say(parts: Parts, said: Said): Promise<Acted> {
  const channel = parts.state.channels.get(said.channelId);
  if (channel === undefined || !channel.memberIds.has(said.as)) return { ok: false, error: channel === undefined ? 'channel_not_found' : 'not_in_channel' };
  if (parts.state.people.get(said.as)?.deleted !== false) return { ok: false, error: 'user_disabled' };
  if (channel.archived) return { ok: false, error: 'is_archived' };
  if (said.text.trim() === '') return { ok: false, error: 'no_text' };
  if (said.text.trimStart().startsWith('/')) return command(parts, said, channel);
  const message = post(parts, { channel, userId: said.as, text: withMentions(parts, said.as, said.text, false), threadTs: said.threadTs ?? null });
  announceMessage(parts, channel, message);
  return { ok: true, ack: null };
}
