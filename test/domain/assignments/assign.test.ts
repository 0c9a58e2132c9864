import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignableConnectors, assignableGroupings } from '../../../src/domain/assignments/verbs/assignable.ts';
import { assign } from '../../../src/domain/assignments/verbs/assign.ts';
import { estimate } from '../../../src/domain/assignments/verbs/estimate.ts';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import type { Logs } from '../../../src/ports/store.ts';
import { type ManualClock, manualClock, MORNING } from '../../clock.ts';
import { actor, assignment, CONNECTOR, connector, people, STAFF, TEACHERS, type World, world } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { BOARD, SOUTH_TEACHERS, widen } from './roster.ts';
import { CLEARED } from '../approvals/cleared.ts';

const ADMIN = actor('admin', null, 'UADMIN');
const NORTH = actor('admin', 'csv:school', 'UNORTH');

let home: World;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock();
  home = await world({ clock });
});
afterEach(() => home.close());

async function seed(changes: Partial<Connector> = {}): Promise<void> {
  await home.seed(connector('https://target.example/scim', { connector: changes }), people(3), []);
  await widen(home);
}

async function audit(): Promise<readonly Logs['audit'][]> {
  const rows: Logs['audit'][] = [];
  for await (const page of home.outside.store.rows('audit', { partition: CONNECTOR, order: 'oldest' })) rows.push(...page.map(({ row }) => row));
  return rows;
}

describe('assigning', () => {
  it('A2 C2 records who, when and why, is effective at once, and is the connector’s last assign', async () => {
    await seed();
    await clock.advance(5_000);
    const { made } = await assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: '  new school year ' }, CLEARED);
    const expected = { connectorId: CONNECTOR, organizationId: 'csv:school', groupingId: TEACHERS, by: 'UADMIN', why: 'new school year', ended: null };
    expect(made.map((each) => each.assignment)).toEqual([{ id: `${CONNECTOR}/1`, ...expected, requestedAt: MORNING + 5_000, effectiveAt: MORNING + 5_000 }]);
    expect(await home.all('assignment')).toEqual(made.map((each) => each.assignment));
    expect((await home.connector()).lastAssign).toEqual({ at: MORNING + 5_000, by: 'UADMIN' });
    expect(await audit()).toMatchObject([
      {
        action: 'assignments.assign',
        by: 'UADMIN',
        subject: `${CONNECTOR}/1`,
        connectorId: CONNECTOR,
        summary: 'assigned Portal to Teachers (North School): new school year',
      },
    ]);
  });

  it('A1 assigns one or more roles and groups, of several organizations too, each as an assignment of its own', async () => {
    await seed();
    const { made } = await assign(
      home.outside,
      ADMIN,
      { connectorId: CONNECTOR, groupingIds: [TEACHERS, STAFF, SOUTH_TEACHERS, BOARD, STAFF], why: '' },
      CLEARED,
    );
    expect(made.map(({ assignment: { id, organizationId, why } }) => [id, organizationId, why])).toEqual([
      [`${CONNECTOR}/1`, 'csv:school', null],
      [`${CONNECTOR}/2`, 'csv:school', null],
      [`${CONNECTOR}/3`, 'csv:other', null],
      [`${CONNECTOR}/4`, 'csv:district', null],
    ]);
    expect(await audit()).toHaveLength(4);
  });

  it('A1 skips what is assigned already and says so; where all of it is, nothing is done', async () => {
    await seed();
    const wanted = { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null };
    await assign(home.outside, ADMIN, wanted, CLEARED);
    const second = await assign(home.outside, ADMIN, { ...wanted, groupingIds: [TEACHERS, STAFF] }, CLEARED);
    expect(second.made.map(({ grouping }) => grouping.name)).toEqual(['Staff']);
    expect(second.already.map(({ grouping }) => grouping.name)).toEqual(['Teachers']);
    expect(await refusalOf(assign(home.outside, ADMIN, wanted, CLEARED))).toEqual({
      is: 'nothing-to-do',
      detail: 'Portal is already assigned to Teachers (North School).',
    });
    expect(await home.all('assignment')).toHaveLength(2);
  });

  it('A1 A2 has one effect where the same form is submitted twice at once', async () => {
    await seed();
    const wanted = { connectorId: CONNECTOR, groupingIds: [TEACHERS, STAFF], why: null };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => assign(home.outside, ADMIN, wanted, CLEARED)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await home.all('assignment')).toHaveLength(2);
    expect(await audit()).toHaveLength(2);
  });

  it('A2 numbers assignments made at once apart, over all connectors', async () => {
    await seed();
    await home.put('connector', 'c2', { ...connector('https://other.example/scim'), id: 'c2', name: 'Other' });
    const each = [TEACHERS, STAFF, SOUTH_TEACHERS].map((id) => assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [id], why: null }, CLEARED));
    await Promise.all([...each, assign(home.outside, ADMIN, { connectorId: 'c2', groupingIds: [TEACHERS], why: null }, CLEARED)]);
    const numbers = (await home.all('assignment')).map(({ id }) => Number(id.split('/')[1]));
    expect(numbers.sort()).toEqual([1, 2, 3, 4]);
  });

  it('A2 can be assigned again after it was ended', async () => {
    await seed();
    await home.put('assignment', `${CONNECTOR}/9`, assignment(9, TEACHERS, { ended: { at: MORNING, by: 'U1', why: null, shown: [] } }));
    expect((await assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null }, CLEARED)).made).toHaveLength(1);
  });

  it('C5 refuses a draft and a disconnected connector with “configure it first”, and counts nothing for them', async () => {
    const refused = { is: 'not-configured', connectorId: CONNECTOR, connector: 'Portal' };
    for (const state of [{ is: 'draft' }, { is: 'disconnected', since: MORNING }] as const) {
      await seed({ state, inForce: null });
      expect(await refusalOf(assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null }, CLEARED))).toEqual(refused);
      expect(await refusalOf(estimate(home.outside, ADMIN, CONNECTOR, [TEACHERS]))).toEqual(refused);
    }
    expect(await home.all('assignment')).toEqual([]);
  });

  it('C5 C12 allows a disabled connector', async () => {
    await seed({ state: { is: 'disabled', since: MORNING } });
    expect((await assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null }, CLEARED)).made).toHaveLength(1);
  });

  it('A1 refuses nothing chosen, what is gone, a reason too long, and what lies outside the connector’s organization', async () => {
    await seed({ organizationId: 'csv:school' });
    const wanted = { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null };
    expect(await refusalOf(assign(home.outside, ADMIN, { ...wanted, groupingIds: [] }, CLEARED))).toMatchObject({ is: 'bad-input', field: 'groupings' });
    expect(await refusalOf(assign(home.outside, ADMIN, { ...wanted, groupingIds: ['csv:school/role/gone'] }, CLEARED))).toMatchObject({ field: 'groupings' });
    expect(await refusalOf(assign(home.outside, ADMIN, { ...wanted, why: 'x'.repeat(301) }, CLEARED))).toMatchObject({ is: 'bad-input', field: 'why' });
    const outside = await refusalOf(assign(home.outside, ADMIN, { ...wanted, groupingIds: [TEACHERS, SOUTH_TEACHERS] }, CLEARED));
    expect(outside).toMatchObject({ field: 'groupings', problem: 'Teachers lies outside North School, where Portal can be assigned.' });
    expect(await home.all('assignment')).toEqual([]);
  });
});

describe('who may assign', () => {
  it('C3 lets a part administrator assign within that part, also before anybody else did, and offers nothing else', async () => {
    await seed();
    const [assignable] = await assignableConnectors(home.outside, NORTH);
    expect([...(assignable?.organizations.keys() ?? [])]).toEqual(['csv:school']);
    if (assignable === undefined) throw new Error('nothing to assign');
    expect((await assignableGroupings(home.outside, assignable)).map(({ grouping }) => grouping.id)).toEqual([STAFF, TEACHERS]);
    const { made } = await assign(home.outside, NORTH, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null }, CLEARED);
    expect(made[0]?.assignment.by).toBe('UNORTH');
  });

  it('C3 X1 refuses a part administrator beside and above that part, as if nothing were there, and changes nothing', async () => {
    await seed();
    for (const groupingId of [SOUTH_TEACHERS, BOARD]) {
      const wanted = { connectorId: CONNECTOR, groupingIds: [TEACHERS, groupingId], why: null };
      const gone = { is: 'bad-input', problem: 'One of the roles and groups is no longer in the directory.' };
      expect(await refusalOf(assign(home.outside, NORTH, wanted, CLEARED))).toMatchObject(gone);
      expect(await refusalOf(estimate(home.outside, NORTH, CONNECTOR, [groupingId]))).toMatchObject(gone);
    }
    expect(await home.all('assignment')).toEqual([]);
  });

  it('C3 refuses those who may only see or run it, and tells nothing of it to those who may not see it', async () => {
    await seed({ organizationId: 'csv:other' });
    const wanted = { connectorId: CONNECTOR, groupingIds: [SOUTH_TEACHERS], why: null };
    for (const role of ['viewer', 'operator'] as const)
      expect(await refusalOf(assign(home.outside, actor(role), wanted, CLEARED))).toMatchObject({ is: 'not-allowed', action: 'assign Portal' });
    expect(await refusalOf(assign(home.outside, actor('approver'), wanted, CLEARED))).toMatchObject({ is: 'not-found' });
    expect(await refusalOf(assign(home.outside, NORTH, wanted, CLEARED))).toEqual({ is: 'not-found', what: 'connector', typed: CONNECTOR, near: [] });
    expect(await assignableConnectors(home.outside, NORTH)).toEqual([]);
    const nobody = { ...NORTH, grants: [] };
    expect(await refusalOf(assign(home.outside, nobody, wanted, CLEARED))).toMatchObject({ is: 'no-role' });
  });
});
