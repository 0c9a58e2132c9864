import { expect, it } from 'vitest';
import { Deliveries } from '../src/deliveries.ts';

it('X3 knows a delivery that it has heard of, and forgets the oldest of very many', () => {
  const deliveries = new Deliveries();
  expect([deliveries.first('a'), deliveries.first('a'), deliveries.first('b')]).toEqual([true, false, true]);
  for (let number = 0; number < 5_000; number += 1) deliveries.first(`n${number}`);
  expect(deliveries.first('a')).toBe(true);
  expect(deliveries.first('n4999')).toBe(false);
});

it('X3 does the work of a delivery once, and gives a repeated one the same answer, also while it goes on', async () => {
  const deliveries = new Deliveries();
  let works = 0;
  const work = async (): Promise<number> => {
    works += 1;
    return works;
  };
  expect(await Promise.all([deliveries.once('a', work), deliveries.once('a', work), deliveries.once('b', work)])).toEqual([1, 1, 2]);
});
