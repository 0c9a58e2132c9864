import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { put } from '../../../src/domain/revise.ts';
import type { PersonId } from '../../../src/domain/directory/person.ts';
import { planCard } from '../../../src/domain/plans/plan.ts';
import { createRun } from '../../../src/domain/sync/verbs/create-run.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { buildUndo, undoRun } from '../../../src/domain/undo/verbs/undo-run.ts';
import { fault, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, assignment, CONNECTOR, connector, people, person, STAFF, TEACHERS, type World, world } from '../sync/world.ts';

const URL_ = 'https://target.example/scim';
let target: MemoryTarget;
let home: World;

async function begin(count: number): Promise<void> {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector(URL_), people(count));
}
beforeEach(() => begin(5));
afterEach(() => home.close());

const undo = async (run: Pick<Run, 'id'>) => {
  const { plan } = await undoRun(home.outside, actor(), { runId: run.id, place: { is: 'person', userId: 'U1' } });
  return await buildUndo(home.outside, plan);
};

/** Applies a plan as its approval does, in a run of its own. */
async function apply(planId: string): Promise<Run> {
  const given = await home.connector();
  const along = async (run: Run) => {
    const stored = await home.outside.store.get('plan', planId);
    if (stored === undefined) throw new Error('no plan');
    return [put('plan', planId, { ...stored.value, state: { is: 'applying', runId: run.id, first: null } }, stored.version)];
  };
  const run = await createRun(home.outside, {
    ...{ connector: given, kind: 'plan', scope: { is: 'all' }, by: 'U2', way: 'button', verb: 'sync' },
    ...{ plan: { planId, from: 0, to: null, approved: true }, along },
  });
  return await home.execute(run.id);
}

const values = (userName: string) => [...target.users.values()].find((user) => user.values.userName === userName);

describe('undo', () => {
  it('S19 makes a plan that deactivates what the run created, and applies it like any plan', async () => {
    const run = await home.sync();
    const { plan, left } = await undo(run);
    expect(plan).toMatchObject({ origin: { is: 'undo', runId: run.id }, state: { is: 'open' }, counts: { deactivate: 5, frozen: 0 } });
    expect(left).toEqual([]);
    expect(await home.outside.store.get('card', planCard(plan.id))).toBeDefined();
    expect((await apply(plan.id)).counts).toMatchObject({ deactivated: 5, failed: 0 });
    expect([...target.users.values()].map(({ active }) => active)).toEqual([false, false, false, false, false]);
  });

  it('S19 gives names that were handed on back in turn: who got one last first, at a target that refuses a name twice', async () => {
    await home.sync();
    await home.people(people(5).map((each, at) => ({ ...each, attributes: { ...each.attributes, userName: `p0000${at + 1}` } })));
    const { plan } = await undo(await home.sync());
    target.calls.length = 0;
    // Whoever is under way beside another gets in between.
    target.before = () => new Promise((resolve) => void setImmediate(resolve));
    expect(await apply(plan.id)).toMatchObject({ total: 5, done: 5, counts: { updated: 5, failed: 0 }, frozen: { count: 0 } });
    expect(target.calls.map(({ userName }) => userName)).toEqual(['p00001', 'p00002', 'p00003', 'p00004', 'p00005']);
  });

  it('S19 gives old values back and re-activates what the run deactivated', async () => {
    await home.sync();
    await home.people([person('p00000', { attributes: { familyName: 'Changed' } }), person('p00001', { status: 'inactive' })]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ updated: 1, deactivated: 1 });
    const { plan } = await undo(run);
    expect(plan.counts).toMatchObject({ update: 1, reactivate: 1 });
    expect((await apply(plan.id)).counts).toMatchObject({ updated: 1, reactivated: 1, failed: 0 });
    expect(values('p00000')?.values['name.familyName']).toBe('Example');
    expect(values('p00001')?.active).toBe(true);
  });

  it('S19 skips what somebody changed since, with the reason', async () => {
    await home.sync();
    await home.people([person('p00000', { attributes: { familyName: 'Changed' } }), person('p00001', { attributes: { familyName: 'Changed' } })]);
    const run = await home.sync();
    await home.people([person('p00000', { attributes: { familyName: 'Again' } })]);
    await home.sync();
    const { plan, left } = await undo(run);
    expect(plan.counts).toMatchObject({ update: 1, frozen: 1 });
    expect(left).toEqual([{ why: 'somebody changed it since', count: 1, names: ['p00000 Changed'] }]);
  });

  it('S19 takes nothing from an account that somebody made anew by hand, and that was adopted in the place of the one before', async () => {
    await home.sync();
    target.users.delete((await home.account('p00000'))?.targetId ?? '');
    target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'p00000' } });
    await home.people([person('p00000', { attributes: { familyName: 'Changed' } })]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ adopted: 1, failed: 0 });
    const { plan, left } = await undo(run);
    expect(plan.counts).toMatchObject({ update: 0, frozen: 1 });
    expect(left).toMatchObject([{ why: 'it was adopted, and what it held before is not known', count: 1 }]);
  });

  it('S19 S23 deactivates nobody whom the run before it may have left active: only what else it changed goes back', async () => {
    await home.sync();
    const back = [person('p00000'), person('p00001', { attributes: { familyName: 'Changed' } })];
    target.bare = true;
    // The target turned the deactivations off before they had an effect, and could not be asked about it.
    target.before = (call) => {
      if (call.what === 'read') throw fault({ next: 'refused', status: 403 });
    };
    await home.people(back.map((each) => ({ ...each, status: 'inactive' as const })));
    expect((await home.sync()).counts).toMatchObject({ deactivated: 0, failed: 2 });
    target.before = () => {};
    await home.people(back);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ reactivated: 2, failed: 0 });
    const { plan, left } = await undo(run);
    expect(plan.counts).toMatchObject({ deactivate: 0, update: 1, frozen: 1 });
    expect(left).toMatchObject([{ why: 'whether it was active before is not known', count: 1, names: ['p00000 Example'] }]);
    expect((await apply(plan.id)).counts).toMatchObject({ updated: 1, failed: 0 });
    expect(values('p00001')).toMatchObject({ active: true, values: { 'name.familyName': 'Example' } });
  });

  it('S19 A7 removes no protected person, and says why', async () => {
    const run = await home.sync();
    await home.put('protected', 'csv:p00002', {
      id: 'csv:p00002',
      personId: 'csv:p00002',
      connectorId: null,
      why: 'break-glass',
      by: 'U1',
      approvedBy: [],
      at: 1,
    });
    const { plan, left } = await undo(run);
    expect(plan.counts).toMatchObject({ deactivate: 4, frozen: 1 });
    expect(left).toMatchObject([{ why: 'they are protected: break-glass', count: 1 }]);
    await apply(plan.id);
    expect(values('p00002')?.active).toBe(true);
  });

  it('S19 is refused for a run that changed nothing, and to who may not sync what it was about', async () => {
    const first = await home.sync();
    const quiet = await home.sync();
    const place = { is: 'person', userId: 'U1' } as const;
    await expect(undoRun(home.outside, actor(), { runId: quiet.id, place })).rejects.toMatchObject({ reason: { is: 'nothing-to-do' } });
    await expect(undoRun(home.outside, actor('viewer'), { runId: first.id, place })).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
  });

  it('S19 restores every change that it calls undoable', async () => {
    await home.close();
    const step = fc.constantFrom<Step>('same', 'join', 'leave', 'rename', 'clear');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.array(step, { minLength: 8, maxLength: 8 }), async (first, second) => {
        await begin(0);
        try {
          const folk = (steps: readonly Step[]) => first.map((_, at) => personAfter(at, steps[at] ?? 'same'));
          await home.write([put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS)), ...folk(first).map((one) => put('person', one.id, one))]);
          await home.sync();
          const before = snapshot();
          await home.people(folk(second));
          const run = await home.sync();
          if (run.counts.created + run.counts.updated + run.counts.reactivated + run.counts.deactivated === 0) return;
          const { plan } = await undo(run);
          if (plan.state.is !== 'open') return;
          const undoable = new Set<PersonId>();
          for await (const rows of home.outside.store.rows('plan', { partition: plan.id, order: 'oldest' }))
            for (const { row } of rows) undoable.add(row.personId);
          expect((await apply(plan.id)).counts.failed).toBe(0);
          const after = snapshot();
          for (const id of undoable) expect(standing(after.get(id))).toEqual(standing(before.get(id)));
        } finally {
          await home.close();
        }
      }),
      { numRuns: 15 },
    );
    await begin(0);
  });
});

type Step = 'same' | 'join' | 'leave' | 'rename' | 'clear';

function personAfter(at: number, step: Step) {
  const changes = {
    same: {},
    join: { groupings: [TEACHERS, STAFF] },
    leave: { groupings: [] },
    rename: { attributes: { familyName: 'Renamed' } },
    clear: { attributes: { displayName: 'Shown' } },
  } as const;
  return person(`q${at}`, changes[step]);
}

type Snapshot = ReadonlyMap<PersonId, { readonly active: boolean; readonly values: unknown }>;

function snapshot(): Snapshot {
  return new Map([...target.users.values()].map((user) => [user.externalId ?? '', { active: user.active !== false, values: user.values }]));
}

/** Of somebody without an active account only that counts: what a deactivated account holds is nobody's business. */
function standing(user: { readonly active: boolean; readonly values: unknown } | undefined): unknown {
  return user?.active === true ? user.values : 'none';
}
