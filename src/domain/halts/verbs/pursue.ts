import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import { redrawn } from '../../cards/show.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { protectionOf, shieldIn } from '../../protected/verbs/list.ts';
import { Refusal } from '../../refusal.ts';
import { put, revise } from '../../revise.ts';
import { accountKey } from '../../sync/account.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';
import { coverage } from '../../sync/scope.ts';
import { createRun, latestRun, runUnderWay } from '../../sync/verbs/create-run.ts';
import { clearOffboarded } from '../../enrollment/verbs/leavers.ts';
import { isReachable, type Standing, stepNow, tryNow } from '../next-steps.ts';
import { isOffboarded } from '../offboarded-in.ts';
import type { Offboarding, OffboardingStep } from '../offboarding.ts';
import { haltIn } from '../stopped.ts';

export type Pursuing = Pick<Outside, 'store' | 'clock' | 'chance' | 'work' | 'cards' | 'breath'>;

/** The cards that show an off-boarding: one each time that somebody asked for it. */
export function offboardingCards(personId: PersonId): string {
  return `offboarding/${personId}/`;
}

/**
 * Goes after every off-boarding that is not released (S25): writes down what the targets confirmed, and asks again
 * where it is time. Once a minute, and after each run; asked twice, nothing is sent twice. A restart goes on from the store.
 */
export async function pursueOffboardings(outside: Pursuing): Promise<void> {
  for await (const page of outside.store.scan('offboarding')) {
    for (const { value } of page) {
      if (value.released === null) await pursue(outside, value.personId);
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
    }
  }
}

/** The same for one person. They are out of their enrollment tasks first: that asks no target. */
export async function pursue(outside: Pursuing, personId: PersonId): Promise<void> {
  if (!(await isOffboarded(outside.store, personId))) return;
  await clearOffboarded(outside, personId);
  for (;;) {
    const stored = await outside.store.get('offboarding', personId);
    if (stored === undefined || stored.value.released !== null) return;
    const now = outside.clock.now();
    const halted = (await haltIn(outside.store)) !== undefined;
    const steps: OffboardingStep[] = [];
    const asked: Connector[] = [];
    for await (const { connector, standing } of standings(outside, stored.value)) {
      const before = stored.value.steps.find(({ connectorId }) => connectorId === connector.id);
      const step = stepNow(before, standing, now);
      if (step === undefined) continue;
      const trying = halted || !isReachable(connector) ? null : tryNow(step, now);
      if (trying !== null) asked.push(connector);
      steps.push(trying ?? step);
    }
    if (same(steps, stored.value.steps) || (await written(outside, { ...stored.value, steps }, stored.version))) {
      for (const connector of asked) await ask(outside, stored.value, connector);
      return;
    }
  }
}

async function written(outside: Pursuing, next: Offboarding, version: number): Promise<boolean> {
  const cards: Put[] = [];
  for await (const page of outside.store.scan('card', { prefix: offboardingCards(next.personId) }))
    for (const { value, version: at } of page) cards.push(redrawn({ value, version: at }, true));
  const puts = [put('offboarding', next.personId, next, version), ...cards];
  if ((await outside.store.transaction({ puts })) === 'conflict') return false;
  outside.cards.changed(cards.map(({ key }) => key));
  return true;
}

function same(a: readonly OffboardingStep[], b: readonly OffboardingStep[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Every connector as it stands to the person, in the order of ids. What no step depends on is not read. */
async function* standings(
  outside: Pursuing,
  { personId, at, steps }: Offboarding,
): AsyncGenerator<{ readonly connector: Connector; readonly standing: Standing }> {
  const { store } = outside;
  const shields = await protectionOf(store, personId);
  for await (const page of store.scan('connector')) {
    for (const { value: connector } of page) {
      if (connector.state.is === 'draft') continue;
      const account = (await store.get('account', accountKey(connector.id, personId)))?.value;
      const stands = account !== undefined && account.state !== 'gone' && !(account.state === 'inactive' && account.intent === null);
      const assigned = !stands && steps.length === 0 && (await isAssigned(outside, connector.id, personId));
      const before = steps.find(({ connectorId }) => connectorId === connector.id)?.state;
      // What was tried before the target confirmed once says nothing of an account that came up since.
      const failure = stands ? await failureOf(outside, connector, personId, before?.is === 'confirmed' ? before.at + 1 : at) : null;
      const protectedBecause = shieldIn(shields, connector.id)?.why ?? null;
      yield { connector, standing: { connector, account, assigned, protectedBecause, failure } };
    }
  }
}

async function isAssigned({ store, clock }: Pursuing, connectorId: string, personId: PersonId): Promise<boolean> {
  const person = (await store.get('person', personId))?.value;
  if (person === undefined) return false;
  const assignments: Assignment[] = [];
  for await (const page of store.scan('assignment', { prefix: `${connectorId}/` })) assignments.push(...page.map(({ value }) => value));
  return coverage(assignments, clock.now())(person) !== undefined;
}

/** Why the last try came to nothing; null while one is under way, and where none was made. */
async function failureOf({ store }: Pursuing, connector: Connector, personId: PersonId, since: number): Promise<string | null> {
  const latest = await latestRun(store, connector.id);
  const theirs = latest !== undefined && latest.requestedAt >= since && serves(latest, personId) ? latest : undefined;
  if (theirs !== undefined && isUnderWay(theirs)) return null;
  const said = await failedEvent(store, connector.id, personId, since);
  if (said !== null || theirs?.state.is !== 'ended') return said;
  return theirs.state.detail ?? 'The last try ended without an answer.';
}

/** Asked for out of turn, or alone in its run. */
function serves(run: Run, personId: PersonId): boolean {
  return (run.expedite ?? []).includes(personId) || (run.kind === 'person' && run.scope.is === 'people' && run.scope.ids.includes(personId));
}

async function failedEvent(store: Pursuing['store'], connectorId: string, personId: PersonId, since: number): Promise<string | null> {
  for await (const page of store.rows('event', { partition: connectorId, match: { subjectId: personId }, from: since, order: 'newest', limit: 1 }))
    for (const { row } of page) if (!row.success) return row.errorMessage ?? row.errorCode;
  return null;
}

/** First within the run under way, also in one that rests; or in a run of their own. */
async function ask(outside: Pursuing, { personId, by }: Offboarding, connector: Connector): Promise<void> {
  const under = await runUnderWay(outside.store, connector.id);
  if (under !== undefined) {
    if (serves(under, personId)) return;
    const run = await revise(outside.store, 'run', under.id, (present) =>
      isUnderWay(present) && !serves(present, personId) ? { ...present, expedite: [...(present.expedite ?? []), personId] } : null,
    );
    if (run !== undefined && isUnderWay(run)) {
      outside.work.run(run.id);
      return;
    }
  }
  try {
    await createRun(outside, { connector, kind: 'person', scope: { is: 'people', ids: [personId] }, by, way: 'job', verb: 'off-board somebody from' });
  } catch (refusal) {
    // Another run began in between, or all writes were stopped: a minute later it is looked at again.
    if (!(refusal instanceof Refusal)) throw refusal;
  }
}
