import type { EnrollmentSwitch } from '../../src/domain/enrollment/policy.ts';
import { put } from '../../src/domain/revise.ts';
import type { Mailbox } from '../../src/sandbox/mailbox/server.ts';
import { type App, type AppOptions, PROVISIONING, startApp } from '../app.ts';
import { assignTeachers, plant } from './planted.ts';
import { reads } from './steps.ts';

export interface Enrolling {
  readonly app: App;
  readonly mailbox: Mailbox;
}

/** The app with a mail server, a page, and a connector `zoom` whose enrollment is on; the district's teachers are assigned to it. */
export async function startEnrolling(options: AppOptions = {}, given: Partial<EnrollmentSwitch> = {}): Promise<Enrolling> {
  const app = await startApp({
    people: 200,
    mail: true,
    ...options,
  });
  await plant(app, { connector: { listing: { at: 1, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } } });
  const on: EnrollmentSwitch = { on: true, arriveAs: 'active', testAddress: null, at: 1, by: 'U0ANARUIZ', ...given };
  await app.usher().outside.store.transaction({ puts: [put('enrollmentSwitch', 'zoom', on)] });
  await assignTeachers(app);
  return { app, mailbox: app.mailbox };
}

/** A sync that makes everybody's account, and with it task 1; gives how many people are in it. */
export async function syncedTask({ app }: Pick<Enrolling, 'app'>): Promise<number> {
  const { ana, workspace } = app;
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  const result = await reads(workspace, ana, PROVISIONING, 'Enrollment task 1 for');
  return Number(/Enrollment task 1 for (\d+)/.exec(result)?.[1]);
}
