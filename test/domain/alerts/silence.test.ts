import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Subscription } from '../../../src/domain/alerts/alert.ts';
import { silenceModel, watchSilence } from '../../../src/domain/alerts/verbs/silence.ts';
import type { DirectoryImport } from '../../../src/domain/directory/import.ts';
import { importFiredKey } from '../../../src/domain/directory/verbs/import-schedule.ts';
import { stopEverything } from '../../../src/domain/halts/verbs/stop.ts';
import { HOUR, MINUTE } from '../../../src/domain/instant.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { DirectorySource } from '../../../src/ports/directory-source.ts';
import { silenceMessage } from '../../../views/alerts/silence-card.ts';
import { manualClock } from '../../clock.ts';
import { memoryTarget } from '../sync/memory-target.ts';
import { actor, connector, CONNECTOR, people, type World, world } from '../sync/world.ts';

const clock = manualClock();
let home: World;
let newest: number;

beforeEach(async () => {
  home = await world({ clock, targets: memoryTarget() });
  newest = clock.now();
  await home.seed(connector('https://target.example/scim', { operating: { schedule: { cron: '0 3 * * *', timeZone: 'UTC' } } }), people(3));
});
afterEach(() => home.close());

const source: DirectorySource = { name: 'district', description: '', read: async function* () {}, changedAt: async () => newest };
const outside = () => {
  const present = home.outside;
  const grants = [{ teamId: 'T1', userId: 'U0ADMIN', role: 'admin' as const, organizationId: null }];
  return { ...present, settings: { ...present.settings, grants }, sources: [source] };
};
const watch = (): Promise<void> => watchSilence(outside());
const cards = async () => (await home.all('card')).filter(({ id }) => id.startsWith('silence/'));
const text = async (id: string): Promise<string> => {
  const model = await silenceModel(outside(), id);
  return model === null ? '' : silenceMessage(model).text;
};

async function subscribed(connectorId: string | null): Promise<void> {
  const one: Subscription = {
    ...{ channelId: 'C1', connectorId, conditions: ['silence'], teamId: 'T1', by: 'U0ADMIN', at: 0, escalation: null, mayNames: false },
  };
  await home.put('subscription', `C1/${connectorId ?? '*'}`, one);
}

function anImport(changes: Partial<DirectoryImport> = {}): DirectoryImport {
  const tally = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  return {
    ...{ id: 'i1', source: 'district', startedAt: clock.now(), endedAt: clock.now() + MINUTE, by: 'schedule', outcome: { is: 'done' } },
    ...{ organizations: tally, groupings: tally, people: tally, errors: [], errorCount: 0, warnings: [] },
    ...changes,
  };
}

it('N5 tells the owner of a scheduled run that is not over by its due time plus 25 %, once, and closes it in the same message', async () => {
  const run = await startSync(home.outside, SCHEDULE, { connectorId: CONNECTOR });
  await clock.advance(HOUR + 15 * MINUTE);
  await watch();
  expect(await cards()).toEqual([]);
  await clock.advance(MINUTE);
  await watch();
  await watch();
  expect((await cards()).map(({ place }) => place)).toEqual([{ is: 'person', userId: 'U1' }]);
  expect(await text(`run/${CONNECTOR}`)).toContain('Portal: scheduled sync is late');
  await home.restart();
  await home.execute(run.id);
  await watch();
  expect(await text(`run/${CONNECTOR}`)).toContain('over');
  expect((await cards()).map(({ wanted }) => wanted)).toEqual([2]);
});

it('N5 takes what is usual from the runs before: half an hour’s run is late after 40 minutes', async () => {
  for (let at = 0; at < 3; at += 1) {
    const run = await startSync(home.outside, SCHEDULE, { connectorId: CONNECTOR });
    await home.put('run', run.id, { ...run, startedAt: clock.now(), state: { is: 'running' } });
    await clock.advance(30 * MINUTE);
    await home.put('run', run.id, {
      ...run,
      startedAt: clock.now() - 30 * MINUTE,
      state: { is: 'ended', at: clock.now(), ending: 'completed', result: 'success', detail: null },
    });
  }
  await startSync(home.outside, SCHEDULE, { connectorId: CONNECTOR });
  await clock.advance(40 * MINUTE);
  await watch();
  expect(await cards()).toEqual([]);
  await clock.advance(1);
  await watch();
  expect(await cards()).toHaveLength(1);
});

it('N5 says nothing of a run that somebody began by hand, nor while all writes are stopped', async () => {
  await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  await clock.advance(10 * HOUR);
  await watch();
  expect(await cards()).toEqual([]);
  await home.put('run', 'R-1', { ...((await home.all('run'))[0] ?? never()), by: 'schedule' });
  await stopEverything(home.outside, actor(), null);
  await watch();
  expect(await cards()).toEqual([]);
});

it('N5 tells the subscribed channel in the place of the owner', async () => {
  await subscribed(CONNECTOR);
  await startSync(home.outside, SCHEDULE, { connectorId: CONNECTOR });
  await clock.advance(2 * HOUR);
  await watch();
  expect((await cards()).map(({ place }) => place)).toEqual([{ is: 'channel', channelId: 'C1' }]);
});

it('N5 tells the admins of an import that is not finished in time, and closes it when one is', async () => {
  await home.put('counter', importFiredKey('district'), { value: clock.now() });
  await clock.advance(11 * MINUTE);
  await watch();
  expect((await cards()).map(({ place }) => place)).toEqual([{ is: 'person', userId: 'U0ADMIN' }]);
  await home.put('import', 'district', anImport());
  await watch();
  expect(await text('late-import/district')).toContain('over');
});

it('N5 tells of a held and of a rejected import, counts only, in one message until one is done', async () => {
  await subscribed(null);
  await home.put('import', 'district', anImport({ outcome: { is: 'held', wouldRemove: 700, of: 6_012 } }));
  await watch();
  expect(await text('import/district')).toContain('would remove 700 of 6,012 people');
  await home.put('import', 'district', anImport({ id: 'i2', outcome: { is: 'rejected', reason: 'Lee Okafor is twice in it' } }));
  await watch();
  expect(await text('import/district')).toContain('rejected');
  expect(await text('import/district')).not.toContain('Okafor');
  expect(await cards()).toHaveLength(1);
  await home.put('import', 'district', anImport({ id: 'i3' }));
  await watch();
  expect(await text('import/district')).toContain('over');
});

it('N5 tells of a source whose file is older than its usual interval, once it learned that', async () => {
  for (let day = 0; day < 4; day += 1) {
    newest = clock.now();
    await watch();
    await clock.advance(24 * HOUR);
  }
  expect(await cards()).toEqual([]);
  await clock.advance(6 * HOUR);
  await watch();
  expect(await cards()).toEqual([]);
  await clock.advance(1);
  await watch();
  await watch();
  expect(await cards()).toHaveLength(1);
  newest = clock.now();
  await watch();
  expect(await text('source/district')).toContain('over');
});

function never(): never {
  throw new Error('there is no run');
}
