import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAdmin } from '../../src/sandbox/scim/admin-client.ts';
import type { Pace } from '../../src/ports/pace.ts';
import { startScimTarget } from '../../src/sandbox/scim/server.ts';
import { spawnScimTarget } from '../../src/sandbox/scim/spawn.ts';
import { startQuirky } from '../../src/sandbox/scim/quirks/server.ts';
import { startSync } from '../../src/domain/sync/verbs/start.ts';
import { manualClock, MORNING } from '../clock.ts';
import { live, type Life } from '../domain/sync/chaos/engine.ts';
import { liveApart } from '../domain/sync/chaos/story.ts';
import { actor, assignment, CONNECTOR, connector, ended, patiently, people, person, TOKEN, type World, world } from '../domain/sync/world.ts';

/** Looks into the store between two lives of the engine. */
async function within<T>(at: string, work: (home: World) => Promise<T>): Promise<T> {
  const home = await world({ folder: at, clock: manualClock() });
  try {
    return await work(home);
  } finally {
    await home.close();
  }
}

describe('trap 3: lost replies', () => {
  let target: Awaited<ReturnType<typeof spawnScimTarget>>;
  let at: string;
  const life = (deathAt: number | null, hours: number): Life => ({ folder: at, url: target.url, now: MORNING + hours * 3_600_000, deathAt, death: 'killed' });

  /** Every tenth reply to 1,000 creates is lost, and the process is killed with -9 twice. */
  beforeAll(async () => {
    target = await spawnScimTarget({ token: TOKEN });
    at = await mkdtemp(join(tmpdir(), 'usher-trap-'));
    await within(at, (home) => home.seed(connector(target.url, { operating: { concurrency: 8 } }), people(1_000)));
    await createAdmin(target.pageUrl).set({ is: 'lost-reply', aim: 'creates', when: { is: 'share', of: 0.1 } });
    expect(await liveApart(life(300, 0))).toBeNull();
    expect(await liveApart(life(500, 1))).toBeNull();
  });
  afterAll(async () => {
    await target.close();
    await rm(at, { recursive: true, force: true });
  });

  it('S13 S23 trap 3: every tenth reply lost and kill -9 twice in 1,000 creates: 1,000 users, and not one second POST', async () => {
    expect((await live(life(null, 2)))?.state).toMatchObject({ is: 'ended', result: 'success' });
    const { users, requests } = await createAdmin(target.pageUrl).state();
    expect(users).toMatchObject({ total: 1_000, active: 1_000 });
    expect(requests.byKind['POST /Users']).toBe(1_000);
    expect(requests.byStatus['409']).toBeUndefined();
    const events = await within(at, (home) => home.events());
    expect(events.every(({ success, type }) => success && type === 'user_create_provision')).toBe(true);
    expect(new Set(events.map(({ subjectId }) => subjectId)).size).toBe(1_000);
    expect(events).toHaveLength(1_000);
  });
});

describe('trap 4: a crash between the POST and keeping its id', () => {
  /** Three creates, one after the other, with the end of the process at this step; then another life. `between` is done to the target when the first has ended. */
  async function crashedAt(deathAt: number, between: (server: Awaited<ReturnType<typeof startQuirky>>) => void = () => undefined) {
    const server = await startQuirky({});
    const at = await mkdtemp(join(tmpdir(), 'usher-trap-'));
    try {
      const given = connector(server.url, { operating: { concurrency: 1 } });
      await within(at, (home) => home.seed(given, people(3)));
      const life: Life = { folder: at, url: server.url, now: MORNING, deathAt, death: 'abandoned' };
      const first = await live(life);
      between(server);
      const last = first ?? (await live({ ...life, now: MORNING + 60_000, deathAt: null }));
      return await within(at, async (home) => ({
        died: first === null,
        last,
        users: server.users(),
        posts: server.heard().filter(({ kind }) => kind === 'POST /Users').length,
        accounts: await home.accounts(),
        events: await home.events(),
      }));
    } finally {
      await server.close();
      await rm(at, { recursive: true, force: true });
    }
  }

  it('S13 S8 trap 4: at every step it is linked by its external id, created once, and told once', async () => {
    let steps = 0;
    for (let died = true; died; ) {
      steps += 1;
      const told = await crashedAt(steps);
      died = told.died;
      expect(told.users.map(({ externalId }) => externalId).sort()).toEqual(people(3).map(({ id }) => id));
      expect(told.posts).toBe(3);
      expect(told.accounts.map(({ state, targetId, intent }) => [state, intent, told.users.some(({ id }) => id === targetId)])).toEqual(
        Array.from({ length: 3 }, () => ['active', null, true]),
      );
      expect(told.events.map(({ type, success, subjectId }) => `${type} ${success} ${subjectId}`).sort()).toEqual(
        people(3).map(({ id }) => `user_create_provision true ${id}`),
      );
    }
    expect(steps).toBeGreaterThan(8);
  });

  it('S13 S8 trap 4: where the target kept no external id, by its user name', async () => {
    let adopted = 0;
    for (let step = 1, died = true; died; step += 1) {
      const told = await crashedAt(step, (server) => {
        for (const { id } of server.users()) server.edit(id, { externalId: undefined });
      });
      died = told.died;
      expect(told.users).toHaveLength(3);
      expect(told.posts).toBe(3);
      expect(told.accounts.map(({ state, targetId }) => [state, told.users.some(({ id }) => id === targetId)])).toEqual(
        Array.from({ length: 3 }, () => ['active', true]),
      );
      adopted += told.last?.counts.adopted ?? 0;
    }
    expect(adopted).toBeGreaterThan(0);
  });
});

it('S13 S9 trap 4: a create that the target finished only after the walk that followed the crash is told as the create that it was', async () => {
  const server = await startQuirky({});
  onTestFinished(server.close);
  const home = await world({ allow: [new URL(server.url).host] });
  onTestFinished(home.close);
  await home.seed(connector(server.url, { connector: { listing: { at: 0, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } } }), [person('ann')]);
  const id = server.seed({ userName: 'ann', externalId: 'csv:ann' });
  const run = await home.sync();
  expect(run.counts).toMatchObject({ created: 1, adopted: 0, failed: 0 });
  expect((await home.events(run.id)).map(({ type, success, targetId }) => [type, success, targetId])).toEqual([['user_create_provision', true, id]]);
  expect(await home.account('ann')).toMatchObject({ targetId: id, origin: 'created', state: 'active' });
  expect(server.users()).toHaveLength(1);
});

describe('trap 23: a target that asks to wait, and answers that are web pages', () => {
  /** The stand-in and the engine by one clock, so that a date in `Retry-After` can be waited for. */
  async function begun(count: number, concurrency = 4, pace: (present: Pace) => Pace = (present) => present) {
    const clock = manualClock();
    const target = await startScimTarget({ token: TOKEN, clock: clock.now });
    onTestFinished(target.close);
    const admin = createAdmin(target.pageUrl);
    const home = await world({ clock, pace, allow: [new URL(target.url).host] });
    onTestFinished(home.close);
    const given = connector(target.url, { operating: { concurrency } });
    await home.seed(given, people(count));
    return { clock, admin, home, given };
  }

  it('S12 trap 23: a 429 with an HTTP date: no request of any connector of that target before it, and nobody fails', async () => {
    let permits = 0;
    let beforeHeard: number | undefined;
    const counted = ({ permit, holdUntil, heldUntil }: Pace): Pace => ({
      permit: (first) => {
        permits += 1;
        return permit(first);
      },
      holdUntil: (instant) => {
        beforeHeard ??= permits;
        holdUntil(instant);
      },
      heldUntil,
    });
    const { clock, admin, home, given } = await begun(12, 1, counted);
    const other = { ...given, id: 'c2', name: 'Second' };
    await home.put('connector', 'c2', other);
    await home.put('assignment', 'c2/1', { ...assignment(1), id: 'c2/1', connectorId: 'c2' });
    await admin.set({ is: 'too-many-requests', aim: 'creates', when: { is: 'next', requests: 1 }, retryAfter: { is: 'date', seconds: 90 } });
    const runs = await Promise.all([CONNECTOR, 'c2'].map((connectorId) => startSync(home.outside, actor(), { connectorId, scope: { is: 'all' } })));
    const done = await patiently(clock, Promise.all(runs.map(({ id }) => home.execute(id))));
    expect(done.map(({ counts }) => counts.failed)).toEqual([0, 0]);
    const requests = await admin.requests(1_000);
    const turnedAway = requests.find(({ status }) => status === 429)?.at ?? Number.NaN;
    // What had its permit before the answer was heard of may have been under way. A date has whole seconds.
    expect(requests.filter(({ at }) => at < turnedAway + 89_000).length).toBeLessThanOrEqual(beforeHeard ?? 0);
    expect(requests.some(({ at }) => at >= turnedAway + 89_000)).toBe(true);
    expect((await admin.state()).users.total).toBe(12);
  });

  it('S12 trap 23: a 429 without a date backs off, longer each time, and ends as planned', async () => {
    const { clock, admin, home } = await begun(6);
    await admin.set({ is: 'too-many-requests', aim: 'creates', when: { is: 'next', requests: 5 }, retryAfter: { is: 'none' } });
    const start = clock.now();
    const run = await patiently(clock, home.sync());
    expect(run.counts).toMatchObject({ created: 6, failed: 0 });
    expect(clock.now() - start).toBeGreaterThan(250);
    expect((await admin.state()).users.total).toBe(6);
  });

  it('S12 S23 trap 23: web pages with 502 are tried again; with 200 they stop the run, nobody is failed, and the next run ends as planned', async () => {
    const { clock, admin, home } = await begun(20);
    await admin.set({ is: 'html-body', status: 502, when: { is: 'share', of: 0.3 } });
    const run = await patiently(clock, home.sync());
    expect(run.counts.created + run.counts.failed).toBe(20);
    expect(run.causes.every(({ status }) => status === 502)).toBe(true);
    await admin.setAll({ faults: [{ is: 'html-body', status: 200, when: { is: 'always' } }] });
    await home.people([person('late')]);
    const stopped = await patiently(clock, home.sync());
    expect(ended(stopped)).toMatchObject({ ending: 'failed', detail: expect.stringContaining('a web page') });
    expect(stopped.counts.failed).toBe(0);
    await admin.clear();
    await patiently(clock, home.sync());
    const { users } = await admin.users({ size: 100 });
    expect(users.map(({ userName }) => userName).sort()).toEqual(['late', ...people(20).map(({ sourceId }) => sourceId)]);
    expect((await home.accounts()).every(({ state, intent }) => state === 'active' && intent === null)).toBe(true);
  });
});
