import { afterEach, beforeEach, expect, it } from 'vitest';
import { clear } from '../../../src/domain/approvals/clearance.ts';
import type { StoredPlan } from '../../../src/domain/plans/plan.ts';
import { applyPlan, continuePlan } from '../../../src/domain/plans/verbs/apply.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import { planModel } from '../../../src/domain/plans/verbs/model.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { planMessage } from '../../../views/plans/plan-card.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, ended, people, person, type World, world } from '../sync/world.ts';

const URL_ = 'https://scim.example.org/v2';
const ADMIN = actor('admin');
const APPROVED = clear({ requestId: 'Q-1', approvedBy: ['U2'], singlePerson: null }, 0);
const called = (id: string, userName: string) => person(id, { attributes: { userName } });
/** Ann is to be bob, Bob cy, and Cy dee; forty others are new. */
const CHAIN = [called('ann', 'bob'), called('bob', 'cy'), called('cy', 'dee'), ...people(40)];
/** The target refuses a name that it has already: memory-target.ts. */
let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector(URL_, { operating: { concurrency: 1 } }), [person('ann'), person('bob'), person('cy')]);
  await home.sync();
  await home.people(CHAIN);
});
afterEach(() => home.close());

async function planned(): Promise<StoredPlan> {
  const begun = await makePlan(home.outside, ADMIN, { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
  const made = await buildPlan(home.outside, begun.id);
  if (made === undefined) throw new Error('no plan was made');
  return made;
}

function asking() {
  return { ...home.outside, workspace: quietWorkspace(), sources: [] };
}

async function approved({ id, hash }: StoredPlan, first: number | null = null): Promise<Run> {
  return (await applyPlan(asking(), ADMIN, { connectorId: CONNECTOR, planId: id, hash, first }, APPROVED)).run;
}

/** The plan's card, as its blocks. */
async function card({ id }: StoredPlan): Promise<string> {
  const model = await planModel(asking(), id, true);
  return JSON.stringify(model === null ? [] : planMessage(model).blocks);
}

/** Whose names were changed, in the order of the requests, by the name that they had. */
const renamed = (): (string | null)[] => target.writes().flatMap(({ what, userName }) => (what === 'change' ? [userName] : []));

it('S6 a plan in which a name is handed on is applied as it was approved: the chain in its turn, and nothing else', async () => {
  const plan = await planned();
  expect(plan).toMatchObject({ counts: { update: 3, create: 40, frozen: 0 } });
  const run = await home.execute((await approved(plan)).id);
  expect(ended(run)).toMatchObject({ ending: 'completed', result: 'success' });
  expect(run).toMatchObject({ total: 43, done: 43, counts: { updated: 3, created: 40 }, frozen: { count: 0 } });
  expect(renamed()).toEqual(['cy', 'bob', 'ann']);
});

it('S6 S13 cut off between one of the chain and the next it goes on there, and skips nobody', async () => {
  const plan = await planned();
  const stop = new AbortController();
  target.after = ({ what }) => {
    if (what === 'change') stop.abort();
  };
  const { id } = await approved(plan);
  expect((await home.execute(id, { interrupt: stop.signal })).state.is).toBe('running');
  expect(renamed()).toEqual(['cy']);
  target.after = () => {};
  await home.restart();
  expect(await home.execute(id)).toMatchObject({ total: 43, done: 43, counts: { updated: 3, created: 40, failed: 0 }, frozen: { count: 0 } });
  expect(renamed()).toEqual(['cy', 'bob', 'ann']);
});

it('S6 where its holder is skipped, nobody along the chain gets a name, and only who changed counts as skipped', async () => {
  const plan = await planned();
  await home.people([called('cy', 'other')]);
  const run = await home.execute((await approved(plan)).id);
  expect(run).toMatchObject({ total: 40, done: 40, counts: { updated: 0, created: 40 }, frozen: { count: 3, skipped: 1 } });
  expect((await home.events(run.id)).flatMap(({ subjectId, errorCode }) => (errorCode === null ? [] : [[subjectId, errorCode]])).toSorted()).toEqual([
    ['csv:ann', 'name-not-given-up'],
    ['csv:bob', 'name-not-given-up'],
    ['csv:cy', 'changed-since-plan'],
  ]);
  expect(renamed()).toEqual([]);
});

it('S6 of a canary that ends before the holder nobody along the chain gets a name; the card says so, and the rest takes them along in their turn', async () => {
  const plan = await planned();
  const canary = await home.execute((await approved(plan, 2)).id);
  expect(canary).toMatchObject({ total: 0, done: 0, frozen: { count: 0 } });
  expect(await home.events(canary.id)).toEqual([]);
  expect(await card(plan)).toContain('0 of the first 2 people are done.* 43 people wait for *Continue*');
  expect(await card(plan)).toContain('That counts 2 people of the first 2 who are to get a name that somebody further on still has.');
  const { run } = await continuePlan(asking(), ADMIN, plan.id);
  expect(await home.execute(run.id)).toMatchObject({ total: 43, done: 43, counts: { updated: 3, created: 40 }, frozen: { count: 0 } });
  expect(renamed()).toEqual(['cy', 'bob', 'ann']);
});

it('S6 a canary serves those of its people whose names are free, and the rest only whom it left', async () => {
  await home.people([called('ann', 'free')]);
  const plan = await planned();
  const canary = await home.execute((await approved(plan, 2)).id);
  expect(canary).toMatchObject({ total: 1, done: 1, counts: { updated: 1 }, frozen: { count: 0 } });
  expect(await card(plan)).toContain('1 of the first 2 people is done.* 42 people wait for *Continue*');
  const { run } = await continuePlan(asking(), ADMIN, plan.id);
  expect(await home.execute(run.id)).toMatchObject({ total: 42, done: 42, counts: { updated: 2, created: 40 }, frozen: { count: 0 } });
  expect(renamed()).toEqual(['ann', 'cy', 'bob']);
});

it('S6 who got the name first meanwhile is no part of the plan: whoever was to get it is skipped; freed meanwhile, they wait for nobody', async () => {
  const freed = await planned();
  await home.sync({ is: 'people', ids: ['csv:cy'] });
  const run = await home.execute((await approved(freed)).id);
  expect(run).toMatchObject({ counts: { updated: 2, created: 40 }, frozen: { count: 1, skipped: 1 } });
  expect(renamed()).toEqual(['cy', 'bob', 'ann']);
  await home.people([called('ann', 'free'), ...people(30, { attributes: { familyName: 'New' } })]);
  const taken = await planned();
  await home.people([called('ann', 'bob'), called('cy', 'free')]);
  await home.sync({ is: 'people', ids: ['csv:cy'] });
  await home.people([called('ann', 'free'), called('cy', 'dee')]);
  const skipping = await home.execute((await approved(taken)).id);
  expect(skipping).toMatchObject({ frozen: { count: 1, skipped: 1 }, counts: { updated: 30 } });
  expect(skipping.frozen.first[0]?.reason).toBe('was skipped, since account t3 has the name that the person is to get');
});
