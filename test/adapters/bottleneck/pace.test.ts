import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { rhythmOf } from '../../../src/adapters/bottleneck/grants.ts';
import { createPaces } from '../../../src/adapters/bottleneck/pace.ts';
import type { Pace } from '../../../src/ports/pace.ts';
import { manualClock } from '../../clock.ts';

const URL_ONE = 'https://example.com/scim/v2';
const open: { close(): void }[] = [];
afterEach(() => {
  for (const paces of open.splice(0)) paces.close();
});
function make() {
  const clock = manualClock();
  const paces = createPaces({ clock });
  open.push(paces);
  return { clock, paces };
}

/** The most permits in any window of one second, wherever it begins. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length));
}

/** Lets `lanes` take permits as fast as they come, until `count` are taken. */
async function takeAll(pace: Pace, lanes: number, count: number, work: () => Promise<void> | undefined = () => undefined): Promise<readonly number[]> {
  const times: number[] = [];
  let asked = 0;
  const lane = async () => {
    while (asked < count) {
      asked += 1;
      await pace.permit();
      times.push(performance.now());
      await work();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return times;
}

describe('the rhythm of a rate limit', () => {
  it('S12 never exceeds the limit in any second, however its grants are used', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: 50_000 }), fc.double({ min: 0.01, max: 3_000, noNaN: true })), (limit) => {
        const { permits, spacing } = rhythmOf(limit);
        // Worst case: the window begins as a grant is about to lapse, 50 ms old.
        const grants = Math.ceil(1_050 / spacing);
        expect(grants * permits).toBeLessThanOrEqual(Math.max(limit, 1));
      }),
    );
  });

  it('gives at least 85 % of a limit from 40 to 15,000 a second', () => {
    for (let limit = 40; limit <= 15_000; limit = Math.ceil(limit * 1.3)) {
      const { permits, spacing } = rhythmOf(limit);
      expect((permits / spacing) * 1_000, String(limit)).toBeGreaterThan(limit * 0.85);
    }
  });
});

describe('the pace of a target', () => {
  it('S12 without a limit stands in nobody’s way', () => {
    const { paces } = make();
    expect(paces.of(URL_ONE, null).permit()).toBeUndefined();
    expect(paces.of(URL_ONE, null).permit(true)).toBeUndefined();
  });

  it('S12 the configured rate is never exceeded in any second, be it 7, 60 or 1,000, by many lanes', async () => {
    const check = async (limit: number, count: number) => {
      const times = await takeAll(make().paces.of(URL_ONE, limit), 16, count);
      expect(times).toHaveLength(count);
      expect(mostInASecond(times)).toBeLessThanOrEqual(limit);
    };
    await Promise.all([check(7, 12), check(60, 120), check(1_000, 2_000)]);
  });

  it('S12 the rate holds after a stall of the event loop', async () => {
    const { paces } = make();
    const pace = paces.of(URL_ONE, 100);
    let worked = 0;
    const times = await takeAll(pace, 8, 150, () => {
      worked += 1;
      if (worked === 40) for (const from = performance.now(); performance.now() - from < 300; );
      return undefined;
    });
    expect(mostInASecond(times)).toBeLessThanOrEqual(100);
  });

  it('S1 a permit asked for first goes before everybody waiting', async () => {
    const { paces } = make();
    const pace = paces.of(URL_ONE, 20);
    const order: string[] = [];
    const take = (name: string, first = false) => Promise.resolve(pace.permit(first)).then(() => order.push(name));
    await Promise.all([take('a'), take('b'), take('c'), take('now', true)]);
    expect(order).toEqual(['now', 'a', 'b', 'c']);
  });

  it('S12 a hold stops every lane of the host until it ends, also without a limit; a later one wins', async () => {
    const { paces, clock } = make();
    const [one, other] = [paces.of(URL_ONE, null), paces.of('https://example.com/another/tenant', null)];
    one.holdUntil(clock.now() + 5_000);
    one.holdUntil(clock.now() + 9_000);
    one.holdUntil(clock.now() + 2_000);
    expect(other.heldUntil()).toBe(clock.now() + 9_000);
    const gone: string[] = [];
    const all = [one.permit()?.then(() => gone.push('one')), other.permit()?.then(() => gone.push('other')), one.permit(true)?.then(() => gone.push('first'))];
    await clock.advance(8_999);
    expect(gone).toEqual([]);
    await clock.advance(1);
    await Promise.all(all);
    expect(gone).toEqual(['first', 'one', 'other']);
    expect(one.heldUntil()).toBeNull();
    expect(one.permit()).toBeUndefined();
  });

  it('S12 a hold that grows while lanes wait keeps them waiting', async () => {
    const { paces, clock } = make();
    const pace = paces.of(URL_ONE, null);
    pace.holdUntil(clock.now() + 1_000);
    let gone = false;
    const waiting = pace.permit()?.then(() => {
      gone = true;
    });
    pace.holdUntil(clock.now() + 3_000);
    await clock.advance(2_000);
    expect(gone).toBe(false);
    await clock.advance(1_000);
    await waiting;
    expect(gone).toBe(true);
  });

  it('S12 a hold and a limit hold together', async () => {
    const { paces, clock } = make();
    const pace = paces.of(URL_ONE, 50);
    pace.holdUntil(clock.now() + 1_000);
    const permits = takeAll(pace, 4, 20);
    await clock.advance(1_000);
    expect(await permits).toHaveLength(20);
  });

  it('hosts do not slow each other', () => {
    const { paces, clock } = make();
    paces.of(URL_ONE, null).holdUntil(clock.now() + 1_000);
    expect(paces.of('https://another.example/scim', null).permit()).toBeUndefined();
    expect(paces.of('https://example.com:8443/scim', null).permit()).toBeUndefined();
  });

  it('a changed limit takes effect at once, also for those who wait already', async () => {
    const { paces } = make();
    const pace = paces.of(URL_ONE, 0.001);
    await pace.permit();
    const waiting = pace.permit();
    paces.of(URL_ONE, null);
    await waiting;
    expect(pace.permit()).toBeUndefined();
  });

  it('of one host, the lowest limit of its connectors holds', async () => {
    const { paces } = make();
    paces.of(URL_ONE, 30);
    const pace = paces.of('https://example.com/another/tenant', 1_000);
    expect(mostInASecond(await takeAll(pace, 8, 45))).toBeLessThanOrEqual(30);
  });

  it('X8 when it closes, nobody waits for ever', async () => {
    const { paces, clock } = make();
    const pace = paces.of(URL_ONE, 1);
    pace.holdUntil(clock.now() + 1_000);
    const waiting = pace.permit();
    paces.close();
    await expect(waiting).rejects.toThrow('shutting down');
    await expect(pace.permit()).rejects.toThrow('shutting down');
  });
});
