import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createMail } from '../../../src/adapters/smtp/mail.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { type Enrollment, enrollmentKey } from '../../../src/domain/enrollment/enrollment.ts';
import type { LetterKind } from '../../../src/domain/enrollment/letter.ts';
import { DEFAULT_POLICY, type EnrollmentSwitch, OFF } from '../../../src/domain/enrollment/policy.ts';
import { type EnrollmentTask, taskIdOf } from '../../../src/domain/enrollment/task.ts';
import { deliverLetters } from '../../../src/domain/enrollment/verbs/deliver.ts';
import { letterPuts, queuedMail } from '../../../src/domain/enrollment/verbs/letters.ts';
import { TargetBrake } from '../../../src/domain/halts/brake.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Documents, Put, Store } from '../../../src/ports/store.ts';
import { type Mailbox, startMailbox } from '../../../src/sandbox/mailbox/server.ts';
import { renderLetter } from '../../../views/letters/letter.ts';
import { manualClock, MORNING } from '../../clock.ts';
import { CONNECTOR, connector, organization, person } from '../sync/world.ts';

export const TASK = taskIdOf(7);
/** The end of 12 March 2026 in Madrid. */
export const STOP = Date.UTC(2026, 2, 12, 23);

export function task(changes: Partial<EnrollmentTask> = {}): EnrollmentTask {
  return {
    ...{ id: TASK, number: 7, connectorId: CONNECTOR, organizationId: 'csv:district', runId: 'R-1', by: 'U0ANA', start: MORNING, stop: STOP, days: 10 },
    ...{ attempts: 5, types: DEFAULT_POLICY.types, state: { is: 'open' }, mailedTo: null, timeZone: 'Europe/Madrid' },
    ...changes,
  };
}

export function entryOf(id: string, changes: Partial<Enrollment> = {}): Enrollment {
  return {
    ...{ taskId: TASK, personId: `csv:${id}`, connectorId: CONNECTOR, state: { is: 'active' }, stop: STOP, attempts: 0, links: [], type: 'link' },
    ...{ serial: null, reserved: null, waitingSince: null, mail: null, reminded: [] },
    ...changes,
  };
}

export const ON: EnrollmentSwitch = { ...OFF, on: true };

/** An outbox over a real store and a mail server on loopback. */
export async function lettersWorld(given: { readonly mailbox?: Mailbox } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'usher-letters-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const clock = manualClock();
  const logged: unknown[] = [];
  const note = (fields: object, message: string): void => void logged.push({ ...fields, message });
  const log = { info: note, warn: note, error: note };
  const mailbox = given.mailbox ?? (await startMailbox());
  if (given.mailbox === undefined) onTestFinished(() => mailbox.close());
  const mail = createMail({
    ...{ host: '127.0.0.1', port: mailbox.port, secure: false, plain: true, login: null },
    from: { name: 'Riverside IT', address: 'it@riverside.example' },
    pace: { permit: () => undefined, holdUntil() {}, heldUntil: () => null },
  });
  onTestFinished(() => mail.close());
  const open = () => openJsonStore({ folder, clock, log });
  let real = await open();
  onTestFinished(() => real.close());
  let store: Store = real;
  const brake = new TargetBrake();
  const drawn: string[] = [];
  const chance = createChance(clock);
  const outside = () => ({
    settings: { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } },
    ...{ store, clock, chance, fingerprint: createFingerprint(), brake, log },
    cards: { changed: (ids: readonly string[]) => void drawn.push(...ids) },
    enrollment: { mail, url: 'https://enroll.example.org', write: renderLetter },
  });
  const write = async (puts: readonly Put[]): Promise<void> => void (await real.transaction({ puts }));
  await write([
    put('connector', CONNECTOR, connector('https://portal.example/scim', { connector: { createdBy: 'U0SAM' } })),
    put('organization', 'csv:school', organization('csv:school', 'North School', null)),
    put('slackPerson', 'U0ANA', { id: 'U0ANA', teamId: 'T1', name: 'Ana Ruiz', guest: false, foreign: false, deactivated: null, readAt: MORNING }),
    put('task', TASK, task()),
    put('enrollmentSwitch', CONNECTOR, ON),
  ]);
  return {
    clock,
    mailbox,
    brake,
    drawn,
    logged,
    folder,
    write,
    outside,
    /** People in the task, each with a letter in the outbox. */
    queue: async (ids: readonly string[], kind: LetterKind = 'invitation', changes: Partial<Enrollment> = {}): Promise<void> => {
      for (const id of ids) {
        const known = (await real.get('enrollment', enrollmentKey(TASK, `csv:${id}`)))?.value;
        const entry = { ...(known ?? entryOf(id)), ...changes, mail: queuedMail(`${id}@example.org`, clock.now()) };
        const exists = (await real.get('person', `csv:${id}`)) !== undefined;
        await write([
          ...(exists ? [] : [put('person', `csv:${id}`, person(id, { attributes: { givenName: id, familyName: 'Okafor' } }))]),
          put('enrollment', enrollmentKey(TASK, entry.personId), entry),
          ...letterPuts(outside(), { kind, entry, at: clock.now() }),
        ]);
      }
    },
    deliver: (signal: AbortSignal = new AbortController().signal): Promise<void> => deliverLetters(outside(), signal),
    entry: async (id: string): Promise<Enrollment> => {
      const stored = await real.get('enrollment', enrollmentKey(TASK, `csv:${id}`));
      if (stored === undefined) throw new Error(`there is no entry of ${id}`);
      return stored.value;
    },
    letters: async (): Promise<Documents['letter'][]> => {
      const all: Documents['letter'][] = [];
      for await (const page of real.scan('letter')) all.push(...page.map(({ value }) => value));
      return all;
    },
    links: async (): Promise<string[]> => {
      const all: string[] = [];
      for await (const page of real.scan('enrollmentLink')) all.push(...page.map(({ key }) => key));
      return all;
    },
    get: <K extends 'task'>(kind: K, key: string) => real.get(kind, key),
    /** What the verbs have for a store from now on. */
    around: (wrap: (store: Store) => Store): void => {
      store = wrap(real);
    },
    /** A new process over the same folder: nothing of the memory of the last one is left. */
    restart: async (): Promise<void> => {
      await real.close();
      real = await open();
      store = real;
    },
    advance: (ms: number): Promise<void> => clock.advance(ms),
    toStop: (): Promise<void> => clock.advanceTo(STOP),
  };
}
