import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { newCard } from '../../cards/show.ts';
import { suspensionOf } from '../effect.ts';
import type { SlackPerson, UserGroup } from '../role-grant.ts';
import { ownedBy, ownedWords } from './owned.ts';
import { type Along, readGroup, readPerson } from './read.ts';
import { storedPerson } from './stored.ts';
import { givenTo, whomToAsk } from './who.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'workspace' | 'clock' | 'chance' | 'cards' | 'log'>;

/** Usher itself, by what Slack told it. */
const USHER = { userId: 'usher', way: 'job' } as const;

/** Asks Slack who is in a user group, and keeps it; undefined when it is disabled or gone. Throws a `WorkspaceFault`. */
export async function refreshGroup(outside: Pick<Outside, 'store' | 'workspace' | 'clock'>, groupId: string): Promise<UserGroup | undefined> {
  return readGroup(outside, groupId);
}

/**
 * Asks Slack who somebody is, and keeps it; undefined for somebody unknown. Who was deactivated, made a guest, or came
 * back loses or gets their roles with it (X11); global admins are told of a deactivated one once, with what they own.
 * Throws a `WorkspaceFault`.
 */
export async function refreshPerson(outside: Parts, userId: string): Promise<SlackPerson | undefined> {
  let told: readonly string[] = [];
  const along: Along = async (before, now) => {
    told = [];
    const given = before === undefined ? [] : await givenTo(outside, now.teamId, userId);
    const changed = before !== undefined && given.filter(({ role }) => suspensionOf(before, role) !== suspensionOf(now, role));
    const left = before !== undefined && before.deactivated === null && now.deactivated !== null;
    const owned = left ? ownedWords(await ownedBy(outside, userId)) : [];
    if (changed === false || (changed.length === 0 && owned.length === 0)) return {};
    const row = audited(outside, USHER, {
      action: 'roles.standing',
      subject: userId,
      summary: standing(before, now),
      before: asRow(before),
      after: asRow(now),
    });
    const cards = left ? await notes(outside, now, changed.length, owned) : [];
    told = cards.map(({ key }) => key);
    return { puts: cards, appends: [row] };
  };
  const { before, now } = await readPerson(outside, userId, along);
  outside.cards.changed(told);
  if (before?.deactivated === null && now !== undefined && now.deactivated !== null) await alarm(outside, now);
  return now;
}

/** The same, only where what Usher knows of them is older than that, or where it never read them. */
export async function refreshOlder(outside: Parts, userId: string, olderThan: number): Promise<SlackPerson | undefined> {
  const stored = await storedPerson(outside, userId);
  return stored !== undefined && stored.readAt > olderThan ? stored : refreshPerson(outside, userId);
}

async function notes(outside: Parts, { id, name, deactivated }: SlackPerson, roles: number, owned: readonly string[]) {
  const admins = (await whomToAsk(outside)).filter((userId) => userId !== id);
  const held = roles === 0 ? 'They held no role.' : `${roles === 1 ? 'Their role is' : `Their ${roles} roles are`} suspended.`;
  const rest = owned.length === 0 ? 'They own nothing in Usher.' : `They own ${owned.join(', ')}: re-assign with “roles reassign”.`;
  const text = `${name} was deactivated in Slack. ${held} ${rest}`;
  // Named by the moment: the same departure is told once, a later one again.
  return admins.map((userId) => newCard(`left/${id}/${deactivated}/${userId}`, { is: 'person', userId }, { is: 'note', text }, true));
}

/** With the last global admin gone nobody can give a role in Slack any more: whoever runs Usher must hear of it. */
async function alarm(outside: Parts, { id, name }: SlackPerson): Promise<void> {
  if ((await whomToAsk(outside)).length > 0) return;
  outside.log.error(
    { user: id, name },
    'the last global admin was deactivated in Slack: nobody can give roles; name another one in USHER_FIRST_ADMINS and restart',
  );
}

function standing(before: SlackPerson | undefined, now: SlackPerson): string {
  if (now.deactivated !== null) return `${now.name} was deactivated in Slack: their roles are suspended`;
  if (before !== undefined && before.deactivated !== null) return `${now.name} is active in Slack again: their roles are in effect`;
  if (now.foreign || now.guest) return `${now.name} is ${now.foreign ? 'of another workspace' : 'a guest'} in Slack now: their roles are suspended`;
  return `${now.name} is a full member in Slack again: their roles are in effect`;
}

function asRow(person: SlackPerson | undefined): Readonly<Record<string, string>> {
  if (person === undefined) return { Slack: 'unknown' };
  if (person.deactivated !== null) return { Slack: 'deactivated' };
  return { Slack: person.foreign ? 'another workspace' : person.guest ? 'guest' : 'member' };
}
