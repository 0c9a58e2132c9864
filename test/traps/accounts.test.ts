import { describe, expect, it, onTestFinished } from 'vitest';
import { RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import type { Person } from '../../src/domain/directory/person.ts';
import { createAdmin } from '../../src/sandbox/scim/admin-client.ts';
import type { FaultInput } from '../../src/sandbox/scim/faults.ts';
import { startScimTarget } from '../../src/sandbox/scim/server.ts';
import { Refused } from '../../src/sandbox/scim/quirks/answer.ts';
import { SERVER_A, SERVER_B, SERVER_C, SERVER_F } from '../../src/sandbox/scim/quirks/quirks.ts';
import { CONNECTOR, connector as connectorTo, ended, people, person, TOKEN, world } from '../domain/sync/world.ts';
import { type Played, playing } from './playing.ts';

const KNOWN = { connector: { listing: { at: 0, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } } };

it('S8 trap 5: a user name in other letters is found in the first walk, and adopted', async () => {
  const { server, home, connector } = await playing(SERVER_C);
  server.seed({ userName: 'Alice@X' });
  await home.seed(connector, [person('alice', { attributes: { userName: 'alice@x' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ adopted: 1, created: 0, failed: 0 });
  expect(server.users()).toHaveLength(1);
});

it('S9 S23 trap 5: where the filter says none and the create says 409, one walk finds it: no loop, no second walk', async () => {
  const { server, home, connector, kinds } = await playing(SERVER_C, KNOWN);
  server.seed({ userName: 'Alice@X' });
  server.seed({ userName: 'Bob@X' });
  await home.seed(connector, [person('alice', { attributes: { userName: 'alice@x' } }), person('bob', { attributes: { userName: 'bob@x' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ adopted: 2, created: 0, failed: 0 });
  expect(kinds().filter((kind) => kind === 'POST /Users')).toHaveLength(2);
  expect(kinds().filter((kind) => kind === 'GET /Users')).toHaveLength(2);
  expect(server.users().map(({ externalId }) => externalId)).toEqual(['csv:alice', 'csv:bob']);
});

it('S8 trap 6: two rows for one user name are ambiguous: both ids are named, nothing is written', async () => {
  const { server, home, connector, kinds } = await playing(SERVER_B);
  server.seed({ userName: 'Alice@X' });
  server.seed({ userName: 'alice@x' });
  await home.seed(connector, [person('alice', { attributes: { userName: 'alice@x' } })]);
  const run = await home.sync();
  expect(run.frozen.first[0]?.reason).toContain('Alice@X, alice@x');
  expect(kinds().every((kind) => kind.startsWith('GET'))).toBe(true);
});

it('S9 trap 6: two rows that turn up at a look-up are ambiguous too', async () => {
  const { server, home, connector, kinds } = await playing(SERVER_B, KNOWN);
  server.seed({ userName: 'ALICE@X' });
  server.seed({ userName: 'alice@x' });
  await home.seed(connector, [person('alice', { attributes: { userName: 'alice@x' } })]);
  const run = await home.sync();
  expect((await home.events(run.id))[0]).toMatchObject({ success: false, errorCode: 'ambiguous', errorMessage: expect.stringContaining('ALICE@X') });
  expect(kinds()).not.toContain('PATCH /Users');
});

it('S9 trap 7: a 409 that is no duplicate is a permanent error with its detail, asked once', async () => {
  const before = (method: string): void => {
    if (method === 'POST') throw new Refused(409, 'Profile is required');
  };
  const { home, connector, kinds } = await playing({ before });
  await home.seed(connector, people(3));
  const run = await home.sync();
  expect(run.causes).toMatchObject([{ status: 409, message: 'Profile is required', count: 3 }]);
  expect(kinds().filter((kind) => kind === 'POST /Users')).toHaveLength(3);
});

it('S8 S23 trap 9: where totalResults is the page size, the walk goes on until an empty page', async () => {
  const { server, home, connector, kinds } = await playing({ ...SERVER_A, cap: 7 });
  for (let at = 0; at < 31; at += 1) server.seed({ userName: `u${at}` });
  await home.seed(connector, [person('ann', { attributes: { userName: 'u30' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ adopted: 1, created: 0 });
  expect(kinds().slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'GET /Users'));
  expect(server.users()).toHaveLength(31);
});

it('S7 C20 trap 9: once it is learnt that totals are the page’s, such a walk is believed, and not made again by every run', async () => {
  const { server, home, connector, kinds } = await playing(SERVER_F);
  server.seed({ userName: 'u0' });
  await home.seed({ ...connector, dialect: { ...RFC_DIALECT, pages: { size: 100, totals: 'page' } } }, people(150));
  await home.sync();
  expect((await home.connector()).listing).toMatchObject({ total: 1 });
  server.forget();
  await home.sync();
  expect(kinds()).toEqual([]);
});

it('S23 trap 10: rows that vanish during the walk conclude nothing, and nobody is removed or made twice', async () => {
  let pages = 0;
  const { server, home, connector } = await playing({ cap: 10 });
  const ids = Array.from({ length: 30 }, (_, at) => server.seed({ userName: `u${at}` }));
  server.become({
    cap: 10,
    before: (method, path) => {
      if (method === 'GET' && path.endsWith('/Users')) pages += 1;
      // The first page loses a row: the second one begins a row later than it should.
      if (pages === 2 && server.users().length === 30) server.drop(ids[3] ?? '');
    },
  });
  await home.seed(connector, [person('ann', { attributes: { userName: 'u10' } }), person('bob', { attributes: { userName: 'u20' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ deactivated: 0, deleted: 0, failed: 0 });
  expect((await home.connector()).listing).toBeNull();
  const names = server.users().map(({ userName }) => userName);
  expect(names).toHaveLength(29);
  expect(new Set(names).size).toBe(29);
});

it('S8 S23 trap 11: a silent cap of pages makes progress', async () => {
  const { server, home, connector } = await playing({ cap: 50 });
  for (let at = 0; at < 170; at += 1) server.seed({ userName: `u${at}` });
  await home.seed(connector, [person('ann', { attributes: { userName: 'u169' } })]);
  expect((await home.sync()).counts).toMatchObject({ adopted: 1, created: 0 });
  expect((await home.connector()).listing).toMatchObject({ total: 170 });
});

describe('trap 11 before scimmy', () => {
  async function stocked(fault: FaultInput) {
    const target = await startScimTarget({ token: TOKEN });
    onTestFinished(target.close);
    const admin = createAdmin(target.pageUrl);
    await admin.seed({ make: { count: 170 } });
    await admin.seed({ users: [{ userName: 'ann' }] });
    await admin.set(fault);
    const home = await world({ allow: [new URL(target.url).host] });
    onTestFinished(home.close);
    await home.seed(connectorTo(target.url), [person('ann'), person('bob')]);
    return { admin, home, run: await home.sync() };
  }

  it('S8 S23 trap 11: a silent cap of 50 rows is walked past', async () => {
    const { admin, home, run } = await stocked({ is: 'page-cap', rows: 50 });
    expect(run.counts).toMatchObject({ adopted: 1, created: 1, failed: 0 });
    expect((await home.connector()).listing).toMatchObject({ total: 171 });
    expect((await admin.state()).requests.byKind['GET /Users']).toBeLessThanOrEqual(5);
  });

  it('S8 S23 trap 11: where startIndex is ignored the walk ends, nothing is concluded from it, and every create looks first', async () => {
    const { admin, home, run } = await stocked({ is: 'stuck-pages' });
    expect(run.counts).toMatchObject({ adopted: 1, created: 1, failed: 0, deactivated: 0 });
    expect((await home.connector()).listing).toBeNull();
    const { users, requests } = await admin.state();
    expect(users.total).toBe(172);
    expect(requests.byKind['GET /Users']).toBeLessThanOrEqual(3);
    expect(requests.byKind['GET /Users?filter']).toBeGreaterThan(0);
  });
});

it('S10 S23 trap 20: a deactivated account that reading does not find is woken by its id', async () => {
  const { server, home, connector } = await playing({});
  await home.seed(connector, [person('ann')]);
  await home.sync();
  await home.people([person('ann', { groupings: [] })]);
  await home.sync();
  server.become({
    before: (method) => {
      if (method === 'GET') throw new Refused(404, 'not found');
      if (method === 'POST') throw new Refused(409, 'userName is taken', 'uniqueness');
    },
  });
  await home.people([person('ann')]);
  expect((await home.sync()).counts).toMatchObject({ reactivated: 1, created: 0, failed: 0 });
  expect(server.users()).toMatchObject([{ userName: 'ann', active: true }]);
});

it('S10 S23 trap 20: one that answers 404 to everything, while its name stays taken, is a clear failure: no second account, and the link stays', async () => {
  const { server, home, connector } = await playing({});
  await home.seed(connector, [person('ann')]);
  await home.sync();
  await home.people([person('ann', { groupings: [] })]);
  await home.sync();
  const id = server.users()[0]?.id ?? '';
  server.become({
    before: (method, path) => {
      if (path.endsWith(id)) throw new Refused(404, 'not found');
      if (method === 'POST') throw new Refused(409, 'userName is taken', 'uniqueness');
    },
  });
  await home.people([person('ann')]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ reactivated: 0, created: 0 });
  expect(server.users()).toHaveLength(1);
  expect((await home.account('ann'))?.targetId).toBe(id);
});

describe('trap 20 before scimmy, which hides who is inactive', () => {
  async function hiding() {
    const target = await startScimTarget({ token: TOKEN });
    onTestFinished(target.close);
    const admin = createAdmin(target.pageUrl);
    const home = await world({ allow: [new URL(target.url).host] });
    onTestFinished(home.close);
    await admin.set({ is: 'inactive-hidden' });
    return { admin, home, given: connectorTo(target.url) };
  }

  it('S10 S23 trap 20: who comes back is re-activated, the same account', async () => {
    const { admin, home, given } = await hiding();
    await home.seed(given, [person('ann')]);
    await home.sync();
    const id = (await home.account('ann'))?.targetId;
    await home.people([person('ann', { groupings: [] })]);
    expect((await home.sync()).counts).toMatchObject({ deactivated: 1, failed: 0 });
    await home.people([person('ann', { attributes: { title: 'Head' } })]);
    expect((await home.sync()).counts).toMatchObject({ reactivated: 1, created: 0, failed: 0 });
    expect((await admin.users()).users).toMatchObject([{ id, active: true }]);
  });

  it('S9 S23 trap 20: an inactive account that nobody knows of is a clear failure in every run: one create, no second account, no storm', async () => {
    const { admin, home, given } = await hiding();
    await admin.seed({ users: [{ userName: 'ann', active: false }] });
    await home.seed(given, [person('ann'), person('bob')]);
    for (const created of [1, 0]) {
      await admin.clearRequests();
      const run = await home.sync();
      expect(run.counts).toMatchObject({ created, failed: 1 });
      expect((await admin.state()).requests.byKind['POST /Users']).toBe(created + 1);
      expect((await home.events(run.id)).find(({ success }) => !success)).toMatchObject({ subjectId: 'csv:ann', httpStatus: 409 });
      expect((await admin.state()).users.total).toBe(2);
    }
  });
});

describe.each([
  ['B, where it would be hidden behind a 500', SERVER_B],
  ['C, which would let two have it', SERVER_C],
])('trap 8: a rename to a user name that is taken, on server %s', (_name, quirks) => {
  async function renamed(begin: (played: Played) => Promise<void>, ...folk: readonly Person[]) {
    const played = await playing(quirks);
    const { server, home, connector, kinds } = played;
    await home.seed(connector, [person('ann'), person('bob')]);
    server.seed({ userName: 'taken' });
    await home.sync();
    await begin(played);
    server.forget();
    await home.people(folk);
    const run = await home.sync();
    return { run, home, server, names: server.users().map(({ userName }) => userName), requests: kinds().filter((kind) => !kind.startsWith('GET')) };
  }
  const as = (id: string, userName: string) => person(id, { attributes: { userName } });

  it('S8 S9 trap 8: held by an account that is nobody’s, it is found before any request', async () => {
    const { run, requests, home } = await renamed(async () => {}, as('ann', 'Taken'));
    expect(requests).toEqual([]);
    expect(ended(run).result).toBe('partial');
    expect((await home.account('ann'))?.connectorId).toBe(CONNECTOR);
  });

  it('S8 S9 trap 8: held by the inactive account of somebody who left, too', async () => {
    const left = async ({ home }: Played): Promise<void> => {
      await home.people([person('bob', { groupings: [] })]);
      await home.sync();
    };
    const { run, requests, names } = await renamed(left, as('ann', 'bob'));
    expect(requests).toEqual([]);
    expect(run.frozen.first[0]?.reason).toContain('bob');
    expect(names).toEqual(expect.arrayContaining(['ann', 'bob']));
  });

  it('S8 S9 trap 8: held by somebody who is left as they are for want of a user name, too', async () => {
    const nameless = { ...person('bob'), attributes: { givenName: 'bob', familyName: 'Example' } };
    const { run, requests, names } = await renamed(async () => {}, as('ann', 'bob'), nameless);
    expect(requests).toEqual([]);
    expect(run.frozen.count).toBe(2);
    expect(names).toEqual(expect.arrayContaining(['ann', 'bob']));
  });

  it('S8 S9 trap 8: held by somebody who gives it up in the same run, it is theirs right after', async () => {
    const { run, names, home, server } = await renamed(async () => {}, as('ann', 'bob'), as('bob', 'bobby'));
    expect(ended(run).result).toBe('success');
    expect(run).toMatchObject({ total: 2, done: 2, counts: { failed: 0 } });
    expect([...names].sort()).toEqual(['bob', 'bobby', 'taken']);
    server.forget();
    expect((await home.sync()).counts).toMatchObject({ unchanged: 2, failed: 0 });
    expect(server.heard()).toEqual([]);
  });
});

it('S23 a quote in a user name: a filter that is refused is no "none"; the walk tells', async () => {
  const { server, home, connector } = await playing({}, KNOWN);
  server.seed({ userName: 'o"neil' });
  server.become({ refusesQuotes: true });
  await home.seed(connector, [person('neil', { attributes: { userName: 'O"Neil' } })]);
  expect((await home.sync()).counts).toMatchObject({ adopted: 1, created: 0, failed: 0 });
});

it('S3 a server that fails on one user does not stop the others', async () => {
  const { home, connector, server } = await playing({ halfApplies: true });
  await home.seed(connector, people(30));
  await home.sync();
  await home.people([...people(29, { attributes: { title: 'Head' } }), person('p00029', { attributes: { title: 'bad' } })]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ updated: 29, failed: 1 });
  expect(server.users().filter(({ title }) => title === 'Head')).toHaveLength(29);
});
