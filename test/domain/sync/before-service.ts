import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { TOKEN, type World, world } from './world.ts';

interface Given {
  readonly clock: ManualClock;
  readonly target: ScimTarget;
  readonly admin: ReturnType<typeof createAdmin>;
  readonly home: World;
}

type Service = Omit<Parameters<typeof startScimTarget>[0], 'token'>;
type Options = NonNullable<Parameters<typeof world>[0]>;

/**
 * Gives each test of a file a world of its own, on a clock that is moved by hand, before the sandbox's SCIM service, over
 * the wire: one service for all of them, emptied before each. Returns what gives a test another world in its place, before the same service.
 */
export function beforeService(take: (given: Given) => void, service: Service = {}): (options: Options) => Promise<void> {
  let target: ScimTarget;
  let admin: Given['admin'];
  let given: Given;
  const give = async (clock: ManualClock, options: Options): Promise<void> => {
    given = { clock, target, admin, home: await world({ clock, allow: [new URL(target.url).host], ...options }) };
    take(given);
  };
  beforeAll(async () => {
    target = await startScimTarget({ token: TOKEN, ...service });
    admin = createAdmin(target.pageUrl);
  });
  afterAll(() => target.close());
  beforeEach(async () => {
    await admin.reset();
    await give(manualClock(), {});
  });
  afterEach(() => given.home.close());
  return async (options) => {
    await given.home.close();
    await give(given.clock, options);
  };
}
