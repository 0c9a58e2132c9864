import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnScimTarget } from '../../../../src/sandbox/scim/spawn.ts';
import { TOKEN } from '../world.ts';
import { chaos, type Place } from './story.ts';

/** All 50 seeds, each with real kills: `node dist/benches/bench/chaos.js`. */
const SEEDS = [1, 3, 5, 7, 9, 11];
const KILLED = [113];

/** Two targets, each in a process of its own: two seeds at a time. */
let places: readonly (Place & { close(): Promise<void> })[];
beforeAll(async () => {
  places = await Promise.all([0, 1].map(() => spawnScimTarget({ token: TOKEN })));
});
afterAll(async () => {
  await Promise.all(places.map((place) => place.close()));
});

async function told(seeds: readonly number[], death: 'killed' | 'abandoned') {
  const left = [...seeds];
  const all = await Promise.all(
    places.map(async (place) => {
      const mine = [];
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) mine.push(await chaos(seed, place, death));
      return mine;
    }),
  );
  return all.flat();
}

describe('chaos: lost, truncated and refused answers, resets, and the end of the process at any step', () => {
  it.each(SEEDS)('S5 S13 S23 the target is as planned at last, no account twice, none unlinked, every event written: seeds from %i', async (first) => {
    const stories = await told([first, first + 1], 'abandoned');
    expect(stories.flatMap(({ seed, problems }) => problems.map((problem) => `${seed}: ${problem}`))).toEqual([]);
    expect(stories.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(0);
  });

  // Here each life is a process of its own.
  it('S5 S13 S23 the same with kill -9 of a real process', async () => {
    const stories = await told(KILLED, 'killed');
    expect(stories.flatMap(({ seed, problems }) => problems.map((problem) => `${seed}: ${problem}`))).toEqual([]);
    expect(stories.every(({ deaths }) => deaths > 0)).toBe(true);
  });
});
