import { describe, expect, it } from 'vitest';
import { type Dialect, RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import type { BulkQuirks } from '../../src/sandbox/scim/quirks/bulk.ts';
import { Refused } from '../../src/sandbox/scim/quirks/answer.ts';
import { isJson } from '../../src/sandbox/scim/quirks/patching.ts';
import { ended, people, person } from '../domain/sync/world.ts';
import { type Played, playing } from './playing.ts';

/** What a rehearsal learnt: ten operations a request, and that what is written is kept. */
const LEARNT: Dialect = {
  ...RFC_DIALECT,
  bulk: { maxOperations: 10 },
  proven: ['active', 'externalId', 'userName', 'displayName', 'name.givenName', 'name.familyName', 'emails[work].value'],
};

/** A connector that may send so many requests a second before a target that takes Bulk. */
function limited(bulk: BulkQuirks | undefined, { requestsPerSecond = 1_000, dialect = LEARNT } = {}): Promise<Played> {
  return playing(bulk === undefined ? {} : { bulk }, { operating: { requestsPerSecond, concurrency: 4 }, connector: { dialect } });
}

function tally(kinds: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const renamed = (count: number) => people(count, { attributes: { familyName: 'Newname' } });

describe('Bulk, for a connector whose requests a second are limited', () => {
  it('S7 35 creates, changes and removals with ten operations a request cost ⌈n/maxOperations⌉ requests each', async () => {
    const { home, server, connector, kinds } = await limited({});
    await home.seed(connector, people(35));
    expect((await home.sync()).counts).toMatchObject({ created: 35, failed: 0 });
    expect(tally(kinds())).toEqual({ 'GET /Users': 1, 'POST /Bulk': 4 });
    server.forget();
    await home.people(renamed(35));
    expect((await home.sync()).counts).toMatchObject({ updated: 35, failed: 0 });
    expect(tally(kinds())).toEqual({ 'POST /Bulk': 4 });
    expect(server.users().every(({ name }) => JSON.stringify(name).includes('Newname'))).toBe(true);
    server.forget();
    await home.put('connector', connector.id, {
      ...(await home.connector()),
      operating: { ...connector.operating, fuse: { people: 99, percent: 99, absolute: 99 } },
    });
    await home.people(people(35, { status: 'inactive' }));
    expect((await home.sync()).counts).toMatchObject({ deactivated: 35, failed: 0 });
    expect(tally(kinds())).toEqual({ 'POST /Bulk': 4 });
    expect(server.users().some(({ active }) => active)).toBe(false);
    const events = await home.events();
    expect(events).toHaveLength(105);
    expect(events.every(({ success, attempts }) => success && attempts === 1)).toBe(true);
  });

  it('S7 without a limit single requests are sent, and so is what has no company', async () => {
    const { home, server, connector, kinds } = await playing({ bulk: {} }, { connector: { dialect: LEARNT } });
    await home.seed(connector, people(12));
    expect((await home.sync()).counts).toMatchObject({ created: 12 });
    expect(tally(kinds())).toEqual({ 'GET /Users': 1, 'POST /Users': 12 });
    server.forget();
    await home.put('connector', connector.id, { ...(await home.connector()), operating: { ...connector.operating, requestsPerSecond: 1_000 } });
    await home.people([person('p00003', { attributes: { familyName: 'Newname' } })]);
    await home.sync();
    expect(tally(kinds())).toEqual({ 'PATCH /Users': 1 });
  });

  it('S23 of what nobody has proved yet one account is read back, not each of the many written with it', async () => {
    const { home, server, connector, kinds } = await limited({}, { dialect: { ...LEARNT, proven: [] } });
    await home.seed(connector, people(20));
    await home.sync();
    server.forget();
    await home.people(renamed(20));
    expect((await home.sync()).counts).toMatchObject({ updated: 20, failed: 0 });
    expect(tally(kinds())).toEqual({ 'POST /Bulk': 2, 'GET /Users': 1 });
  });

  it('S23 where the first read-back fails one more reads, not all who waited for it', async () => {
    const { home, server, connector, kinds } = await limited({}, { dialect: { ...LEARNT, proven: [] } });
    await home.seed(connector, people(20));
    await home.sync();
    server.forget();
    let failed = false;
    server.become({
      bulk: {},
      before: (method) => {
        if (method !== 'GET' || failed) return;
        failed = true;
        throw new Refused(500, 'not now');
      },
    });
    await home.people(renamed(20));
    expect((await home.sync()).counts).toMatchObject({ updated: 20, failed: 0 });
    expect(tally(kinds())).toEqual({ 'POST /Bulk': 2, 'GET /Users': 2, 'PATCH /Users': 1 });
  });

  it('S3 S9 what one operation is refused is that person’s own: a taken name is looked up and adopted, the others go through', async () => {
    const { home, server, connector } = await limited({ wraps: true, backwards: true });
    await home.seed(connector, people(20));
    // Made by hand after the listing.
    let made = false;
    server.become({
      bulk: { wraps: true, backwards: true },
      before: (_method, path) => {
        if (!path.endsWith('/Bulk') || made) return;
        made = true;
        server.seed({ userName: 'p00004' });
      },
    });
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 19, adopted: 1, failed: 0 });
    for (const { personId, targetId } of await home.accounts()) {
      expect(server.users().find(({ id }) => id === targetId)).toMatchObject({ externalId: personId });
    }
    server.edit((await home.account('p00007'))?.targetId ?? '', { userName: 'elsewhere' });
    server.seed({ userName: 'new.p00008' });
    await home.people([...people(8), person('p00008', { attributes: { userName: 'new.p00008' } }), ...renamed(20).slice(9)]);
    const second = await home.sync();
    expect(second.counts).toMatchObject({ updated: 11, failed: 1 });
    expect(ended(second).result).toBe('partial');
    const failed = (await home.events(second.id)).find(({ success }) => !success);
    expect(failed).toMatchObject({ subjectId: 'csv:p00008', httpStatus: 409, errorCode: 'uniqueness', errorMessage: 'userName is taken' });
  });

  it.each([
    ['none at all', undefined, 1_000],
    ['405', { refuses: 405 }, 1_000],
    ['501', { refuses: 501 }, 1_000],
    ['400', { refuses: 400 }, 1_000],
    ['500 though it was announced', { refuses: 500 }, 40],
    ['500 for each operation', { fails: 500 }, 40],
  ] as const)('S7 S12 a Bulk that is refused (%s) fails nobody: they go singly, in the next run at once', async (_how, bulk, requestsPerSecond) => {
    const { home, server, connector, kinds } = await limited(bulk, { requestsPerSecond });
    await home.seed(connector, people(12));
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 12, failed: 0 });
    expect(server.users()).toHaveLength(12);
    expect((await home.connector()).dialect?.bulk).toBeNull();
    server.forget();
    await home.people(renamed(12));
    expect((await home.sync()).counts).toMatchObject({ updated: 12, failed: 0 });
    expect(tally(kinds())).toEqual({ 'PATCH /Users': 12 });
  });

  it('S7 S12 a request that is too large is halved, and that is learnt', async () => {
    const { home, connector, kinds } = await limited({ most: 5 });
    await home.seed(connector, people(20));
    expect((await home.sync()).counts).toMatchObject({ created: 20, failed: 0 });
    expect((await home.connector()).dialect?.bulk).toEqual({ maxOperations: 5 });
    expect(kinds().includes('POST /Users')).toBe(false);
  });

  it('S12 a target that counts each operation as a request (429) gets fewer in one, and nobody fails', async () => {
    const { home, server, connector } = await limited({});
    let turnedAway = 0;
    const sizes: number[] = [];
    server.become({
      bulk: {},
      before: (_method, path) => {
        if (!path.endsWith('/Bulk')) return;
        const body = server.heard().at(-1)?.body;
        const operations = isJson(body) && Array.isArray(body.Operations) ? body.Operations.length : 0;
        sizes.push(operations);
        if (operations <= 5) return;
        turnedAway += 1;
        throw new Refused(429, 'Too many requests');
      },
    });
    await home.seed(connector, people(20));
    expect((await home.sync()).counts).toMatchObject({ created: 20, failed: 0 });
    expect(turnedAway).toBeLessThanOrEqual(2);
    expect(sizes.slice(turnedAway).every((size) => size <= 5)).toBe(true);
    expect((await home.connector()).dialect?.bulk).toEqual(LEARNT.bulk);
  });

  it('S12 a method that is not taken inside of Bulk is sent by itself', async () => {
    const { home, server, connector, kinds } = await limited({ without: 'PATCH' });
    await home.seed(connector, people(10));
    await home.sync();
    server.forget();
    await home.people(renamed(10));
    expect((await home.sync()).counts).toMatchObject({ updated: 10, failed: 0 });
    expect(tally(kinds())).toEqual({ 'POST /Bulk': 1, 'PATCH /Users': 10 });
    expect((await home.connector()).dialect?.shapes).toEqual({});
  });

  it.each([
    ['the connection is dropped in its middle', { dropsAfter: 4 }],
    ['fewer operations are answered than were asked for', { tells: 4 }],
    ['the answers name no bulkId', { nameless: true }],
  ] as const)('S13 S23 where %s the rest is looked up, nobody is created twice, and nobody fails', async (_how, bulk) => {
    const { home, server, connector } = await limited(bulk);
    await home.seed(connector, people(24));
    expect((await home.sync()).counts).toMatchObject({ created: 24, failed: 0 });
    expect(
      server
        .users()
        .map(({ externalId }) => externalId)
        .sort(),
    ).toEqual(people(24).map(({ id }) => id));
    for (const { personId, targetId } of await home.accounts()) {
      expect(server.users().find(({ id }) => id === targetId)).toMatchObject({ externalId: personId });
    }
    expect((await home.events()).filter(({ type }) => type === 'user_create_provision')).toHaveLength(24);
    expect((await home.connector()).dialect?.bulk).toEqual(LEARNT.bulk);
  });
});
