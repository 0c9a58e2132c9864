import { expect, it } from 'vitest';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import { MANAGER, type Mapping } from '../../../src/domain/connectors/mapping.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import type { StoredPlan } from '../../../src/domain/plans/plan.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { createRun } from '../../../src/domain/sync/verbs/create-run.ts';
import { reassertDrift } from '../../../src/domain/verify/verbs/settle.ts';
import { startVerification } from '../../../src/domain/verify/verbs/start.ts';
import { buildUndo, undoRun } from '../../../src/domain/undo/verbs/undo-run.ts';
import type { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeService } from './before-service.ts';
import { watched } from './watched-store.ts';
import { actor, assignment, CONNECTOR, connector, ended, person, type World } from './world.ts';

let target: ScimTarget;
let admin: ReturnType<typeof createAdmin>;
let clock: ManualClock;
let home: World;

const givenAnother = beforeService((given) => {
  ({ clock, target, admin, home } = given);
});

const MAPPED: Mapping = defaultMapping().map((rule) =>
  rule.attribute === MANAGER ? { attribute: MANAGER, from: { is: 'attribute', name: 'manager' } } : rule,
);

function under(manager: string | null, id: string, changes: Parameters<typeof person>[1] = {}): Person {
  return person(id, { ...changes, attributes: { ...changes.attributes, ...(manager === null ? {} : { manager }) } });
}

async function begin(folk: readonly Person[], leavers: 'deactivated' | 'deleted' = 'deactivated'): Promise<void> {
  const leaving = leavers === 'deleted' ? ({ are: 'deleted', afterDays: 1 } as const) : ({ are: 'deactivated' } as const);
  await home.seed(connector(target.url, { settings: { mapping: MAPPED, leavers: leaving } }), folk, [assignment(1)]);
}

/** User name to the user name of the manager, as the target has it; null for none. */
async function lines(): Promise<Readonly<Record<string, string | null>>> {
  const { users } = await admin.users({ size: 100 });
  const names = new Map(users.map(({ id, userName }) => [id, userName]));
  const found: Record<string, string | null> = {};
  for (const { id, userName } of users) {
    const json = (await admin.user(id)) as Record<string, { manager?: { value?: string } } | undefined>;
    const value = json[MANAGER.slice(0, MANAGER.lastIndexOf(':'))]?.manager?.value;
    found[userName] = value === undefined ? null : (names.get(value) ?? value);
  }
  return found;
}

/** Applies the first people of a plan, or all. */
async function apply({ id }: Pick<StoredPlan, 'id'>, to: number | null = null, from = 0): Promise<Run> {
  const stored = await home.outside.store.get('plan', id);
  if (stored === undefined) throw new Error('no plan');
  const along = async (run: Run) => [
    put('plan', id, { ...stored.value, state: { is: 'applying', runId: run.id, first: to === null ? null : to - from } }, stored.version),
  ];
  const run = await createRun(home.outside, {
    ...{ connector: await home.connector(), kind: 'plan', scope: { is: 'all' }, by: 'U2', way: 'button', verb: 'sync' },
    ...{ plan: { planId: id, from, to, approved: true }, along },
  });
  return await home.execute(run.id);
}

async function sent(): Promise<Readonly<Record<string, number>>> {
  return (await admin.state()).requests.byKind;
}

it('S24 links managers once they exist: in the create where they do, in a second pass where they come with it, cycles too', async () => {
  await begin([under('zoe', 'ann'), under('ann', 'bob'), under('bob', 'zoe'), under(null, 'top')]);
  await admin.clearRequests();
  const run = await home.sync();
  expect(ended(run).result).toBe('success');
  expect(run.counts).toMatchObject({ created: 4, failed: 0 });
  expect(await lines()).toEqual({ ann: 'zoe', bob: 'ann', zoe: 'bob', top: null });
  expect(run.done).toBe(run.total);
  const { 'POST /Users': creates, 'PATCH /Users/{id}': links } = await sent();
  expect([creates, links]).toEqual([4, 3]);
  await admin.clearRequests();
  await home.people([under('zoe', 'new')]);
  expect((await home.sync()).counts).toMatchObject({ created: 1, updated: 0 });
  expect(await sent()).toEqual({ 'POST /Users': 1 });
  expect(await lines()).toMatchObject({ new: 'zoe' });
});

it('S24 S7 writes nothing while a manager has no account, and one request when they get one', async () => {
  await begin([under('boss', 'ann'), under('nobody', 'bob')]);
  expect(ended(await home.sync()).result).toBe('success');
  await admin.clearRequests();
  expect((await home.sync()).counts).toMatchObject({ unchanged: 2 });
  expect(await sent()).toEqual({});
  await home.people([under(null, 'boss')]);
  const run = await home.sync();
  expect(run.counts).toMatchObject({ created: 1, updated: 1 });
  expect(await sent()).toEqual({ 'POST /Users': 1, 'PATCH /Users/{id}': 1 });
  expect(await lines()).toEqual({ ann: 'boss', bob: null, boss: null });
  expect((await home.events(run.id)).find(({ subjectId }) => subjectId === 'csv:ann')?.changes).toMatchObject([{ attribute: MANAGER, before: null }]);
});

it('S24 S7 looks at nobody again whose manager has no account still', async () => {
  const read: string[] = [];
  await givenAnother({ around: (store) => watched(store, { get: (kind, key) => void (kind === 'person' && read.push(key)) }) });
  await begin([under('nobody', 'ann'), under('nobody', 'bob'), under('boss', 'cid'), under('boss', 'dan')]);
  await home.sync();
  for (const [scope, title] of [
    [{ is: 'people', ids: ['csv:ann'] }, 'Head'],
    [{ is: 'all' }, 'Dean'],
  ] as const) {
    await home.people([under('nobody', 'ann', { attributes: { title } })]);
    read.length = 0;
    expect((await home.sync(scope)).counts.updated).toBe(1);
    expect(new Set(read)).toEqual(new Set(['csv:ann']));
  }
  // Their manager joins: outside of the scope they wait for the next sync.
  await home.people([under(null, 'boss')]);
  read.length = 0;
  expect((await home.sync({ is: 'people', ids: ['csv:boss', 'csv:cid'] })).counts).toMatchObject({ created: 1, updated: 1 });
  expect(read).not.toContain('csv:dan');
  expect((await home.sync()).counts.updated).toBe(1);
  expect(await lines()).toEqual({ ann: null, bob: null, boss: null, cid: 'boss', dan: 'boss' });
});

it('S24 knows a manager by source id, person id and e-mail address; nobody is their own', async () => {
  await begin([under(null, 'boss'), under('csv:boss', 'ann'), under('BOSS@example.org', 'bob'), under('own', 'own')]);
  await home.sync();
  expect(await lines()).toEqual({ boss: null, ann: 'boss', bob: 'boss', own: null });
});

it('S24 S22 changes and clears a manager by one request, and keeps the link while the next one has no account', async () => {
  await begin([under(null, 'one'), under(null, 'two'), under('one', 'ann')]);
  await home.sync();
  await admin.clearRequests();
  await home.people([under('two', 'ann')]);
  await home.sync();
  expect(await lines()).toMatchObject({ ann: 'two' });
  await home.people([under('later', 'ann')]);
  expect((await home.sync()).counts).toMatchObject({ updated: 0, failed: 0 });
  expect(await lines()).toMatchObject({ ann: 'two' });
  await home.people([under(null, 'ann')]);
  await home.sync();
  expect(await lines()).toMatchObject({ ann: null });
  expect(await sent()).toEqual({ 'PATCH /Users/{id}': 2 });
  await home.sync();
  expect(await sent()).toEqual({ 'PATCH /Users/{id}': 2 });
});

it('S24 S10 a manager whom a run deletes is nobody’s any more with the same run', async () => {
  await begin([under(null, 'boss'), under('boss', 'ann')], 'deleted');
  await home.sync();
  await home.put('person', 'csv:boss', null);
  expect((await home.sync()).counts).toMatchObject({ deactivated: 1, updated: 0 });
  await clock.advance(2 * DAY);
  expect((await home.sync()).counts).toMatchObject({ deleted: 1, updated: 1 });
  expect(await lines()).toEqual({ ann: null });
  await admin.clearRequests();
  await home.sync();
  expect(await sent()).toEqual({});
});

it('S24 S19 undoing the run that created and linked people deactivates them all, and a link alone goes back to the manager before', async () => {
  await begin([under('zoe', 'ann'), under(null, 'zoe')]);
  const first = await home.sync();
  await home.people([under(null, 'two')]);
  await home.sync();
  await home.people([under('two', 'ann')]);
  const link = await home.sync();
  const undo = async (runId: string) => {
    const { plan } = await undoRun(home.outside, actor('admin'), { runId, place: { is: 'person', userId: 'U1' } });
    const { plan: built } = await buildUndo(home.outside, plan);
    return built;
  };
  const back = await undo(link.id);
  expect(back.counts).toMatchObject({ update: 1, deactivate: 0 });
  await apply(back);
  expect(await lines()).toMatchObject({ ann: 'zoe' });
  expect((await undo(first.id)).counts).toMatchObject({ deactivate: 2, update: 0 });
});

it('S24 S6 a plan’s people are no other ones because their manager joined with its first part; the links follow with the next sync', async () => {
  await begin([under(null, 'aaa'), under('aaa', 'bob'), under('aaa', 'cid')]);
  const made = await makePlan(home.outside, actor('admin'), { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
  const plan = await buildPlan(home.outside, made.id);
  if (plan === undefined) throw new Error('no plan');
  expect((await apply(plan, 1)).counts).toMatchObject({ created: 1 });
  expect((await apply(plan, null, 1)).counts).toMatchObject({ created: 2, failed: 0 });
  expect(await lines()).toEqual({ aaa: null, bob: null, cid: null });
  expect((await home.sync()).counts).toMatchObject({ updated: 2 });
  expect(await lines()).toEqual({ aaa: null, bob: 'aaa', cid: 'aaa' });
});

it('S24 S20 another manager in the target is drift; re-asserted, the last pushed one is back', async () => {
  await begin([under(null, 'one'), under('one', 'ann'), under(null, 'two')]);
  await home.sync();
  const [ann, two] = [await home.account('ann'), await home.account('two')];
  await admin.edit(ann?.targetId ?? '', { [MANAGER.slice(0, MANAGER.lastIndexOf(':'))]: { manager: { value: two?.targetId } } });
  const verification = await startVerification(home.outside, actor(), { connectorId: CONNECTOR });
  await home.execute(verification.id);
  const drifts = await home.all('verification');
  expect(drifts[0]?.state).toMatchObject({ is: 'done', drifted: 1 });
  const run = await reassertDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: 'all' });
  await home.execute(run.id);
  expect(await lines()).toMatchObject({ ann: 'one' });
});
