import { describe, expect, it } from 'vitest';
import { numberAt } from '../../src/scim/pointer.ts';

describe('a number at a JSON pointer', () => {
  it.each<[unknown, string, number | null]>([
    [{ seats: { total: 12 } }, '/seats/total', 12],
    [{ 'a/b': { '~': [3, '4'] } }, '/a~1b/~0/1', 4],
    [7, '', 7],
    [{ seats: '12 seats' }, '/seats', null],
    [{ seats: null }, '/seats', null],
    [{}, '/seats/total', null],
    [{}, '/constructor/length', null],
    [{ seats: 1 }, 'seats', null],
  ])('of %j at %j is %j', (json, pointer, expected) => {
    expect(numberAt(json, pointer)).toBe(expected);
  });
});
