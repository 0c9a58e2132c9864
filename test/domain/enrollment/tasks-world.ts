import type { Card } from '../../../src/domain/cards/card.ts';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import type { PersonId } from '../../../src/domain/directory/person.ts';
import { type Enrollment, enrollmentKey, type EnrollmentStatus, statusOf } from '../../../src/domain/enrollment/enrollment.ts';
import type { Letter } from '../../../src/domain/enrollment/letter.ts';
import type { EnrollmentSwitch } from '../../../src/domain/enrollment/policy.ts';
import type { EnrollmentTask } from '../../../src/domain/enrollment/task.ts';
import { deliverLetters } from '../../../src/domain/enrollment/verbs/deliver.ts';
import { enrollmentDue, takeUpTasks } from '../../../src/domain/enrollment/verbs/due.ts';
import { taskAfterRun } from '../../../src/domain/enrollment/verbs/leavers.ts';
import { DAY, type Instant } from '../../../src/domain/instant.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import type { Run, RunScope } from '../../../src/domain/sync/run.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { OutgoingMail } from '../../../src/ports/mail.ts';
import type { Outside } from '../../../src/ports/outside.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, people, world } from '../sync/world.ts';

export const SCIM_URL = 'https://scim.example.org/v2';
/** Monday 2 March 2026, 09:00 UTC; ten days in Berlin end at midnight after 12 March. */
export const STOP: Instant = Date.UTC(2026, 2, 12, 23);
export const ANA: Actor = actor('operator', null, 'U0ANA');
export const ADMIN: Actor = actor('admin', null, 'U0ADMIN');

export const ON: EnrollmentSwitch = { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' };

/** The engine over a real store, a clock to move, and a mail server that remembers what it took. */
export async function tasksWorld({ clock = manualClock() }: { readonly clock?: ManualClock } = {}) {
  const target: MemoryTarget = memoryTarget();
  const home = await world({ clock, targets: target });
  const sent: OutgoingMail[] = [];
  let mails = 0;
  const enrollment: NonNullable<Outside['enrollment']> = {
    url: 'https://enroll.example.org',
    mail: {
      send: async (letter) => {
        sent.push(letter);
        return { is: 'accepted' };
      },
      problem: async () => null,
    },
    write: ({ subject }, { link }) => ({ subject, text: link ?? '', html: '' }),
  };
  const workspace = quietWorkspace({
    member: async (id) => ({ id, teamId: 'T1', name: id === 'U0ANA' ? 'Ana Ruiz' : id, timeZone: 'UTC', guest: false, foreign: false, deleted: false }),
  });
  const mail = (): void => {
    mails += 1;
  };
  const outside = () => {
    const { work, ...ports } = home.outside;
    return { ...ports, workspace, enrollment, work: { ...work, mail } };
  };
  const entries = async (taskId = 'T-1'): Promise<Enrollment[]> => home.all('enrollment', `${taskId}/`);
  const entry = async (personId: PersonId, taskId = 'T-1'): Promise<Enrollment> => {
    const stored = await home.outside.store.get('enrollment', enrollmentKey(taskId, personId));
    if (stored === undefined) throw new Error(`${personId} is not in ${taskId}`);
    return stored.value;
  };
  const ended = async (run: Run): Promise<Run> => {
    await taskAfterRun(outside(), run, await home.connector());
    return run;
  };
  return {
    home,
    clock,
    target,
    sent,
    get outside() {
      return outside();
    },
    /** How often the worker was told that letters are due. */
    get mails() {
      return mails;
    },
    tasks: (): Promise<EnrollmentTask[]> => home.all('task'),
    task: async (id = 'T-1'): Promise<EnrollmentTask> => {
      const stored = await home.outside.store.get('task', id);
      if (stored === undefined) throw new Error(`there is no ${id}`);
      return stored.value;
    },
    entries,
    entriesOfAll: (): Promise<Enrollment[]> => home.all('enrollment'),
    entry,
    letters: (): Promise<Letter[]> => home.all('letter'),
    card: async (id = 'task/T-1'): Promise<Card | undefined> => (await home.outside.store.get('card', id))?.value,
    statuses: async (taskId = 'T-1'): Promise<Partial<Record<EnrollmentStatus, number>>> => {
      const counts: Partial<Record<EnrollmentStatus, number>> = {};
      for (const one of await entries(taskId)) {
        const status = statusOf(one, clock.now());
        counts[status] = (counts[status] ?? 0) + 1;
      }
      return counts;
    },
    /** A connector that enrolls, and so many teachers in the directory; nobody has an account yet. */
    seeded: async (count: number, { on = true, given = {} }: { readonly on?: boolean; readonly given?: Partial<Connector> } = {}): Promise<void> => {
      await home.seed(connector(SCIM_URL, { connector: given }), people(count));
      if (on) await home.put('enrollmentSwitch', CONNECTOR, ON);
    },
    /** A run from its start to what follows it. */
    sync: async (by: Actor = ANA, scope: RunScope = { is: 'all' }): Promise<Run> => {
      const run = await startSync(outside(), by, { connectorId: CONNECTOR, scope });
      return await ended(await home.execute(run.id));
    },
    execute: async (runId: string): Promise<Run> => await ended(await home.execute(runId)),
    deliver: (): Promise<void> => deliverLetters(outside(), new AbortController().signal),
    /** The minute's work, at this time or after so many days. */
    due: async (days = 0): Promise<void> => {
      if (days > 0) await clock.advance(days * DAY);
      await enrollmentDue(outside());
    },
    /** A restart: the store is opened anew, and what was left is taken up. */
    restart: async (): Promise<void> => {
      await home.restart();
      await takeUpTasks(outside());
    },
    audited: async (
      action: string,
    ): Promise<readonly { readonly summary: string; readonly by: string; readonly after: Readonly<Record<string, string>> | null }[]> => {
      const rows: { summary: string; by: string; after: Readonly<Record<string, string>> | null }[] = [];
      for await (const page of home.outside.store.rows('audit', { order: 'oldest', match: { action } }))
        rows.push(...page.map(({ row }) => ({ summary: row.summary, by: row.by, after: row.after })));
      return rows;
    },
    put: home.put,
    close: () => home.close(),
  };
}
export type TasksWorld = Awaited<ReturnType<typeof tasksWorld>>;

/** The secret in the mail's link. */
export function secretIn(mail: OutgoingMail | undefined): string {
  const secret = mail?.text.split('/enroll/')[1];
  if (secret === undefined) throw new Error('there is no link in that mail');
  return secret;
}

/** `csv:p00000` and so on. */
export const id = (number: number): PersonId => `csv:p${String(number).padStart(5, '0')}`;
