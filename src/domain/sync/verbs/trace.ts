import type { Outside } from '../../../ports/outside.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import { evaluate } from '../../connectors/mapping-evaluate.ts';
import { fullName, type Person, type PersonId } from '../../directory/person.ts';
import { whoIs } from '../../protected/verbs/list.ts';
import { type Account, accountKey } from '../account.ts';
import type { ProvisioningEvent } from '../event.ts';
import { isUnderWay, type Run } from '../run.ts';
import { coverage } from '../scope.ts';
import type { Trace, TracedScope, TracedWrite } from '../trace.ts';

type Reading = Pick<Outside, 'store' | 'clock'>;

/** How far *one person now* came in a run: from the directory to what was written (S16), as everything stands now. */
export async function traceOf(outside: Reading, run: Run, personId: PersonId): Promise<Trace> {
  const { store } = outside;
  const person = (await store.get('person', personId))?.value;
  const account = (await store.get('account', accountKey(run.connectorId, personId)))?.value;
  const scope = await scopeOf(outside, run, person, personId);
  const base = {
    ...{ runId: run.id, personId, name: person === undefined ? (await whoIs(store, personId)).name : fullName(person), scope },
    directory: person === undefined ? null : { source: person.source, organization: await organizationOf(outside, person.organizationId) },
  };
  if (scope.is === 'out') return { ...base, matched: null, mapped: null, write: null };
  const event = await eventOf(outside, run, personId);
  return {
    ...base,
    matched: matchedBy(account, event),
    mapped: await mappedFor(outside, run, person, account),
    write: await writeOf(outside, run, personId, event),
  };
}

async function scopeOf(outside: Reading, run: Run, person: Person | undefined, personId: PersonId): Promise<TracedScope> {
  const { store } = outside;
  const offboarding = (await store.get('offboarding', personId))?.value;
  if (offboarding !== undefined && offboarding.released === null) return { is: 'out', why: 'offboarded' };
  if (person === undefined) return { is: 'out', why: 'left-directory' };
  if (person.status !== 'active') return { is: 'out', why: 'not-enabled' };
  const assignments: Assignment[] = [];
  for await (const page of store.scan('assignment', { prefix: `${run.connectorId}/` })) assignments.push(...page.map(({ value }) => value));
  const covering = coverage(assignments, outside.clock.now())(person);
  if (covering === undefined) return { is: 'out', why: 'no-assignment' };
  const grouping = (await store.get('grouping', covering.groupingId))?.value;
  return { is: 'in', grouping: grouping?.name ?? covering.groupingId, organization: await organizationOf(outside, covering.organizationId) };
}

async function organizationOf({ store }: Reading, id: string): Promise<string> {
  return (await store.get('organization', id))?.value.name ?? '';
}

async function eventOf({ store }: Reading, run: Run, personId: PersonId): Promise<ProvisioningEvent | null> {
  const query = { partition: run.connectorId, match: { runId: run.id, subjectId: personId }, from: run.requestedAt, order: 'newest', limit: 1 } as const;
  for await (const rows of store.rows('event', query)) return rows[0]?.row ?? null;
  return null;
}

function matchedBy(account: Account | undefined, event: ProvisioningEvent | null): Trace['matched'] {
  if (account === undefined || account.targetId === null || account.state === 'pending' || account.state === 'gone') return null;
  const { targetId, origin } = account;
  if (event?.success !== true) return { targetId, by: 'linked' };
  if (event.type === 'user_create_provision') return { targetId, by: 'created' };
  const joined = origin === 'adopted' && account.timeline.some(([at, state]) => at === event.at && state === 'active');
  return { targetId, by: joined ? 'adopted' : 'linked' };
}

async function mappedFor(outside: Reading, run: Run, person: Person | undefined, account: Account | undefined): Promise<Trace['mapped']> {
  const mapping = (await outside.store.get('connector', run.connectorId))?.value.inForce?.mapping;
  if (mapping === undefined || person === undefined) return null;
  const organizationName = await organizationOf(outside, person.organizationId);
  // A value that is still to be generated is made by the run; until then it is shown as the first that could be.
  const { values, missing } = evaluate(mapping, person, { organizationName, kept: account?.generated ?? {}, taken: () => false });
  return { values, missing };
}

async function writeOf({ store }: Reading, run: Run, personId: PersonId, event: ProvisioningEvent | null): Promise<TracedWrite> {
  if (event !== null) return { is: event.success ? 'written' : 'failed', event };
  const present = (await store.get('run', run.id))?.value ?? run;
  const waiting = (present.expedite ?? []).includes(personId);
  if (isUnderWay(present)) return { is: 'waiting' };
  return present.state.is === 'ended' && present.state.ending === 'completed' && !waiting ? { is: 'unchanged' } : { is: 'not-reached' };
}
