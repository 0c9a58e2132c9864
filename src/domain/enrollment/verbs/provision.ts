import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import type { Place } from '../../cards/card.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import { fullName, type Person, type PersonId } from '../../directory/person.ts';
import { badInput, Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Run } from '../../sync/run.ts';
import { coverage } from '../../sync/scope.ts';
import { createRun, runUnderWay } from '../../sync/verbs/create-run.ts';
import { requireActive } from '../../sync/verbs/start.ts';
import { newTask, TASK_COUNTER } from '../after-run.ts';
import { switchOf } from '../rules-in-force.ts';
import type { BulkSummary } from '../shown.ts';
import { type EnrollmentTask, taskCard } from '../task.ts';
import { Tally } from './bulk.ts';
import { readiness } from './entries.ts';
import { entryPuts, type Gathering, openedRow, readyAmong } from './gather.ts';
import { switchedOff } from './permit.ts';

/** People chosen by hand, at most: they become one transaction. More than that are a sync's. */
export const MOST_CHOSEN = 500;

export interface Provisioned extends BulkSummary {
  /** Null where nobody was left to provision. */
  readonly task: EnrollmentTask | null;
  /** The run that makes the missing accounts first; null where none was missing. */
  readonly run: Run | null;
}

type Provisioning = Gathering & Pick<Outside, 'settings'>;

/**
 * *Provision* for chosen people (E1): those with an account are in the new task at once; the others get one by a run of
 * their own, which is made together with the task, and join it when it ends. Whoever can't be is left out and told. Takes
 * the right to run syncs at the connector's organization; refused where the connector doesn't enroll (E13).
 */
export async function provisionByHand(
  outside: Provisioning,
  actor: Actor,
  connectorId: ConnectorId,
  personIds: readonly PersonId[],
  place?: Place,
): Promise<Provisioned> {
  const { connector } = await requireConnector(outside, actor, connectorId, 'run', 'provision people in');
  requireActive(connector, 'provision');
  const ids = [...new Set(personIds)];
  if (ids.length === 0) throw badInput('people', 'Nobody was chosen.', 'Choose the people to provision.');
  if (ids.length > MOST_CHOSEN) throw badInput('people', `That are ${ids.length} people.`, `Up to ${MOST_CHOSEN} go in one task; a sync provisions all.`);
  if (!(await switchOf(outside.store, connectorId)).on) throw switchedOff(connector);
  for (;;) {
    const tried = await provision(outside, actor, connector, ids, place);
    if (tried !== 'conflict') return tried;
  }
}

async function provision(
  outside: Provisioning,
  actor: Actor,
  connector: Connector,
  ids: readonly PersonId[],
  place?: Place,
): Promise<Provisioned | 'conflict'> {
  const tally = new Tally();
  const counter = await outside.store.get('counter', TASK_COUNTER);
  const { ready, missing } = await sorted(outside, connector, ids, tally);
  const under = missing.length === 0 ? undefined : await runUnderWay(outside.store, connector.id);
  if (under !== undefined) {
    if (ready.length === 0) throw isRunning(connector, under);
    // The run under way makes their accounts and opens a task for them.
    for (const person of missing) tally.skip(`without an account while ${under.id} runs`, fullName(person));
  }
  const first = under === undefined ? missing : [];
  tally.did(ready.length + first.length);
  if (tally.done === 0) return { ...tally.summary(), task: null, run: null };
  if (first.length > 0) return await withRun(outside, actor, connector, { ready, missing: first, tally, ...(place === undefined ? {} : { place }) });
  const { task, puts } = await newTask(outside, { connector, runId: null, by: actor.userId, byHand: true, state: { is: 'open' }, counter });
  const outcome = await outside.store.transaction({
    puts: [...puts, ...(await entryPuts(outside, task, ready))],
    appends: [openedRow(outside, task, connector, ready.length, actor.way)],
  });
  if (outcome === 'conflict') return 'conflict';
  outside.cards.changed([taskCard(task.id)]);
  outside.work.mail();
  return { ...tally.summary(), task, run: null };
}

interface Chosen {
  readonly ready: readonly Person[];
  readonly missing: readonly Person[];
  readonly tally: Tally;
  readonly place?: Place;
}

/** The run, its task and the entries of those who have an account, at once: no crash leaves one without the other. */
async function withRun(outside: Provisioning, actor: Actor, connector: Connector, { ready, missing, tally, place }: Chosen): Promise<Provisioned> {
  const run = await createRun(outside, {
    ...{ connector, kind: 'person', scope: { is: 'people', ids: missing.map(({ id }) => id) }, by: actor.userId, way: actor.way, verb: 'provision', place },
    along: async ({ id }): Promise<readonly Put[]> => {
      const counter = await outside.store.get('counter', TASK_COUNTER);
      const still = await readyAmong(
        outside,
        connector.id,
        ready.map((person) => person.id),
      );
      const { task, puts } = await newTask(outside, { connector, runId: id, by: actor.userId, byHand: true, state: { is: 'gathering' }, counter });
      return [...puts, ...(await entryPuts(outside, task, still))];
    },
  });
  outside.work.mail();
  const taskId = (await outside.store.get('taskOfRun', run.id))?.value.taskId;
  const task = taskId === undefined ? undefined : await outside.store.get('task', taskId);
  if (task !== undefined) outside.cards.changed([taskCard(task.value.id)]);
  return { ...tally.summary(), task: task?.value ?? null, run };
}

async function sorted(outside: Provisioning, connector: Connector, ids: readonly PersonId[], tally: Tally): Promise<Pick<Chosen, 'ready' | 'missing'>> {
  const covers = await coverageOf(outside, connector);
  const ready: Person[] = [];
  const missing: Person[] = [];
  for (const id of ids) {
    const person = (await outside.store.get('person', id))?.value;
    const name = person === undefined ? id : fullName(person);
    const is = await readiness(outside, connector.id, id);
    const why = is.is === 'skipped' ? is.why : person === undefined ? 'not in the directory' : await whyNot(outside, person, covers);
    if (why !== null) tally.skip(why, name);
    else if (is.is === 'ready') ready.push(is.person);
    else if (person !== undefined) missing.push(person);
    const pause = outside.breath.due();
    if (pause) await pause;
  }
  return { ready, missing };
}

async function coverageOf({ store, clock }: Provisioning, connector: Connector): Promise<ReturnType<typeof coverage>> {
  const assignments: Assignment[] = [];
  for await (const page of store.scan('assignment', { prefix: `${connector.id}/` })) assignments.push(...page.map(({ value }) => value));
  return coverage(assignments, clock.now());
}

/** Why somebody shall have no account here; null where they shall. */
async function whyNot({ store }: Provisioning, person: Person, covers: ReturnType<typeof coverage>): Promise<string | null> {
  const offboarding = (await store.get('offboarding', person.id))?.value;
  if (offboarding?.released === null) return 'off-boarded';
  if (person.status !== 'active') return 'not active in the directory';
  return covers(person) === undefined ? 'not assigned' : null;
}

function isRunning({ id, name }: Connector, run: Run): Refusal {
  return new Refusal({ is: 'running', connectorId: id, connector: name, runId: run.id, done: run.done, total: run.total, verb: 'provision' });
}
