import { beforeEach, describe, expect, it } from 'vitest';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import { MANAGER } from '../../../src/domain/connectors/mapping.ts';
import { buildUndo, undoRun } from '../../../src/domain/undo/verbs/undo-run.ts';
import type { ManualClock } from '../../clock.ts';
import { invite } from '../enrollment/invited-world.ts';
import { beforeMemory, cutOff, URL_ } from './before-memory.ts';
import { fault, type MemoryTarget } from './memory-target.ts';
import { actor, connector, ended, patiently, people, person, type World } from './world.ts';

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

const givenAnother = beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const lost = () => fault({ next: 'again', maybeWritten: true });
const page = () => fault({ next: 'refused', status: 403, message: 'answered 403 with a web page: Sorry' });
const toldOf = async (id: string) => (await home.events()).filter(({ subjectId, success }) => success && subjectId === `csv:${id}`);
const accountAtTarget = (name: string) => [...target.users.values()].find(({ values }) => values.userName?.toLowerCase() === name);
const run = () => patiently(clock, home.sync());

async function resumed() {
  const [left] = (await home.all('run')).filter(({ state }) => state.is !== 'ended');
  if (left === undefined) throw new Error('no run was left');
  return await patiently(clock, home.execute(left.id));
}

describe('an account that was there before, taken over in the place of a create', () => {
  beforeEach(async () => {
    await home.seed(connector(URL_), people(1));
    await home.sync();
    await home.people([person('ann')]);
    // By another hand, since the target was last listed.
    target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'Ann' } });
  });

  it('S5 S19 S23 is told as adopted, also where the reply to its adoption was lost', async () => {
    let changes = 0;
    target.after = (call) => {
      if (call.what === 'change' && ++changes === 1) throw lost();
    };
    expect((await run()).counts).toMatchObject({ created: 0, adopted: 1, failed: 0 });
    expect(await home.account('ann')).toMatchObject({ targetId: 'x1', state: 'active', origin: 'adopted', intent: null });
    expect(await toldOf('ann')).toMatchObject([{ type: 'user_update_provision', adopted: true }]);
  });

  it('S5 S13 S19 is told as adopted, also where the adoption was cut off by a crash', async () => {
    await cutOff(home, target, 'after', 'change');
    expect((await resumed()).counts).toMatchObject({ created: 0, adopted: 1, failed: 0 });
    expect(await home.account('ann')).toMatchObject({ targetId: 'x1', state: 'active', origin: 'adopted', intent: null });
    expect(await toldOf('ann')).toMatchObject([{ type: 'user_update_provision', adopted: true }]);
  });
});

describe('a create that a crash left without an answer', () => {
  beforeEach(async () => {
    await home.seed(connector(URL_), people(1));
    await home.sync();
    await home.people([person('ann')]);
    await cutOff(home, target, 'after', 'create');
    // From here on the target can be searched, and not listed.
    target.before = (call) => {
      if (call.what === 'list') throw fault({ next: 'refused', status: 400 });
      if (call.what === 'change') throw page();
    };
  });

  it('S13 S23 stays open where the run after it failed for the person, and is told as the create it was', async () => {
    expect((await resumed()).counts).toMatchObject({ created: 0, failed: 1 });
    expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
    target.before = () => {};
    expect(ended(await run()).result).toBe('success');
    expect(await home.account('ann')).toMatchObject({ state: 'active', origin: 'created', intent: null });
    expect((await toldOf('ann')).map(({ type }) => type)).toEqual(['user_create_provision']);
    expect(target.calls.filter(({ what, userName }) => what === 'create' && userName === 'ann')).toHaveLength(1);
  });

  it('S10 S13 S23 is taken back where the person left meanwhile: no account stays that is nobody’s', async () => {
    await resumed();
    target.before = () => {};
    await home.people([person('ann', { status: 'inactive' })]);
    await run();
    expect(accountAtTarget('ann')?.active).toBe(false);
    expect(await home.account('ann')).toMatchObject({ state: 'inactive', intent: null });
  });

  it('S13 stays open where the run after it was ended by an answer that nobody can read', async () => {
    target.before = (call) => {
      if (call.what === 'list') throw fault({ next: 'refused', status: 400 });
      if (call.what === 'lookUp') throw fault({ next: 'unusable', status: 200 });
    };
    expect(ended(await resumed()).ending).toBe('failed');
    expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
  });
});

it('S5 S13 S19 a change that a crash cut off is sent again in full, told as what changed, and undone as that', async () => {
  await home.seed(connector(URL_), [person('ann', { attributes: { title: 'Dean' } })]);
  await home.sync();
  await home.people([person('ann', { attributes: { title: 'Head' } })]);
  await cutOff(home, target, 'after', 'change');
  const end = await resumed();
  expect(end.counts).toMatchObject({ updated: 1, failed: 0 });
  expect((await toldOf('ann')).at(-1)?.changes).toEqual([{ attribute: 'title', before: 'Dean', after: 'Head' }]);
  const { plan } = await undoRun(home.outside, actor('admin'), { runId: end.id, place: { is: 'person', userId: 'U1' } });
  expect((await buildUndo(home.outside, plan)).plan.counts).toMatchObject({ update: 1 });
  const rows = [];
  for await (const page of home.outside.store.rows('plan', { partition: plan.id, order: 'oldest' })) rows.push(...page.map(({ row }) => row.change));
  expect(rows).toMatchObject([{ is: 'update', changes: [{ attribute: 'title', before: 'Head', after: 'Dean' }] }]);
});

it('E10 S5 S13 an account that a crash left is told with whether it is on, and so is that it was switched off', async () => {
  const opened = target.open(URL_, '', 1);
  const eager: MemoryTarget = {
    ...target,
    open: () => ({ ...opened, create: (externalId, values, _active, turn) => opened.create(externalId, values, true, turn) }),
  };
  await givenAnother({ targets: eager });
  await home.seed(connector(URL_), []);
  await invite(home);
  await run();
  await home.people([person('ann')]);
  await cutOff(home, target, 'after', 'create');
  expect((await resumed()).counts).toMatchObject({ created: 1, updated: 1 });
  expect(accountAtTarget('ann')?.active).toBe(false);
  const [made, ...more] = (await toldOf('ann')).map(({ changes }) => changes);
  expect(made).toContainEqual({ attribute: 'active', before: null, after: 'true' });
  expect(more).toEqual([[{ attribute: 'active', before: null, after: 'false' }]]);
});

it('E10 S13 S24 an account that came to be without the manager whom the target refused is not forgotten, though it could not be switched off', async () => {
  const opened = target.open(URL_, '', 1);
  const eager: MemoryTarget = {
    ...target,
    open: () => ({
      ...opened,
      create: async (externalId, values, _active, turn) => {
        const user = await opened.create(externalId, values, true, turn);
        if (values[MANAGER] === undefined) return user;
        target.users.delete(user.id);
        throw fault({ next: 'refused', status: 400, message: 'Attribute "manager" is invalid' });
      },
    }),
  };
  await givenAnother({ targets: eager });
  const mapping = defaultMapping().map((rule) =>
    rule.attribute === MANAGER ? { attribute: MANAGER, from: { is: 'attribute' as const, name: 'manager' } } : rule,
  );
  await home.seed(connector(URL_, { settings: { mapping } }), [person('boss')]);
  await run();
  await invite(home);
  await home.people([person('ann', { attributes: { manager: 'boss' } })]);
  target.before = (call) => {
    if (call.what === 'change') throw page();
  };
  expect((await run()).counts).toMatchObject({ created: 0, failed: 1 });
  expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
  target.before = () => {};
  expect((await run()).counts).toMatchObject({ created: 1, updated: 1, failed: 0 });
  expect(accountAtTarget('ann')).toMatchObject({ active: false, values: { [MANAGER]: 't1' } });
  expect(await home.account('ann')).toMatchObject({ state: 'inactive', invited: { granted: null }, intent: null });
  expect((await toldOf('ann')).map(({ type }) => type)).toEqual(['user_create_provision', 'user_update_provision']);
});

describe('a change that was answered, whose outcome could not be read', () => {
  beforeEach(async () => {
    await home.seed(connector(URL_), people(1));
    await home.people([person('ann')]);
    await home.sync();
    target.bare = true;
    target.before = (call) => {
      if (call.what === 'read') throw page();
    };
  });

  it('S5 S23 is told by the next run', async () => {
    await home.people([person('ann', { attributes: { title: 'Head', familyName: 'Lee' } })]);
    // It was refused once; a second look would have been answered.
    let reads = 0;
    target.before = (call) => {
      if (call.what === 'read' && ++reads === 1) throw page();
    };
    expect((await run()).counts).toMatchObject({ updated: 0, failed: 1 });
    target.before = () => {};
    expect((await run()).counts).toMatchObject({ updated: 1, failed: 0 });
    expect((await toldOf('ann')).at(-1)?.changes).toContainEqual({ attribute: 'title', before: null, after: 'Head' });
    expect((await run()).counts).toMatchObject({ updated: 0, unchanged: 2 });
  });

  it('S9 S23 leaves nobody inactive who came back: it is not believed that nothing happened', async () => {
    await home.people([person('ann', { status: 'inactive' })]);
    expect((await run()).counts).toMatchObject({ deactivated: 0, failed: 1 });
    expect(accountAtTarget('ann')?.active).toBe(false);
    target.before = () => {};
    await home.people([person('ann')]);
    expect(ended(await run()).result).toBe('success');
    expect(accountAtTarget('ann')?.active).toBe(true);
    expect(await home.account('ann')).toMatchObject({ state: 'active', intent: null });
  });

  it('S9 S13 S23 nor does a crash in the middle of their coming back', async () => {
    await home.people([person('ann', { status: 'inactive' })]);
    await run();
    await home.people([person('ann')]);
    await cutOff(home, target, 'before', 'change');
    expect(ended(await resumed()).result).toBe('success');
    expect(accountAtTarget('ann')?.active).toBe(true);
  });
});
