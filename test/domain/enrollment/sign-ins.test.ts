import { afterEach, beforeEach, expect, it } from 'vitest';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { waitingCounts } from '../../../src/domain/enrollment/verbs/attention.ts';
import { signedIn } from '../../../src/domain/enrollment/verbs/sign-ins.ts';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { memoryTarget } from '../sync/memory-target.ts';
import { CONNECTOR, connector, people, type World, world } from '../sync/world.ts';
import { enter, entryOf, invite, seats, secretOf, TASK } from './invited-world.ts';

const ANN = 'csv:p00000';
const NOTHING = { completed: 0, seat: null };
let clock: ManualClock;
let home: World;

beforeEach(async () => {
  clock = manualClock();
  home = await world({ clock, targets: memoryTarget() });
  await home.seed(connector('https://target.example/scim'), people(2));
  await invite(home);
  await home.sync();
  await clock.advance(DAY);
});
afterEach(() => home.close());

const seen = (at = clock.now()) => signedIn(home.outside, CONNECTOR, ANN, at);

it('E10 a sign-in from before somebody was invited takes no seat: they have not come yet', async () => {
  const since = (await home.account('p00000'))?.invited?.since ?? 0;
  expect(await seen(since - 1)).toEqual(NOTHING);
  expect((await home.account('p00000'))?.invited?.granted).toBeNull();
  expect(await seen(since)).toEqual({ completed: 0, seat: 'taken' });
});

it('E10 S25 a sign-in of who is off-boarded, or is not active in the directory, takes no seat', async () => {
  const [ann] = people(1);
  if (ann === undefined) throw new Error('nobody is there');
  await home.people([{ ...ann, status: 'inactive' }]);
  expect(await seen()).toEqual(NOTHING);
  await home.people([ann]);
  const out = { personId: ANN, name: 'Ann', by: 'U1', at: clock.now(), why: null, steps: [], released: null };
  await home.put('offboarding', ANN, out);
  expect(await seen()).toEqual(NOTHING);
  await home.put('offboarding', ANN, { ...out, released: { by: 'U1', at: clock.now() } });
  expect(await seen()).toEqual({ completed: 0, seat: 'taken' });
});

it('E10 a sign-in takes no seat of a connector that is disconnected, and takes one of a disabled connector', async () => {
  const standing = (state: Connector['state']) => home.put('connector', CONNECTOR, connector('https://target.example/scim', { connector: { state } }));
  await standing({ is: 'disconnected', since: clock.now() });
  expect(await seen()).toEqual(NOTHING);
  await standing({ is: 'disabled', since: clock.now() });
  expect(await seen()).toEqual({ completed: 0, seat: 'taken' });
});

it('E10 who waited for a seat and gets it by signing in waits no more: enrolled where they accepted by link, with a token still to type', async () => {
  await seats(home, 0);
  await enter(home, [ANN]);
  expect(await accept(home.outside, secretOf(ANN), { type: 'link', serial: null })).toEqual({ is: 'no-seat' });
  expect(await seen()).toEqual({ completed: 0, seat: 'none-free' });
  expect(await waitingCounts(home.outside)).toEqual(new Map([[CONNECTOR, 1]]));
  await seats(home, 2);
  home.drawn.length = 0;
  expect(await seen()).toEqual({ completed: 0, seat: 'taken' });
  expect(await entryOf(home, ANN)).toMatchObject({ state: { is: 'enrolled' }, links: [], waitingSince: null });
  expect(home.drawn).toContain(`task/${TASK}`);
  expect(await waitingCounts(home.outside)).toEqual(new Map());
  const ben = 'csv:p00001';
  await enter(home, [ben], { types: ['hardware-token'], entry: { waitingSince: clock.now() } });
  expect(await signedIn(home.outside, CONNECTOR, ben, clock.now())).toEqual({ completed: 0, seat: 'taken' });
  expect(await entryOf(home, ben)).toMatchObject({ state: { is: 'active' }, waitingSince: null });
});
