import { z } from 'zod';
import type { Dict } from '../json.ts';
import type { Parts } from '../parts.ts';
import { type Member, userJson } from '../people.ts';
import { Refused } from '../refused.ts';
import { type Family, flag, method, paged, paging } from './method.ts';

function json(parts: Parts, member: Member): Dict {
  return userJson(member, parts.state.team.id, parts.settings.scopes.has('users:read.email'), parts.clock.now());
}

const info = method('users.info', z.object({ user: z.string().min(1), include_locale: flag.optional() }), (args, parts) => {
  const member = parts.state.people.get(args.user);
  if (member === undefined) throw new Refused('user_not_found');
  return { user: { ...json(parts, member), ...(args.include_locale === true ? { locale: 'en-US' } : {}) } };
});

const list = method('users.list', z.object(paging), (args, parts) => {
  const { items, next } = paged([...parts.state.people.values()], args);
  return { members: items.map((member) => json(parts, member)), cache_ts: Math.floor(parts.clock.now() / 1000), response_metadata: next };
});

const lookupByEmail = method('users.lookupByEmail', z.object({ email: z.string().min(1) }), (args, parts) => {
  const found = [...parts.state.people.values()].find((member) => member.email.toLowerCase() === args.email.toLowerCase() && !member.deleted);
  if (found === undefined || found.teamId !== parts.state.team.id) throw new Refused('users_not_found');
  return { user: json(parts, found) };
});

const groups = method(
  'usergroups.list',
  z.object({ include_users: flag.optional(), include_count: flag.optional(), include_disabled: flag.optional() }),
  (args, parts) => ({
    usergroups: [...parts.state.usergroups.values()]
      .filter((group) => args.include_disabled === true || !group.deleted)
      .map((group) => ({
        id: group.id,
        team_id: parts.state.team.id,
        is_usergroup: true,
        name: group.name,
        handle: group.handle,
        date_delete: group.deleted ? 1 : 0,
        ...(args.include_users === true ? { users: group.memberIds } : {}),
        ...(args.include_count === true ? { user_count: group.memberIds.length } : {}),
      })),
  }),
);

const groupUsers = method('usergroups.users.list', z.object({ usergroup: z.string().min(1), include_disabled: flag.optional() }), (args, parts) => {
  const group = parts.state.usergroups.get(args.usergroup);
  if (group === undefined || (group.deleted && args.include_disabled !== true)) throw new Refused('no_such_subteam');
  return { users: group.memberIds.filter((id) => parts.state.people.get(id)?.deleted === false) };
});

/** `users.*` and `usergroups.*` */
export const users: Family = { ...info, ...list, ...lookupByEmail, ...groups, ...groupUsers };
