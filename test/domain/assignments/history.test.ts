import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryCursor, HistoryEntry, HistoryFilter } from '../../../src/domain/assignments/history.ts';
import { momentOf } from '../../../src/domain/assignments/history.ts';
import { assign } from '../../../src/domain/assignments/verbs/assign.ts';
import { connectorHistory, type HistoryPage } from '../../../src/domain/assignments/verbs/history.ts';
import { unassign } from '../../../src/domain/assignments/verbs/unassign.ts';
import { unassignPreview } from '../../../src/domain/assignments/verbs/unassign-preview.ts';
import { disable, enable } from '../../../src/domain/connectors/verbs/states.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import type { ProvisioningEvent } from '../../../src/domain/sync/event.ts';
import type { Store } from '../../../src/ports/store.ts';
import { type ManualClock, manualClock, MORNING } from '../../clock.ts';
import { actor, CONNECTOR, connector, people, TEACHERS, type World, world } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { SOUTH_TEACHERS, widen } from './roster.ts';
import { CLEARED } from '../approvals/cleared.ts';

const ADMIN = actor('admin', null, 'UADMIN');
const EVERYTHING: HistoryFilter = { personId: null, outcome: 'all', kind: 'all' };

let home: World;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock();
  home = await world({ clock });
  await home.seed(connector('https://target.example/scim'), people(3), []);
  await widen(home);
});
afterEach(() => home.close());

async function happened(number: number, changes: Partial<ProvisioningEvent> = {}): Promise<void> {
  await clock.advance(1_000);
  const row: ProvisioningEvent = {
    ...{ id: `e${number}`, at: clock.now(), type: 'user_create_provision', runId: 'R-1', connectorId: CONNECTOR, application: 'Portal' },
    ...{ organizationId: 'csv:school', by: 'schedule', subjectId: `csv:p0000${number % 3}`, subjectName: `p${number}`, targetId: null },
    ...{ success: true, errorCode: null, errorMessage: null, httpStatus: 201, attempts: 1, cause: null, changes: [] },
    ...changes,
  };
  await home.outside.store.transaction({ appends: [{ log: 'event', partition: CONNECTOR, row }] });
}

async function acting(act: () => Promise<unknown>): Promise<void> {
  await clock.advance(1_000);
  await act();
}

/** An assignment, a run with one success and one failure, a change of settings, and an un-assignment. */
async function aDay(): Promise<void> {
  await acting(() => assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null }, CLEARED));
  await acting(() => startSync(home.outside, ADMIN, { connectorId: CONNECTOR }));
  await happened(1);
  await happened(2, { success: false, errorMessage: 'email domain not verified', httpStatus: 400 });
  await acting(() => disable(home.outside, ADMIN, CONNECTOR));
  const { agreed } = await unassignPreview(home.outside, ADMIN, `${CONNECTOR}/1`);
  await acting(() => unassign(home.outside, ADMIN, { assignmentId: `${CONNECTOR}/1`, agreed, why: null }, CLEARED));
}

const page = (filter: Partial<HistoryFilter> = {}, after: HistoryCursor | null = null, limit = 10, by: Actor = ADMIN): Promise<HistoryPage> =>
  connectorHistory(home.outside, by, CONNECTOR, { ...EVERYTHING, ...filter }, { after, limit });

const label = (entry: HistoryEntry): string => (entry.is === 'event' ? entry.event.id : entry.row.action);
const labels = async (filter: Partial<HistoryFilter> = {}, by: Actor = ADMIN): Promise<readonly string[]> =>
  (await page(filter, null, 100, by)).entries.map(label);

describe('the history log', () => {
  it('A4 tells every assign, un-assign, run, event and setting change, newest first', async () => {
    await aDay();
    const { entries, next } = await page();
    expect(entries.map(label)).toEqual(['assignments.unassign', 'connectors.disable', 'e2', 'e1', 'sync.start', 'assignments.assign']);
    expect(entries.map(({ is }) => is)).toEqual(['assignment', 'setting', 'event', 'event', 'run', 'assignment']);
    expect(entries.map(momentOf)).toEqual(entries.map(momentOf).toSorted((a, b) => b - a));
    expect(next).toBeNull();
  });

  it('A4 filters by kind', async () => {
    await aDay();
    expect(await labels({ kind: 'assignments' })).toEqual(['assignments.unassign', 'assignments.assign']);
    expect(await labels({ kind: 'runs' })).toEqual(['sync.start']);
    expect(await labels({ kind: 'events' })).toEqual(['e2', 'e1']);
    expect(await labels({ kind: 'settings' })).toEqual(['connectors.disable']);
  });

  it('A4 filters by person', async () => {
    await aDay();
    expect(await labels({ personId: 'csv:p00001' })).toEqual(['e1']);
    expect(await labels({ personId: 'csv:p00002', outcome: 'success' })).toEqual([]);
    expect(await labels({ personId: 'csv:nobody' })).toEqual([]);
  });

  it('A4 filters by outcome: failed events and runs; a run under way is neither', async () => {
    await aDay();
    expect(await labels({ outcome: 'failed' })).toEqual(['e2']);
    expect(await labels({ outcome: 'success' })).toEqual(['assignments.unassign', 'connectors.disable', 'e1', 'assignments.assign']);
    const run = (await home.all('run'))[0];
    if (run === undefined) throw new Error('there is no run');
    const end = { is: 'ended', at: clock.now(), ending: 'completed', detail: null } as const;
    await home.put('run', run.id, { ...run, state: { ...end, result: 'partial' } });
    expect(await labels({ outcome: 'failed' })).toEqual(['e2', 'sync.start']);
    await home.put('run', run.id, { ...run, state: { ...end, result: 'success' } });
    expect(await labels({ outcome: 'failed' })).toEqual(['e2']);
    expect(await labels({ outcome: 'success', kind: 'runs' })).toEqual(['sync.start']);
  });

  it('A4 shows of a run how it stands now', async () => {
    await aDay();
    const [entry] = (await page({ kind: 'runs' })).entries;
    expect(entry).toMatchObject({ is: 'run', run: { id: 'R-1', state: { is: 'queued' } } });
  });

  it('A4 pages through both logs without a gap or a repetition, while new rows come in', async () => {
    for (let number = 0; number < 12; number += 1) {
      await happened(number);
      if (number % 4 === 0) await acting(() => (number % 8 === 0 ? disable : enable)(home.outside, ADMIN, CONNECTOR));
    }
    const whole = (await page({}, null, 100)).entries.map(label);
    expect(whole).toHaveLength(15);
    const seen: string[] = [];
    let after: HistoryCursor | null = null;
    for (let number = 100; ; number += 1) {
      const { entries, next }: HistoryPage = await page({}, after, 4);
      seen.push(...entries.map(label));
      await happened(number);
      await acting(() =>
        assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [[TEACHERS, SOUTH_TEACHERS][number % 2] ?? ''], why: null }, CLEARED).catch(
          () => {},
        ),
      );
      if (next === null) break;
      after = next;
    }
    expect(seen).toEqual(whole);
  });

  it('A4 does not show on a later page what is newer than the first, where one of the logs had no row on it', async () => {
    await acting(() => disable(home.outside, ADMIN, CONNECTOR));
    for (let number = 0; number < 6; number += 1) await happened(number);
    const first = await page({}, null, 3);
    expect(first.entries.map(label)).toEqual(['e5', 'e4', 'e3']);
    await acting(() => enable(home.outside, ADMIN, CONNECTOR));
    const second = await page({}, first.next, 10);
    expect(second.entries.map(label)).toEqual(['e2', 'e1', 'e0', 'connectors.disable']);
    expect(second.next).toBeNull();
  });

  it('A4 reads no more of a log than its page needs', async () => {
    const appends = Array.from({ length: 3_000 }, (_, number) => ({
      log: 'event' as const,
      partition: CONNECTOR,
      row: { ...BARE, id: `e${number}`, at: MORNING + number },
    }));
    await home.outside.store.transaction({ appends });
    let read = 0;
    const { outside } = home;
    const rows: Store['rows'] = async function* (log, query) {
      for await (const some of outside.store.rows(log, query)) {
        read += some.length;
        yield some;
      }
    };
    const counting = new Proxy(outside.store, { get: (store, name) => (name === 'rows' ? rows : Reflect.get(store, name).bind(store)) });
    const shown = await connectorHistory({ ...outside, store: counting }, ADMIN, CONNECTOR, EVERYTHING, { after: null, limit: 10 });
    expect(shown.entries.map(label)[0]).toBe('e2999');
    expect(read).toBeLessThanOrEqual(256);
    read = 0;
    const last = await connectorHistory({ ...outside, store: counting }, ADMIN, CONNECTOR, EVERYTHING, { after: { audit: 0, event: 6 }, limit: 10 });
    expect(last.next).toBeNull();
    expect(read).toBeLessThan(10);
  });

  it('C3 shows a part administrator the events and assignments of that part, no settings, and no numbers of whole runs', async () => {
    await aDay();
    await acting(() => assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [SOUTH_TEACHERS], why: null }, CLEARED));
    await happened(7, { organizationId: 'csv:other', subjectId: 'csv:south' });
    const south = actor('admin', 'csv:other', 'USOUTH');
    expect(await labels({}, south)).toEqual(['e7', 'assignments.assign', 'sync.start']);
    expect((await page({ kind: 'runs' }, null, 10, south)).entries).toMatchObject([{ is: 'run', run: null }]);
    const north = actor('viewer', 'csv:school', 'UNORTH');
    expect(await refusalOf(page({}, null, 10, north))).toMatchObject({ is: 'not-found' });
  });
});

const BARE: ProvisioningEvent = {
  ...{ id: '', at: 0, type: 'user_create_provision', runId: 'R-1', connectorId: CONNECTOR, application: 'Portal', organizationId: 'csv:school' },
  ...{ by: 'schedule', subjectId: 'csv:p00000', subjectName: 'p', targetId: null, success: true, errorCode: null, errorMessage: null },
  ...{ httpStatus: 201, attempts: 1, cause: null, changes: [] },
};
