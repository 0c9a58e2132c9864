import { describe, expect, it } from 'vitest';
import type { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeService } from './before-service.ts';
import { assignment, CONNECTOR, connector, ended, patiently, people, person, STAFF, TEACHERS, type World } from './world.ts';

let target: ScimTarget;
let admin: ReturnType<typeof createAdmin>;
let clock: ManualClock;
let home: World;

beforeService((given) => {
  ({ clock, target, admin, home } = given);
});

async function sent(): Promise<Readonly<Record<string, number>>> {
  return (await admin.state()).requests.byKind;
}

describe('a sync over the wire', () => {
  it('S3 S5 creates an account for everybody covered, tells each as an event, and ends as success', async () => {
    await home.seed(connector(target.url), people(30));
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(run.counts).toMatchObject({ created: 30, failed: 0, adopted: 0 });
    expect(run).toMatchObject({ total: 30, done: 30 });
    expect((await admin.state()).users).toMatchObject({ total: 30, active: 30 });
    const events = await home.events(run.id);
    expect(events).toHaveLength(30);
    expect(events[0]).toMatchObject({
      type: 'user_create_provision',
      runId: run.id,
      connectorId: CONNECTOR,
      application: 'Portal',
      organizationId: 'csv:school',
      by: 'U1',
      success: true,
      errorCode: null,
      errorMessage: null,
      httpStatus: null,
      attempts: 1,
    });
    expect(events[0]?.changes).toContainEqual({ attribute: 'name.familyName', before: null, after: 'Example' });
    expect(await home.connector()).toMatchObject({ health: { is: 'ok' }, listing: { total: 0 } });
    expect((await home.connector()).lastProvision).not.toBeNull();
  });

  it('S7 sends nothing for unchanged people, and one request for one who changed', async () => {
    await home.seed(connector(target.url), people(25));
    await home.sync();
    await admin.clearRequests();
    const quiet = await home.sync();
    expect(await sent()).toEqual({});
    expect(quiet.counts).toMatchObject({ unchanged: 25, created: 0, updated: 0 });
    await home.people([person('p00003', { attributes: { familyName: 'Newname' } })]);
    const loud = await home.sync();
    expect(loud.counts).toMatchObject({ unchanged: 24, updated: 1 });
    expect(await sent()).toEqual({ 'PATCH /Users/{id}': 1 });
    const [event] = await home.events(loud.id);
    expect(event).toMatchObject({ type: 'user_update_provision', subjectId: 'csv:p00003' });
    expect(event?.changes).toEqual([
      { attribute: 'name.familyName', before: 'Example', after: 'Newname' },
      { attribute: 'displayName', before: 'p00003 Example', after: 'p00003 Newname' },
    ]);
  });

  it('S7 clears a value that the directory lost, once', async () => {
    await home.seed(connector(target.url), [person('ann', { attributes: { title: 'Head' } })]);
    await home.sync();
    await home.people([person('ann')]);
    expect((await home.sync()).counts).toMatchObject({ updated: 1 });
    const [account] = (await admin.users()).users;
    expect(await admin.user(account?.id ?? '')).not.toHaveProperty('title');
    expect((await home.sync()).counts).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('S8 adopts by external id, then by the matching attribute whatever its case, and creates no duplicates', async () => {
    const ids = await admin.seed({
      users: [{ userName: 'Renamed.Long.Ago', externalId: 'csv:ann' }, { userName: 'BOB', active: false }, { userName: 'somebody.else' }],
    });
    await home.seed(connector(target.url), [person('ann'), person('bob'), person('cy')]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ adopted: 2, created: 1, failed: 0 });
    expect((await home.account('ann'))?.targetId).toBe(ids[0]);
    expect(await home.account('bob')).toMatchObject({ targetId: ids[1], origin: 'adopted', state: 'active' });
    expect((await admin.users({ search: 'bob' })).users).toMatchObject([{ active: true, externalId: 'csv:bob' }]);
    expect((await admin.state()).users.total).toBe(4);
    expect((await home.connector()).listing).toMatchObject({ total: 3, active: 2, unmanaged: 1, unmanagedActive: 1 });
  });

  it('S8 reports an account that matches somebody but is another one’s, and writes nothing', async () => {
    await home.seed(connector(target.url), [person('ann')]);
    await home.sync();
    await home.people([person('ann', { status: 'inactive' }), person('twin', { attributes: { userName: 'ANN' } })]);
    await home.sync();
    await admin.clearRequests();
    const run = await home.sync();
    expect(await sent()).toEqual({});
    expect(run.frozen).toMatchObject({ count: 1, first: [{ personId: 'csv:twin' }] });
    expect(run.frozen.first[0]?.reason).toContain('belongs to csv:ann');
    expect(ended(run).result).toBe('partial');
  });

  it('S9 a 409 leads to look-up and adoption where exactly one account matches', async () => {
    await home.seed(connector(target.url), [person('ann')]);
    await home.sync();
    // Made by hand after the target was listed.
    await admin.seed({ users: [{ userName: 'bob' }] });
    await home.people([person('bob')]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ adopted: 1, created: 0, failed: 0 });
    expect((await admin.state()).users.total).toBe(2);
    expect((await home.events(run.id))[0]).toMatchObject({ type: 'user_update_provision', success: true, attempts: 4 });
  });

  it('S9 a 409 that is no duplicate is the person’s failure, in the provider’s words, and never repeated', async () => {
    await home.seed(connector(target.url), [person('ann')]);
    await admin.set({ is: 'conflict', detail: 'Profile is required' });
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'completed', result: 'partial' });
    const [event] = await home.events(run.id);
    expect(event).toMatchObject({ success: false, httpStatus: 409, errorMessage: 'Profile is required' });
    expect((await sent())['POST /Users']).toBe(1);
    expect(await home.account('ann')).toBeUndefined();
  });

  it('S9 S8 a 409 whose account is linked to another person is a failure', async () => {
    await home.seed(connector(target.url), [person('ann')]);
    await home.sync();
    // The link's own values say nothing of the name that the target has since.
    const [account] = await home.accounts();
    await admin.edit(account?.targetId ?? '', { userName: 'bob' });
    await home.people([person('bob')]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ failed: 1, adopted: 0, created: 0 });
    expect((await home.events(run.id))[0]).toMatchObject({ success: false, errorCode: 'ambiguous' });
  });

  it('S10 leaving scope deactivates, and coming back re-activates the same account', async () => {
    await home.seed(connector(target.url), [person('ann'), person('bob')]);
    await home.sync();
    const before = await home.account('ann');
    await home.people([person('ann', { groupings: [] })]);
    const leaving = await home.sync();
    expect(leaving.counts).toMatchObject({ deactivated: 1 });
    expect((await admin.users({ only: 'inactive' })).users).toMatchObject([{ userName: 'ann' }]);
    expect((await home.events(leaving.id))[0]).toMatchObject({ type: 'user_deprovision', changes: [{ attribute: 'active', before: 'true', after: 'false' }] });
    await home.people([person('ann', { attributes: { title: 'Head' } })]);
    const back = await home.sync();
    expect(back.counts).toMatchObject({ reactivated: 1, created: 0 });
    const after = await home.account('ann');
    expect(after?.targetId).toBe(before?.targetId);
    expect(after?.timeline.map(([, state]) => state)).toEqual(['active', 'inactive', 'active']);
    expect((await admin.state()).users).toMatchObject({ total: 2, active: 2 });
  });

  it('S10 somebody who left the directory, and somebody not enabled, are deactivated', async () => {
    await home.seed(connector(target.url), [person('ann'), person('bob')]);
    await home.sync();
    await home.put('person', 'csv:ann', null);
    await home.people([person('bob', { status: 'inactive' })]);
    expect((await home.sync()).counts).toMatchObject({ deactivated: 2 });
    expect((await admin.state()).users.active).toBe(0);
  });

  it('S12 a 429 is waited out as Retry-After says, and nobody fails', async () => {
    await home.seed(connector(target.url, { operating: { concurrency: 4 } }), people(12));
    await admin.set({ is: 'too-many-requests', aim: 'creates', when: { is: 'next', requests: 2 }, retryAfter: { is: 'seconds', seconds: 40 } });
    const start = clock.now();
    const run = await patiently(clock, home.sync());
    expect(clock.now() - start).toBeGreaterThanOrEqual(40_000);
    expect(run.counts).toMatchObject({ created: 12, failed: 0 });
    expect((await home.events(run.id)).reduce((sum, event) => sum + event.attempts, 0)).toBe(14);
  });

  it('S12 S23 5xx and lost replies are tried again, and a lost create is looked up before a second one', async () => {
    await home.seed(connector(target.url, { operating: { concurrency: 4 } }), people(40));
    await admin.set({ is: 'lost-reply', aim: 'creates', when: { is: 'every', nth: 5 } });
    const run = await patiently(clock, home.sync());
    expect(run.counts).toMatchObject({ created: 40, failed: 0 });
    expect((await admin.state()).users.total).toBe(40);
    expect((await home.accounts()).every((account) => account.state === 'active' && account.targetId !== null)).toBe(true);
  });

  it('S12 S3 other 4xx are not retried, and one person’s error never stops the others', async () => {
    const folk = [...people(10), person('bad', { attributes: { email: 'bad@unverified.example' } })];
    await home.seed(connector(target.url), folk);
    await admin.set({ is: 'unverified-domain', domain: 'unverified.example' });
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'completed', result: 'partial' });
    expect(run.counts).toMatchObject({ created: 10, failed: 1 });
    const failed = (await home.events(run.id)).filter((event) => !event.success);
    expect(failed).toMatchObject([{ type: 'user_create_provision', subjectId: 'csv:bad', httpStatus: 400, attempts: 1 }]);
    expect(run.causes).toMatchObject([{ status: 400, count: 1, key: failed[0]?.cause }]);
    expect(await home.connector()).toMatchObject({ health: { is: 'degraded' } });
  });

  it('S3 S24 a token that dies mid-run stops the run and marks nobody failed', async () => {
    await home.seed(connector(target.url, { operating: { concurrency: 2 } }), people(40));
    await admin.set({ is: 'token-expired', when: { is: 'after', requests: 20 } });
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'credentials', result: 'failure' });
    expect(run.counts.failed).toBe(0);
    expect((await home.events(run.id)).every((event) => event.success)).toBe(true);
    expect(await home.connector()).toMatchObject({ health: { is: 'needs-credentials' } });
    expect((await home.accounts()).every((account) => account.intent === null && account.state === 'active')).toBe(true);
    await admin.clear();
    const next = await home.sync();
    expect(next.counts.created + run.counts.created).toBe(40);
    expect((await admin.state()).users.total).toBe(40);
  });

  it('S8 S23 a listing that can’t be finished concludes nothing: every create looks first', async () => {
    await admin.seed({ users: [{ userName: 'ann' }] });
    await home.seed(connector(target.url), [person('ann'), person('bob')]);
    await admin.set({ is: 'stuck-pages' });
    await admin.seed({ make: { count: 300 } });
    const run = await patiently(clock, home.sync());
    expect(run.counts).toMatchObject({ adopted: 1, created: 1, failed: 0 });
    expect((await home.connector()).listing).toBeNull();
    expect((await admin.state()).users.total).toBe(302);
  });

  it('S5 groups are pushed when managed: created, filled, renamed, emptied of leavers and removed; each an event', async () => {
    await home.seed(
      connector(target.url, { settings: { manageGroups: true } }),
      [person('ann'), person('bob', { groupings: [STAFF, TEACHERS] })],
      [assignment(1), assignment(2, STAFF)],
    );
    const first = await home.sync();
    expect((await admin.groups()).map((group) => [group.displayName, group.members.length])).toEqual(
      expect.arrayContaining([
        ['Teachers', 2],
        ['Staff', 1],
      ]),
    );
    expect(
      (await home.events(first.id))
        .map((event) => event.type)
        .filter((type) => type.startsWith('group_'))
        .sort(),
    ).toEqual(['group_create_provision', 'group_create_provision', 'group_update_provision', 'group_update_provision']);
    await admin.clearRequests();
    await home.sync();
    expect(await sent()).toEqual({});
    await home.put('grouping', TEACHERS, { id: TEACHERS, organizationId: 'csv:school', kind: 'role', sourceId: 'teacher', name: 'Faculty' });
    await home.people([person('ann', { groupings: [] })]);
    await home.put('assignment', `${CONNECTOR}/2`, assignment(2, STAFF, { ended: { at: clock.now(), by: 'U1', why: null, shown: [] } }));
    const second = await home.sync();
    expect((await admin.groups()).map((group) => [group.displayName, group.members.length])).toEqual([['Faculty', 1]]);
    expect((await home.events(second.id)).map((event) => event.type)).toEqual(['user_deprovision', 'group_update_provision', 'group_delete_provision']);
  });

  it('S5 no group is touched, and no group event written, when groups are not managed', async () => {
    await home.seed(connector(target.url), [person('ann', { groupings: [TEACHERS, STAFF] })]);
    const run = await home.sync();
    expect((await home.events(run.id)).map((event) => event.type)).toEqual(['user_create_provision']);
    expect(await admin.groups()).toEqual([]);
  });
});
