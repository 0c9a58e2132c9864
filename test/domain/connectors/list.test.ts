import { afterAll, beforeAll, expect, it } from 'vitest';
import { assign } from '../../../src/domain/assignments/verbs/assign.ts';
import { connectorCard } from '../../../src/domain/connectors/verbs/card.ts';
import { saveDraft, saveOperating } from '../../../src/domain/connectors/verbs/configure.ts';
import { connectorById, connectorNamed, visibleConnectors } from '../../../src/domain/connectors/verbs/find.ts';
import { connectorsOverview } from '../../../src/domain/connectors/verbs/overview.ts';
import { disable } from '../../../src/domain/connectors/verbs/states.ts';
import { findPeople } from '../../../src/domain/directory/verbs/find.ts';
import { importDirectory } from '../../../src/domain/directory/verbs/import.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { accountKey } from '../../../src/domain/sync/account.ts';
import type { DirectorySource } from '../../../src/ports/directory-source.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { MORNING } from '../../clock.ts';
import { countingStore } from '../projections/counting-store.ts';
import { refusalOf } from '../refused.ts';
import { account, actor, ANA, assignment, type ConnectorsWorld, connectorsWorld, person, TOKEN } from './connectors-world.ts';
import { connectorCardBlocks } from '../../../views/connectors/card-blocks.ts';
import { CLEARED } from '../approvals/cleared.ts';

let target: ScimTarget;
let admin: Admin;
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());

/**
 * Zoom, of the district: assigned to the teachers and coaches of North and the staff of South. Ann and Bea are both,
 * teacher and coach; everybody's account stands as the id says.
 */
async function district(): Promise<ConnectorsWorld> {
  const world = await connectorsWorld({ target, admin });
  await world.activated();
  await world.groupings({ teachers: 'north', coaches: 'north', staff: 'south', choir: 'south' });
  await world.people([
    person('ann', 'north', ['teachers', 'coaches']),
    person('bea', 'north', ['teachers', 'coaches']),
    person('cyd', 'north', ['teachers']),
    person('gone', 'north', ['teachers'], 'inactive'),
    person('dee', 'south', ['staff']),
    person('eve', 'south', ['choir']),
  ]);
  const assignments = [
    assignment('zoom', 1, 'north', 'teachers'),
    assignment('zoom', 2, 'north', 'coaches'),
    assignment('zoom', 3, 'south', 'staff'),
    assignment('zoom', 4, 'south', 'choir', { at: MORNING, by: 'U0ANA', why: null, shown: [] }),
  ];
  for (const one of assignments) await world.put('assignment', one.id, one);
  for (const one of [
    account('zoom', 'csv:ann', 'active'),
    account('zoom', 'csv:bea', 'inactive'),
    account('zoom', 'csv:cyd', 'pending'),
    account('zoom', 'csv:gone', 'active'),
    account('zoom', 'csv:dee', 'active'),
    account('zoom', 'csv:eve', 'active'),
  ])
    await world.put('account', accountKey('zoom', one.personId), one);
  return world;
}

async function rows(world: ConnectorsWorld, by: Actor, organizationId: string | null = null) {
  return (await connectorsOverview(world.outside, by, organizationId)).map(({ connector, whole, total, parts }) => ({
    name: connector.name,
    whole,
    total: `${total.have} of ${total.of}`,
    parts: parts.map(({ grouping, organization, have, of }) => `${grouping}, ${organization} (${have} of ${of})`),
  }));
}

it('C1 counts per assigned role and group the accounts created or adopted and not deactivated, and each person once in the connector’s own total', async () => {
  const world = await district();
  expect(await rows(world, ANA)).toEqual([
    {
      name: 'Zoom',
      whole: true,
      // Ann and Dee of Ann, Bea, Cyd and Dee; who left, and who is no longer assigned, counts nowhere.
      total: '2 of 4',
      parts: ['teachers, north (1 of 3)', 'coaches, north (1 of 2)', 'staff, south (1 of 1)'],
    },
  ]);
});

it('C1 shows name, state and health of each connector, by name', async () => {
  const world = await connectorsWorld({ target, admin });
  await world.created('zebra');
  await world.activated('Alpha');
  const [alpha, zebra] = await connectorsOverview(world.outside, ANA, null);
  expect(alpha?.connector).toMatchObject({ name: 'Alpha', state: { is: 'active' }, health: { is: 'unknown' } });
  expect(zebra?.connector).toMatchObject({ name: 'zebra', state: { is: 'draft' } });
});

it('C1 goes on counting a role that the directory lost, as nobody', async () => {
  const world = await district();
  await world.put('grouping', 'staff', null);
  await world.put('person', 'csv:dee', null);
  expect((await rows(world, ANA))[0]?.parts.at(-1)).toBe('a group that is gone, south (0 of 0)');
});

/** A roster of North with these people, all of them teachers. */
function roster(ids: readonly string[]): DirectorySource {
  const at = { file: 'roster.csv', line: 2 };
  const school = { source: 'csv', kind: 'school', timeZone: null };
  return {
    name: 'csv',
    description: 'a roster',
    async *read() {
      yield { is: 'organization', organization: { ...school, id: 'csv:d', sourceId: 'd', name: 'Riverside', parentId: null }, at };
      yield { is: 'organization', organization: { ...school, id: 'csv:n', sourceId: 'n', name: 'North', parentId: 'csv:d' }, at };
      yield { is: 'grouping', grouping: { id: 'csv:n/role/teacher', organizationId: 'csv:n', kind: 'role', sourceId: 'teacher', name: 'Teachers' }, at };
      for (const id of ids) yield { is: 'person', person: person(id, 'csv:n', ['csv:n/role/teacher']), at };
      yield { is: 'file', file: at.file, rows: ids.length };
    },
  };
}

it('C1 shows the numbers of now right after an import, an assignment and a sync, and reads nobody for a list that is asked for again', async () => {
  const world = await connectorsWorld({ target, admin });
  const { store, read } = countingStore(world.outside.store);
  const outside = { ...world.outside, store };
  const listed = async (): Promise<string | undefined> => {
    const [row] = await connectorsOverview(outside, ANA, null);
    return row && [row.total, ...row.parts].map(({ have, of }) => `${have} of ${of}`).join(', ');
  };
  await importDirectory(outside, ANA, roster(['ann', 'bea']));
  await world.activated('Zoom', 'csv:d');
  expect(await listed()).toBe('0 of 0');
  await assign(outside, ANA, { connectorId: 'zoom', groupingIds: ['csv:n/role/teacher'], why: null }, CLEARED);
  expect(await listed()).toBe('0 of 2, 0 of 2');
  await world.sync();
  expect(await listed()).toBe('2 of 2, 2 of 2');
  await importDirectory(outside, ANA, roster(['ann', 'bea', 'cyd']));
  expect(await listed()).toBe('2 of 3, 2 of 3');
  read();
  for (let times = 0; times < 5; times += 1) expect(await listed()).toBe('2 of 3, 2 of 3');
  expect((await connectorCard(outside, ANA, 'zoom')).activeAccounts).toBe(2);
  expect((await findPeople(outside, ANA, 'cyd')).people).toHaveLength(1);
  // The one person who was found.
  expect(read()).toEqual({ pages: 0, gets: 1 });
});

it('C2 tells when the latest assignment became effective and who asked, and the end of the latest run that was success or partial', async () => {
  const world = await connectorsWorld({ target, admin });
  await world.activated();
  await world.groupings({ teachers: 'north' });
  await world.people([person('ann', 'north', ['teachers'])]);
  expect(await world.connector()).toMatchObject({ lastAssign: null, lastProvision: null });
  await assign(world.outside, actor('admin', 'north', 'U0SAM'), { connectorId: 'zoom', groupingIds: ['teachers'], why: null }, CLEARED);
  expect((await world.connector()).lastAssign).toEqual({ at: MORNING, by: 'U0SAM' });
  await world.clock.advance(60_000);
  await admin.set({ is: 'token-expired' });
  await world.sync();
  expect((await world.connector()).lastProvision).toBeNull();
  await admin.clear();
  const run = await world.sync();
  expect((await world.connector()).lastProvision).toBe(run?.state.is === 'ended' ? run.state.at : 'no end');
});

it('C3 scopes the list to an organization and everything below it', async () => {
  const world = await district();
  await world.created('Lab only', 'lab');
  expect((await rows(world, ANA, 'north')).map(({ name, parts }) => [name, parts.length])).toEqual([
    ['Lab only', 0],
    ['Zoom', 2],
  ]);
  expect((await rows(world, ANA, 'lab')).map(({ name }) => name)).toEqual(['Lab only']);
  expect((await rows(world, ANA, 'south'))[0]).toMatchObject({ total: '1 of 1', parts: ['staff, south (1 of 1)'] });
});

it('C3 lets rights inherit downward only: never to ancestors or siblings', async () => {
  const world = await connectorsWorld({ target, admin });
  for (const [name, at] of [
    ['Top', 'district'],
    ['North', 'north'],
    ['South', 'south'],
    ['Lab', 'lab'],
  ] as const)
    await world.created(name, at);
  expect((await visibleConnectors(world.outside, actor('viewer', 'north'))).map(({ connector }) => connector.name)).toEqual(['Lab', 'North']);
  expect(await refusalOf(connectorById(world.outside, actor('viewer', 'north'), 'south'))).toMatchObject({ is: 'not-found' });
  expect(await refusalOf(saveOperating(world.outside, actor('admin', 'lab'), 'north', { concurrency: 4 }))).toMatchObject({ is: 'not-found' });
  await saveOperating(world.outside, actor('admin', 'north'), 'lab', { concurrency: 4 });
});

it('C3 shows who administers part of a connector’s organizations the counts of that part only', async () => {
  const world = await district();
  const south = actor('admin', 'south', 'U0SAM');
  expect(await rows(world, south)).toEqual([{ name: 'Zoom', whole: false, total: '1 of 1', parts: ['staff, south (1 of 1)'] }]);
  const card = await connectorCard(world.outside, south, 'zoom');
  expect(card).toMatchObject({ row: { whole: false, total: { have: 1, of: 1 } }, may: { run: true, assign: true, administer: false } });
  expect(await connectorCard(world.outside, actor('viewer', 'south'), 'zoom')).toMatchObject({ may: { run: false, assign: false, administer: false } });
});

it('X1 S20 offers Verify to whoever may run all of the connector, not to who sees all and runs a part', async () => {
  const world = await district();
  const { grants, ...sam } = actor('operator', 'south', 'U0SAM');
  const partly = await connectorCard(world.outside, { ...sam, grants: [...grants, ...actor('viewer', null, 'U0SAM').grants] }, 'zoom');
  expect(partly).toMatchObject({ row: { whole: true }, may: { run: true, verify: false } });
  expect(JSON.stringify(connectorCardBlocks(partly))).not.toContain('verify.start');
  const whole = await connectorCard(world.outside, actor('operator', null, 'U0SAM'), 'zoom');
  expect(JSON.stringify(connectorCardBlocks(whole))).toContain('verify.start');
});

it('C3 C17 offers a connector to whoever administers a part of its organization before anybody assigned it there, and never its draft', async () => {
  const world = await connectorsWorld({ target, admin });
  await world.activated();
  await world.created('Unfinished');
  expect(await rows(world, actor('admin', 'lab'))).toEqual([{ name: 'Zoom', whole: false, total: '0 of 0', parts: [] }]);
  expect(await rows(world, actor('viewer', 'lab'))).toEqual([]);
});

it('C3 lets only who has rights at the owning organization configure and switch it', async () => {
  const world = await district();
  for (const by of [actor('admin', 'south'), actor('operator', 'district'), actor('viewer', 'district')]) {
    expect(await refusalOf(saveDraft(world.outside, by, 'zoom', { manageGroups: true }))).toMatchObject({
      is: 'not-allowed',
      organization: 'district',
      ask: ['U0ANA'],
    });
    expect(await refusalOf(disable(world.outside, by, 'zoom'))).toMatchObject({ is: 'not-allowed', action: 'disable Zoom' });
  }
  await disable(world.outside, actor('admin', 'district'), 'zoom');
});

it('X1 tells somebody without a role whom to ask, and nothing else', async () => {
  const world = await district();
  const nobody: Actor = { ...ANA, grants: [] };
  expect(await refusalOf(visibleConnectors(world.outside, nobody))).toEqual({ is: 'no-role', ask: ['U0ANA'] });
  expect(await refusalOf(disable(world.outside, nobody, 'zoom'))).toEqual({ is: 'no-role', ask: ['U0ANA'] });
});

it('finds a connector by id, by name, and by the beginning of one name only, case ignored', async () => {
  const world = await connectorsWorld({ target, admin });
  for (const name of ['Zoom', 'Zoom Phone', 'Box']) await world.created(name);
  const named = async (typed: string): Promise<string> => (await connectorNamed(world.outside, ANA, typed)).connector.name;
  expect(await named('ZOOM')).toBe('Zoom');
  expect(await named('zoom-phone')).toBe('Zoom Phone');
  expect(await named('bo')).toBe('Box');
  expect(await refusalOf(named('zo'))).toMatchObject({ is: 'ambiguous', choices: ['Zoom', 'Zoom Phone'] });
  expect(await refusalOf(named(''))).toMatchObject({ is: 'not-found', near: ['Box', 'Zoom', 'Zoom Phone'] });
});
