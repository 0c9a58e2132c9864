import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assign } from '../../../src/domain/assignments/verbs/assign.ts';
import { unassign } from '../../../src/domain/assignments/verbs/unassign.ts';
import { namesOfPeople, unassignPreview } from '../../../src/domain/assignments/verbs/unassign-preview.ts';
import type { OperatingSettings } from '../../../src/domain/connectors/connector.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import type { Logs } from '../../../src/ports/store.ts';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { actor, assignment, CONNECTOR, connector, ended, people, person, STAFF, TEACHERS, TOKEN, type World, world } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { SOUTH_TEACHERS, widen } from './roster.ts';
import { CLEARED } from '../approvals/cleared.ts';

const ADMIN = actor('admin', null, 'UADMIN');
const FIRST = `${CONNECTOR}/1`;
const SECOND = `${CONNECTOR}/2`;
const BOTH = [assignment(1, TEACHERS), assignment(2, STAFF)];

let target: ScimTarget;
let admin: ReturnType<typeof createAdmin>;
let home: World;

beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());
beforeEach(async () => {
  await admin.reset();
  home = await world({ allow: [new URL(target.url).host] });
});
afterEach(() => home.close());

/** Three teachers, one of staff, one who is both; all with their accounts. */
const FOLK = [...people(3), person('s1', { groupings: [STAFF] }), person('both', { groupings: [STAFF, TEACHERS] })];
const THREE = ['csv:p00000', 'csv:p00001', 'csv:p00002'];

async function seed(folk: readonly Person[] = FOLK, operating: Partial<OperatingSettings> = {}): Promise<void> {
  await home.seed(connector(target.url, { operating }), folk, BOTH);
  await widen(home);
  await home.sync();
}

const previewed = (id = FIRST) => unassignPreview(home.outside, ADMIN, id);
const ending = (agreed: string, assignmentId = FIRST) => unassign(home.outside, ADMIN, { assignmentId, agreed, why: ' contract ends ' }, CLEARED);

describe('what un-assigning would do', () => {
  it('A3 counts and lists only those whom no other assignment of the connector covers', async () => {
    await seed();
    await home.people([person('late')]);
    const preview = await previewed();
    expect(preview).toMatchObject({ grouping: 'Teachers', organization: 'North School', losing: THREE, staying: 1, without: 1 });
    expect(await namesOfPeople(home.outside, preview.losing)).toEqual(['p00000 Example', 'p00001 Example', 'p00002 Example']);
    expect(await previewed(SECOND)).toMatchObject({ losing: ['csv:s1'], staying: 1, without: 0 });
  });

  it('A3 lists nobody whose account another reason takes away, or who has none', async () => {
    await seed();
    await home.people([person('p00000', { status: 'inactive' }), person('p00001', { groupings: [] })]);
    expect((await previewed()).losing).toEqual(['csv:p00002']);
    await home.sync();
    expect((await previewed()).losing).toEqual(['csv:p00002']);
  });

  it('A3 shows as losing exactly those whom the next run then deactivates', async () => {
    await seed();
    const { losing, agreed } = await previewed();
    await ending(agreed);
    const run = await home.sync();
    const removed = (await home.events(run.id)).filter(({ type }) => type === 'user_deprovision');
    expect(removed.map(({ subjectId }) => subjectId).sort()).toEqual(losing);
    expect((await admin.state()).users).toMatchObject({ total: 5, active: 2 });
  });
});

describe('un-assigning', () => {
  it('A3 A2 records who, when, why, and exactly the people that were shown', async () => {
    await seed();
    const { agreed } = await previewed();
    const done = await ending(agreed);
    expect(done.assignment.ended).toMatchObject({ by: 'UADMIN', why: 'contract ends', shown: THREE });
    expect((await home.all('assignment')).find(({ id }) => id === FIRST)).toEqual(done.assignment);
    const rows: Logs['audit'][] = [];
    for await (const page of home.outside.store.rows('audit', { partition: CONNECTOR, match: { action: 'assignments.unassign' }, order: 'newest' }))
      rows.push(...page.map(({ row }) => row));
    expect(rows).toMatchObject([
      { by: 'UADMIN', subject: FIRST, summary: 'un-assigned Portal from Teachers (North School), 3 lose their account: contract ends' },
    ]);
  });

  it('A3 S14 the fuse lets exactly the people shown pass, and nobody else', async () => {
    await seed([...people(6), person('s1', { groupings: [STAFF] })], { fuse: { people: 0, percent: 0, absolute: 0 } });
    const { agreed, losing } = await previewed();
    expect(losing).toHaveLength(6);
    await ending(agreed);
    // A seventh removal, which nobody was shown.
    await home.people([person('s1', { groupings: [] })]);
    const run = await home.sync();
    expect(ended(run).ending).toBe('held');
    expect(run.counts.deactivated).toBe(6);
    expect(run.held).toMatchObject({ removals: 1 });
    expect((await home.account('s1'))?.state).toBe('active');
  });

  it('A3 refuses where the people are not the ones that were shown, changes nothing, and agrees to the new list', async () => {
    await seed();
    const { agreed } = await previewed();
    await home.people([person('both', { groupings: [TEACHERS] })]);
    expect(await refusalOf(ending(agreed))).toMatchObject({ is: 'changed-meanwhile' });
    expect((await home.all('assignment')).every((each) => each.ended === null)).toBe(true);
    const again = await previewed();
    expect(again.losing).toEqual(['csv:both', ...THREE]);
    expect((await ending(again.agreed)).assignment.ended?.shown).toEqual(['csv:both', ...THREE]);
  });

  it('A3 does not take one agreement for another assignment’s', async () => {
    await seed([person('both', { groupings: [STAFF, TEACHERS] })]);
    const { agreed, losing } = await previewed();
    expect(losing).toEqual([]);
    expect(await refusalOf(ending(agreed, SECOND))).toMatchObject({ is: 'changed-meanwhile' });
  });

  it('A3 ends one of two assignments that cover each other’s people, when both are ended at once', async () => {
    await seed([person('both', { groupings: [STAFF, TEACHERS] })]);
    const agreed = [(await previewed(FIRST)).agreed, (await previewed(SECOND)).agreed];
    const outcomes = await Promise.allSettled([ending(agreed[0] ?? '', FIRST), ending(agreed[1] ?? '', SECOND)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await home.sync()).counts.deactivated).toBe(0);
  });

  it('A3 has one effect where it is submitted twice', async () => {
    await seed();
    const { agreed } = await previewed();
    const outcomes = await Promise.allSettled([ending(agreed), ending(agreed)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await refusalOf(ending(agreed))).toEqual({ is: 'nothing-to-do', detail: 'Portal is no longer assigned to Teachers.' });
    expect(await refusalOf(previewed())).toMatchObject({ is: 'nothing-to-do' });
  });

  it('A3 brings the same accounts back when it is assigned again', async () => {
    await seed();
    await ending((await previewed()).agreed);
    await home.sync();
    await assign(home.outside, ADMIN, { connectorId: CONNECTOR, groupingIds: [TEACHERS], why: null }, CLEARED);
    expect((await home.sync()).counts).toMatchObject({ reactivated: 3, created: 0 });
    expect((await admin.state()).users).toMatchObject({ total: 5, active: 5 });
  });
});

describe('who may un-assign', () => {
  it('C3 lets a part administrator end assignments of that part only, and tells nothing of the others', async () => {
    await seed();
    const north = actor('admin', 'csv:school', 'UNORTH');
    const south = actor('admin', 'csv:other', 'USOUTH');
    expect(await refusalOf(unassignPreview(home.outside, south, FIRST))).toEqual({ is: 'not-found', what: 'assignment', typed: FIRST, near: [] });
    expect(await refusalOf(unassign(home.outside, actor('operator'), { assignmentId: FIRST, agreed: '', why: null }, CLEARED))).toMatchObject({
      is: 'not-allowed',
      action: 'un-assign Portal',
      organization: 'North School',
    });
    await assign(home.outside, south, { connectorId: CONNECTOR, groupingIds: [SOUTH_TEACHERS], why: null }, CLEARED);
    const { agreed } = await unassignPreview(home.outside, north, FIRST);
    expect((await unassign(home.outside, north, { assignmentId: FIRST, agreed, why: null }, CLEARED)).assignment.ended?.by).toBe('UNORTH');
  });
});
