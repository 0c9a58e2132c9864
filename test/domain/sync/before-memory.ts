import { afterEach, beforeEach } from 'vitest';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { type Call, door, type MemoryTarget, memoryTarget } from './memory-target.ts';
import { actor, CONNECTOR, type World, world } from './world.ts';

/** The address of a target in memory: nothing is ever sent there. */
export const URL_ = 'https://scim.example.org/v2';

interface Given {
  readonly clock: ManualClock;
  readonly target: MemoryTarget;
  readonly home: World;
}

type Options = NonNullable<Parameters<typeof world>[0]>;

/**
 * Gives each test of a file a world of its own, on a clock that is moved by hand, before a target in memory; `otherwise`
 * says what is different. Returns what gives a test another world in its place, before the same target.
 */
export function beforeMemory(take: (given: Given) => void, otherwise: (target: MemoryTarget) => Options = () => ({})): (options: Options) => Promise<void> {
  let given: Given;
  const give = async (clock: ManualClock, target: MemoryTarget, options: Options): Promise<void> => {
    given = { clock, target, home: await world({ clock, targets: target, ...options }) };
    take(given);
  };
  beforeEach(async () => {
    const target = memoryTarget();
    await give(manualClock(), target, otherwise(target));
  });
  afterEach(() => given.home.close());
  return async (options) => {
    await given.home.close();
    await give(given.clock, given.target, options);
  };
}

/**
 * Starts a run whose process dies at the first request of this kind: `before` the target does it, or `after` that and
 * without an answer. The id of the run that it leaves.
 */
export async function cutOff(home: World, target: MemoryTarget, moment: 'before' | 'after', what: Call['what']): Promise<string> {
  const reached = door();
  target[moment] = async (call) => {
    if (call.what !== what) return;
    reached.open();
    await new Promise(() => {});
  };
  const { id } = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  void home.execute(id).catch(() => {});
  await reached.opened;
  await home.restart();
  target[moment] = () => {};
  return id;
}
