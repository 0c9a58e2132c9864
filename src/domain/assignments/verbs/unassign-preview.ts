import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { fullName, type PersonId } from '../../directory/person.ts';
import { peopleAndAccounts } from '../../projections/people-and-accounts.ts';
import { protectedIn } from '../../protected/protected-in.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';
import { accountKey } from '../../sync/account.ts';
import { leaving } from '../../sync/decide.ts';
import { coverage } from '../../sync/scope.ts';
import type { Assignment } from '../assignment.ts';

/** What ending an assignment would do (A3). */
export interface UnassignPreview {
  readonly assignment: Assignment;
  readonly connector: Connector;
  readonly grouping: string;
  readonly organization: string;
  /** Everybody who would lose their account: no other assignment of the connector covers them. In the order of ids. */
  readonly losing: readonly PersonId[];
  /** Stands for exactly these people: what a confirmation carries. */
  readonly agreed: string;
  /** People in it whom another assignment covers: nothing changes for them. */
  readonly staying: number;
  /** People in it who are protected: they keep their account although nothing covers them (A7). Counted neither in `losing` nor in `staying`. */
  readonly protected: number;
  /** People in it who have no account yet, and will not get one. */
  readonly without: number;
}

type Parts = Pick<Outside, 'store' | 'settings' | 'breath' | 'clock' | 'fingerprint'>;

/** Counts and lists who would lose their account. Refuses like `unassign`. Reads everybody in the role or group: for after the ack. */
export async function unassignPreview(outside: Parts, actor: Actor, assignmentId: string): Promise<UnassignPreview> {
  const { assignment, connector, grouping, organization } = await requireAssignment(outside, actor, assignmentId);
  const now = outside.clock.now();
  const all: Assignment[] = [];
  for await (const page of outside.store.scan('assignment', { prefix: `${connector.id}/` })) all.push(...page.map(({ value }) => value));
  const covers = coverage(all, now);
  const coversAfter = coverage(
    all.filter(({ id }) => id !== assignment.id),
    now,
  );
  const losing: PersonId[] = [];
  let staying = 0;
  const protectedPeople = await protectedIn(outside.store, connector.id);
  let shielded = 0;
  let without = 0;
  for (const personId of await peopleAndAccounts(outside).peopleIn(assignment.groupingId)) {
    const pause = outside.breath.due();
    if (pause !== undefined) await pause;
    const person = (await outside.store.get('person', personId))?.value;
    if (person?.status !== 'active' || !person.groupings.includes(assignment.groupingId)) continue;
    const account = (await outside.store.get('account', accountKey(connector.id, personId)))?.value;
    if (coversAfter(person) !== undefined) staying += 1;
    else {
      const decision = covers(person) === undefined ? 'none' : leaving({ personId, person, account }, { deletesLeavers: false, now, protectedPeople });
      if (losesAccount(decision)) losing.push(personId);
      else if (decision === 'none') without += 1;
      else shielded += 1;
    }
  }
  return {
    assignment,
    connector,
    grouping,
    organization,
    losing,
    agreed: outside.fingerprint.of(JSON.stringify([assignmentId, losing])),
    staying,
    protected: shielded,
    without,
  };
}

function losesAccount(decision: ReturnType<typeof leaving>): boolean {
  return typeof decision === 'object' && decision.is === 'deactivate';
}

/** Names of these people, in their order; the id of somebody who left the directory meanwhile. */
export async function namesOfPeople(outside: Pick<Outside, 'store'>, ids: readonly PersonId[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const id of ids) {
    const person = (await outside.store.get('person', id))?.value;
    names.push(person === undefined ? id : fullName(person));
  }
  return names;
}

export interface FoundAssignment {
  readonly assignment: Assignment;
  readonly version: number;
  readonly connector: Connector;
  readonly connectorVersion: number;
  readonly grouping: string;
  readonly organization: string;
}

/** The assignment in force that the actor may end: with the right to administer at its organization (C3). Refuses all others, and an ended one. */
export async function requireAssignment(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, assignmentId: string): Promise<FoundAssignment> {
  await requireRole(outside, actor);
  const stored = await outside.store.get('assignment', assignmentId);
  const connector = stored === undefined ? undefined : await outside.store.get('connector', stored.value.connectorId);
  const organizations = await tree(outside);
  if (stored === undefined || connector === undefined || !holds(actor, 'see', stored.value.organizationId, organizations))
    throw new Refusal({ is: 'not-found', what: 'assignment', typed: assignmentId, near: [] });
  const { value: assignment } = stored;
  const organization = organizations.get(assignment.organizationId)?.name ?? null;
  if (!holds(actor, 'administer', assignment.organizationId, organizations))
    throw new Refusal({ is: 'not-allowed', action: `un-assign ${connector.value.name}`, organization, ask: await whomToAsk(outside) });
  const grouping = (await outside.store.get('grouping', assignment.groupingId))?.value.name ?? 'a group that is gone';
  if (assignment.ended !== null) throw new Refusal({ is: 'nothing-to-do', detail: `${connector.value.name} is no longer assigned to ${grouping}.` });
  return {
    assignment,
    version: stored.version,
    connector: connector.value,
    connectorVersion: connector.version,
    grouping,
    organization: organization ?? '–',
  };
}
