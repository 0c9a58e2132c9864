import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Target } from '../../../src/ports/target.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { invite } from '../enrollment/invited-world.ts';
import { door, fault, type MemoryTarget, memoryTarget } from './memory-target.ts';
import { actor, CONNECTOR, connector, patiently, person, type World, world } from './world.ts';

const URL_ = 'https://scim.example.org/v2';
type Wish = Parameters<Target['change']>[1];
let clock: ManualClock;
let target: MemoryTarget;
let home: World;
/** What the target was told to change, and what it makes of that. */
let wishes: Wish[];
let heard: (wish: Wish) => Wish;

beforeEach(async () => {
  clock = manualClock();
  target = memoryTarget();
  wishes = [];
  heard = (wish) => wish;
  const opened = target.open(URL_, '', 1);
  const change: Target['change'] = (id, wish, turn) => {
    wishes.push(wish);
    return opened.change(id, heard(wish), turn);
  };
  home = await world({ clock, targets: { ...target, open: () => ({ ...opened, change }) } });
});
afterEach(() => home.close());

const lost = () => fault({ next: 'again', maybeWritten: true });
const run = () => patiently(clock, home.sync());
const there = (name: string) => [...target.users.values()].find(({ values }) => values.userName === name);
const lastEvent = async () => (await home.events()).at(-1);
const states = async () => (await home.account('ann'))?.timeline.map(([, state]) => state);

/** A change of ann took effect, and its reply was lost until the run gave up. */
async function unanswered(change: Parameters<typeof person>[1]): Promise<void> {
  await home.people([person('ann', change)]);
  target.after = (call) => {
    if (call.what === 'change') throw lost();
  };
  expect((await run()).counts).toMatchObject({ updated: 0, failed: 1 });
  target.after = () => {};
  expect(await home.account('ann')).toMatchObject({ intent: { operation: 'update' } });
  wishes.length = 0;
}

describe('an update whose reply was lost', () => {
  it('S5 S22 S23 is settled by a look where the target refuses what is sent since: what it left is told, and taken back when it is not wanted any more', async () => {
    await home.seed(connector(URL_), [person('ann')]);
    await run();
    await unanswered({ attributes: { title: 'Head' } });
    await home.people([person('ann', { attributes: { title: 'Dean', familyName: 'Lee' } })]);
    target.before = (call) => {
      if (call.what === 'change') throw fault({ next: 'refused', status: 400, message: '"Lee" is taken' });
    };
    expect((await run()).counts).toMatchObject({ updated: 0, failed: 1 });
    expect(await home.account('ann')).toMatchObject({ intent: null, pushed: { values: { title: 'Head', 'name.familyName': 'Example' } } });
    expect(await lastEvent()).toMatchObject({ success: false, changes: [{ attribute: 'title', before: null, after: 'Head' }] });
    wishes.length = 0;
    await run();
    expect(wishes.map(({ set }) => Object.keys(set).sort())).toEqual([['displayName', 'name.familyName', 'title']]);
    target.before = () => {};
    await home.people([person('ann')]);
    expect((await run()).counts).toMatchObject({ updated: 1, failed: 0 });
    expect(there('ann')?.values).toMatchObject({ 'name.familyName': 'Example' });
    expect(there('ann')?.values.title).toBeUndefined();
    expect((await run()).counts).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('S5 S19 S23 is done, and told as that, where a refusal comes after all of it stands', async () => {
    await home.seed(connector(URL_), [person('ann')]);
    await run();
    await unanswered({ attributes: { title: 'Head' } });
    target.before = (call) => {
      if (call.what === 'change') throw fault({ next: 'refused', status: 403, message: 'answered 403 with a web page: Sorry' });
    };
    expect((await run()).counts).toMatchObject({ updated: 1, failed: 0 });
    expect(await lastEvent()).toMatchObject({ success: true, changes: [{ attribute: 'title', before: null, after: 'Head' }] });
    expect(await home.account('ann')).toMatchObject({ intent: null, pushed: { values: { title: 'Head' } } });
  });

  it('S7 S23 is settled by the next one that was seen, though the target does not keep an attribute of it: only that is sent again', async () => {
    await home.seed(connector(URL_), [person('ann')]);
    await run();
    heard = ({ set: { title: _, ...set }, ...wish }) => ({ ...wish, set });
    await unanswered({ attributes: { title: 'Head', familyName: 'Lee' } });
    expect((await run()).counts).toMatchObject({ failed: 1 });
    expect(await lastEvent()).toMatchObject({
      success: false,
      changes: [
        { attribute: 'name.familyName', before: 'Example', after: 'Lee' },
        { attribute: 'displayName', before: 'ann Example', after: 'ann Lee' },
      ],
    });
    expect((await home.account('ann'))?.intent).toBeNull();
    wishes.length = 0;
    expect((await run()).counts).toMatchObject({ failed: 1 });
    expect(new Set(wishes.flatMap(({ set }) => Object.keys(set)))).toEqual(new Set(['title']));
  });

  it('E10 S23 stays open where somebody who is invited may be active: they are switched off in the next run', async () => {
    await home.seed(connector(URL_), []);
    await invite(home);
    await run();
    await home.people([person('ann')]);
    await run();
    await unanswered({ attributes: { title: 'Head' } });
    const user = there('ann');
    target.users.set('t1', { id: 't1', externalId: 'csv:ann', values: {}, ...user, active: true });
    heard = ({ active: _, ...wish }) => wish;
    expect((await run()).counts).toMatchObject({ failed: 1 });
    expect(await home.account('ann')).toMatchObject({ state: 'inactive', intent: { operation: 'update' } });
    heard = (wish) => wish;
    expect((await run()).counts).toMatchObject({ failed: 0 });
    expect(there('ann')?.active).toBe(false);
    expect((await home.account('ann'))?.intent).toBeNull();
  });
});

it('R1 S13 an account that is gone from the target is told as gone, also where a crash cut off the create in its place', async () => {
  await home.seed(connector(URL_), [person('ann'), person('bob')]);
  await run();
  target.users.delete((await home.account('ann'))?.targetId ?? '');
  await home.people([person('ann', { attributes: { title: 'Head' } })]);
  const reached = door();
  target.before = async (call) => {
    if (call.what !== 'create') return;
    reached.open();
    await new Promise(() => {});
  };
  const begun = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  void home.execute(begun.id).catch(() => {});
  await reached.opened;
  await home.restart();
  target.before = () => {};
  await home.people([person('ann', { status: 'inactive' })]);
  await patiently(clock, home.execute(begun.id));
  expect(await states()).toEqual(['active', 'gone']);
  await home.people([person('ann')]);
  await run();
  expect(await states()).toEqual(['active', 'gone', 'active']);
});

describe('a create that the target answers with an error each time', () => {
  const oops = () => fault({ next: 'again', status: 500, message: 'oops', maybeWritten: true });
  const listings = () => target.calls.filter(({ what }) => what === 'list').length;
  const dialect = { ...RFC_DIALECT, filter: { externalId: 'works', letterCase: 'any' } } as const;

  it('S7 S23 is known not to have happened where the target can be asked for its key: no later run reads the whole target for it', async () => {
    await home.seed(connector(URL_, { connector: { dialect } }), [person('bob')]);
    await run();
    await home.people([person('ann')]);
    target.before = (call) => {
      if (call.what === 'create') throw oops();
    };
    expect((await run()).counts).toMatchObject({ created: 0, failed: 1 });
    expect(await lastEvent()).toMatchObject({ type: 'user_create_provision', success: false, errorMessage: 'oops' });
    expect(await home.account('ann')).toBeUndefined();
    const before = listings();
    expect((await run()).counts).toMatchObject({ created: 0, failed: 1 });
    expect(listings()).toBe(before);
  });

  it('S13 S23 stays open where it is not proven that the target can be asked, or where the create may be under way still', async () => {
    await home.seed(connector(URL_), [person('ann')]);
    target.before = (call) => {
      if (call.what === 'create') throw oops();
    };
    await run();
    expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
    await home.put('connector', CONNECTOR, { ...(await home.connector()), dialect });
    target.before = (call) => {
      if (call.what === 'create') throw lost();
    };
    await run();
    expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
  });

  it('S5 S23 is told as made where the last of them made it', async () => {
    await home.seed(connector(URL_, { connector: { dialect } }), [person('ann')]);
    let creates = 0;
    target.before = (call) => {
      if (call.what === 'create' && ++creates < 5) throw oops();
    };
    target.after = (call) => {
      if (call.what === 'create') throw oops();
    };
    expect((await run()).counts).toMatchObject({ created: 1, failed: 0 });
    expect(await home.account('ann')).toMatchObject({ state: 'active', origin: 'created', intent: null });
    expect(await lastEvent()).toMatchObject({ type: 'user_create_provision', success: true });
  });
});
