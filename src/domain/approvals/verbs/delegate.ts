import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import { newCard } from '../../cards/show.ts';
import { DAY, type Instant } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { refreshPerson } from '../../rights/verbs/refresh.ts';
import { knownActor, requireRight, requireRole, tree } from '../../rights/verbs/who.ts';
import type { Asking } from '../action.ts';
import { isInForce } from '../eligible.ts';
import type { Delegation } from '../policy.ts';
import { namesIn } from './model.ts';

const LONGEST = 366 * DAY;

/**
 * Lets somebody decide in the place of an absent approver until a moment (P4): of the actor, or of `absent` where a global
 * admin sets it. They must hold *decide* wherever they shall stand in, which is asked again at each click; they never decide on
 * what they asked for themselves, and a requester's own delegate takes no seat of theirs. Asks Slack: for after the ack.
 */
export async function delegate(outside: Asking, actor: Actor, to: string, until: Instant, absent: string = actor.userId): Promise<Delegation> {
  await requireDelegating(outside, actor, absent);
  const now = outside.clock.now();
  if (!(until > now)) throw badInput('until', 'That is over already.', 'Choose a later day.');
  if (until > now + LONGEST) throw badInput('until', 'That is more than a year away.', 'Choose an earlier day.');
  if (to === absent) throw badInput('to', 'Nobody stands in for themselves.', 'Choose somebody else.');
  const person = await refreshPerson(outside, to);
  if (!(await mayDecideSomewhere(outside, actor.teamId, absent)))
    throw new Refusal({ is: 'nothing-to-do', detail: 'There is nothing to stand in for: only approvers and admins decide.' });
  if (person === undefined || !(await mayDecideSomewhere(outside, actor.teamId, to)))
    throw badInput('to', `${person?.name ?? 'That person'} may not approve anything.`, 'Choose an approver or admin, or give them the role approver first.');
  const delegation: Delegation = { userId: absent, to, from: now, until, by: actor.userId };
  const name = await namesIn(outside, [actor.userId, absent, to]);
  const told = [
    note(delegation, to, `You decide in the place of ${name(absent)} while they are away. What waits for you: /${outside.settings.name} approvals.`),
    ...(absent === actor.userId
      ? []
      : [note(delegation, absent, `${name(actor.userId)} let ${name(to)} decide in your place. You can still decide yourself.`)]),
  ];
  await outside.store.transaction({
    puts: [put('delegation', absent, delegation), ...told],
    appends: [
      audited(outside, actor, {
        action: 'approvals.delegate',
        subject: absent,
        summary: `${to} decides in the place of ${absent}`,
        after: { to, until: String(until) },
      }),
    ],
  });
  outside.cards.changed(told.map(({ key }) => key));
  return delegation;
}

/** Named by the moment, so that the same is told once. */
function note({ userId, from }: Delegation, to: string, text: string): Put {
  return newCard(`delegation/${userId}/${from}/${to}`, { is: 'person', userId: to }, { is: 'note', text });
}

/** Who stands in for the actor now; null where nobody does. */
export async function delegationOf(outside: Pick<Outside, 'store' | 'clock'>, { userId }: Pick<Actor, 'userId'>): Promise<Delegation | null> {
  const found = (await outside.store.get('delegation', userId))?.value;
  return found === undefined || !isInForce(found, outside.clock.now()) ? null : found;
}

/** Ends it; by the absent one, or by a global admin. */
export async function undelegate(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>,
  actor: Actor,
  absent: string = actor.userId,
): Promise<void> {
  await requireDelegating(outside, actor, absent);
  const stored = await outside.store.get('delegation', absent);
  if (stored === undefined) throw new Refusal({ is: 'nothing-to-do', detail: 'Nobody stands in.' });
  const row = {
    action: 'approvals.undelegate',
    subject: absent,
    summary: `${stored.value.to} decides no longer in the place of ${absent}`,
    before: { to: stored.value.to },
  };
  const outcome = await outside.store.transaction({ puts: [put('delegation', absent, null, stored.version)], appends: [audited(outside, actor, row)] });
  if (outcome === 'conflict') throw new Refusal({ is: 'changed-meanwhile', what: 'Who stands in' });
}

async function requireDelegating(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, absent: string): Promise<void> {
  await requireRole(outside, actor);
  if (absent !== actor.userId) await requireRight(outside, actor, 'administer', null, 'say who stands in for somebody else');
}

async function mayDecideSomewhere(outside: Asking, teamId: string, userId: string): Promise<boolean> {
  const person = await knownActor(outside, teamId, userId);
  const organizations = await tree(outside);
  return [null, ...organizations.keys()].some((id) => holds(person, 'decide', id, organizations));
}
