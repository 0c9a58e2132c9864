import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkAccount } from '../../../src/domain/plans/verbs/link.ts';
import { unmanagedOf } from '../../../src/domain/plans/verbs/unmanaged.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, person, STAFF, type World, world } from '../sync/world.ts';

const URL_ = 'https://scim.example.org/v2';
const ADMIN = actor('admin');
let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  clock = manualClock();
  target = memoryTarget();
  home = await world({ clock, targets: target });
});
afterEach(() => home.close());

async function refusal(act: Promise<unknown>): Promise<Refusal['reason']> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  throw new Error('it was not refused');
}

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

  it('S26 refuses an account that isn’t there, one of somebody else, a second one for a person, and somebody who shall have none', async () => {
    await home.seed(connector(URL_), [person('ann'), person('bob'), person('cook', { groupings: [STAFF] })]);
    const [one = '', two = ''] = await handMade('x', 'y');
    const link = (personId: string, targetId: string, by = ADMIN) => linkAccount(home.outside, by, { connectorId: CONNECTOR, personId, targetId });
    expect(await refusal(link('csv:ann', 'nothing'))).toMatchObject({ is: 'not-found' });
    await link('csv:ann', one);
    expect(await refusal(link('csv:bob', one))).toMatchObject({ is: 'bad-input', field: 'account' });
    expect(await refusal(link('csv:ann', two))).toMatchObject({ is: 'nothing-to-do' });
    expect(await refusal(link('csv:cook', two))).toMatchObject({ is: 'bad-input', field: 'person' });
    expect(await refusal(link('csv:bob', two, actor('operator')))).toMatchObject({ is: 'not-allowed', right: 'administer' });
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
    expect(await refusal(unmanagedOf(home.outside, actor('viewer', 'csv:school'), CONNECTOR, { after: null, limit: 2 }))).toMatchObject({ is: 'not-allowed' });
  });
});
