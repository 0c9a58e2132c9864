import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOrder } from '../../../src/domain/sync/group-order.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'X', 'y'];
const name = fc.option(fc.constantFrom(...NAMES));

it('S11 names come free before they are given again, whatever groups are to have and have; who waits for a circle is told apart', () => {
  // Two may have one name: the old group of a class that got another id, and stays for now, and the new one.
  const wishes = fc.array(fc.record({ has: name, wants: name }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(wishes, (all) => {
      const groups = all.map((group, at) => ({ groupingId: `id-${at}`, ...group }));
      const there = groups.flatMap(({ groupingId, has }) => (has === null ? [] : [{ groupingId, name: has.toUpperCase() }]));
      const names = new Map(groups.flatMap(({ groupingId, wants }) => (wants === null ? [] : [[groupingId, wants] as const])));
      const { order, circling } = inOrder(names, there);
      expect(order.toSorted()).toEqual(groups.filter(({ has, wants }) => has !== null || wants !== null).map(({ groupingId }) => groupingId));
      const low = (text: string | null | undefined): string | undefined => text?.toLowerCase();
      const giversTo = (id: string): readonly string[] => {
        const wanted = low(names.get(id));
        const having = groups.filter(({ has }) => wanted !== undefined && low(has) === wanted);
        if (having.some(({ groupingId }) => groupingId === id)) return [];
        return having.filter(({ wants }) => low(wants) !== wanted).map(({ groupingId }) => groupingId);
      };
      for (const id of order) {
        let front: readonly string[] = [id];
        for (let steps = 0; steps <= order.length; steps += 1) front = [...new Set(front.flatMap(giversTo))];
        expect(circling.has(id)).toBe(front.length > 0);
        if (!circling.has(id)) for (const giver of giversTo(id)) expect(order.indexOf(giver)).toBeLessThan(order.indexOf(id));
      }
    }),
  );
});
