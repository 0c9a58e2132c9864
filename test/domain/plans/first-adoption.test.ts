import { expect, it, onTestFinished } from 'vitest';
import { takeUpPlans } from '../../../src/domain/plans/verbs/due.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Transaction } from '../../../src/ports/store.ts';
import { manualClock } from '../../clock.ts';
import { door, memoryTarget } from '../sync/memory-target.ts';
import { watched } from '../sync/watched-store.ts';
import { actor, CONNECTOR, connector, ended, people, world } from '../sync/world.ts';
import { adopt } from './adopting.ts';

const URL_ = 'https://scim.example.org/v2';

it.each([
  ['while it is made', 'plan'],
  ['before it is shown', 'card'],
] as const)('S26 S13 a crash %s keeps it from nobody: the run that goes on shows one, in one message', async (_when, cut) => {
  const reached = door();
  let isCut = true;
  const before = async ({ puts = [], appends = [] }: Transaction): Promise<void> => {
    const isIt = cut === 'card' ? puts.some(({ key }) => key === 'plan/L-1') : appends.some(({ log }) => log === 'plan');
    if (!isCut || !isIt) return;
    reached.open();
    await new Promise(() => {});
  };
  const target = memoryTarget();
  await target.open(URL_, '', 1).create('', { userName: 'p00001' }, true);
  const home = await world({ clock: manualClock(), targets: target, around: (store) => watched(store, { before }) });
  onTestFinished(() => home.close());
  const { adoption: _, ...unapproved } = connector(URL_);
  await home.seed(unapproved, people(10));
  const { id } = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  void home.execute(id).catch(() => {});
  await reached.opened;
  isCut = false;
  await home.restart();
  // As at a start of Usher: what is left of plans is looked at before the run comes to its end, or after.
  await takeUpPlans(home.outside);
  const run = await home.execute(id);
  await takeUpPlans(home.outside);
  const [open, ...more] = (await home.all('plan')).filter(({ state }) => state.is === 'open' || state.is === 'making');
  expect(more).toEqual([]);
  expect(ended(run).detail).toContain(`${open?.id} waits for that`);
  expect(await home.all('card', 'plan/')).toMatchObject([{ id: `plan/${open?.id}`, place: { is: 'person' } }]);
  const shown: string[] = [];
  for await (const page of home.outside.store.rows('audit', { order: 'oldest', match: { action: 'sync.plan' } }))
    for (const { row } of page) shown.push(row.subject ?? '');
  expect(shown).toEqual([open?.id]);
  expect((await adopt(home.outside, actor('admin'), CONNECTOR)).counts).toMatchObject({ adopted: 1, created: 9 });
});
