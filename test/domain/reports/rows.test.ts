import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../../src/domain/assignments/assignment.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import { NO_COUNTS, type Run } from '../../../src/domain/sync/run.ts';
import { MORNING } from '../../clock.ts';
import { ANA, account, actor, assignment, CONNECTOR, connector, event, organization, person, reportWorld, TEACHERS_NORTH } from './report-world.ts';

const daysAgo = (days: number): number => MORNING - days * DAY;
const north = actor('viewer', 'csv:north', ANA);

describe('the accounts report', () => {
  const accounts = [
    account('p1', [
      [10, 'pending'],
      [10, 'active'],
    ]),
    account('p2', [
      [20, 'active'],
      [5, 'inactive'],
      [2, 'active'],
    ]),
    account('gone', [
      [30, 'active'],
      [8, 'gone'],
    ]),
  ];
  const written = accounts.map((one) => put('account', `${CONNECTOR}/${one.personId}`, one));
  const states = (rows: readonly Readonly<Record<string, string>>[]): readonly (readonly [string | undefined, string | undefined])[] =>
    rows.map((row) => [row['Person ID'], row.State] as const);

  it('R1 has a row per account with its state now and since when', async () => {
    const world = await reportWorld();
    await world.write(written);
    const rows = await world.rows('accounts');
    expect(states(rows)).toEqual([
      ['csv:gone', 'gone'],
      ['csv:p1', 'active'],
      ['csv:p2', 'active'],
    ]);
    expect(rows[1]).toMatchObject({
      ...{ Connector: 'Portal', Application: 'Zoom', Name: 'p1 Example', Organization: 'North High', 'User name': 'p1', 'Target ID': 'target-p1' },
      ...{ Since: '2026-02-20T09:00:00.000Z', Origin: 'created', 'Last pushed': '2026-03-01T09:00:00.000Z', 'Deletion due': '' },
    });
    expect(rows[0]).toMatchObject({ Name: 'Name gone', Organization: '' });
  });

  it('R1 as of a date tells the states of that date, without accounts that came later', async () => {
    const world = await reportWorld();
    await world.write(written);
    expect(states(await world.rows('accounts', { asOf: daysAgo(25) }))).toEqual([['csv:gone', 'active']]);
    expect(states(await world.rows('accounts', { asOf: daysAgo(4) }))).toEqual([
      ['csv:gone', 'gone'],
      ['csv:p1', 'active'],
      ['csv:p2', 'deactivated'],
    ]);
  });

  it('R1 narrows by organization and below, by connector, and by when the state changed', async () => {
    const world = await reportWorld();
    await world.write(written);
    expect(states(await world.rows('accounts', { organizationId: 'csv:north' }))).toEqual([['csv:p1', 'active']]);
    expect(states(await world.rows('accounts', { organizationId: 'csv:district' })).map(([id]) => id)).toEqual(['csv:p1', 'csv:p2']);
    expect(await world.rows('accounts', { connectorId: CONNECTOR })).toHaveLength(3);
    expect(states(await world.rows('accounts', { from: daysAgo(10), until: daysAgo(2) }))).toEqual([
      ['csv:gone', 'gone'],
      ['csv:p1', 'active'],
    ]);
  });

  it('C3 holds nothing of other organizations, not even people who left the directory', async () => {
    const world = await reportWorld();
    await world.write(written);
    expect(states(await world.rows('accounts', {}, north))).toEqual([['csv:p1', 'active']]);
    expect(world.text()).not.toContain('p2');
  });
});

describe('the assignments report', () => {
  const ended: Assignment = assignment(3, TEACHERS_NORTH, {
    ...{ organizationId: 'csv:north', by: ANA, why: 'pilot', requestedAt: daysAgo(20), effectiveAt: daysAgo(20) },
    ended: { at: daysAgo(10), by: ANA, why: 'over', shown: [] },
  });

  it('R1 has ended ones too, and as of a date those in effect then', async () => {
    const world = await reportWorld();
    await world.write([put('assignment', ended.id, ended)]);
    const all = await world.rows('assignments');
    expect(all.map((row) => row.Assignment)).toEqual(['c1/1', 'c1/2', 'c1/3']);
    expect(all[2]).toMatchObject({
      ...{
        Connector: 'Portal',
        Organization: 'North High',
        'Role or group': 'Teachers',
        Kind: 'role',
        'Asked for by': 'ana',
        'Asked for by ID': ANA,
        Why: 'pilot',
      },
      ...{ Effective: '2026-02-10T09:00:00.000Z', Ended: '2026-02-20T09:00:00.000Z', 'Why ended': 'over' },
    });
    const then = await world.rows('assignments', { asOf: daysAgo(15) });
    expect(then.map((row) => row.Assignment)).toEqual(['c1/3']);
    expect((await world.rows('assignments', { asOf: MORNING })).map((row) => row.Assignment)).toEqual(['c1/1', 'c1/2']);
  });

  it('R1 C3 narrows by organization and period, and to what the viewer may see', async () => {
    const world = await reportWorld();
    await world.write([put('assignment', ended.id, ended)]);
    expect((await world.rows('assignments', { organizationId: 'csv:south' })).map((row) => row.Assignment)).toEqual(['c1/2']);
    expect((await world.rows('assignments', { until: daysAgo(19) })).map((row) => row.Assignment)).toEqual(['c1/3']);
    expect((await world.rows('assignments', {}, north)).map((row) => row.Assignment)).toEqual(['c1/1', 'c1/3']);
  });
});

describe('the connectors report', () => {
  it('R1 C1 has a row per assigned role or group with its count, and the connector’s own', async () => {
    const world = await reportWorld();
    await world.write([put('account', 'c1/csv:p1', account('p1', [[1, 'active']]))]);
    expect(await world.rows('connectors')).toMatchObject([
      {
        Connector: 'Portal',
        State: 'active',
        Accounts: '1',
        People: '2',
        'Assigned to': 'Teachers',
        Organization: 'North High',
        'Accounts there': '1',
        'People there': '1',
      },
      { Connector: 'Portal', Accounts: '1', People: '2', Organization: 'South High', 'Accounts there': '0', 'People there': '1' },
    ]);
  });

  it('C3 shows a school its own part, and not who owns the connector', async () => {
    const world = await reportWorld();
    expect(await world.rows('connectors', {}, north)).toMatchObject([{ Owner: '', People: '1', Organization: 'North High' }]);
    expect(world.text()).not.toContain('South');
  });
});

describe('the partners report', () => {
  it('R1 C4 has the organizations that activated partners’ entries, not drafts and not custom ones', async () => {
    const world = await reportWorld();
    const entry = {
      id: 'e1',
      name: 'Lumen SSO',
      partnerId: 'csv:lumen',
      mapping: [],
      documented: { requestsPerSecond: null, deletes: 'unknown' as const },
      seatReading: null,
    };
    const theirs = connector({ id: 'c2', name: 'Lumen', entryId: 'e1', instanceId: 'i2', organizationId: 'csv:north' });
    await world.write([
      put('organization', 'csv:lumen', organization('csv:lumen', 'Lumen Learning', null)),
      put('entry', 'e1', entry),
      put('connector', 'c2', theirs),
      put('connector', 'c3', { ...theirs, id: 'c3', name: 'Draft', state: { is: 'draft' } }),
    ]);
    expect(await world.rows('partners')).toMatchObject([
      {
        Partner: 'Lumen Learning',
        'Catalog entry': 'Lumen SSO',
        Organization: 'North High',
        'Parent organization': 'Riverside',
        Connector: 'Lumen',
        State: 'active',
      },
    ]);
  });
});

describe('the seats report', () => {
  it('R1 E12 has totals, all active accounts and what is free, which may be short', async () => {
    const world = await reportWorld();
    await world.write([
      put('instance', 'i1', {
        id: 'i1',
        application: 'Zoom',
        name: 'Zoom',
        organizationId: 'csv:district',
        seats: { is: 'set', total: 2, by: ANA, at: MORNING },
      }),
      put('connector', CONNECTOR, connector({ listing: { at: MORNING, total: 4, active: 3, unmanaged: 2, unmanagedActive: 2 } })),
      put('account', 'c1/csv:p1', account('p1', [[1, 'active']])),
    ]);
    expect(await world.rows('seats')).toMatchObject([
      {
        Application: 'Zoom',
        Connector: 'Portal',
        Seats: '2',
        'Active accounts': '3',
        Free: '0',
        Short: '1',
        'Seats from': 'set by ana',
        'Accounts as of': '2026-03-02T09:00:00.000Z',
      },
    ]);
    expect(await world.rows('seats', {}, north)).toEqual([]);
  });
});

describe('the events report', () => {
  it('R1 S5 has every field of every event, in the asked period and organization', async () => {
    const world = await reportWorld();
    const changes = [{ attribute: 'displayName', before: 'Lee, "A"', after: null }];
    await world.write(
      [],
      [
        event('e1', daysAgo(3)),
        event('e2', daysAgo(2), { success: false, errorCode: 'invalidValue', errorMessage: 'no', httpStatus: 400, attempts: 3, changes }),
        event('e3', daysAgo(1), { organizationId: 'csv:south' }),
      ],
    );
    expect((await world.rows('events')).map((row) => row['Event ID'])).toEqual(['e1', 'e2', 'e3']);
    const [second] = await world.rows('events', { from: daysAgo(2), until: daysAgo(1) });
    expect(second).toMatchObject({
      ...{
        'Event ID': 'e2',
        Type: 'user_create_provision',
        Run: 'R-1',
        'Connector ID': 'c1',
        Application: 'Zoom',
        Organization: 'North High',
        'Started by': 'ana',
      },
      ...{ 'Person or group ID': 'csv:p1', Success: 'no', 'Error code': 'invalidValue', 'Error message': 'no', 'HTTP status': '400', Attempts: '3' },
    });
    expect(JSON.parse(second?.Changes ?? '')).toEqual(changes);
    expect((await world.rows('events', { organizationId: 'csv:south' })).map((row) => row['Event ID'])).toEqual(['e3']);
    expect((await world.rows('events', {}, north)).map((row) => row['Event ID'])).toEqual(['e1', 'e2']);
  });
});

describe('the runs report', () => {
  const run = (number: number, changes: Partial<Run> = {}): Run => ({
    ...{
      id: `R-${number}`,
      connectorId: CONNECTOR,
      kind: 'sync',
      scope: { is: 'all' },
      by: 'schedule',
      requestedAt: daysAgo(10 - number),
      startedAt: daysAgo(10 - number),
    },
    ...{ state: { is: 'ended', at: daysAgo(10 - number) + 41_000, ending: 'completed', result: 'partial', detail: null }, asked: null, total: 5, done: 5 },
    ...{
      counts: { ...NO_COUNTS, created: 4, failed: 1 },
      causes: [],
      held: null,
      frozen: { count: 2, first: [] },
      previous: number === 1 ? null : `R-${number - 1}`,
    },
    ...changes,
  });
  const written = [
    put('counter', `run/${CONNECTOR}`, { value: 3 }),
    put('run', 'R-1', run(1)),
    put('run', 'R-2', run(2, { scope: { is: 'organizations', ids: ['csv:north'] }, by: ANA })),
    put('run', 'R-3', run(3, { scope: { is: 'people', ids: ['csv:p2'] }, state: { is: 'running' } })),
  ];

  it('R1 has every run with who started it, its counts and its result, the newest first', async () => {
    const world = await reportWorld();
    await world.write(written);
    const rows = await world.rows('runs');
    expect(rows.map((row) => row.Run)).toEqual(['R-3', 'R-2', 'R-1']);
    expect(rows[0]).toMatchObject({ Scope: '1 person', Result: 'running', Ended: '' });
    expect(rows[2]).toMatchObject({
      ...{ Connector: 'Portal', Scope: 'everybody', 'Started by': 'the schedule', Started: '2026-02-21T09:00:00.000Z', Ended: '2026-02-21T09:00:41.000Z' },
      ...{ Result: 'partial', Ending: 'completed', Created: '4', Failed: '1', 'Left as they are': '2' },
    });
    expect((await world.rows('runs', { from: daysAgo(8), until: daysAgo(7) })).map((row) => row.Run)).toEqual(['R-2']);
  });

  it('C3 shows whoever has a part the runs of that part only', async () => {
    const world = await reportWorld();
    await world.write(written);
    expect((await world.rows('runs', {}, north)).map((row) => row.Run)).toEqual(['R-2']);
    expect((await world.rows('runs', {}, actor('viewer', 'csv:south', ANA))).map((row) => row.Run)).toEqual(['R-3']);
  });

  it('C14 keeps one line per run of a deleted connector', async () => {
    const world = await reportWorld();
    await world.write([put('runLine', 'R-9', { connector: 'Old', run: run(9) })]);
    expect(await world.rows('runs')).toMatchObject([{ Run: 'R-9', Connector: 'Old (deleted)', Created: '4', Result: 'partial' }]);
    expect(await world.rows('runs', { connectorId: CONNECTOR })).toEqual([]);
  });
});

describe('the audit report', () => {
  it('R1 X2 has who did what, when, by which way, before and after: all of it for global admins; C3 for others of connectors that they see the whole of', async () => {
    const world = await reportWorld();
    const row = { by: ANA, way: 'button', connectorId: CONNECTOR, subject: null, before: { state: 'active' }, after: { state: 'disabled' } } as const;
    await world.write(
      [],
      [
        { log: 'audit', partition: CONNECTOR, row: { ...row, id: 'a1', at: daysAgo(2), action: 'connectors.disable', summary: 'disabled Portal' } },
        { log: 'audit', partition: '-', row: { ...row, id: 'a2', at: daysAgo(1), connectorId: null, action: 'directory.import', summary: 'Imported' } },
      ],
    );
    expect((await world.rows('audit')).map(({ ID }) => ID)).toEqual(['a1']);
    const rows = (await world.rows('audit', {}, actor('admin', null, ANA))).filter(({ Action }) => Action !== 'reports.send');
    expect(rows.map(({ ID, Seq }) => [Seq, ID])).toEqual([
      ['1', 'a1'],
      ['2', 'a2'],
    ]);
    expect(rows[0]?.Hash).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[0]).toMatchObject({
      Time: '2026-02-28T09:00:00.000Z',
      By: 'ana',
      'By ID': ANA,
      Way: 'button',
      Connector: 'Portal',
      Before: '{"state":"active"}',
    });
    expect((await world.rows('audit', { connectorId: CONNECTOR })).map(({ ID }) => ID)).toEqual(['a1']);
    expect(await world.rows('audit', {}, north)).toEqual([]);
    expect((await world.rows('audit', {}, actor('viewer', 'csv:district', ANA))).map(({ ID }) => ID)).toContain('a1');
  });
});

it('R1 streams: far more rows than a page come in order, each once', async () => {
  const world = await reportWorld();
  const ids = Array.from({ length: 1_300 }, (_, index) => `e${String(index).padStart(5, '0')}`);
  await world.write(
    [],
    ids.map((id, index) => event(id, MORNING + index)),
  );
  expect((await world.rows('events')).map((row) => row['Event ID'])).toEqual(ids);
  await world.write(ids.map((id) => put('account', `${CONNECTOR}/csv:${id}`, account(id, [[1, 'active']]))));
  await world.write(ids.map((id) => put('person', `csv:${id}`, person(id))));
  expect(await world.rows('accounts')).toHaveLength(1_300);
});
