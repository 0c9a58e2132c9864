import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { enrollmentNeeds, waitingCounts } from '../../../src/domain/enrollment/verbs/attention.ts';
import { enrollmentDue } from '../../../src/domain/enrollment/verbs/due.ts';
import { moveStop } from '../../../src/domain/enrollment/verbs/extend.ts';
import { nudge } from '../../../src/domain/enrollment/verbs/nudge.ts';
import { removePeople } from '../../../src/domain/enrollment/verbs/remove.ts';
import { reissue } from '../../../src/domain/enrollment/verbs/resend.ts';
import { activateByHand } from '../../../src/domain/enrollment/verbs/seats.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { DAY, MINUTE } from '../../../src/domain/instant.ts';
import type { Store, Transaction } from '../../../src/ports/store.ts';
import { watched } from '../sync/watched-store.ts';
import { CONNECTOR, people } from '../sync/world.ts';
import { invite, seats } from './invited-world.ts';
import { ADMIN, ANA, id, secretIn, STOP, type TasksWorld, tasksWorld } from './tasks-world.ts';

const LINK = { type: 'link', serial: null } as const;
let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
});
afterEach(() => here.close());

/** How often a work reads a task's people. */
async function looksOf(work: (outside: TasksWorld['outside']) => Promise<unknown>): Promise<number> {
  let looks = 0;
  const { store } = here.outside;
  const scan: Store['scan'] = (kind, range) => {
    if (kind === 'enrollment') looks += 1;
    return store.scan(kind, range);
  };
  await work({ ...here.outside, store: { ...watched(store, {}), scan } });
  return looks;
}

const needed = async (): Promise<{ readonly waiting: number; readonly soon: number; readonly looks: number }> => {
  let waiting = 0;
  let soon = 0;
  const looks = await looksOf(async (outside) => {
    const needs = await enrollmentNeeds(outside, ADMIN);
    expect(needs.waiting).toEqual(await waitingCounts(outside));
    waiting = needs.waiting.get(CONNECTOR) ?? 0;
    soon = needs.due[0]?.people ?? 0;
  });
  return { waiting, soon, looks };
};
const minute = (): Promise<number> => looksOf((outside) => enrollmentDue(outside));

describe('what Home tells of a task', () => {
  it('E10 E11 is known without reading its people: who waits or is served at once, who must be done soon within a minute', async () => {
    await here.seeded(4, { on: false });
    await invite(here.home);
    await seats(here.home, 1);
    await here.sync();
    await here.deliver();
    const secrets = new Map(here.sent.map((mail) => [mail.to.address, secretIn(mail)]));
    const accepts = (at: number) => accept(here.outside, secrets.get(`p0000${at}@example.org`) ?? '', LINK);
    await here.due();
    expect(await needed()).toEqual({ waiting: 0, soon: 0, looks: 0 });
    for (const [at, waiting] of [0, 1, 2].entries()) {
      await accepts(at);
      expect(await needed()).toEqual({ waiting, soon: 0, looks: 0 });
    }
    await seats(here.home, 2);
    await activateByHand(here.outside, ADMIN, CONNECTOR, [id(1)]);
    expect(await needed()).toEqual({ waiting: 1, soon: 0, looks: 0 });
    await seats(here.home, 3);
    await accepts(2);
    expect(await needed()).toEqual({ waiting: 0, soon: 0, looks: 0 });
    await here.clock.advanceTo(STOP - 2 * DAY);
    await here.due();
    await here.due();
    expect(await needed()).toEqual({ waiting: 0, soon: 1, looks: 0 });
    // While nobody looks each minute, what is told is read from the people.
    await here.clock.advance(2 * MINUTE);
    expect(await needed()).toMatchObject({ soon: 1, looks: 2 });
    await here.due();
    await removePeople(here.outside, ANA, 'T-1', [id(3)], { notify: false });
    expect(await needed()).toMatchObject({ soon: 0 });
  });
});

describe('the outlook that is kept', () => {
  beforeEach(async () => {
    await here.seeded(2);
    await here.sync();
    await here.deliver();
    await here.clock.advanceTo(STOP - 2 * DAY);
    await here.due();
    await here.deliver();
    await here.due();
  });

  it('E11 of a task that still gathers does not stay behind when the last of its people are through; who joins is known at once', async () => {
    expect(await needed()).toMatchObject({ soon: 2, looks: 0 });
    // Other runs' people join it, and the first of these is under way still.
    const { id: run } = await startSync(here.outside, ANA, { connectorId: CONNECTOR, scope: { is: 'all' } });
    await here.put('task', 'T-1', { ...(await here.task()), state: { is: 'gathering', runs: [run] } });
    for (const entry of await here.entries())
      await here.put('enrollment', `T-1/${entry.personId}`, { ...entry, state: { is: 'enrolled', at: here.clock.now() }, links: [] });
    await here.due();
    expect(await here.task()).toMatchObject({ state: { is: 'gathering' } });
    expect(await needed()).toEqual({ waiting: 0, soon: 0, looks: 0 });
    await here.home.people(people(3));
    await here.home.execute(run);
    const joined: unknown[] = [];
    const { store } = here.outside;
    const after = async ({ puts = [] }: Transaction): Promise<void> => {
      if (puts.some(({ kind }) => kind === 'enrollment')) joined.push((await store.get('outlook', 'T-1'))?.value.seen);
    };
    await enrollmentDue({ ...here.outside, store: watched(store, { after }) });
    expect(joined).toEqual([null]);
    expect(await here.statuses()).toEqual({ enrolled: 2, active: 1 });
  });

  it('E8 E11 stands when people are nudged or reminded: Home reads nobody', async () => {
    expect((await nudge(here.outside, ANA, 'T-1')).done).toBe(2);
    expect(await needed()).toEqual({ waiting: 0, soon: 2, looks: 0 });
    await here.deliver();
    await here.clock.advanceTo(STOP - DAY);
    await here.due();
    expect(await here.letters()).toHaveLength(2);
    expect(await needed()).toEqual({ waiting: 0, soon: 2, looks: 0 });
    await moveStop(here.outside, ANA, 'T-1', 'unfinished', '2026-03-30');
    expect(await needed()).toMatchObject({ soon: 0 });
  });
});

describe('a task in which nobody is active', () => {
  beforeEach(async () => {
    await here.seeded(2);
    await here.sync();
    await here.deliver();
    await here.clock.advanceTo(STOP);
    await here.due();
    here.sent.length = 0;
  });

  it('E8 is not read every minute; a new stop date wakes it, and its reminders come', async () => {
    expect(await minute()).toBe(0);
    expect(await needed()).toEqual({ waiting: 0, soon: 0, looks: 0 });
    await moveStop(here.outside, ANA, 'T-1', [id(0)], '2026-03-30');
    await here.deliver();
    here.sent.length = 0;
    expect(await minute()).toBe(1);
    await here.due(16);
    await here.deliver();
    expect(here.sent.map(({ to }) => to.address)).toEqual(['p00000@example.org']);
  });

  it('E6 a re-issue wakes it, E4 and a removal of the last lets it leave the list', async () => {
    await reissue(here.outside, ANA, 'T-1', id(1));
    expect(await minute()).toBe(1);
    await here.due(20);
    expect(await minute()).toBe(0);
    await removePeople(here.outside, ANA, 'T-1', [id(0), id(1)], { notify: false });
    await here.due();
    expect((await here.task()).settledAt).toBe(here.clock.now());
  });

  it('E8 one whose date moves while it is looked at is looked at again', async () => {
    await moveStop(here.outside, ANA, 'T-1', [id(0)], '2026-03-14');
    await here.clock.advance(3 * DAY);
    const { store } = here.outside;
    let moved = false;
    const scan: Store['scan'] = async function* (kind, range) {
      yield* store.scan(kind, range);
      if (kind !== 'enrollment' || moved) return;
      moved = true;
      await moveStop(here.outside, ANA, 'T-1', [id(0)], '2026-03-30');
    };
    await enrollmentDue({ ...here.outside, store: { ...watched(store, {}), scan } });
    expect(moved).toBe(true);
    expect(await minute()).toBe(1);
  });

  it('E1 E4 people who join it wake it', async () => {
    await here.put('enrollment', `T-1/${id(1)}`, null);
    await here.put('tasksOf', `${id(1)}/T-1`, null);
    expect(await minute()).toBe(0);
    await here.put('task', 'T-1', { ...(await here.task()), state: { is: 'gathering' } });
    expect(await minute()).toBe(1);
    expect(await here.task()).toMatchObject({ state: { is: 'open' } });
    expect(await here.statuses()).toEqual({ expired: 1, active: 1 });
    expect(await minute()).toBe(1);
  });
});
