import type { ControlUser } from './control.ts';
import type { Dict } from './json.ts';

/** Somebody whom the workspace knows. `guest` is Slack's restricted (several channels) and ultra restricted (one channel). */
export interface Member {
  readonly id: string;
  /** The handle, without @. */
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly title: string;
  readonly admin: boolean;
  readonly guest: 'none' | 'several-channels' | 'one-channel';
  /** Another team's id for people who come through a shared channel. */
  readonly teamId: string;
  readonly deleted: boolean;
  readonly bot: boolean;
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly memberIds: readonly string[];
  readonly deleted: boolean;
}

/** Seconds east of Greenwich now, as `users.info` gives it. */
function offsetOf(timeZone: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now);
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT');
  const [, sign, hours, minutes] = match ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** Slack's user object; the e-mail address only with `users:read.email` (reference/objects/user-object). */
export function userJson(member: Member, homeTeamId: string, seesEmail: boolean, now: number): Dict {
  const profile = { title: member.title, real_name: member.realName, display_name: member.name, team: member.teamId };
  const base = {
    id: member.id,
    team_id: member.teamId,
    name: member.name,
    deleted: member.deleted,
    profile: seesEmail ? { ...profile, email: member.email } : profile,
  };
  if (member.deleted) return { ...base, is_bot: member.bot, is_app_user: false };
  return {
    ...base,
    real_name: member.realName,
    tz: member.timeZone,
    tz_offset: offsetOf(member.timeZone, now),
    is_admin: member.admin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: member.guest !== 'none',
    is_ultra_restricted: member.guest === 'one-channel',
    is_bot: member.bot,
    is_app_user: false,
    is_email_confirmed: member.teamId === homeTeamId,
    ...(member.teamId === homeTeamId ? {} : { is_stranger: true }),
  };
}

/** The same person as the page sees them. */
export function controlUser(member: Member, homeTeamId: string): ControlUser {
  return {
    id: member.id,
    name: member.name,
    realName: member.realName,
    email: member.email,
    timeZone: member.timeZone,
    title: member.title,
    guest: member.guest !== 'none',
    foreign: member.teamId !== homeTeamId,
    deleted: member.deleted,
    bot: member.bot,
  };
}
