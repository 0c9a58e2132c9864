import type { Instance } from '../../../src/domain/catalog/catalog.ts';
import type { PersonId } from '../../../src/domain/directory/person.ts';
import { type Enrollment, enrollmentKey } from '../../../src/domain/enrollment/enrollment.ts';
import type { AuthenticationType, EnrollmentSwitch } from '../../../src/domain/enrollment/policy.ts';
import { type EnrollmentTask, taskCard } from '../../../src/domain/enrollment/task.ts';
import { activateGranted } from '../../../src/domain/enrollment/verbs/activate.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import type { Put } from '../../../src/ports/store.ts';
import { CONNECTOR, type World } from '../sync/world.ts';

export const TASK = 'T-900';

/** Accounts arrive inactive, to be activated when their people accept. */
const INVITED: EnrollmentSwitch = { on: true, arriveAs: 'invited', testAddress: null, at: 0, by: 'U1' };

export async function invite(home: World, how: Partial<EnrollmentSwitch> = {}): Promise<void> {
  await home.put('enrollmentSwitch', CONNECTOR, { ...INVITED, ...how });
}

export async function seats(home: World, total: number | null): Promise<void> {
  const instance = (await home.outside.store.get('instance', 'i1'))?.value;
  if (instance === undefined) throw new Error('no instance');
  const of: Instance['seats'] = total === null ? { is: 'unlimited' } : { is: 'set', total, by: 'U1', at: 0 };
  await home.put('instance', 'i1', { ...instance, seats: of });
}

/** The secret in somebody's link, of the shape that `Chance.secret` gives it. */
export function secretOf(personId: PersonId): string {
  return personId.replace(/\W/g, '-').padEnd(43, '_');
}

/** A task with these people in it, each with a link that works; its card stands. */
export async function enter(
  home: World,
  ids: readonly PersonId[],
  {
    types = ['link'],
    attempts = 3,
    entry = {},
  }: { readonly types?: readonly AuthenticationType[]; readonly attempts?: number; readonly entry?: Partial<Enrollment> } = {},
): Promise<EnrollmentTask> {
  const { clock, fingerprint } = home.outside;
  const [type = 'link', other] = types;
  const stop = clock.now() + 10 * DAY;
  const task: EnrollmentTask = {
    ...{ id: TASK, number: 900, connectorId: CONNECTOR, organizationId: 'csv:district', runId: null, by: 'U1', start: clock.now(), stop },
    ...{ days: 10, attempts, types, state: { is: 'open' }, mailedTo: null, timeZone: 'Europe/Berlin' },
  };
  const puts: Put[] = [put('task', TASK, task)];
  puts.push(
    put('card', taskCard(TASK), {
      ...{ id: taskCard(TASK), place: { is: 'channel', channelId: 'C1' }, content: { is: 'enrollment', taskId: TASK }, wanted: 1, shown: 0 },
      ...{ urgent: false, postingSince: null, posted: null, threadLines: [], givenUp: null },
    }),
  );
  for (const personId of ids) {
    const digest = fingerprint.ofSecret(secretOf(personId));
    const made: Enrollment = {
      ...{ taskId: TASK, personId, connectorId: CONNECTOR, state: { is: 'active' }, stop, attempts: 0, links: [digest] },
      ...{ type: other === undefined ? type : null, serial: null, reserved: null, waitingSince: null, mail: null, reminded: [] },
      ...entry,
    };
    puts.push(put('enrollment', enrollmentKey(TASK, personId), made));
    puts.push(put('enrollmentLink', digest, { taskId: TASK, personId }), put('tasksOf', `${personId}/${TASK}`, { taskId: TASK }));
  }
  await home.write(puts);
  return task;
}

export async function entryOf(home: World, personId: PersonId): Promise<Enrollment> {
  const stored = await home.outside.store.get('enrollment', enrollmentKey(TASK, personId));
  if (stored === undefined) throw new Error(`no entry of ${personId}`);
  return stored.value;
}

/** What the worker does with people who were granted a seat: hands them over, and carries the runs out. */
export async function activated(home: World): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (;;) {
    const before = home.handed.length;
    await activateGranted(home.outside, CONNECTOR);
    const made = home.handed.slice(before);
    if (made.length === 0) return runs;
    for (const id of made) runs.push(await home.execute(id));
  }
}

export async function audit(home: World, action: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of home.outside.store.rows('audit', { order: 'oldest', match: { action } })) for (const { row } of page) found.push(row.summary);
  return found;
}
