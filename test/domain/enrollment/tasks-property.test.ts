import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/domain/enrollment/enrollment.ts';
import { isUnfinished } from '../../../src/domain/enrollment/finished.ts';
import { including, NOTHING_AHEAD } from '../../../src/domain/enrollment/outlook.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { moveStop } from '../../../src/domain/enrollment/verbs/extend.ts';
import { nudge } from '../../../src/domain/enrollment/verbs/nudge.ts';
import { provisionByHand } from '../../../src/domain/enrollment/verbs/provision.ts';
import { removePeople, removeTask } from '../../../src/domain/enrollment/verbs/remove.ts';
import { reissue, resend } from '../../../src/domain/enrollment/verbs/resend.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { OutgoingMail } from '../../../src/ports/mail.ts';
import { CONNECTOR, person } from '../sync/world.ts';
import { ADMIN, ANA, id, secretIn, type TasksWorld, tasksWorld } from './tasks-world.ts';

const PEOPLE = 5;
const TOKENS = 6;

type Act =
  | { readonly is: 'sync' | 'due' | 'deliver' | 'restart' }
  | { readonly is: 'leave' | 'return' | 'accept' | 'mistype' | 'resend' | 'reissue'; readonly who: number }
  | { readonly is: 'remove' | 'provision'; readonly whom: readonly number[] }
  | { readonly is: 'nudge' | 'remove-task'; readonly task: number }
  | { readonly is: 'move' | 'wait'; readonly task: number; readonly days: number };

const who = fc.nat(PEOPLE - 1);
const whom = fc.uniqueArray(who, { minLength: 1, maxLength: PEOPLE });
const task = fc.integer({ min: 1, max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ is: fc.constantFrom('sync' as const, 'due' as const, 'deliver' as const, 'restart' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constantFrom('leave' as const, 'return' as const, 'accept' as const, 'mistype' as const, 'resend' as const, 'reissue' as const),
      who,
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('remove' as const, 'provision' as const), whom }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constantFrom('nudge' as const, 'remove-task' as const), task }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('move' as const, 'wait' as const), task, days: fc.integer({ min: 1, max: 12 }) }) },
);

/** What was refused changed nothing; the invariants hold all the same. */
async function tried(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

async function perform(here: TasksWorld, mails: OutgoingMail[], step: Act): Promise<void> {
  const latest = async (number: number): Promise<string> => (await here.home.all('tasksOf', `${id(number)}/`)).at(-1)?.taskId ?? 'T-1';
  const linkOf = (number: number): OutgoingMail | undefined => mails.findLast(({ to, text }) => to.address === `p0000${number}@example.org` && text !== '');
  switch (step.is) {
    case 'sync':
      return await tried(here.sync(ANA));
    case 'due':
      return await here.due();
    case 'restart':
      return await here.restart();
    case 'deliver': {
      const through = new Set((await here.entriesOfAll()).filter(({ state }) => state.is === 'enrolled').map(({ personId }) => personId));
      const unfinished = new Set((await here.entriesOfAll()).filter(isUnfinished).map(({ personId }) => personId));
      await here.deliver();
      const sent = here.sent.splice(0);
      mails.push(...sent);
      // Who is through is not written to, unless an account made anew put them into another task.
      for (const { to } of sent) expect(through.has(`csv:${to.address.split('@')[0]}`) && !unfinished.has(`csv:${to.address.split('@')[0]}`)).toBe(false);
      return;
    }
    case 'leave':
      return await here.home.people([person(`p0000${step.who}`, { groupings: [] })]);
    case 'return':
      return await here.home.people([person(`p0000${step.who}`)]);
    case 'accept':
    case 'mistype': {
      const mail = linkOf(step.who);
      const free = (await here.home.all('hardwareToken')).find(({ used }) => used === null)?.serial ?? 'NONE';
      if (mail !== undefined) await accept(here.outside, secretIn(mail), { type: 'hardware-token', serial: step.is === 'accept' ? free : 'WRONG' });
      return;
    }
    case 'resend':
      return await tried(resend(here.outside, ANA, await latest(step.who), id(step.who), null));
    case 'reissue':
      return await tried(reissue(here.outside, ANA, await latest(step.who), id(step.who)));
    case 'remove':
      return await tried(removePeople(here.outside, ANA, await latest(step.whom[0] ?? 0), step.whom.map(id), { notify: true }));
    case 'provision': {
      const run = await provisionByHand(here.outside, ANA, CONNECTOR, step.whom.map(id)).then(
        (made) => made.run,
        (error: unknown) => {
          if (error instanceof Refusal) return null;
          throw error;
        },
      );
      if (run !== null) await here.execute(run.id);
      return;
    }
    case 'nudge':
      return await tried(nudge(here.outside, ANA, `T-${step.task}`));
    case 'remove-task':
      return await tried(removeTask(here.outside, ADMIN, `T-${step.task}`));
    case 'move':
      return await tried(moveStop(here.outside, ANA, `T-${step.task}`, 'unfinished', new Date(here.clock.now() + step.days * DAY).toISOString().slice(0, 10)));
    case 'wait':
      return await here.clock.advance(step.days * DAY);
  }
}

async function check(here: TasksWorld): Promise<void> {
  const entries = await here.entriesOfAll();
  const tasks = await here.tasks();
  const [stock] = await here.home.all('stock');
  const tokens = await here.home.all('hardwareToken');
  const reserved = entries.filter((entry) => entry.reserved !== null);
  expect(stock?.reserved).toBe(reserved.length);
  expect(stock?.used).toBe(tokens.filter(({ used }) => used !== null).length);
  expect((stock?.reserved ?? 0) + (stock?.used ?? 0)).toBeLessThanOrEqual(stock?.total ?? 0);
  expect(reserved.filter((entry) => !isUnfinished(entry))).toEqual([]);
  expect(new Set(tasks.map(({ number }) => number)).size).toBe(tasks.length);
  expect(tasks.filter(({ runId }) => runId !== null).length).toBe(new Set(tasks.flatMap(({ runId }) => (runId === null ? [] : [runId]))).size);
  const links = new Map<string, string>();
  for await (const page of here.outside.store.scan('enrollmentLink')) for (const { key, value } of page) links.set(key, `${value.taskId}/${value.personId}`);
  expect(new Map(entries.flatMap((entry) => entry.links.map((link) => [link, `${entry.taskId}/${entry.personId}`] as const)))).toEqual(links);
  for (const entry of entries) {
    if (entry.state.is !== 'active') expect(entry.links).toEqual([]);
    if (statusOf(entry, here.clock.now()) === 'expired') expect(entry.state.is).toBe('active');
  }
  // A task that nobody looks at has nobody active.
  for (const { taskId, seen } of await here.home.all('outlook')) {
    const now = here.clock.now();
    const present = entries.filter((entry) => entry.taskId === taskId).reduce((outlook, entry) => including(outlook, entry, now), NOTHING_AHEAD);
    if (seen?.quiet === true) expect([taskId, present.quiet]).toEqual([taskId, true]);
  }
  const standing = entries.filter((entry) => isUnfinished(entry) && tasks.find(({ id: one }) => one === entry.taskId)?.state.is !== 'removed');
  expect(new Set(standing.map(({ personId }) => personId)).size).toBe(standing.length);
}

describe('any order of events', () => {
  it('E1 E2 E9 keeps tokens, links, numbers and statuses true: nothing is promised twice, released twice, or open to who is out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 16 }), async (acts) => {
        const here = await tasksWorld();
        try {
          await here.seeded(PEOPLE);
          await here.put('enrollmentPolicy', 'default', {
            days: 5,
            attempts: 2,
            reminders: ['half', 'day-before'],
            types: ['hardware-token'],
            at: 0,
            by: 'U1',
          });
          await here.put('stock', 'csv:district', { total: TOKENS, used: 0, reserved: 0 });
          for (let number = 0; number < TOKENS; number += 1)
            await here.put('hardwareToken', `S${number}`, {
              serial: `S${number}`,
              organizationId: 'csv:district',
              importedAt: 0,
              importedBy: 'U1',
              used: null,
            });
          const mails: OutgoingMail[] = [];
          for (const step of [{ is: 'sync' }, { is: 'deliver' }, ...acts] as const) {
            await perform(here, mails, step);
            await check(here);
          }
        } finally {
          await here.close();
        }
      }),
      { numRuns: 12 },
    );
  });
});
