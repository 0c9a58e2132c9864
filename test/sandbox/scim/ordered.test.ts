import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ordered } from '../../../src/sandbox/scim/ordered.ts';

it('keeps the order of making through any replacing and removing', () => {
  const step = fc.oneof(fc.constant({ is: 'add' as const }), fc.record({ is: fc.constantFrom('replace' as const, 'remove' as const), at: fc.nat(30) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ordered = new Ordered<{ id: string; seq: number; version: number }>();
      let model: { id: string; seq: number; version: number }[] = [];
      steps.forEach((one, index) => {
        if (one.is === 'add') {
          const record = { id: `i${index}`, seq: index, version: 0 };
          ordered.put(record);
          model.push(record);
          return;
        }
        const chosen = model[one.at % Math.max(1, model.length)];
        if (chosen === undefined) return;
        if (one.is === 'remove') {
          ordered.remove(chosen.id);
          model = model.filter((record) => record !== chosen);
        } else {
          const changed = { ...chosen, version: index };
          ordered.put(changed);
          model = model.map((record) => (record === chosen ? changed : record));
        }
      });
      expect(ordered.all()).toEqual(model);
      expect(ordered.slice(1, 3)).toEqual(model.slice(1, 4));
      for (const record of model) expect(ordered.get(record.id)).toBe(record);
    }),
  );
});
