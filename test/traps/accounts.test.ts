import { expect, it } from 'vitest';
import { RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import { Refused } from '../../src/sandbox/scim/quirks/patching.ts';
import { SERVER_A, SERVER_B, SERVER_C, SERVER_F } from '../../src/sandbox/scim/quirks/quirks.ts';
import { CONNECTOR, ended, people, person } from '../domain/sync/world.ts';
import { playing } from './playing.ts';

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

it('S8 S9 trap 8: a rename to a user name that another account holds is found before any request', async () => {
  const { server, home, connector, kinds } = await playing(SERVER_B);
  await home.seed(connector, [person('ann'), person('bob')]);
  server.seed({ userName: 'taken' });
  await home.sync();
  server.forget();
  await home.people([person('ann', { attributes: { userName: 'taken' } })]);
  const run = await home.sync();
  expect(kinds()).toEqual([]);
  expect(ended(run).result).toBe('partial');
  expect((await home.account('ann'))?.connectorId).toBe(CONNECTOR);
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
