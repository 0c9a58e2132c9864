import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_OPERATING } from '../../../src/domain/connectors/connector.ts';
import { fuse } from '../../../src/domain/sync/fuse.ts';
import type { Planned } from '../../../src/domain/sync/plan.ts';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { addFreeze } from '../../../src/domain/holds/verbs/freezes.ts';
import { holdsDue } from '../../../src/domain/holds/verbs/due.ts';
import { leaveHold } from '../../../src/domain/holds/verbs/leave.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { ANA, holdsWorld, type HoldsWorld, ids, SAM } from './holds-world.ts';

function removal(number: number, activeAt: number): Planned {
  const personId = `csv:${number}`;
  return {
    change: { is: 'deactivate', personId, targetId: `t${number}`, why: 'left-directory' },
    account: {
      ...{ connectorId: 'c1', personId, targetId: `t${number}`, state: 'active', origin: 'created', pushed: null, intent: null, generated: {}, deleteAt: null },
      timeline: [[activeAt, 'active']],
    },
    ...{ name: personId, organizationId: null },
  };
}

it('S14 S21 a held run lets nobody pass but the released who did not come back since, and those off-boarded', () => {
  const cleared = fc.dictionary(
    fc.integer({ min: 0, max: 90 }).map((at) => `csv:${at}`),
    fc.integer({ min: 0, max: 20 }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 90 }),
      cleared,
      fc.uniqueArray(
        fc.integer({ min: 0, max: 90 }).map((at) => `csv:${at}`),
        { maxLength: 5 },
      ),
      fc.boolean(),
      fc.boolean(),
      (activeAt, released, ahead, frozen, whole) => {
        const removals = activeAt.map((at, number) => removal(number, at));
        const freeze = frozen ? { id: 'F-1', name: 'x', connectorId: null, from: 10, until: 30, by: 'U' } : null;
        const standing = {
          released: new Map(Object.entries(released)),
          held: new Set(removals.map(({ change }) => change.personId)),
          freeze,
          ahead: new Set(ahead),
        };
        const verdict = fuse(removals, DEFAULT_OPERATING.fuse, 100, new Map(), { standing, whole });
        expect(verdict.released.length + verdict.held.length).toBe(removals.length);
        if (verdict.held.length === 0) return;
        for (const { change, account } of verdict.released) {
          const at = released[change.personId];
          const isCleared = at !== undefined && (account?.timeline[0]?.[0] ?? 0) <= at && (!frozen || at >= 10);
          expect(isCleared || ahead.includes(change.personId)).toBe(true);
        }
      },
    ),
  );
});

type Step =
  | { readonly is: 'leave' | 'back'; readonly count: number }
  | { readonly is: 'release'; readonly from: number; readonly count: number }
  | { readonly is: 'wait' | 'ignore' | 'freeze' | 'run' };

const released = Symbol('released');
type Played = HoldsWorld & { readonly [released]: Set<string> };

async function release(world: Played, from: number, count: number): Promise<void> {
  const hold = (await world.holds()).at(-1);
  const chosen = ids(from, Math.min(40, from + count)).filter((id) => hold?.people.includes(id) && !hold.released.includes(id));
  if (hold === undefined || chosen.length === 0) return;
  await world.release(SAM, { is: 'people', ids: chosen }, 'gone', hold.id);
  for (const id of chosen) world[released].add(id);
}

/** A run that holds takes the account of nobody who was not released. */
async function run(world: Played): Promise<void> {
  const before = new Set(await world.inactive());
  const { state } = await world.run();
  if (state.is !== 'ended' || state.ending !== 'held') return;
  for (const id of await world.inactive()) if (!before.has(id)) expect(world[released]).toContain(id);
}

async function play(world: Played, step: Step): Promise<void> {
  switch (step.is) {
    case 'leave':
      return world.leave(step.count);
    case 'back':
      return world.back(step.count);
    case 'release':
      return release(world, step.from, step.count);
    case 'run':
      return run(world);
    case 'wait':
      await world.clock.advance(80 * HOUR);
      return holdsDue(world.outside);
    case 'ignore':
      await leaveHold(world.outside, world.actor(ANA), (await world.holds()).at(-1)?.id ?? 'H-0');
      return;
    case 'freeze':
      await addFreeze({ ...world.outside, calendar: createCalendar() }, world.actor(ANA), {
        ...{ name: 'x', from: '2026-03-01', until: '2026-03-04', connectorId: null },
      });
  }
}

it('S14 S21 however runs, releases, freezes, comings and goings follow each other: while it holds, only the released lose their account', async () => {
  const counted = fc.record({ is: fc.constantFrom('leave' as const, 'back' as const), count: fc.integer({ min: 1, max: 40 }) });
  const releasing = fc.record({ is: fc.constant('release' as const), from: fc.integer({ min: 0, max: 39 }), count: fc.integer({ min: 1, max: 20 }) });
  const others = fc.record({ is: fc.constantFrom('wait' as const, 'ignore' as const, 'freeze' as const, 'run' as const) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(counted, releasing, others), { minLength: 3, maxLength: 10 }), async (steps) => {
      const world: Played = Object.assign(await holdsWorld(), { [released]: new Set<string>() });
      for (const step of [...steps, { is: 'run' as const }]) {
        await play(world, step).catch((refusal: unknown) => {
          if (!(refusal instanceof Refusal)) throw refusal;
        });
      }
    }),
    { numRuns: 8 },
  );
});
