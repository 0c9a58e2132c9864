import type { Outside } from '../../../ports/outside.ts';
import type { HistoryCursor, HistoryEntry } from '../../assignments/history.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorById, type VisibleConnector } from '../../connectors/verbs/find.ts';
import { fullName, type Person, type PersonId } from '../../directory/person.ts';
import { whoIs } from '../../protected/verbs/list.ts';
import { entriesOfPerson } from '../../enrollment/verbs/entries.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { type Account, accountKey } from '../../sync/account.ts';
import { type Decision, decide } from '../../sync/decide.ts';
import type { ProvisioningEvent } from '../../sync/event.ts';
import { planSource } from '../../sync/plan-source.ts';
import { coverage, isEffective } from '../../sync/scope.ts';
import { survey } from '../../sync/survey.ts';
import { runUnderWay } from '../../sync/verbs/create-run.ts';
import { type Explanation, explain, type Facts, type Granted, type Named } from '../explanation.ts';
import { timelineOf } from './timeline.ts';

export interface Why {
  readonly connector: Connector;
  readonly personId: PersonId;
  readonly name: string;
  readonly explanation: Explanation;
  readonly timeline: { readonly entries: readonly HistoryEntry[]; readonly next: HistoryCursor | null };
  /** Names of the people whom a frozen person is mixed up with, as far as whoever asks may see them; else their ids. */
  readonly nameOf: (personId: PersonId) => string;
}

type Reading = Pick<Outside, 'store' | 'settings' | 'breath' | 'clock'>;

/** Assigned roles and groups told by name to somebody who is in none of them. */
const ASSIGNED_SHOWN = 5;

/**
 * Why a person has an account in a connector, or none, with what led there, newest first (S18). Refuses as *not found*
 * a person of an organization that the actor may not see. Plans for everybody to be sure of one: for after the ack.
 */
export async function why(
  outside: Reading,
  actor: Actor,
  { connectorId, personId }: { readonly connectorId: ConnectorId; readonly personId: PersonId },
  page: { readonly after: HistoryCursor | null; readonly limit: number },
): Promise<Why> {
  const visible = await connectorById(outside, actor, connectorId);
  const { store } = outside;
  const person = (await store.get('person', personId))?.value;
  const account = (await store.get('account', accountKey(connectorId, personId)))?.value;
  const theirs = person === undefined ? visible.whole && account !== undefined : holds(actor, 'see', person.organizationId, await tree(outside));
  if (!theirs) throw new Refusal({ is: 'not-found', what: 'person', typed: personId, near: [] });
  const facts = await factsOf(outside, visible, { personId, person, account });
  const explanation = explain(facts);
  return {
    connector: visible.connector,
    personId,
    name: person === undefined ? (await whoIs(store, personId)).name : fullName(person),
    explanation,
    timeline: await timelineOf(outside, visible, { personId, person }, page),
    nameOf: await namesIn(outside, visible, explanation),
  };
}

interface Subject {
  readonly personId: PersonId;
  readonly person: Person | undefined;
  readonly account: Account | undefined;
}

async function factsOf(outside: Reading, visible: VisibleConnector, subject: Subject): Promise<Facts> {
  const { store } = outside;
  const { connector } = visible;
  const now = outside.clock.now();
  const assignments: Assignment[] = [];
  for await (const rows of store.scan('assignment', { prefix: `${connector.id}/` })) assignments.push(...rows.map(({ value }) => value));
  const covering = subject.person === undefined ? undefined : coverage(assignments, now)(subject.person);
  const effective = assignments.filter((assignment) => isEffective(assignment, now));
  return {
    status: subject.person?.status ?? 'left',
    connector: connector.state.is,
    account: subject.account,
    granted: covering === undefined ? null : await grantedBy(outside, visible, covering),
    assigned: { first: await Promise.all(effective.slice(0, ASSIGNED_SHOWN).map((one) => named(outside, visible, one))), count: effective.length },
    decision: await decisionOn(outside, connector, subject),
    hold: await holdOf(outside, connector.id, subject.personId),
    offboarded: await offboardingOf(outside, connector.id, subject.personId),
    written: await lastEvent(outside, connector.id, subject.personId, { success: true }),
    latest: await lastEvent(outside, connector.id, subject.personId, {}),
    waitingSince: await waitingSinceOf(outside, connector.id, subject.personId),
    running: (await runUnderWay(store, connector.id))?.id ?? null,
  };
}

async function grantedBy(outside: Reading, visible: VisibleConnector, assignment: Assignment): Promise<Granted> {
  let approvedBy: readonly string[] = [];
  const match = { action: 'assignments.assign', subject: assignment.id };
  for await (const rows of outside.store.rows('audit', { partition: visible.connector.id, match, order: 'newest', limit: 1 }))
    approvedBy = rows[0]?.row.approval?.approvedBy ?? [];
  return { ...(await named(outside, visible, assignment)), since: assignment.effectiveAt, by: assignment.by, approvedBy };
}

async function named({ store }: Reading, { whole, organizations }: VisibleConnector, { groupingId, organizationId }: Assignment): Promise<Named> {
  if (!whole && !organizations.has(organizationId)) return { name: '', organization: '' };
  const grouping = (await store.get('grouping', groupingId))?.value;
  const organization = (await store.get('organization', organizationId))?.value;
  return { name: grouping?.name ?? groupingId, organization: organization?.name ?? '' };
}

/** What a run would do now. Two people may want the same value: everybody has to be looked at. */
async function decisionOn(outside: Reading, connector: Connector, { personId, person, account }: Subject): Promise<Decision | null> {
  if (connector.inForce === null) return null;
  const source = await planSource(outside, connector, connector.inForce, outside.clock.now());
  return decide({ personId, person, account }, source.everybody, await survey(source.everybody));
}

async function holdOf({ store }: Reading, connectorId: ConnectorId, personId: PersonId): Promise<Facts['hold']> {
  for await (const rows of store.scan('hold')) {
    for (const { value } of rows) {
      const { id, reason, expiresAt, state, people, released } = value;
      if (value.connectorId === connectorId && state.is === 'open' && people.includes(personId) && !released.includes(personId))
        return { id, reason, expiresAt };
    }
  }
  return null;
}

async function waitingSinceOf(outside: Reading, connectorId: ConnectorId, personId: PersonId): Promise<Facts['waitingSince']> {
  for await (const entry of entriesOfPerson(outside, personId))
    if (entry.connectorId === connectorId && entry.waitingSince !== null && entry.state.is === 'active') return entry.waitingSince;
  return null;
}

async function offboardingOf({ store }: Reading, connectorId: ConnectorId, personId: PersonId): Promise<Facts['offboarded']> {
  const stored = (await store.get('offboarding', personId))?.value;
  if (stored === undefined || stored.released !== null) return null;
  const { by, at, why: because, steps } = stored;
  return { by, at, why: because, step: steps.find((step) => step.connectorId === connectorId)?.state ?? null };
}

async function lastEvent(
  { store }: Reading,
  connectorId: ConnectorId,
  personId: PersonId,
  match: Partial<ProvisioningEvent>,
): Promise<ProvisioningEvent | null> {
  for await (const rows of store.rows('event', { partition: connectorId, match: { ...match, subjectId: personId }, order: 'newest', limit: 1 }))
    return rows[0]?.row ?? null;
  return null;
}

async function namesIn({ store }: Reading, { whole, organizations }: VisibleConnector, { standing }: Explanation): Promise<Why['nameOf']> {
  const names = new Map<PersonId, string>();
  if (standing.is === 'frozen') {
    const { because } = standing;
    const others = because.is === 'same-match' ? because.others : 'personId' in because ? [because.personId] : [];
    for (const id of others) {
      const person = (await store.get('person', id))?.value;
      const seen = person !== undefined && (whole || organizations.has(person.organizationId));
      names.set(id, seen ? fullName(person) : whole ? id : 'somebody of another organization');
    }
  }
  return (id) => names.get(id) ?? id;
}
