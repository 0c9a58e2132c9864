import { describe, expect, it } from 'vitest';
import { seatsTaken } from '../../../src/domain/connectors/verbs/card.ts';
import { recountSeats } from '../../../src/domain/enrollment/verbs/seating.ts';
import { linkAccount } from '../../../src/domain/plans/verbs/link.ts';
import { unmanagedOf } from '../../../src/domain/plans/verbs/unmanaged.ts';
import { refusalOf } from '../refused.ts';
import { beforeMemory, URL_ } from '../sync/before-memory.ts';
import type { MemoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, person, STAFF, type World } from '../sync/world.ts';

const ADMIN = actor('admin');
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ target, home } = given);
});

async function handMade(...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const userName of names) ids.push((await target.open(URL_, '', 1).create('', { userName }, true)).id);
  return ids;
}

describe('linking by hand', () => {
  it('S26 links a person to an account that is nobody’s, with one request that reads; the next sync writes what differs, to that account', async () => {
    await home.seed(connector(URL_), [person('bob')]);
    const [id = ''] = await handMade('robert');
    const before = target.writes().length;
    const { account } = await linkAccount(home.outside, ADMIN, { connectorId: CONNECTOR, personId: 'csv:bob', targetId: id });
    expect(account).toMatchObject({ targetId: id, state: 'active', origin: 'adopted', pushed: { values: { userName: 'robert' } } });
    expect(target.writes()).toHaveLength(before);
    expect((await home.sync()).counts).toMatchObject({ updated: 1, created: 0 });
    expect(target.users.get(id)?.values.userName).toBe('bob');
    expect(target.users.size).toBe(1);
  });

  it('S26 E12 the seats are right at once: an account that was listed goes on to count once, one that was made since counts from then on', async () => {
    await home.seed({ ...connector(URL_), listing: null }, []);
    const listed = await handMade('robert', 'nobody');
    await home.sync();
    await home.people([person('bob'), person('cat')]);
    const since = await handMade('catherine');
    /** As enrollment gives them out, and as the connector's page shows them. */
    const taken = async () => {
      const { listing } = await home.connector();
      const book = await home.outside.store.get('seatBook', 'i1');
      return [book?.value.taken, await seatsTaken(home.outside, CONNECTOR, listing?.unmanagedActive ?? 0)];
    };
    await recountSeats(home.outside, 'i1');
    expect(await taken()).toEqual([2, 2]);
    await linkAccount(home.outside, ADMIN, { connectorId: CONNECTOR, personId: 'csv:bob', targetId: listed[0] ?? '' });
    expect(await taken()).toEqual([2, 2]);
    expect((await home.connector()).listing).toMatchObject({ unmanaged: 1, unmanagedActive: 1 });
    await linkAccount(home.outside, ADMIN, { connectorId: CONNECTOR, personId: 'csv:cat', targetId: since[0] ?? '' });
    expect(await taken()).toEqual([3, 3]);
    await recountSeats(home.outside, 'i1');
    expect(await taken()).toEqual([3, 3]);
  });

  it('S26 refuses an account that isn’t there, one of somebody else, a second one for a person, and somebody who shall have none', async () => {
    await home.seed(connector(URL_), [person('ann'), person('bob'), person('cook', { groupings: [STAFF] })]);
    const [one = '', two = ''] = await handMade('x', 'y');
    const link = (personId: string, targetId: string, by = ADMIN) => linkAccount(home.outside, by, { connectorId: CONNECTOR, personId, targetId });
    expect(await refusalOf(link('csv:ann', 'nothing'))).toMatchObject({ is: 'not-found' });
    await link('csv:ann', one);
    expect(await refusalOf(link('csv:bob', one))).toMatchObject({ is: 'bad-input', field: 'account' });
    expect(await refusalOf(link('csv:ann', two))).toMatchObject({ is: 'nothing-to-do' });
    expect(await refusalOf(link('csv:cook', two))).toMatchObject({ is: 'bad-input', field: 'person' });
    expect(await refusalOf(link('csv:bob', two, actor('operator')))).toMatchObject({ is: 'not-allowed', right: 'administer' });
  });
});

describe('what is not managed', () => {
  it('S26 is listed by pages, without the accounts that are somebody’s, for whoever sees the whole connector', async () => {
    await home.seed(connector(URL_), [person('bob')]);
    await handMade('a', 'b', 'c', 'bob');
    await home.sync();
    const first = await unmanagedOf(home.outside, ADMIN, CONNECTOR, { after: null, limit: 2 });
    const rest = await unmanagedOf(home.outside, ADMIN, CONNECTOR, { after: first.next, limit: 2 });
    expect([...first.accounts, ...rest.accounts].map(({ match }) => match).sort()).toEqual(['a', 'b', 'c']);
    expect([first.total, rest.next]).toEqual([3, null]);
    expect(await refusalOf(unmanagedOf(home.outside, actor('viewer', 'csv:school'), CONNECTOR, { after: null, limit: 2 }))).toMatchObject({
      is: 'not-allowed',
    });
  });
});
