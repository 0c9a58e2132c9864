import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/domain/approvals/verbs/decide.ts';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import { unassignPreview } from '../../../src/domain/assignments/verbs/unassign-preview.ts';
import type { Effect } from '../../../src/domain/approvals/request.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { refusalOf } from '../refused.ts';
import { person, TEACHERS } from '../sync/world.ts';
import { ANA, ANYBODY, BOB, CHANNEL, DISCONNECT, LEADS, LEE, MIA, of, SAM, TEAM, worldOfTest } from './approvals-world.ts';

const APPROVE = { is: 'approve' } as const;
const ASSIGN: Effect = { is: 'assign', connectorId: 'c1', groupingIds: [TEACHERS], why: 'new school year' };

describe('what needs approval', () => {
  it('P1 does at once what no policy is for, and asks for what one is for', async () => {
    const world = await worldOfTest();
    expect(await submit(world.outside, await world.actor(ANA), DISCONNECT, null)).toMatchObject({
      is: 'done',
      told: 'Portal is disconnected. Its accounts stay as they are.',
    });
    expect((await world.audit()).at(-1)).not.toHaveProperty('approval');
    await world.policy('delete');
    expect(await submit(world.outside, await world.actor(ANA), { is: 'delete', connectorId: 'c1' }, null)).toMatchObject({
      is: 'asked',
      request: { id: 'Q-1' },
    });
    expect(await world.connectorState()).toBe('disconnected');
  });

  it('P1 needs approval from a size on: of several policies the nearest organization’s counts, there the largest size that is reached', async () => {
    const world = await worldOfTest();
    const at = (id: string, organizationId: string | null, from: number) => world.policy('assign', [ANYBODY], { id, organizationId, from });
    await at('P-1', null, 3);
    expect(await submit(world.outside, await world.actor(ANA), ASSIGN, null)).toMatchObject({ is: 'done' });
    for (const id of ['x', 'y', 'z']) await world.put('person', `csv:${id}`, person(id, { groupings: ['csv:school/role/staff'] }));
    const staff: Effect = { ...ASSIGN, groupingIds: ['csv:school/role/staff'] };
    await at('P-2', 'csv:district', 2);
    await at('P-3', 'csv:district', 0);
    await at('P-4', 'csv:school', 50);
    expect(await world.asked(staff)).toMatchObject({ policyId: 'P-2', described: { size: 3, organizationId: 'csv:school' } });
  });

  it('P1 names approvers, how many, which order and how long', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver', [LEE]: 'approver', [MIA]: 'approver' } });
    await world.put('userGroup', LEADS, { id: LEADS, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members: [SAM], readAt: 0 });
    await world.policy('disconnect', [of([], 1, [LEADS]), of([LEE, MIA], 2)], { hours: 10 });
    const request = await world.asked();
    expect(request).toMatchObject({ steps: [of([], 1, [LEADS]), of([LEE, MIA], 2)], expiresAt: request.askedAt + 10 * HOUR });
    expect(await refusalOf(decide(world.outside, await world.actor(LEE), 'Q-1', APPROVE))).toMatchObject({ is: 'not-an-approver', approvers: [SAM] });
    await decide(world.outside, await world.actor(SAM), 'Q-1', APPROVE);
    await decide(world.outside, await world.actor(MIA), 'Q-1', APPROVE);
    expect(await world.connectorState()).toBe('active');
    expect(await decide(world.outside, await world.actor(LEE), 'Q-1', APPROVE)).toMatchObject({ state: { is: 'done' } });
    expect(await world.connectorState()).toBe('disconnected');
  });

  it('P1 refuses a mix of places that ask for different approvals: nothing slips through by going along', async () => {
    const world = await worldOfTest();
    await world.policy('assign', [ANYBODY], { organizationId: 'csv:school' });
    const both: Effect = { ...ASSIGN, groupingIds: [TEACHERS, 'csv:other/role/teacher'] };
    expect(await refusalOf(submit(world.outside, await world.actor(ANA), both, null))).toMatchObject({ is: 'bad-input', field: 'groupings' });
    await world.policy('assign', [ANYBODY], { organizationId: 'csv:district' });
    expect(await world.asked(both)).toMatchObject({ described: { organizationId: 'csv:district' } });
  });

  it('X1 refuses before anything is asked whoever may not do it, as the verb itself would', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    expect(await refusalOf(submit(world.outside, await world.actor(SAM), DISCONNECT, null))).toMatchObject({ is: 'not-found' });
    expect(await refusalOf(submit(world.outside, await world.actor(BOB), DISCONNECT, null))).toMatchObject({ is: 'no-role' });
    expect(await world.all('approval')).toEqual([]);
  });

  it('X3 asks once where the same is submitted twice at the same time', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    const actor = await world.actor(ANA);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => submit(world.outside, actor, DISCONNECT, null)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.all('approval')).toHaveLength(1);
    expect(await refusalOf(submit(world.outside, actor, DISCONNECT, null))).toMatchObject({ is: 'nothing-to-do' });
  });
});

describe('the request', () => {
  it('P2 is one card in the approvers’ channel: who, what, the exact effect in numbers, why, until when', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [ANYBODY], { channelId: CHANNEL });
    const request = await world.asked();
    expect(request).toMatchObject({ by: { userId: ANA }, why: 'contract ends', state: { is: 'open' }, expiresAt: request.askedAt + 3 * DAY });
    expect(request.described).toMatchObject({ title: 'disconnect Portal', lines: expect.arrayContaining(['0 accounts in Portal stay as they are.']) });
    const cards = await world.all('card');
    expect(cards.map(({ place, content, urgent }) => ({ place, content, urgent }))).toEqual([
      { place: { is: 'channel', channelId: CHANNEL, otherwise: SAM }, content: { is: 'approval', requestId: 'Q-1' }, urgent: true },
    ]);
    expect(world.drawn).toEqual(cards.map(({ id }) => id));
  });

  it('P2 without a channel stands in the direct messages of whoever may decide, of the first 20 where they are more', async () => {
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`U1${String(index).padStart(2, '0')}`, 'approver' as const]));
    const world = await worldOfTest({ roles: { [ANA]: 'admin', ...many } });
    await world.policy('disconnect');
    await world.asked();
    const places = (await world.all('card')).map(({ place }) => place);
    expect(places).toHaveLength(20);
    expect(places).not.toContainEqual({ is: 'person', userId: ANA });
  });

  it('P2 asks nothing where somebody else asked for the same already, and the audit says who asked for what', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'admin' } });
    await world.policy('disconnect');
    await world.asked();
    expect(await refusalOf(submit(world.outside, await world.actor(SAM), DISCONNECT, 'me too'))).toMatchObject({
      is: 'nothing-to-do',
      detail: expect.stringContaining('Q-1'),
    });
    expect((await world.audit()).at(-1)).toMatchObject({
      action: 'approvals.ask',
      by: ANA,
      way: 'submission',
      subject: 'Q-1',
      summary: 'asked to disconnect Portal: contract ends',
    });
  });

  it('P4 is refused at once where nobody can approve it, with what to change', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([BOB])]);
    expect(await refusalOf(submit(world.outside, await world.actor(ANA), DISCONNECT, null))).toMatchObject({
      is: 'nobody-can-approve',
      title: 'disconnect Portal',
      remedy: expect.stringContaining('P-1'),
    });
    await world.policy('disconnect', [of([SAM]), of([SAM])]);
    expect(await refusalOf(submit(world.outside, await world.actor(ANA), DISCONNECT, null))).toMatchObject({ is: 'nobody-can-approve' });
    expect(await world.all('approval')).toEqual([]);
    expect(await world.all('card')).toEqual([]);
  });
});

describe('what approvals do to assignments', () => {
  it('A2 P1 an assignment is effective when it is approved, and records who asked, when and why', async () => {
    const world = await worldOfTest();
    await world.policy('assign');
    const request = await world.asked(ASSIGN, 'new school year');
    expect(await world.all('assignment')).toEqual([]);
    await world.clock.advance(2 * HOUR);
    await decide(world.outside, await world.actor(SAM), request.id, APPROVE);
    expect(await world.all('assignment')).toMatchObject([
      { by: ANA, why: 'new school year', requestedAt: request.askedAt, effectiveAt: request.askedAt + 2 * HOUR, ended: null },
    ]);
    expect((await world.all('connector'))[0]?.lastAssign).toEqual({ by: ANA, at: request.askedAt + 2 * HOUR });
  });

  it('A3 an approval that showed who loses an account releases the fuse for exactly those people', async () => {
    const world = await worldOfTest();
    await submit(world.outside, await world.actor(ANA), ASSIGN, null);
    const lives = { targetId: 't', origin: 'created', pushed: null, intent: null, generated: {}, deleteAt: null, timeline: [] } as const;
    await world.put('account', 'c1/csv:lee', { connectorId: 'c1', personId: 'csv:lee', state: 'active', ...lives });
    await world.policy('unassign');
    const { agreed } = await unassignPreview(world.outside, await world.actor(ANA), 'c1/1');
    const effect: Effect = { is: 'unassign', assignmentId: 'c1/1', agreed, why: null };
    const request = await world.asked(effect);
    expect(request.described).toMatchObject({
      size: 1,
      lines: expect.arrayContaining(['1 person loses their account with the next run, and exactly they pass the fuse.']),
    });
    await decide(world.outside, await world.actor(SAM), request.id, APPROVE);
    expect((await world.all('assignment'))[0]?.ended).toMatchObject({ by: ANA, shown: ['csv:lee'] });
  });

  it('A3 an approval does nothing where other people than those shown would lose their account by then', async () => {
    const world = await worldOfTest();
    await submit(world.outside, await world.actor(ANA), ASSIGN, null);
    await world.policy('unassign');
    const { agreed } = await unassignPreview(world.outside, await world.actor(ANA), 'c1/1');
    await world.asked({ is: 'unassign', assignmentId: 'c1/1', agreed, why: null });
    const lives = { targetId: 't', origin: 'created', pushed: null, intent: null, generated: {}, deleteAt: null, timeline: [] } as const;
    await world.put('account', 'c1/csv:lee', { connectorId: 'c1', personId: 'csv:lee', state: 'active', ...lives });
    expect(await decide(world.outside, await world.actor(SAM), 'Q-1', APPROVE)).toMatchObject({
      state: { is: 'failed', because: expect.stringContaining('changed after it was asked for') },
    });
    expect((await world.all('assignment'))[0]?.ended).toBeNull();
  });

  it('A7 editing the list of protected people takes another person, also without any policy', async () => {
    const world = await worldOfTest();
    const effect: Effect = { is: 'edit-protected', change: { is: 'protect', personId: 'csv:lee', connectorId: null, why: 'service account' } };
    const request = await world.asked(effect);
    expect(request).toMatchObject({ policyId: null, steps: [ANYBODY] });
    expect(await refusalOf(decide(world.outside, await world.actor(ANA), request.id, APPROVE))).toMatchObject({ is: 'own-request' });
    await decide(world.outside, await world.actor(SAM), request.id, APPROVE);
    expect(await world.all('protected')).toMatchObject([{ personId: 'csv:lee', by: ANA, approvedBy: [SAM] }]);
  });

  it('P1 roles are changed by approval too', async () => {
    const world = await worldOfTest();
    await world.policy('change-roles');
    const give: Effect = {
      is: 'change-roles',
      change: { is: 'give', holder: { is: 'person', teamId: TEAM, userId: BOB }, role: 'approver', organizationId: null },
    };
    await world.asked(give);
    expect(await world.all('grant')).toEqual([]);
    await decide(world.outside, await world.actor(SAM), 'Q-1', APPROVE);
    expect(await world.all('grant')).toMatchObject([{ role: 'approver', holder: { userId: BOB }, by: ANA }]);
    expect((await world.audit()).find(({ action }) => action === 'roles.give')).toMatchObject({ approval: { requestId: 'Q-1', approvedBy: [SAM] } });
  });
});
