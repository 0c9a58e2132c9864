import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Dialect, RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { personNow } from '../../../src/domain/sync/verbs/person-now.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { cancelRun } from '../../../src/domain/sync/verbs/steer.ts';
import type { Pace } from '../../../src/ports/pace.ts';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { Refused } from '../../../src/sandbox/scim/quirks/answer.ts';
import { startQuirky } from '../../../src/sandbox/scim/quirks/server.ts';
import { startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { manualClock, MORNING } from '../../clock.ts';
import { live } from './chaos/engine.ts';
import { door } from './memory-target.ts';
import { actor, CONNECTOR, connector, ended, patiently, people, person, TOKEN, world } from './world.ts';

function taking(maxOperations: number, more: { readonly maxPayloadSize?: number } = {}): Dialect {
  return { ...RFC_DIALECT, bulk: { maxOperations, ...more } };
}

const LIMITED = { requestsPerSecond: 1_000, concurrency: 2 };

/** A limited connector of a target that takes Bulk; `permits` is what each request waits for, by its number from 1 on. */
async function waiting(permits: (nth: number) => Promise<void> | undefined, maxOperations = 10) {
  const server = await startQuirky({ bulk: {} });
  onTestFinished(server.close);
  let nth = 0;
  const permit = (): Promise<void> | undefined => {
    nth += 1;
    return permits(nth);
  };
  const pace = ({ holdUntil, heldUntil }: Pace): Pace => ({ permit: (first) => (first === true ? undefined : permit()), holdUntil, heldUntil });
  const home = await world({ allow: [new URL(server.url).host], pace });
  onTestFinished(home.close);
  const given = connector(server.url, { operating: LIMITED, connector: { dialect: taking(maxOperations) } });
  const posts = (): readonly string[] => server.heard().flatMap(({ kind }) => (kind.startsWith('POST') ? [kind] : []));
  return { server, home, given, posts };
}

it('S7 S12 before a real SCIM service 60 creates and 60 changes cost three requests each, and one read that proves what is kept', async () => {
  const target = await startScimTarget({ token: TOKEN });
  onTestFinished(target.close);
  const admin = createAdmin(target.pageUrl);
  const home = await world({ allow: [new URL(target.url).host] });
  onTestFinished(home.close);
  await home.seed(connector(target.url, { operating: LIMITED, connector: { dialect: taking(20) } }), people(60));
  expect((await home.sync()).counts).toMatchObject({ created: 60, failed: 0 });
  expect((await admin.state()).requests.byKind).toEqual({ 'GET /Users': 1, 'POST /Bulk': 3 });
  expect((await admin.state()).users).toMatchObject({ total: 60, active: 60 });
  await admin.clearRequests();
  await home.people(people(60, { attributes: { familyName: 'Newname' } }));
  expect((await home.sync()).counts).toMatchObject({ updated: 60, failed: 0 });
  expect((await admin.state()).requests.byKind).toEqual({ 'POST /Bulk': 3, 'GET /Users/{id}': 1 });
});

it('S7 a request holds no more bytes than the target takes', async () => {
  const { server, home, given } = await waiting(() => undefined);
  await home.seed({ ...given, dialect: taking(100, { maxPayloadSize: 4_000 }) }, people(40));
  expect((await home.sync()).counts).toMatchObject({ created: 40, failed: 0 });
  const sizes = server.heard().flatMap(({ kind, body }) => (kind === 'POST /Bulk' ? [JSON.stringify(body).length] : []));
  expect(sizes.length).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4_000);
});

it('S7 what would be read as a reference to another operation travels alone', async () => {
  const { server, home, given, posts } = await waiting(() => undefined);
  await home.seed(given, [...people(9), person('odd', { attributes: { title: 'bulkId:user-1' } })]);
  expect((await home.sync()).counts).toMatchObject({ created: 10, failed: 0 });
  expect([...posts()].sort()).toEqual(['POST /Bulk', 'POST /Users']);
  expect(server.users().find(({ userName }) => userName === 'odd')).toMatchObject({ title: 'bulkId:user-1' });
});

it('S13 S23 a crash at any step repeats no create and leaves nobody unlinked', async () => {
  const server = await startQuirky({ bulk: {} });
  onTestFinished(server.close);
  const root = await mkdtemp(join(tmpdir(), 'usher-bulk-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const seeded = join(root, 'seeded');
  const first = await world({ folder: seeded });
  await first.seed(connector(server.url, { operating: { requestsPerSecond: 10_000, concurrency: 1 }, connector: { dialect: taking(3) } }), people(6));
  await first.close();
  const ids = people(6).map(({ id }) => id);
  let steps = 0;
  for (let died = true; died; ) {
    steps += 1;
    for (const { id } of server.users()) server.drop(id);
    const folder = join(root, String(steps));
    await cp(seeded, folder, { recursive: true });
    const life = { folder, url: server.url, now: MORNING, deathAt: steps, death: 'abandoned' } as const;
    died = (await live(life)) === null;
    if (died) await live({ ...life, now: MORNING + 60_000, deathAt: null });
    const home = await world({ folder });
    const [accounts, events] = [await home.accounts(), await home.events()];
    await home.close();
    const users = server.users();
    expect(users.map(({ externalId }) => externalId).sort()).toEqual(ids);
    expect(accounts.map(({ intent, targetId }) => [intent, users.find(({ id }) => id === targetId)?.externalId])).toEqual(ids.map((id) => [null, id]));
    expect(events.map(({ type, success, subjectId }) => `${type} ${success} ${subjectId}`).sort()).toEqual(ids.map((id) => `user_create_provision true ${id}`));
  }
  expect(steps).toBeGreaterThan(5);
});

it('S1 S16 one person now waits for no company, and goes while all others wait for their permit', async () => {
  const permit = door();
  const asked = door();
  const { server, home, given, posts } = await waiting((nth) => {
    if (nth === 1) return undefined;
    asked.open();
    return permit.opened;
  });
  const sent = door();
  server.become({ bulk: {}, before: (method) => (method === 'POST' ? sent.open() : undefined) });
  await home.seed(given, people(400));
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const over = home.execute(run.id);
  await asked.opened;
  await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:p00399' });
  await home.wake(run.id);
  await sent.opened;
  expect(posts()).toEqual(['POST /Users']);
  permit.open();
  expect((await over).counts).toMatchObject({ created: 400, failed: 0 });
});

it('S1 where Bulk is refused, who would have travelled in it is served at once when asked for, though all others wait for permits', async () => {
  const permit = door();
  const asked = door();
  // The listing, the Bulk request, who waited to carry the next one, and the first who goes alone after the refusal.
  const { server, home, given, posts } = await waiting((nth) => {
    if (nth <= 2) return undefined;
    if (nth === 4) asked.open();
    return permit.opened;
  });
  let sent = door();
  server.become({ bulk: { refuses: 405 }, before: (method, path) => (method === 'POST' && path.endsWith('/Users') ? sent.open() : undefined) });
  await home.seed(given, people(60));
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const over = home.execute(run.id);
  await asked.opened;
  for (const id of ['p00005', 'p00015']) {
    sent = door();
    await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: `csv:${id}` });
    await home.wake(run.id);
    await sent.opened;
    expect(server.heard().at(-1)?.body).toMatchObject({ userName: id });
  }
  expect(posts()).toEqual(['POST /Bulk', 'POST /Users', 'POST /Users']);
  permit.open();
  expect((await over).counts).toMatchObject({ created: 60, failed: 0 });
});

it('S12 S24 an outage costs a try of each who goes alone, not of all who would travel together, and Bulk goes on after it', async () => {
  const server = await startQuirky({ bulk: {} });
  onTestFinished(server.close);
  const clock = manualClock();
  const home = await world({ clock, allow: [new URL(server.url).host] });
  onTestFinished(home.close);
  let refused = 0;
  server.become({
    bulk: {},
    before: (method) => {
      if (method !== 'POST' || refused === 20) return;
      refused += 1;
      throw new Refused(503, 'restarting');
    },
  });
  await home.seed(connector(server.url, { operating: LIMITED, connector: { dialect: taking(10) } }), people(40));
  const run = await patiently(clock, home.sync());
  expect(run.counts).toMatchObject({ created: 40, failed: 0 });
  const kinds = server.heard().flatMap(({ kind }) => (kind.startsWith('POST') ? [kind] : []));
  expect(kinds.slice(0, 20).filter((kind) => kind === 'POST /Bulk').length).toBeLessThanOrEqual(2);
  expect(kinds.slice(20)).toContain('POST /Bulk');
  expect((await home.connector()).dialect?.bulk).toEqual({ maxOperations: 10 });
});

it('S7 S12 a small Bulk request that meets a 429 ends Bulk for nobody', async () => {
  const { server, home, given, posts } = await waiting(() => undefined);
  let refused = false;
  server.become({
    bulk: {},
    before: (_method, path) => {
      if (refused || !path.endsWith('/Bulk')) return;
      refused = true;
      throw new Refused(429, 'Too many requests');
    },
  });
  await home.seed(given, people(3));
  expect((await home.sync()).counts).toMatchObject({ created: 3, failed: 0 });
  expect(posts()).toEqual(['POST /Bulk', 'POST /Bulk']);
});

it('S1 S24 a run that is cancelled while they wait for their permit ends at once, and sends nothing more', async () => {
  const asked = door();
  const { home, given, posts } = await waiting((nth) => {
    if (nth === 1) return undefined;
    asked.open();
    return new Promise(() => undefined);
  });
  await home.seed(given, people(40));
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const over = home.execute(run.id);
  await asked.opened;
  await cancelRun(home.outside, actor(), run.id);
  await home.wake(run.id);
  expect(ended(await over)).toMatchObject({ ending: 'cancelled' });
  expect(posts()).toEqual([]);
});

it('N5 the emergency stop holds all who travel in one request', async () => {
  const { home, given, posts } = await waiting((nth) => {
    if (nth > 2) home.outside.brake.pull({ by: 'U9', at: MORNING, why: null });
    return undefined;
  });
  await home.seed(given, people(40));
  await home.sync();
  expect(posts()).toEqual(['POST /Bulk']);
  expect((await home.accounts()).filter(({ state }) => state === 'active')).toHaveLength(10);
});

it('A7 who is protected after the run had planned to remove them is spared, though the others’ removals travel on', async () => {
  let armed = false;
  const { server, home, given, posts } = await waiting(async () => {
    if (armed)
      await home.put('protected', 'csv:p00001', {
        id: 'csv:p00001',
        personId: 'csv:p00001',
        connectorId: null,
        why: 'break-glass',
        by: 'U1',
        approvedBy: ['U2'],
        at: MORNING,
      });
  });
  await home.seed(given, people(4));
  await home.sync();
  await home.people(people(4, { status: 'inactive' }));
  server.forget();
  armed = true;
  const run = await home.sync();
  expect(run.counts).toMatchObject({ deactivated: 3, failed: 1 });
  expect(posts()).toEqual(['POST /Bulk']);
  expect((await home.events(run.id)).find(({ success }) => !success)).toMatchObject({ subjectId: 'csv:p00001', errorCode: 'protected' });
  expect(server.users().filter(({ active }) => active)).toMatchObject([{ userName: 'p00001' }]);
});
