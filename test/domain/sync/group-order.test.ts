import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOrder } from '../../../src/domain/sync/group-order.ts';

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

it('S11 names come free before they are given again, whatever groups are to have and have; who waits for a circle is told apart', () => {
  const wishes = fc.array(fc.record({ has: fc.boolean(), name: fc.option(fc.constantFrom(...LETTERS, 'X', 'y')) }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(wishes, (all) => {
      const groups = all.map(({ has, name }, at) => ({ groupingId: `id-${at}`, has: has ? (LETTERS[at] ?? '') : null, name }));
      const there = groups.flatMap(({ groupingId, has }) => (has === null ? [] : [{ groupingId, name: has.toUpperCase() }]));
      const names = new Map(groups.flatMap(({ groupingId, name }) => (name === null ? [] : [[groupingId, name] as const])));
      const { order, circling } = inOrder(names, there);
      expect(order.toSorted()).toEqual(groups.filter(({ has, name }) => has !== null || name !== null).map(({ groupingId }) => groupingId));
      const had = new Map(there.map(({ groupingId, name }) => [name.toLowerCase(), groupingId]));
      const giverTo = (id: string): string | undefined => {
        const holder = had.get(names.get(id)?.toLowerCase() ?? '');
        return holder === id || (holder !== undefined && names.get(holder)?.toLowerCase() === names.get(id)?.toLowerCase()) ? undefined : holder;
      };
      for (const id of order) {
        let at: string | undefined = id;
        for (let steps = 0; at !== undefined && steps <= order.length; steps += 1) at = giverTo(at);
        expect(circling.has(id)).toBe(at !== undefined);
        const giver = giverTo(id);
        if (giver !== undefined && !circling.has(id)) expect(order.indexOf(giver)).toBeLessThan(order.indexOf(id));
      }
    }),
  );
});
