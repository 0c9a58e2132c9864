import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actionId, isValueOf, optionValue, routeOf } from '../../views/ids.ts';

it('keeps the route readable whatever the suffix', () => {
  expect(actionId('connectors.open')).toBe('connectors.open');
  expect(actionId('connectors.open', 'zoom')).toBe('connectors.open:zoom');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (suffix) => {
      const id = actionId('connectors.open', suffix);
      expect(id.length).toBeLessThanOrEqual(255);
      expect(routeOf(id)).toBe('connectors.open');
      expect(actionId('connectors.open', suffix)).toBe(id);
    }),
  );
});

it('tells long ids apart in 75 characters', () => {
  const long = (end: string): string => `oneroster:${'0'.repeat(80)}/role/${end}`;
  expect(optionValue(long('a'))).toHaveLength(75);
  expect(optionValue(long('a'))).not.toBe(optionValue(long('b')));
  expect(isValueOf(optionValue(long('a')), long('a'))).toBe(true);
  expect(isValueOf('csv:teachers', 'csv:teachers')).toBe(true);
});
