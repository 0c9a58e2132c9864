import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { manualClock } from '../../clock.ts';

describe('the clock of the machine', () => {
  it('resolves at or after the moment, and at once for the past', async () => {
    const clock = createClock();
    await clock.until(clock.now() - 1);
    const moment = clock.now() + 20;
    await clock.until(moment);
    expect(clock.now()).toBeGreaterThanOrEqual(moment);
  });

  it('can be waited on for longer than a timer runs, and abandoned', async () => {
    const clock = createClock();
    const stop = new AbortController();
    const waiting = clock.until(clock.now() + 1_000 * 86_400_000, stop.signal);
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(clock.until(clock.now() + 1, stop.signal)).rejects.toThrow('stopped');
  });
});

describe('chance', () => {
  it('makes ids that differ, are URL-safe, and sort by the order of their making, across time and set-back clocks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 1, maxLength: 200 }), (steps) => {
        let now = Date.UTC(2026, 2, 2);
        const chance = createChance({ ...manualClock(), now: () => now });
        const ids = steps.map((step) => {
          now += step;
          return chance.id();
        });
        expect([...ids].sort()).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(id).toMatch(/^[0-9A-Z]{29}$/);
      }),
    );
  });

  it('keeps the order of a hundred thousand ids of one millisecond', () => {
    const chance = createChance(manualClock());
    let last = '';
    for (let made = 0; made < 100_000; made += 1) {
      const id = chance.id();
      if (id <= last) throw new Error(`${id} came after ${last}`);
      last = id;
    }
  });

  it('makes references that can be read out', () => {
    const chance = createChance(manualClock());
    for (let made = 0; made < 1_000; made += 1) expect(chance.reference()).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
  });

  it('makes fractions from 0 up to, but not including, 1', () => {
    const chance = createChance(manualClock());
    for (let made = 0; made < 1_000; made += 1) {
      const fraction = chance.fraction();
      expect(fraction).toBeGreaterThanOrEqual(0);
      expect(fraction).toBeLessThan(1);
    }
  });
});

describe('breath', () => {
  it('lets other work in during a long computation, and costs nothing between', async () => {
    const breath = createBreath();
    let otherWork = 0;
    const timer = setInterval(() => {
      otherWork += 1;
    }, 1);
    let pauses = 0;
    for (const from = performance.now(); performance.now() - from < 60; ) {
      const pause = breath.due();
      if (pause === undefined) continue;
      pauses += 1;
      await pause;
    }
    clearInterval(timer);
    expect(pauses).toBeGreaterThan(0);
    expect(otherWork).toBeGreaterThan(0);
  });

  it('gives several long computations one slice a turn of the event loop between them', async () => {
    const breath = createBreath();
    let turns = 0;
    let slices = 0;
    let over = false;
    const count = (): void => {
      turns += 1;
      if (!over) setImmediate(count);
    };
    count();
    const compute = async (): Promise<void> => {
      for (let left = 5; left > 0; ) {
        const pause = breath.due();
        if (pause === undefined) continue;
        await pause;
        slices += 1;
        left -= 1;
      }
    };
    await Promise.all([compute(), compute(), compute()]);
    over = true;
    expect(slices).toBe(15);
    expect(turns).toBeGreaterThanOrEqual(slices);
  });
});

describe('a fingerprint', () => {
  it('is 22 URL-safe characters of SHA-256', () => {
    expect(createFingerprint().of('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'.slice(0, 22));
  });
  it('is equal for equal texts, and for others not', () => {
    const { of } = createFingerprint();
    fc.assert(fc.property(fc.string(), fc.string(), (one, other) => (of(one) === of(other)) === (one === other)));
  });
});
