import { beforeEach, describe, expect, it } from 'vitest';
import { RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { seatsOf } from '../../../src/domain/enrollment/verbs/seating.ts';
import { why } from '../../../src/domain/explain/verbs/why.ts';
import { buildUndo, undoRun } from '../../../src/domain/undo/verbs/undo-run.ts';
import { driftPage } from '../../../src/domain/verify/verbs/drift.ts';
import { startVerification } from '../../../src/domain/verify/verbs/start.ts';
import type { Target } from '../../../src/ports/target.ts';
import type { ManualClock } from '../../clock.ts';
import { invite } from '../enrollment/invited-world.ts';
import { beforeMemory, cutOff, URL_ } from './before-memory.ts';
import { fault, type MemoryTarget } from './memory-target.ts';
import { actor, CONNECTOR, connector, patiently, person, type World } from './world.ts';

type Wish = Parameters<Target['change']>[1];
let clock: ManualClock;
let target: MemoryTarget;
let home: World;
/** What the target was told to change, and what it makes of that. */
let wishes: Wish[];
let heard: (wish: Wish) => Wish;

beforeEach(() => {
  wishes = [];
  heard = (wish) => wish;
});
beforeMemory(
  (given) => {
    ({ clock, target, home } = given);
  },
  (memory) => {
    const opened = memory.open(URL_, '', 1);
    const change: Target['change'] = (id, wish, turn) => {
      wishes.push(wish);
      return opened.change(id, heard(wish), turn);
    };
    return { targets: { ...memory, open: () => ({ ...opened, change }) } };
  },
);

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
  const runId = await cutOff(home, target, 'before', 'create');
  await home.people([person('ann', { status: 'inactive' })]);
  await patiently(clock, home.execute(runId));
  expect(await states()).toEqual(['active', 'gone']);
  await home.people([person('ann')]);
  await run();
  expect(await states()).toEqual(['active', 'gone', 'active']);
});

describe('an account that is gone from the target, whose second create fails', () => {
  /** Ann's account was deleted by hand, her title has changed since, and the target answers a create with this. */
  async function answering(error: Parameters<typeof fault>[0]): Promise<void> {
    await home.seed(connector(URL_), [person('ann'), person('bob')]);
    await run();
    target.users.delete((await home.account('ann'))?.targetId ?? '');
    await home.people([person('ann', { attributes: { title: 'Head' } })]);
    target.before = (call) => {
      if (call.what === 'create') throw fault(error);
    };
  }
  const refusing = () => answering({ next: 'refused', status: 400, message: 'Head is no title' });
  const seats = async () => (await seatsOf(home.outside, 'i1')).taken;
  const asked = async () => (await why(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:ann' }, { after: null, limit: 1 })).explanation.standing;

  it('S3 S12 S18 is known to be gone where that is refused for good: the refusal is its person’s error, and the next run creates and changes nothing', async () => {
    await refusing();
    expect((await run()).counts).toMatchObject({ failed: 1, created: 0, updated: 0 });
    expect(await lastEvent()).toMatchObject({ type: 'user_create_provision', httpStatus: 400, errorMessage: 'Head is no title', targetId: null });
    expect(await home.account('ann')).toMatchObject({ state: 'gone', targetId: null, pushed: null, intent: null });
    expect(await states()).toEqual(['active', 'gone']);
    expect(await asked()).toMatchObject({ is: 'failed', due: 'create', event: { errorMessage: 'Head is no title' } });
    wishes.length = 0;
    expect((await run()).counts).toMatchObject({ failed: 1 });
    expect(wishes).toEqual([]);
    expect(await states()).toEqual(['active', 'gone']);
    target.before = () => {};
    expect((await run()).counts).toMatchObject({ created: 1, failed: 0 });
    expect(await states()).toEqual(['active', 'gone', 'active']);
    expect(await home.account('ann')).toMatchObject({ targetId: there('ann')?.id, state: 'active' });
  });

  it('E12 S19 S20 takes no seat then, is no drift, and is not touched by an undo of the run that made it', async () => {
    await refusing();
    const [first] = await home.all('run');
    expect(await seats()).toBe(2);
    await run();
    expect(await seats()).toBe(1);
    const verification = await startVerification(home.outside, actor(), { connectorId: CONNECTOR });
    await patiently(clock, home.execute(verification.id));
    expect((await driftPage(home.outside, actor(), CONNECTOR, { after: null, limit: 5 })).drift).toEqual([]);
    const { plan } = await undoRun(home.outside, actor(), { runId: first?.id ?? '', place: { is: 'person', userId: 'U1' } });
    const undo = await buildUndo(home.outside, plan);
    expect(undo.plan.counts).toMatchObject({ deactivate: 1 });
    expect(undo.left).toMatchObject([{ names: ['ann Example'], why: 'somebody changed it since' }]);
  });

  it.each([
    ['the target answers that with 404 as well, as a wrong address does', { next: 'refused', status: 404, message: 'no such path' }],
    ['its name is still taken', { next: 'taken', status: 409, scimType: 'uniqueness', message: 'taken' }],
  ] as const)('S13 S23 keeps its link where %s', async (_why, error) => {
    await answering(error);
    const { targetId } = (await home.account('ann')) ?? {};
    expect((await run()).counts).toMatchObject({ failed: 1 });
    expect(await home.account('ann')).toMatchObject({ state: 'active', targetId, intent: null });
  });
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
