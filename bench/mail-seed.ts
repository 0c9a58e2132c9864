import { enrollmentKey } from '../src/domain/enrollment/enrollment.ts';
import { DEFAULT_POLICY, OFF } from '../src/domain/enrollment/policy.ts';
import { type EnrollmentTask, taskIdOf } from '../src/domain/enrollment/task.ts';
import { letterPuts } from '../src/domain/enrollment/verbs/letters.ts';
import { DAY, type Instant } from '../src/domain/instant.ts';
import { put } from '../src/domain/revise.ts';
import type { Chance } from '../src/ports/chance.ts';
import type { Store } from '../src/ports/store.ts';
import { connector, person } from '../test/domain/sync/world.ts';

/** A task of so many people, each with an invitation that is due. */
export async function seedLetters(
  { store, chance, now }: { readonly store: Store; readonly chance: Chance; readonly now: Instant },
  mails: number,
): Promise<void> {
  const task: EnrollmentTask = {
    ...{ id: taskIdOf(1), number: 1, connectorId: 'c1', organizationId: 'csv:school', runId: null, by: 'U1', start: now, stop: now + 10 * DAY, days: 10 },
    ...{ attempts: 5, types: DEFAULT_POLICY.types, state: { is: 'open' }, mailedTo: null, timeZone: 'Europe/Madrid' },
  };
  const { id: taskId, connectorId, stop } = task;
  await store.transaction({
    puts: [
      put('connector', connectorId, connector('https://portal.example/scim')),
      put('task', taskId, task),
      put('enrollmentSwitch', connectorId, { ...OFF, on: true }),
    ],
  });
  for (let at = 0; at < mails; at += 1) {
    const someone = person(`p${at}`);
    const entry = {
      ...{ taskId, personId: someone.id, connectorId, state: { is: 'active' as const }, stop, attempts: 0, links: [], type: 'link' as const },
      ...{ serial: null, reserved: null, waitingSince: null, mail: null, reminded: [] },
    };
    await store.transaction({
      puts: [
        put('person', someone.id, someone),
        put('enrollment', enrollmentKey(taskId, someone.id), entry),
        ...letterPuts({ chance }, { kind: 'invitation', entry, at: now }),
      ],
    });
  }
}
