import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/domain/approvals/verbs/decide.ts';
import { approvalsDue } from '../../../src/domain/approvals/verbs/due.ts';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import { consequencesOf } from '../../../src/domain/connectors/consequences.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { refusalOf } from '../refused.ts';
import { TEACHERS } from '../sync/world.ts';
import { ANA, ANYBODY, type ApprovalsWorld, CHANNEL, DISCONNECT, LEADS, LEE, of, SAM, TEAM, worldOfTest } from './approvals-world.ts';
import { CLEARED } from './cleared.ts';

const places = async (world: ApprovalsWorld) => (await world.all('card')).map(({ place }) => place);
const lines = async (world: ApprovalsWorld, userId: string) =>
  (await world.all('card'))
    .filter(({ place }) => place.is === 'person' && place.userId === userId)
    .flatMap(({ threadLines }) => threadLines.map(({ key }) => key));
const leave = (world: ApprovalsWorld, id: string) =>
  world.put('slackPerson', id, { id, teamId: TEAM, name: id, guest: false, foreign: false, deactivated: world.clock.now(), readAt: world.clock.now() });

describe('time', () => {
  it('P4 requests expire after three days to not applied, and the requester is told', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    await world.clock.advance(3 * DAY - 1);
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ state: { is: 'open' } });
    await world.clock.advance(1);
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ state: { is: 'expired', at: world.clock.now() } });
    expect(await world.connectorState()).toBe('active');
    expect(await places(world)).toContainEqual({ is: 'person', userId: ANA });
    expect((await world.audit()).at(-1)).toMatchObject({ action: 'approvals.expire', by: 'usher', way: 'job' });
    expect(await refusalOf(decide(world.outside, await world.actor(SAM), 'Q-1', { is: 'approve' }))).toMatchObject({
      is: 'already-decided',
      how: 'expired, not applied',
    });
  });

  it('P4 reminds once, half-way, those who have not decided', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([], 2)]);
    await world.asked();
    await decide(world.outside, await world.actor(SAM), 'Q-1', { is: 'approve' });
    await world.clock.advance(1.5 * DAY);
    await approvalsDue(world.outside);
    await approvalsDue(world.outside);
    await world.clock.advance(HOUR);
    await approvalsDue(world.outside);
    expect(await lines(world, LEE)).toEqual(['half-way']);
    expect(await lines(world, SAM)).toEqual([]);
  });

  it('P4 the reminder of a card in a channel goes to each by direct message', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([LEE])], { channelId: CHANNEL });
    await world.asked();
    await world.clock.advance(1.5 * DAY);
    await approvalsDue(world.outside);
    expect(await places(world)).toEqual(expect.arrayContaining([{ is: 'person', userId: LEE }]));
    expect(await world.all('card')).toHaveLength(2);
  });

  it('P4 catches up after a stop: what expired meanwhile is not reminded of', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    await world.restart();
    await world.clock.advance(10 * DAY);
    await Promise.all([approvalsDue(world.outside), approvalsDue(world.outside)]);
    expect(await world.request()).toMatchObject({ state: { is: 'expired' }, remindedAt: null });
    expect((await world.audit()).filter(({ action }) => action === 'approvals.expire')).toHaveLength(1);
  });
});

describe('people leave', () => {
  it('P4 X11 an approver who has left Slack does not break the request: the others decide', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([SAM, LEE])]);
    await world.asked();
    await leave(world, SAM);
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ state: { is: 'open' } });
    expect(await decide(world.outside, await world.actor(LEE), 'Q-1', { is: 'approve' })).toMatchObject({ state: { is: 'done' } });
  });

  it('P4 X11 a request that nobody can approve any more closes with the reason, and the requester is told', async () => {
    const world = await worldOfTest();
    await world.put('userGroup', LEADS, { id: LEADS, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members: [SAM], readAt: 0 });
    await world.policy('disconnect', [of([LEE], 1, [LEADS])]);
    await world.asked();
    await leave(world, LEE);
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ state: { is: 'open' } });
    await world.put('userGroup', LEADS, { id: LEADS, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members: [], readAt: 1 });
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ state: { is: 'closed', because: 'Nobody is left who could approve it.' } });
    expect(await places(world)).toContainEqual({ is: 'person', userId: ANA });
    expect(await world.connectorState()).toBe('active');
  });

  it('P3 X11 where only the requester is left it is announced, and waits 24 hours from then', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver' } });
    await world.policy('disconnect');
    await world.asked();
    await world.clock.advance(HOUR);
    await leave(world, SAM);
    await approvalsDue(world.outside);
    const { aloneUntil, state } = await world.request();
    expect([state.is, aloneUntil]).toEqual(['open', world.clock.now() + DAY]);
    expect(await places(world)).toContainEqual({ is: 'person', userId: ANA });
    await world.clock.advance(DAY);
    await approvalsDue(world.outside);
    await approvalsDue(world.outside);
    expect(await lines(world, ANA)).toEqual(['releasable']);
  });

  it('P3 somebody who may approve by now ends the waiting for a single person', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin' } });
    await world.policy('disconnect', [ANYBODY], { hours: 2 });
    const asked = await world.asked();
    expect(asked.expiresAt).toBe(asked.askedAt + 2 * DAY);
    world.grants.push({ teamId: TEAM, userId: SAM, role: 'approver', organizationId: null });
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ aloneUntil: null, state: { is: 'open' } });
    expect(await places(world)).toContainEqual({ is: 'person', userId: SAM });
  });

  it('X11 a request whose requester has left closes with the reason', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    await leave(world, ANA);
    await approvalsDue(world.outside);
    expect(await world.request()).toMatchObject({ state: { is: 'closed', because: 'Whoever asked for it has left Slack or holds no role any more.' } });
  });
});

describe('a connector goes', () => {
  it('C13 disconnect counts its open requests first, then closes them and tells who asked', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'admin' } });
    await world.policy('assign');
    await world.asked({ is: 'assign', connectorId: 'c1', groupingIds: [TEACHERS], why: null });
    const [connector] = await world.all('connector');
    if (connector === undefined) throw new Error('there is no connector');
    expect(await consequencesOf(world.outside, connector)).toMatchObject({ requests: 1 });
    await disconnect(world.outside, await world.actor(SAM), 'c1', CLEARED);
    expect(await world.request()).toMatchObject({ state: { is: 'closed', because: 'The connector was disconnected.' } });
    expect(await places(world)).toContainEqual({ is: 'person', userId: ANA });
    expect((await world.audit()).map(({ action }) => action)).toEqual(['approvals.ask', 'connectors.disconnect', 'approvals.close']);
  });

  it('C13 C14 the request to disconnect or delete does not close itself', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.policy('delete', [ANYBODY], { id: 'P-2' });
    await world.asked();
    await decide(world.outside, await world.actor(SAM), 'Q-1', { is: 'approve' });
    await world.asked({ is: 'delete', connectorId: 'c1' });
    expect(await decide(world.outside, await world.actor(LEE), 'Q-2', { is: 'approve' })).toMatchObject({
      state: { is: 'done', result: 'Portal is deleted.' },
    });
    expect(await world.request()).toMatchObject({ state: { is: 'done' } });
    expect(await world.connectorState()).toBe('deleted');
    expect(await refusalOf(submit(world.outside, await world.actor(ANA), DISCONNECT, null))).toMatchObject({ is: 'not-found' });
  });
});
