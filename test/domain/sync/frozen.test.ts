import { beforeEach, expect, it } from 'vitest';
import { SECOND } from '../../../src/domain/instant.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { pauseRun, resumeRun } from '../../../src/domain/sync/verbs/steer.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeMemory, URL_ } from './before-memory.ts';
import { door, type MemoryTarget } from './memory-target.ts';
import { watched } from './watched-store.ts';
import { actor, CONNECTOR, connector, ended, person, type World } from './world.ts';

const SAME = { attributes: { userName: 'same' } };
let clock: ManualClock;
let target: MemoryTarget;
let home: World;
/** Opens when the plan comes to Zoe, and holds it there until it is let go. */
let reached: ReturnType<typeof door>;
let gate: ReturnType<typeof door>;
let isHeld: boolean;
/** Searches of the events of people left as they are. */
let searches: number;

beforeEach(() => {
  reached = door();
  gate = door();
  isHeld = true;
  searches = 0;
});
const get = async (kind: string, key: string): Promise<void> => {
  // The survey reads everybody by pages: whoever is read alone is planned for.
  if (!isHeld || kind !== 'person' || key !== 'csv:zoe') return;
  reached.open();
  await gate.opened;
};
const rows = (log: string, query: object): void => {
  if (log === 'event' && JSON.stringify(query).includes('user_lookup_provision')) searches += 1;
};
beforeMemory(
  (given) => {
    ({ clock, target, home } = given);
  },
  () => ({ around: (store) => watched(store, { get, rows }) }),
);

const told = async (runId: string) => (await home.events(runId)).map(({ subjectId, success }) => [subjectId, success]);
const ONCE = [
  ['csv:ann', false],
  ['csv:bob', false],
  ['csv:zoe', true],
];

/** Starts a run, and holds its planning where the first two were told of already. */
async function planning() {
  await home.seed(connector(URL_), [person('ann', SAME), person('bob', SAME), person('zoe')]);
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const over = home.execute(run.id);
  over.catch(() => {});
  await reached.opened;
  await clock.advance(SECOND);
  await home.wake(run.id);
  expect(await told(run.id)).toEqual(ONCE.slice(0, 2));
  expect((await home.all('run'))[0]).toMatchObject({ total: null });
  return { run, over };
}

it('D4 people with the same matching value, or without a required attribute, are reported and stay as they were; the rest goes on', async () => {
  await home.seed(connector(URL_), [person('ann'), person('bob'), person('cy')]);
  await home.sync();
  target.calls.length = 0;
  const nameless = { ...person('none'), attributes: { givenName: 'No', familyName: 'Name' } };
  await home.people([
    person('ann', { attributes: { userName: 'Same', title: 'New' } }),
    person('bob', { attributes: { userName: 'same', title: 'New' } }),
    nameless,
    person('new'),
  ]);
  const run = await home.sync();
  expect(target.writes().map((call) => call.userName)).toEqual(['new']);
  expect(ended(run)).toMatchObject({ ending: 'completed', result: 'partial' });
  expect(run.frozen.count).toBe(3);
  expect(run.frozen.first.map((each) => each.personId)).toEqual(['csv:ann', 'csv:bob', 'csv:none']);
  expect(run.frozen.first.map((each) => each.reason)).toEqual(['has the same same as csv:bob', 'has the same same as csv:ann', 'has no userName']);
  expect((await home.account('ann'))?.pushed?.values.userName).toBe('ann');
});

it('S5 S13 nobody is told of twice as left as they were, where a crash came while the plan was being made', async () => {
  const { run } = await planning();
  // A run that begins has told of nobody yet.
  expect(searches).toBe(0);
  isHeld = false;
  await home.restart();
  expect(await home.execute(run.id)).toMatchObject({ frozen: { count: 2 }, counts: { created: 1 } });
  expect(await told(run.id)).toEqual(ONCE);
  expect(searches).toBe(1);
});

it('S2 S5 nor where it was paused then, and resumed; who is left since is told of', async () => {
  const { run, over } = await planning();
  await pauseRun(home.outside, actor(), run.id);
  await home.wake(run.id);
  isHeld = false;
  gate.open();
  expect((await over).state.is).toBe('paused');
  await home.people([person('eve', { attributes: { userName: 'zoe' } })]);
  await resumeRun(home.outside, actor(), run.id);
  expect(await home.execute(run.id)).toMatchObject({ frozen: { count: 4 }, counts: { created: 0 } });
  expect((await told(run.id)).toSorted()).toEqual([
    ['csv:ann', false],
    ['csv:bob', false],
    ['csv:eve', false],
    ['csv:zoe', false],
  ]);
});
