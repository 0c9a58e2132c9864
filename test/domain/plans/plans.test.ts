import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clear } from '../../../src/domain/approvals/clearance.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import type { StoredPlan } from '../../../src/domain/plans/plan.ts';
import { applyPlan, continuePlan } from '../../../src/domain/plans/verbs/apply.ts';
import { cancelPlan } from '../../../src/domain/plans/verbs/cancel.ts';
import { expirePlans } from '../../../src/domain/plans/verbs/due.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { personNow } from '../../../src/domain/sync/verbs/person-now.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { pauseRun, resumeRun } from '../../../src/domain/sync/verbs/steer.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { refusalOf } from '../refused.ts';
import { beforeMemory, URL_ } from '../sync/before-memory.ts';
import { fault, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, ended, patiently, people, person, type World, world } from '../sync/world.ts';

/** Somebody else approved it. */
const APPROVED = clear({ requestId: 'Q-1', approvedBy: ['U2'], singlePerson: null }, 0);
const ADMIN = actor('admin');

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

/** What verbs of approvals ask for beyond the engine. */
function asking() {
  return { ...home.outside, workspace: quietWorkspace(), sources: [] };
}

async function planned(): Promise<StoredPlan> {
  const begun = await makePlan(home.outside, ADMIN, { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
  const made = await buildPlan(home.outside, begun.id);
  if (made === undefined) throw new Error('no plan was made');
  return made;
}

async function applied(plan: StoredPlan, first: number | null = null, clearance = CLEARED): Promise<Run> {
  const { run } = await applyPlan(asking(), ADMIN, { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first }, clearance);
  return await patiently(clock, home.execute(run.id));
}

async function stored(plan: StoredPlan): Promise<StoredPlan> {
  const found = (await home.outside.store.get('plan', plan.id))?.value;
  if (found === undefined) throw new Error('the plan is gone');
  return found;
}

function leave(ids: readonly number[]): Promise<void> {
  return home.people(
    people(100)
      .filter((_, at) => ids.includes(at))
      .map((each) => ({ ...each, status: 'inactive' as const })),
  );
}

describe('making a plan', () => {
  it('S6 stores every change in the order of person ids with a hash, counts them, and sends the target nothing but the listing', async () => {
    await home.seed(connector(URL_), people(600));
    const plan = await planned();
    expect(plan).toMatchObject({ state: { is: 'open' }, counts: { create: 600, deactivate: 0 }, unchanged: 0, origin: { is: 'sync' } });
    expect(plan.hash).not.toBe('');
    expect(target.writes()).toEqual([]);
    const rows: string[] = [];
    for await (const page of home.outside.store.rows('plan', { partition: plan.id, order: 'oldest' })) rows.push(...page.map(({ row }) => row.personId));
    expect(rows).toHaveLength(600);
    expect(rows).toEqual([...rows].sort());
  });

  it('S6 tells the removals as a share, the riskiest people and the seats; nothing to change is no plan', async () => {
    await home.seed(connector(URL_), people(100));
    await home.sync();
    expect((await planned()).state).toMatchObject({ is: 'voided', because: 'There is nothing to change.' });
    await leave([1]);
    await home.people([person('p00002', { attributes: { userName: 'renamed' } })]);
    const plan = await planned();
    expect(plan).toMatchObject({ counts: { deactivate: 1, update: 1 }, unchanged: 98, accounts: 100, seats: { before: 100, after: 99 } });
    expect(plan.risky.map(({ name, why }) => [name, why])).toEqual([
      ['p00001 Example', 'is not active in the directory'],
      ['p00002 Example', 'userName changes'],
    ]);
  });

  it('S6 a plan whose making a crash cut off is made anew, without the rows of the first try', async () => {
    await home.seed(connector(URL_), people(300));
    const begun = await makePlan(home.outside, ADMIN, { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
    const row = { id: 'x', at: 1, personId: 'csv:stray', name: 'Stray', organizationId: null };
    const change = { is: 'deactivate' as const, personId: 'csv:stray', targetId: 't', why: 'no-assignment' as const };
    await home.outside.store.transaction({ appends: [{ log: 'plan', partition: begun.id, row: { ...row, change } }] });
    await buildPlan(home.outside, begun.id);
    const run = await applied(await stored(begun));
    expect(run.counts.created).toBe(300);
  });

  it('S6 where the target can’t be listed there is no plan: “create” could turn out to be somebody’s account', async () => {
    await home.seed(connector(URL_), people(3));
    target.before = () => {
      throw fault({ next: 'credentials', status: 401, message: 'Unauthorized' });
    };
    expect((await planned()).state.is).toBe('voided');
  });
});

describe('applying a plan', () => {
  it('S6 applies exactly that plan: whoever joined since is not touched', async () => {
    await home.seed(connector(URL_), people(40));
    const plan = await planned();
    await home.people([person('late')]);
    const run = await applied(plan);
    expect(ended(run)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(run).toMatchObject({ kind: 'plan', counts: { created: 40 } });
    expect(await home.account('late')).toBeUndefined();
    expect(await stored(plan)).toMatchObject({ state: { is: 'applied', runId: run.id } });
  });

  it('S6 a person who changed since is skipped and reported, the others get what was planned', async () => {
    await home.seed(connector(URL_), people(100));
    const plan = await planned();
    await home.people([person('p00003', { attributes: { givenName: 'Other' } })]);
    await leave([7]);
    const run = await applied(plan);
    expect(run.counts.created).toBe(98);
    expect(run.frozen).toMatchObject({ count: 2, skipped: 2 });
    expect(run.frozen.first.map(({ personId }) => personId)).toEqual(['csv:p00003', 'csv:p00007']);
    expect(ended(run).result).toBe('partial');
    expect((await home.events(run.id)).filter(({ errorCode }) => errorCode === 'changed-since-plan')).toHaveLength(2);
    expect(await home.account('p00003')).toBeUndefined();
    expect((await stored(plan)).skipped).toBe(2);
  });

  it('S6 more than 5 % skipped voids the plan: nothing is sent, and nobody is removed', async () => {
    await home.seed(connector(URL_), people(100));
    await home.sync();
    await leave([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const plan = await planned();
    await home.people(
      people(1, { status: 'active' }).map((each) => ({
        ...each,
        id: 'csv:p00001',
        sourceId: 'p00001',
        attributes: { ...each.attributes, userName: 'p00001' },
      })),
    );
    const before = target.writes().length;
    const run = await applied(plan, null, APPROVED);
    expect(ended(run)).toMatchObject({ ending: 'cancelled' });
    expect(ended(run).detail).toContain('1 of its 10 people');
    expect(target.writes()).toHaveLength(before);
    expect(await stored(plan)).toMatchObject({ state: { is: 'voided' } });
    expect((await home.accounts()).filter(({ state }) => state === 'active')).toHaveLength(100);
  });

  it('S6 other settings than those of the plan void it', async () => {
    await home.seed(connector(URL_), people(5));
    const plan = await planned();
    await home.put('connector', CONNECTOR, {
      ...(await home.connector()),
      inForce: { ...connector(URL_).inForce, leavers: { are: 'deleted', afterDays: 1 } } as never,
    });
    const run = await applied(plan);
    expect(ended(run).detail).toContain('settings of the connector changed');
    expect(target.writes()).toEqual([]);
  });

  it('S6 asked to run twice at once, from two people, it runs once', async () => {
    await home.seed(connector(URL_), people(30));
    const plan = await planned();
    const wanted = { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first: null };
    const both = await Promise.allSettled([applyPlan(asking(), ADMIN, wanted, CLEARED), applyPlan(asking(), actor('operator', null, 'U2'), wanted, CLEARED)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await home.all('run')).toHaveLength(1);
  });

  it('S6 the first N people only, then the rest; a canary touches nobody else', async () => {
    await home.seed(connector(URL_), people(40));
    const plan = await planned();
    const canary = await applied(plan, 5);
    expect(canary).toMatchObject({ total: 5, counts: { created: 5 } });
    expect((await home.accounts()).map(({ personId }) => personId)).toEqual(people(5).map(({ id }) => id));
    expect(await stored(plan)).toMatchObject({ state: { is: 'canary-done', applied: 5 } });
    const { run } = await continuePlan(asking(), ADMIN, plan.id);
    expect((await patiently(clock, home.execute(run.id))).counts.created).toBe(35);
    expect(await stored(plan)).toMatchObject({ state: { is: 'applied', runId: run.id } });
    expect(await refusalOf(continuePlan(asking(), ADMIN, plan.id))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('S6 S13 kill -9 in the middle: called again it goes on with the plan, creates nobody twice and skips nobody whom it served', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 2 } }), people(120));
    const plan = await planned();
    await home.people([person('late')]);
    const { run } = await applyPlan(asking(), ADMIN, { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first: null }, CLEARED);
    const stop = new AbortController();
    let creates = 0;
    target.after = ({ what }) => {
      if (what === 'create' && ++creates === 40) stop.abort();
    };
    await patiently(clock, home.execute(run.id, { interrupt: stop.signal }));
    await home.restart();
    const again = await patiently(clock, home.execute(run.id));
    expect(ended(again)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(again.frozen.count).toBe(0);
    expect(target.users.size).toBe(120);
    expect(await home.account('late')).toBeUndefined();
  });

  it('S6 paused and resumed it stays with the plan', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(60));
    const plan = await planned();
    const { run } = await applyPlan(asking(), ADMIN, { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first: null }, CLEARED);
    let creates = 0;
    target.after = async ({ what }) => {
      if (what === 'create' && ++creates === 10) {
        await pauseRun(home.outside, ADMIN, run.id);
        await home.wake(run.id);
      }
    };
    expect((await patiently(clock, home.execute(run.id))).state.is).toBe('paused');
    await home.people([person('late')]);
    await resumeRun(home.outside, ADMIN, run.id);
    expect((await patiently(clock, home.execute(run.id))).frozen.count).toBe(0);
    expect(target.users.size).toBe(60);
  });

  it('S6 S1 one person now comes right after a plan that is being applied, never within it', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(30));
    const plan = await planned();
    await home.people([person('late')]);
    const { run } = await applyPlan(asking(), ADMIN, { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first: null }, CLEARED);
    let asked = false;
    target.after = async ({ what }) => {
      if (what !== 'create' || asked) return;
      asked = true;
      await personNow(home.outside, ADMIN, { connectorId: CONNECTOR, personId: 'csv:late' });
      await home.wake(run.id);
    };
    await patiently(clock, home.execute(run.id));
    expect(await home.account('late')).toBeUndefined();
    const next = (await home.all('run')).find(({ kind }) => kind === 'person');
    expect(next).toMatchObject({ scope: { is: 'people', ids: ['csv:late'] } });
    await patiently(clock, home.execute(next?.id ?? ''));
    expect(await home.account('late')).toMatchObject({ state: 'active' });
  });

  it('S6 it expires after a day, and can be cancelled: neither removes anybody', async () => {
    await home.seed(connector(URL_), people(100));
    await home.sync();
    await leave([1, 2, 3]);
    const [dropped, late] = [await planned(), await planned()];
    await cancelPlan(home.outside, ADMIN, dropped.id);
    await clock.advance(24 * HOUR);
    await expirePlans(home.outside);
    expect([(await stored(dropped)).state.is, (await stored(late)).state.is]).toEqual(['cancelled', 'expired']);
    expect(await refusalOf(applied(dropped))).toMatchObject({ is: 'nothing-to-do' });
    expect(await refusalOf(applied(late))).toMatchObject({ is: 'nothing-to-do' });
    expect((await home.accounts()).every(({ state }) => state === 'active')).toBe(true);
  });

  it('S6 S14 run by one person it meets the fuse; approved by another, exactly its removals pass', async () => {
    await home.seed(connector(URL_), people(100));
    await home.sync();
    await leave(Array.from({ length: 30 }, (_, at) => at));
    const alone = await applied(await planned());
    expect(ended(alone).ending).toBe('held');
    expect(alone.counts.deactivated).toBe(0);
    const approved = await planned();
    await leave([50]);
    const run = await applied(approved, null, APPROVED);
    expect(ended(run)).toMatchObject({ ending: 'completed' });
    expect(run.counts.deactivated).toBe(30);
    expect(await home.account('p00050')).toMatchObject({ state: 'active' });
  });

  it('S6 C13 a disconnect voids what waits', async () => {
    await home.seed(connector(URL_), people(3));
    const plan = await planned();
    await disconnect(asking(), ADMIN, CONNECTOR, CLEARED);
    expect(await stored(plan)).toMatchObject({ state: { is: 'voided', because: 'The connector was disconnected.' } });
  });
});

it('SCIM trap 25: plan approved, world changed: three people edited since are skipped and reported, every other change is applied once; with more than 5 % it is void', async () => {
  await home.seed(connector(URL_), people(80));
  const plan = await planned();
  await home.people([3, 4, 5].map((at) => person(`p0000${at}`, { attributes: { familyName: 'Edited' } })));
  const wanted = { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first: null };
  const pressed = await Promise.allSettled([applyPlan(asking(), ADMIN, wanted, CLEARED), applyPlan(asking(), actor('operator', null, 'U2'), wanted, CLEARED)]);
  const run = pressed.flatMap((each) => (each.status === 'fulfilled' ? [each.value.run] : []));
  expect(run).toHaveLength(1);
  const done = await patiently(clock, home.execute(run[0]?.id ?? ''));
  expect(done).toMatchObject({ counts: { created: 77 }, frozen: { count: 3, skipped: 3 } });
  expect(target.writes()).toHaveLength(77);
  // Of a plan of 40, three are 7.5 %.
  await home.people([...people(43).slice(3), person('p00003')].map((each) => ({ ...each, attributes: { ...each.attributes, familyName: 'Married' } })));
  const small = await planned();
  await home.people([20, 21, 22, 23].map((at) => person(`p000${at}`, { attributes: { familyName: 'Again' } })));
  expect(ended(await applied(small)).detail).toContain('more than 5 %');
  expect(target.writes()).toHaveLength(77);
});

it('S6 on a target without faults applying a plan leaves nothing to plan, whatever the directory holds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ status: fc.constantFrom('active' as const, 'inactive' as const), family: fc.constantFrom('A', 'B') }), {
        minLength: 1,
        maxLength: 25,
      }),
      fc.array(fc.record({ status: fc.constantFrom('active' as const, 'inactive' as const), family: fc.constantFrom('A', 'B') }), {
        minLength: 1,
        maxLength: 25,
      }),
      async (before, after) => {
        const here = manualClock();
        const service = memoryTarget();
        const place = await world({ clock: here, targets: service });
        const swapped = home;
        [clock, target, home] = [here, service, place];
        try {
          const folk = (of: typeof before) => of.map(({ status, family }, at) => person(`q${at}`, { status, attributes: { familyName: family } }));
          await home.seed(connector(URL_, { operating: { fuse: { people: 1_000, percent: 100, absolute: 1_000 } } }), folk(before));
          for (const step of [before, after]) {
            await home.people(folk(step));
            const plan = await planned();
            if (plan.state.is === 'open') await applied(plan);
            expect((await planned()).state).toMatchObject({ is: 'voided', because: 'There is nothing to change.' });
          }
        } finally {
          await place.close();
          home = swapped;
        }
      },
    ),
    { numRuns: 15 },
  );
});

describe('the first adoption on a target', () => {
  const unapproved = () => {
    const { adoption: _, ...rest } = connector(URL_);
    return rest;
  };
  const existing = async (...names: readonly string[]): Promise<void> => {
    for (const userName of names) await target.open(URL_, '', 1).create('', { userName }, true);
  };

  it('S26 a first sync that would adopt writes nothing: it makes the plan and waits for an admin to approve it', async () => {
    await home.seed(unapproved(), people(10));
    await existing('p00001', 'p00002', 'stranger');
    const before = target.writes().length;
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'held', result: 'partial' });
    expect(target.writes()).toHaveLength(before);
    const [plan] = await home.all('plan');
    if (plan === undefined) throw new Error('no plan');
    expect(plan).toMatchObject({ origin: { is: 'first-adoption' }, state: { is: 'open' }, counts: { adopt: 2, create: 8 } });
    expect(ended(run).detail).toContain(plan.id);
    const wanted = { connectorId: CONNECTOR, planId: plan.id, hash: plan.hash, first: null };
    expect(await refusalOf(applyPlan(asking(), actor('operator'), wanted, CLEARED))).toMatchObject({ is: 'not-allowed', right: 'administer' });
    expect((await applied(plan)).counts).toMatchObject({ adopted: 2, created: 8 });
    expect((await home.connector()).adoption).toMatchObject({ by: 'U1', baseUrl: URL_ });
    expect(target.users.size).toBe(11);
  });

  it('S26 once approved, later adoptions on the same target need no plan of their own', async () => {
    await home.seed(unapproved(), people(2));
    await existing('p00001');
    await home.sync();
    const [plan] = await home.all('plan');
    if (plan === undefined) throw new Error('no plan');
    await applied(plan);
    await home.put('sighting', `${CONNECTOR}/t9`, { connectorId: CONNECTOR, targetId: 't9', externalId: null, match: 'late', active: true });
    await existing('late');
    const [id] = [...target.users.values()].filter(({ values }) => values.userName === 'late').map((user) => user.id);
    await home.put('sighting', `${CONNECTOR}/t9`, null);
    await home.put('sighting', `${CONNECTOR}/${id}`, { connectorId: CONNECTOR, targetId: id ?? '', externalId: null, match: 'late', active: true });
    await home.people([person('late')]);
    expect((await home.sync()).counts).toMatchObject({ adopted: 1 });
  });

  it('S26 where accounts are managed already only the adoptions wait; a later sync puts a new plan in the place of the old', async () => {
    await home.seed(unapproved(), people(3));
    expect(ended(await home.sync()).ending).toBe('completed');
    await existing('late');
    const [id] = [...target.users.values()].filter(({ values }) => values.userName === 'late').map((user) => user.id);
    await home.put('sighting', `${CONNECTOR}/${id}`, { connectorId: CONNECTOR, targetId: id ?? '', externalId: null, match: 'late', active: true });
    await home.people([person('late'), person('new')]);
    const run = await home.sync();
    expect(ended(run).ending).toBe('held');
    expect(run.counts).toMatchObject({ created: 1, adopted: 0 });
    await home.people([person('late', { attributes: { title: 'Head' } })]);
    await home.sync();
    expect((await home.all('plan')).map(({ state }) => state.is)).toEqual(['voided', 'open']);
  });

  it('S26 a daily sync that would adopt the same puts up no other plan: the one that waits goes on, also when its day was over', async () => {
    await home.seed(unapproved(), people(10));
    await existing('p00001', 'p00002');
    expect(ended(await home.sync()).detail).toContain('L-1');
    const [first] = await home.all('plan');
    for (const days of [0, 25, 49]) {
      await clock.advance(days * HOUR - (clock.now() - (first?.madeAt ?? 0)) + 1);
      await expirePlans(home.outside);
      const run = await home.sync();
      expect(ended(run)).toMatchObject({ ending: 'held', detail: expect.stringContaining('L-1') });
      const plans = await home.all('plan');
      expect(plans).toMatchObject([{ id: 'L-1', state: { is: 'open' }, hash: first?.hash }]);
      expect(plans[0]?.validUntil).toBe(clock.now() + 24 * HOUR);
    }
    expect((await home.all('card', 'plan/')).map(({ id }) => id)).toEqual(['plan/L-1']);
    await home.people([person('new')]);
    await home.sync();
    expect((await home.all('plan')).map(({ state }) => state.is).toSorted()).toEqual(['open', 'voided']);
    const [open] = (await home.all('plan')).filter(({ state }) => state.is === 'open');
    if (open === undefined) throw new Error('no plan');
    expect((await applied(open)).counts).toMatchObject({ adopted: 2, created: 9 });
  });

  it('S26 nothing there to adopt: the first sync asks nobody', async () => {
    await home.seed(unapproved(), people(5));
    await existing('stranger');
    expect((await home.sync()).counts).toMatchObject({ created: 5 });
    expect(await home.all('plan')).toEqual([]);
  });

  it('S26 a plan made by hand on a target that was never adopted from is a first adoption, too', async () => {
    await home.seed(unapproved(), people(5));
    await existing('p00001');
    expect(await planned()).toMatchObject({ origin: { is: 'first-adoption' }, counts: { adopt: 1, create: 4 } });
    await startSync(home.outside, ADMIN, { connectorId: CONNECTOR });
  });
});
