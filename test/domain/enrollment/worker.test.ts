import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import type { Outside } from '../../../src/ports/outside.ts';
import { Worker } from '../../../src/worker.ts';
import { uncounted } from '../../metrics.ts';
import { type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { connector, people, type World, world } from '../sync/world.ts';
import { enter, invite, secretOf } from './invited-world.ts';

let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector('https://target.example/scim'), people(40));
  await invite(home);
  await home.sync();
  await enter(
    home,
    people(40).map(({ id }) => id),
  );
});
afterEach(() => home.close());

const active = () => [...target.users.values()].filter((user) => user.active).length;
const never = (): Promise<never> => Promise.reject(new Error('Slack is not asked here'));

/** The real worker over the world's store and target. */
async function startWorker(): Promise<{ readonly outside: Outside; stop(): Promise<void> }> {
  const tracked = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>): void => {
    tracked.add(work);
    void work.finally(() => tracked.delete(work)).catch(() => undefined);
  };
  const worker: Worker = new Worker({ outside: () => outside, importSchedule: null, track });
  const outside: Outside = {
    ...home.outside,
    ...{ work: worker, metrics: uncounted, sources: [], enrollment: null, sheets: createSheets() },
    workspace: { member: never, group: never, groups: never, channelName: never, postingProblem: never, mayHoldNames: never, upload: never, download: never },
  };
  await worker.start();
  return {
    outside,
    stop: async () => {
      await worker.stop();
      while (tracked.size > 0) await Promise.allSettled(tracked);
    },
  };
}

const accepted = (outside: Outside, at: number) => accept(outside, secretOf(people(40)[at]?.id ?? ''), { type: 'link', serial: null });

it('E10 forty who accept at once are active soon, in a few runs', async () => {
  const { outside, stop } = await startWorker();
  const runs = await outside.store.count('run');
  await Promise.all(people(40).map((_, at) => accepted(outside, at)));
  while (active() < 40) await outside.breath.turn();
  await stop();
  expect((await outside.store.count('run')) - runs).toBeLessThan(10);
});

it('E10 S13 whom a kill left between grant and activation the next start makes active', async () => {
  const killed = await startWorker();
  await killed.stop();
  expect(await accepted(killed.outside, 3)).toEqual({ is: 'enrolled' });
  expect(active()).toBe(0);
  await home.restart();
  const { outside, stop } = await startWorker();
  while (active() < 1) await outside.breath.turn();
  await stop();
});

it('E10 C12 whoever accepts while the connector is disabled is made active once it is enabled', async () => {
  const given = await home.connector();
  await home.put('connector', given.id, { ...given, state: { is: 'disabled', since: 0 } });
  const runs = await home.outside.store.count('run');
  const disabled = await startWorker();
  expect(await accepted(disabled.outside, 5)).toEqual({ is: 'enrolled' });
  // Whatever that set going is over then.
  await disabled.stop();
  expect(await home.outside.store.count('run')).toBe(runs);
  expect(active()).toBe(0);
  await home.put('connector', given.id, given);
  const { outside, stop } = await startWorker();
  while (active() < 1) await outside.breath.turn();
  await stop();
});
