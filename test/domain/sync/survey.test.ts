import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PlanInput } from '../../../src/domain/sync/plan-input.ts';
import { plan, type Planned } from '../../../src/domain/sync/plan.ts';
import { planSource } from '../../../src/domain/sync/plan-source.ts';
import { survey } from '../../../src/domain/sync/survey.ts';
import { MORNING } from '../../clock.ts';
import { memoryTarget } from './memory-target.ts';
import { CONNECTOR, connector, person, people, type World, world } from './world.ts';

let home: World;
beforeEach(async () => {
  home = await world({ targets: memoryTarget() });
});
afterEach(() => home.close());

async function planned(input: PlanInput): Promise<{ readonly planned: readonly Planned[]; readonly unchanged: number }> {
  const all: Planned[] = [];
  let unchanged = 0;
  for await (const page of plan(input, await survey(input))) {
    all.push(...page.planned);
    unchanged += page.unchanged;
  }
  return { planned: all, unchanged };
}

async function source() {
  const given = await home.connector();
  if (given.inForce === null) throw new Error('not configured');
  return (await planSource(home.outside, given, given.inForce, MORNING)).everybody;
}

it('S7 a plan that looks again only at the few who may have changed is the plan that reads everybody twice', async () => {
  await home.seed(connector('https://x.example/scim'), people(30));
  await home.sync();
  const userName = fc.constantFrom('same', 'SAME', 'p00003', 'P00004', 'p00005', 'other', '');
  const changed = fc.record({
    at: fc.oneof(fc.nat(34), fc.integer({ min: 3, max: 5 })),
    status: fc.constantFrom('active' as const, 'inactive' as const),
    userName: fc.option(userName),
    gone: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(changed, { maxLength: 12 }), async (changes) => {
      await home.people(people(30));
      for (let at = 30; at < 35; at += 1) await home.put('person', `csv:p${String(at).padStart(5, '0')}`, null);
      for (const { at, status, userName: name, gone } of changes) {
        const id = `p${String(at).padStart(5, '0')}`;
        await home.put('person', `csv:${id}`, gone ? null : person(id, { status, ...(name === null ? {} : { attributes: { userName: name } }) }));
      }
      const input = await source();
      const { only: _, ...whole } = input;
      expect(await planned(input)).toEqual(await planned(whole));
    }),
    { numRuns: 60 },
  );
});

it('S7 nobody is read twice where nobody changed, and everybody where most did', async () => {
  await home.seed(connector('https://x.example/scim'), people(5_000));
  expect((await survey(await source())).stirred).toBeNull();
  const accounts = people(4_999).map(({ id }) => id);
  await home.sync({ is: 'people', ids: accounts });
  const { stirred, calm } = await survey(await source());
  expect([stirred, calm]).toEqual([['csv:p04999'], 4_999]);
  expect(await home.outside.store.count('account', `${CONNECTOR}/`)).toBe(4_999);
});
