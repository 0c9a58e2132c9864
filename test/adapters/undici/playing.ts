import { onTestFinished } from 'vitest';
import { createTargets, type TargetsOptions } from '../../../src/adapters/undici/targets.ts';
import type { Target } from '../../../src/ports/target.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { type Play, type Stub, startStub } from './stub.ts';

export const TOKEN = 'the-very-token';

export interface World {
  readonly target: Target;
  readonly stub: Stub;
  readonly clock: ManualClock;
  readonly open: (concurrency: number) => Target;
}

/** A target on a stub that plays this; both end with the test. */
export async function playing(play: Play, options: Partial<TargetsOptions> = {}): Promise<World> {
  const stub = await startStub(play);
  const clock = manualClock();
  const targets = createTargets({ allow: [stub.host], clock, ...options });
  onTestFinished(targets.close);
  const open = (concurrency: number) => targets.open(`${stub.origin}/scim/v2/`, TOKEN, concurrency);
  return { target: open(4), stub, clock, open };
}
