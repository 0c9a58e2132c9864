import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { Put } from '../../../ports/store.ts';
import { newCard, redrawn } from '../../cards/show.ts';
import { findPerson } from '../../directory/verbs/find.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import type { PersonId } from '../../directory/person.ts';
import { everyConnector, protectionOf, shieldIn, whoIs } from '../../protected/verbs/list.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRight, requireRole, tree } from '../../rights/verbs/who.ts';
import { type AccountState, accountKey } from '../../sync/account.ts';
import type { Offboarding } from '../offboarding.ts';
import { isReachable } from '../next-steps.ts';
import { offboardingCards, pursue, type Pursuing } from './pursue.ts';

type Known = Pick<Outside, 'store' | 'settings' | 'breath'>;

const LONGEST_WHY = 300;

/** What off-boarding somebody comes to (C11). */
export interface OffboardPreview {
  readonly personId: PersonId;
  readonly name: string;
  readonly organization: string | null;
  readonly accounts: readonly {
    readonly connector: string;
    readonly state: AccountState;
    /** They stay there (A7). */
    readonly protectedBecause: string | null;
    /** Usher can't reach the application. */
    readonly disconnected: boolean;
  }[];
  /** They are off-boarded already. */
  readonly standing: Offboarding | null;
}

/** Refuses whoever does not administer the person's organization; everything, for somebody who left the directory. */
export async function requireOffboarder(outside: Known, actor: Actor, personId: PersonId): Promise<void> {
  await requireRole(outside, actor);
  const person = (await outside.store.get('person', personId))?.value;
  // Who left the directory is as unknown as who never was, but to whom everything may be told.
  if (!holds(actor, person === undefined ? 'administer' : 'see', person?.organizationId ?? null, await tree(outside))) throw unknown(personId);
  await requireRight(outside, actor, 'administer', person?.organizationId ?? null, 'off-board people there');
}

/** The person meant: of the directory, or by the id of somebody who left it and still has an account or stays out. */
export async function offboardable(outside: Known, actor: Actor, typed: string): Promise<PersonId> {
  try {
    return (await findPerson(outside, actor, typed)).id;
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.reason.is !== 'not-found' || !holds(actor, 'administer', null, await tree(outside))) throw refusal;
    const id = typed.trim();
    if ((await outside.store.get('offboarding', id)) !== undefined) return id;
    for (const connector of await everyConnector(outside.store))
      if ((await outside.store.get('account', accountKey(connector.id, id))) !== undefined) return id;
    throw refusal;
  }
}

export async function offboardPreview(outside: Known, actor: Actor, personId: PersonId): Promise<OffboardPreview> {
  await requireOffboarder(outside, actor, personId);
  const shields = await protectionOf(outside.store, personId);
  const accounts: OffboardPreview['accounts'][number][] = [];
  for (const connector of await everyConnector(outside.store)) {
    const account = (await outside.store.get('account', accountKey(connector.id, personId)))?.value;
    if (account === undefined || account.state === 'gone') continue;
    const protectedBecause = shieldIn(shields, connector.id)?.why ?? null;
    accounts.push({ connector: connector.name, state: account.state, protectedBecause, disconnected: !isReachable(connector) });
  }
  const stored = (await outside.store.get('offboarding', personId))?.value;
  return { personId, ...(await whoIs(outside.store, personId)), accounts, standing: stored?.released === null ? stored : null };
}

/**
 * Off-boards somebody at once (S25): from now on no assignment covers them, whatever the directory says, and every
 * account that they have is deactivated ahead of queues, fuse and freeze. Its card goes to whoever asked, who may see names.
 */
export async function offboard(outside: Known & Pursuing, actor: Actor, personId: PersonId, typed: string | null): Promise<Offboarding> {
  await requireOffboarder(outside, actor, personId);
  const why = typed === null || typed.trim() === '' ? null : typed.trim();
  if (why !== null && why.length > LONGEST_WHY) throw badInput('why', 'The reason is too long.', `Use at most ${LONGEST_WHY} characters.`);
  const stored = await outside.store.get('offboarding', personId);
  const { name } = await whoIs(outside.store, personId);
  if (stored?.value.released === null) throw new Refusal({ is: 'nothing-to-do', detail: `${name} is off-boarded already, and stays out until released.` });
  const at = outside.clock.now();
  const made: Offboarding = { personId, name, by: actor.userId, at, why, steps: [], released: null };
  const card = newCard(`${offboardingCards(personId)}${outside.chance.id()}`, { is: 'person', userId: actor.userId }, { is: 'offboarding', personId }, true);
  const row = audited(outside, actor, {
    ...{ action: 'offboarding.start', subject: personId, summary: `off-boarded ${personId} everywhere at once${why === null ? '' : `: ${why}`}` },
    before: null,
    after: why === null ? {} : { why },
  });
  if ((await outside.store.transaction({ puts: [put('offboarding', personId, made, stored?.version ?? 0), card], appends: [row] })) === 'conflict')
    throw new Refusal({ is: 'changed-meanwhile', what: 'the off-boarding' });
  outside.cards.changed([card.key]);
  await pursue(outside, personId);
  return (await outside.store.get('offboarding', personId))?.value ?? made;
}

/** Lets somebody back in: from the next sync on the directory and the assignments decide again. */
export async function releaseOffboarding(outside: Known & Pick<Outside, 'clock' | 'chance' | 'cards'>, actor: Actor, personId: PersonId): Promise<Offboarding> {
  await requireOffboarder(outside, actor, personId);
  const stored = await outside.store.get('offboarding', personId);
  if (stored?.value.released !== null || stored === undefined) throw new Refusal({ is: 'nothing-to-do', detail: 'They are not off-boarded.' });
  const next: Offboarding = { ...stored.value, released: { by: actor.userId, at: outside.clock.now() } };
  const cards: Put[] = [];
  for await (const page of outside.store.scan('card', { prefix: offboardingCards(personId) }))
    for (const { value, version } of page) cards.push(redrawn({ value, version }, true));
  const row = audited(outside, actor, {
    ...{ action: 'offboarding.release', subject: personId, summary: `let ${personId} back in` },
    before: { by: stored.value.by, at: new Date(stored.value.at).toISOString() },
    after: null,
  });
  if ((await outside.store.transaction({ puts: [put('offboarding', personId, next, stored.version), ...cards], appends: [row] })) === 'conflict')
    throw new Refusal({ is: 'changed-meanwhile', what: 'the off-boarding' });
  outside.cards.changed(cards.map(({ key }) => key));
  return next;
}

/** Everybody who stays out, of the organizations that the actor administers; the latest first. */
export async function offboarded(outside: Known, actor: Actor): Promise<readonly Offboarding[]> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const found: Offboarding[] = [];
  for await (const page of outside.store.scan('offboarding')) {
    for (const { value } of page) {
      if (value.released !== null) continue;
      const organizationId: OrganizationId | null = (await outside.store.get('person', value.personId))?.value.organizationId ?? null;
      if (holds(actor, 'administer', organizationId, organizations)) found.push(value);
    }
  }
  return found.sort((a, b) => b.at - a.at);
}

/** What a card shows: applications by name. */
export interface OffboardingModel {
  readonly offboarding: Offboarding;
  readonly applications: ReadonlyMap<string, string>;
  readonly timeZone: string;
}

export async function offboardingModel(outside: Pick<Outside, 'store' | 'settings'>, personId: PersonId): Promise<OffboardingModel | null> {
  const offboarding = (await outside.store.get('offboarding', personId))?.value;
  if (offboarding === undefined) return null;
  const applications = new Map((await everyConnector(outside.store)).map(({ id, name }) => [id, name]));
  return { offboarding, applications, timeZone: outside.settings.timeZone };
}

function unknown(personId: PersonId): Refusal {
  return new Refusal({ is: 'not-found', what: 'person', typed: personId, near: [] });
}
