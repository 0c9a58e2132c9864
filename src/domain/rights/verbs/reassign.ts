import type { Put } from '../../../ports/store.ts';
import { subscriptionKey } from '../../alerts/alert.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { type Actor, holds } from '../grant.ts';
import type { SlackPerson } from '../role-grant.ts';
import { ownedBy } from './owned.ts';
import { refreshPerson } from './refresh.ts';
import { storedPerson } from './stored.ts';
import { knownActor, requireRight, tree } from './who.ts';

export const REASSIGNABLE = ['connectors', 'subscriptions', 'policies', 'delegations'] as const;
/** What can be moved to somebody else (X11). A schedule moves with its connector; a request stays its requester's (P3). */
export type Reassignable = (typeof REASSIGNABLE)[number];

type Parts = Parameters<typeof refreshPerson>[0];

/** How many of each were moved. */
export type Reassigned = Readonly<Record<Reassignable, number>>;

/**
 * Moves what somebody owns to somebody else (X11): a global admin's. The new one must be an active member with the
 * rights that what they take over hangs on. Refused where there is nothing of it; all of it moves, or nothing.
 */
export async function reassign(
  outside: Parts,
  actor: Actor,
  { from, to, what }: { readonly from: string; readonly to: string; readonly what: readonly Reassignable[] },
): Promise<Reassigned> {
  await requireRight(outside, actor, 'administer', null, 're-assign what people own');
  if (from === to) throw badInput('to', 'They own it already.', 'Choose somebody else.');
  const heir = await refreshPerson(outside, to);
  if (heir === undefined || heir.deactivated !== null || heir.guest || heir.foreign)
    throw badInput('to', 'Only an active full member of this workspace can take it over.', 'Choose somebody else.');
  await requireGone(outside, from, what);
  for (;;) {
    const moves = await movesOf(outside, from, heir, new Set(what));
    const counts: Reassigned = { connectors: 0, subscriptions: 0, policies: 0, delegations: 0, ...countsOf(moves) };
    const name = (await storedPerson(outside, from))?.name ?? from;
    if (moves.length === 0) throw new Refusal({ is: 'nothing-to-do', detail: `${name} owns nothing of that.` });
    const outcome = await outside.store.transaction({
      puts: moves.map((move) => move.put),
      appends: moves.map(({ kind, subject, connectorId }) =>
        audited(outside, actor, {
          action: 'roles.reassign',
          connectorId,
          subject,
          summary: `re-assigned ${WORD[kind]} ${subject} from ${name} to ${heir.name}`,
          before: { owner: from },
          after: { owner: to },
        }),
      ),
    });
    if (outcome === 'committed') return counts;
  }
}

/** While somebody is here, who decides in their place is a change of the policy, which may take two people; it must not be one admin's by this way (P3). */
async function requireGone(outside: Parts, from: string, what: readonly Reassignable[]): Promise<void> {
  if (!what.includes('policies') && !what.includes('delegations')) return;
  const owner = await refreshPerson(outside, from);
  if (owner === undefined || owner.deactivated !== null) return;
  const { policies, delegations } = await ownedBy(outside, from);
  if ((what.includes('policies') && policies.length > 0) || (what.includes('delegations') && delegations.length > 0))
    throw badInput('what', `${owner.name} still decides on requests.`, 'Move connectors and subscriptions only; edit the policies for the rest.');
}

const WORD: Readonly<Record<Reassignable, string>> = {
  connectors: 'connector',
  subscriptions: 'alert subscription',
  policies: 'a place in approval policy',
  delegations: 'delegation of',
};

interface Move {
  readonly kind: Reassignable;
  readonly subject: string;
  readonly connectorId: string | null;
  readonly put: Put;
}

function countsOf(moves: readonly Move[]): Partial<Reassigned> {
  return Object.fromEntries(REASSIGNABLE.map((kind) => [kind, moves.filter((move) => move.kind === kind).length]));
}

async function movesOf(outside: Parts, from: string, heir: SlackPerson, what: ReadonlySet<Reassignable>): Promise<readonly Move[]> {
  const owned = await ownedBy(outside, from);
  return [
    ...(what.has('connectors') ? await Promise.all(owned.connectors.map(({ id }) => connectorMove(outside, id, heir))) : []),
    ...(what.has('subscriptions') ? await Promise.all(owned.subscriptions.map((one) => subscriptionMove(outside, subscriptionKey(one), from, heir))) : []),
    ...(what.has('policies') ? await Promise.all(owned.policies.map(({ id }) => policyMove(outside, id, from, heir))) : []),
    ...(what.has('delegations') ? await Promise.all(owned.delegations.map(({ userId }) => delegationMove(outside, userId, from, heir))) : []),
  ].filter((move) => move !== undefined);
}

async function connectorMove(outside: Parts, id: string, heir: SlackPerson): Promise<Move | undefined> {
  const stored = await outside.store.get('connector', id);
  if (stored === undefined) return undefined;
  const { name, organizationId } = stored.value;
  await requireHeir(outside, heir, 'administer', organizationId, `${name} needs an admin there`);
  return { kind: 'connectors', subject: name, connectorId: id, put: put('connector', id, { ...stored.value, owner: heir.id }, stored.version) };
}

/** A subscription to all connectors covers what its subscriber may run: the heir's rights take the place of the old ones. */
async function subscriptionMove(outside: Parts, key: string, from: string, heir: SlackPerson): Promise<Move | undefined> {
  const stored = await outside.store.get('subscription', key);
  if (stored === undefined) return undefined;
  const { connectorId, by, escalation } = stored.value;
  const connector = connectorId === null ? undefined : (await outside.store.get('connector', connectorId))?.value;
  if (by === from && connector !== undefined)
    await requireHeir(outside, heir, 'run', connector.organizationId, `alerts of ${connector.name} need an operator there`);
  const owner = by === from ? { by: heir.id, teamId: heir.teamId } : {};
  const told = escalation?.to === from ? { escalation: { ...escalation, to: heir.id } } : {};
  return { kind: 'subscriptions', subject: key, connectorId, put: put('subscription', key, { ...stored.value, ...owner, ...told }, stored.version) };
}

/** In a policy the heir decides where the old one did; they can't be counted twice in it (P3). */
async function policyMove(outside: Parts, id: string, from: string, heir: SlackPerson): Promise<Move | undefined> {
  const stored = await outside.store.get('policy', id);
  if (stored === undefined) return undefined;
  const policy = stored.value;
  await requireHeir(outside, heir, 'decide', policy.organizationId, `policy ${id} needs somebody who may decide there`);
  if (policy.steps.some(({ approvers }) => approvers.people.includes(heir.id)))
    throw badInput('to', `${heir.name} is an approver of policy ${id} already.`, 'Choose somebody else, or edit that policy.');
  const steps = policy.steps.map((step) => ({
    ...step,
    approvers: { ...step.approvers, people: step.approvers.people.map((userId) => (userId === from ? heir.id : userId)) },
  }));
  return { kind: 'policies', subject: id, connectorId: null, put: put('policy', id, { ...policy, steps }, stored.version) };
}

/** Whom they stood in for gets the heir; that somebody stood in for them is over. */
async function delegationMove(outside: Parts, absent: string, from: string, heir: SlackPerson): Promise<Move | undefined> {
  const stored = await outside.store.get('delegation', absent);
  if (stored === undefined) return undefined;
  const isOver = absent === from || absent === heir.id;
  const next = isOver ? null : { ...stored.value, to: heir.id };
  return { kind: 'delegations', subject: absent, connectorId: null, put: put('delegation', absent, next, stored.version) };
}

async function requireHeir(
  outside: Parts,
  heir: SlackPerson,
  right: 'run' | 'decide' | 'administer',
  organizationId: string | null,
  need: string,
): Promise<void> {
  const { grants } = await knownActor(outside, heir.teamId, heir.id);
  if (holds({ grants }, right, organizationId, await tree(outside))) return;
  throw badInput('to', `${heir.name} has no right to take it over: ${need}.`, 'Give them the role first, or choose somebody else.');
}
