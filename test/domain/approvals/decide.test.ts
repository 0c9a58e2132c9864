import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/domain/approvals/verbs/decide.ts';
import { takeUpApproved } from '../../../src/domain/approvals/verbs/carry-out.ts';
import { delegate } from '../../../src/domain/approvals/verbs/delegate.ts';
import { approvalInbox, requestById } from '../../../src/domain/approvals/verbs/inbox.ts';
import { approvalModel } from '../../../src/domain/approvals/verbs/model.ts';
import { releaseAlone } from '../../../src/domain/approvals/verbs/release.ts';
import { withdraw } from '../../../src/domain/approvals/verbs/withdraw.ts';
import { DAY, MINUTE } from '../../../src/domain/instant.ts';
import { refusalOf } from '../refused.ts';
import { ANA, ANYBODY, type ApprovalsWorld, BOB, CHANNEL, dyingAt, LEADS, LEE, MIA, of, SAM, TEAM, worldOfTest } from './approvals-world.ts';

const APPROVE = { is: 'approve' } as const;
const approve = async (world: ApprovalsWorld, userId: string, id = 'Q-1') => decide(world.outside, await world.actor(userId), id, APPROVE);
const disconnects = async (world: ApprovalsWorld) => (await world.audit()).filter(({ action }) => action === 'connectors.disconnect');

describe('a decision', () => {
  it('P2 does it, draws every copy anew at once and tells the requester directly', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    world.drawn.length = 0;
    expect(await approve(world, SAM)).toMatchObject({
      decisions: [{ userId: SAM, insteadOf: null, step: 0, at: world.clock.now() }],
      state: { is: 'done', result: 'Portal is disconnected. Its accounts stay as they are.' },
    });
    const cards = await world.all('card');
    expect(cards.map(({ place }) => place)).toEqual(expect.arrayContaining([SAM, LEE, ANA].map((userId) => ({ is: 'person', userId }))));
    expect(cards.filter(({ wanted, shown, urgent }) => wanted > shown && urgent)).toHaveLength(3);
    expect(new Set(world.drawn)).toEqual(new Set(cards.map(({ id }) => id)));
  });

  it('P2 denies with a reason, which the requester is told, and nothing is done', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    expect(await refusalOf(decide(world.outside, await world.actor(SAM), 'Q-1', { is: 'deny', reason: ' ' }))).toMatchObject({
      is: 'bad-input',
      field: 'reason',
    });
    expect(await decide(world.outside, await world.actor(SAM), 'Q-1', { is: 'deny', reason: 'not before June' })).toMatchObject({
      state: { is: 'denied', by: SAM, reason: 'not before June' },
    });
    expect(await world.connectorState()).toBe('active');
    expect((await world.all('card')).map(({ place }) => place)).toContainEqual({ is: 'person', userId: ANA });
    expect((await world.audit()).at(-1)).toMatchObject({ action: 'approvals.deny', by: SAM, subject: 'Q-1' });
  });

  it('X2 the audit row of what was done carries the approval', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    await approve(world, SAM);
    expect(await disconnects(world)).toMatchObject([{ by: ANA, way: 'submission', approval: { requestId: 'Q-1', approvedBy: [SAM], singlePerson: null } }]);
    expect((await world.audit()).map(({ action, by }) => [action, by])).toEqual([
      ['approvals.ask', ANA],
      ['approvals.approve', SAM],
      ['connectors.disconnect', ANA],
    ]);
  });

  it('P3 nobody approves their own request, by any route', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'admin' } });
    await world.policy('disconnect', [ANYBODY], { channelId: CHANNEL });
    await world.asked();
    for (const way of ['button', 'command', 'submission'] as const)
      expect(await refusalOf(decide(world.outside, await world.actor(ANA, way), 'Q-1', APPROVE))).toMatchObject({ is: 'own-request', requestId: 'Q-1' });
    expect(await refusalOf(decide(world.outside, await world.actor(ANA), 'Q-1', { is: 'deny', reason: 'mine' }))).toMatchObject({ is: 'own-request' });
    // Not through the seat of somebody who is away, nor somebody else through the requester's own.
    await delegate(world.outside, await world.actor(SAM), ANA, world.clock.now() + DAY);
    expect(await refusalOf(approve(world, ANA))).toMatchObject({ is: 'own-request' });
    expect((await world.request()).decisions).toEqual([]);
  });

  it('P3 takes a different person for each step, and for each place in one', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver', [LEE]: 'approver', [MIA]: 'approver' } });
    await world.policy('disconnect', [of([], 2), of([SAM, LEE, MIA])]);
    await world.asked();
    await approve(world, SAM);
    expect(await refusalOf(approve(world, SAM))).toMatchObject({ is: 'own-request' });
    await approve(world, LEE);
    for (const again of [SAM, LEE]) expect(await refusalOf(approve(world, again))).toMatchObject({ is: 'own-request' });
    expect(await approve(world, MIA)).toMatchObject({ state: { is: 'done' } });
  });

  it('P3 keeps for a later step whoever is the only one for it', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([SAM, LEE]), of([SAM])]);
    await world.asked();
    expect(await refusalOf(approve(world, SAM))).toMatchObject({ is: 'not-an-approver', approvers: [LEE] });
    await approve(world, LEE);
    expect(await approve(world, SAM)).toMatchObject({ state: { is: 'done' } });
  });

  it('P3 two clicks at the same time count once', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver', [LEE]: 'approver', [MIA]: 'approver' } });
    await world.policy('disconnect', [of([], 2)]);
    await world.asked();
    const twice = await Promise.allSettled([approve(world, SAM), approve(world, SAM)]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.request()).decisions).toHaveLength(1);
    const late = await Promise.allSettled([approve(world, LEE), approve(world, MIA)]);
    expect(late.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.request()).decisions).toHaveLength(2);
    expect(await disconnects(world)).toHaveLength(1);
  });

  it('P3 a click on an old card says who decided already', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    await approve(world, SAM);
    expect(await refusalOf(approve(world, LEE))).toEqual({ is: 'already-decided', requestId: 'Q-1', how: 'approved by Sam O’Neil' });
  });

  it('P3 X1 checks rights at the click, with group memberships read anew from Slack', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [LEE]: 'approver' } });
    const holder = { is: 'group', teamId: TEAM, groupId: LEADS } as const;
    await world.put('grant', 'G-1', { id: 'G-1', holder, role: 'approver', organizationId: null, by: ANA, at: 0, why: null });
    await world.put('userGroup', LEADS, { id: LEADS, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members: [SAM], readAt: 0 });
    await world.policy('disconnect', [of([LEE], 1, [LEADS])]);
    await world.asked();
    world.slack.groups.set(LEADS, [MIA]);
    expect(await refusalOf(decide(world.outside, await world.actor(SAM), 'Q-1', APPROVE, 'D0SAM'))).toMatchObject({ is: 'not-an-approver' });
    expect(await approve(world, MIA)).toMatchObject({ state: { is: 'done' } });
  });

  it('P3 X11 somebody whom Slack calls deactivated at the click decides nothing', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    world.slack.deactivated.add(SAM);
    const stale = { teamId: TEAM, userId: SAM, way: 'button', grants: [{ teamId: TEAM, userId: SAM, role: 'approver', organizationId: null }] } as const;
    await world.put('slackPerson', SAM, { id: SAM, teamId: TEAM, name: 'Sam', guest: false, foreign: false, deactivated: null, readAt: 0 });
    expect(await refusalOf(decide(world.outside, stale, 'Q-1', APPROVE, 'D0SAM'))).toMatchObject({ is: 'not-an-approver', title: 'a request' });
    expect((await world.request()).decisions).toEqual([]);
  });

  it('P3 X1 tells nobody of a request who has no part in it', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver', [BOB]: 'viewer' } });
    await world.policy('disconnect');
    await world.asked();
    const bob = await world.actor(BOB, 'command');
    expect(await refusalOf(decide(world.outside, bob, 'Q-1', APPROVE))).toMatchObject({ is: 'not-found' });
    expect(await refusalOf(requestById(world.outside, bob, 'Q-1'))).toMatchObject({ is: 'not-found' });
    expect(await approvalInbox(world.outside, bob)).toEqual({ waiting: [], asked: [], decided: [] });
    expect(await refusalOf(withdraw(world.outside, await world.actor(SAM), 'Q-1'))).toMatchObject({ is: 'not-found' });
  });

  it('P3 X1 a button with the id of somebody else’s request answers like one of a request that there never was; on the request’s own card it tells who may', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver', [BOB]: 'viewer' } });
    await world.policy('disconnect', [ANYBODY], { channelId: CHANNEL });
    await world.asked();
    const bob = await world.actor(BOB, 'button');
    for (const verdict of [APPROVE, { is: 'deny', reason: 'no' }] as const) {
      for (const shownIn of [null, 'C0OTHER', 'D0BOB']) {
        const tampered = await refusalOf(decide(world.outside, bob, 'Q-1', verdict, shownIn));
        const made = await refusalOf(decide(world.outside, bob, 'Q-99', verdict, shownIn));
        expect(tampered).toEqual({ ...made, typed: 'Q-1' });
        expect(made).toEqual({ is: 'not-found', what: 'request', typed: 'Q-99', near: [] });
      }
    }
    expect(await refusalOf(decide(world.outside, bob, 'Q-1', APPROVE, CHANNEL))).toMatchObject({ is: 'not-an-approver', title: 'a request' });
    await approve(world, SAM);
    expect(await refusalOf(decide(world.outside, bob, 'Q-1', APPROVE))).toMatchObject({ is: 'not-found' });
    expect(await refusalOf(decide(world.outside, bob, 'Q-1', APPROVE, CHANNEL))).toMatchObject({ is: 'already-decided' });
  });

  it('P3 asks Slack and fails without an answer, rather than count somebody whose rights are not known', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([SAM], 1, [LEADS])]);
    await world.asked();
    const deaf = { ...world.outside, workspace: { ...world.outside.workspace, group: () => Promise.reject(new Error('Slack is away')) } };
    await expect(decide(deaf, await world.actor(SAM), 'Q-1', APPROVE)).rejects.toThrow('Slack is away');
    expect((await world.request()).decisions).toEqual([]);
  });
});

describe('after the last approval', () => {
  it('P1 the requester’s right is checked again, and without it nothing is done', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    world.grants.splice(0, 1, { teamId: TEAM, userId: ANA, role: 'viewer', organizationId: null });
    expect(await approve(world, SAM)).toMatchObject({ state: { is: 'failed', because: 'Whoever asked for it may no longer do it.' } });
    expect(await world.connectorState()).toBe('active');
  });

  it('P1 what was overtaken by then fails with the reason, and the requester is told', async () => {
    const world = await worldOfTest();
    await world.policy('delete');
    const [connector] = await world.all('connector');
    if (connector === undefined) throw new Error('there is no connector');
    await world.put('connector', 'c1', { ...connector, state: { is: 'disconnected', since: 0 } });
    await world.asked({ is: 'delete', connectorId: 'c1' });
    await world.put('connector', 'c1', connector);
    expect(await approve(world, SAM)).toMatchObject({ state: { is: 'failed', because: 'Portal is active by now.' } });
    expect((await world.all('card')).map(({ place }) => place)).toContainEqual({ is: 'person', userId: ANA });
  });

  it('P3 a crash between approving and doing is taken up at the next start', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    const dies = dyingAt(world, ({ puts = [] }) => puts.some(({ kind }) => kind === 'connector'));
    await expect(decide(dies, await world.actor(SAM), 'Q-1', APPROVE)).rejects.toThrow('killed');
    await world.restart();
    expect(await world.request()).toMatchObject({ state: { is: 'approved' } });
    await takeUpApproved(world.outside, { all: true });
    expect(await world.request()).toMatchObject({ state: { is: 'done', result: 'Portal is disconnected. Its accounts stay as they are.' } });
    expect(await disconnects(world)).toHaveLength(1);
  });

  it('P3 a crash between doing and saying so does nothing twice, and says so', async () => {
    const world = await worldOfTest();
    await world.policy('assign');
    await world.asked({ is: 'assign', connectorId: 'c1', groupingIds: ['csv:school/role/teacher'], why: null });
    const dies = dyingAt(world, ({ puts = [] }) => puts.some((one) => one.kind === 'approval' && one.value?.state.is === 'done'));
    await expect(decide(dies, await world.actor(SAM), 'Q-1', APPROVE)).rejects.toThrow('killed');
    await world.restart();
    expect(await world.request()).toMatchObject({ state: { is: 'approved' } });
    // Not by the clock as long as somebody may still be at it.
    await takeUpApproved(world.outside, { all: false });
    expect(await world.request()).toMatchObject({ state: { is: 'approved' } });
    await world.clock.advance(5 * MINUTE);
    await Promise.all([takeUpApproved(world.outside, { all: false }), takeUpApproved(world.outside, { all: false })]);
    expect(await world.request()).toMatchObject({ state: { is: 'done' } });
    expect(await world.all('assignment')).toHaveLength(1);
  });
});

describe('only one person', () => {
  it('P3 waits 24 hours, is announced, and is released from the host with a reason, marked as a single person', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin' } });
    await world.policy('disconnect');
    const request = await world.asked();
    expect(request).toMatchObject({ aloneUntil: request.askedAt + DAY });
    expect((await world.all('card')).map(({ place }) => place)).toEqual([{ is: 'person', userId: ANA }]);
    expect(await refusalOf(approve(world, ANA))).toMatchObject({ is: 'own-request' });
    expect(await refusalOf(releaseAlone(world.outside, 'Q-1', 'nobody else here', 'root'))).toMatchObject({
      is: 'nothing-to-do',
      detail: expect.stringContaining('24 h'),
    });
    await world.clock.advance(DAY);
    expect(await refusalOf(releaseAlone(world.outside, 'Q-1', ' ', 'root'))).toMatchObject({ is: 'bad-input', field: 'reason' });
    expect(await releaseAlone(world.outside, 'Q-1', 'nobody else here', 'root')).toMatchObject({ state: { is: 'done' }, singlePerson: 'nobody else here' });
    expect(await disconnects(world)).toMatchObject([{ approval: { requestId: 'Q-1', approvedBy: [], singlePerson: 'nobody else here' } }]);
    expect((await world.audit()).find(({ action }) => action === 'approvals.release')).toMatchObject({ way: 'command-line', after: { host: 'root' } });
  });

  it('P3 is not released where somebody else can approve it by now, nor what others could approve all along', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin' } });
    await world.policy('disconnect');
    await world.asked();
    await world.clock.advance(DAY);
    world.grants.push({ teamId: TEAM, userId: SAM, role: 'approver', organizationId: null });
    expect(await refusalOf(releaseAlone(world.outside, 'Q-1', 'in a hurry', 'root'))).toMatchObject({
      is: 'nothing-to-do',
      detail: expect.stringContaining('somebody else'),
    });
    expect(await approve(world, SAM)).toMatchObject({ state: { is: 'done' } });
    expect(await refusalOf(releaseAlone(world.outside, 'Q-1', 'again', 'root'))).toMatchObject({ is: 'nothing-to-do', detail: 'Q-1 is done already.' });
  });
});

describe('delegates', () => {
  it('P4 decide in the place of an absent approver, for as long as that was said, and the decision says for whom', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([SAM])]);
    await world.asked();
    expect(await refusalOf(approve(world, LEE))).toMatchObject({ is: 'not-an-approver' });
    await delegate(world.outside, await world.actor(SAM), LEE, world.clock.now() + DAY);
    expect(await approve(world, LEE)).toMatchObject({ decisions: [{ userId: LEE, insteadOf: SAM }], state: { is: 'done' } });
  });

  it('P4 need the right to decide themselves, and stand in no longer than said', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([SAM])]);
    await world.asked();
    expect(await refusalOf(delegate(world.outside, await world.actor(SAM), BOB, world.clock.now() + DAY))).toMatchObject({ is: 'bad-input', field: 'to' });
    await delegate(world.outside, await world.actor(SAM), LEE, world.clock.now() + DAY);
    await world.clock.advance(DAY);
    expect(await refusalOf(approve(world, LEE))).toMatchObject({ is: 'not-an-approver' });
  });

  it('P3 P4 an absent approver and their delegate are one person in a request', async () => {
    const world = await worldOfTest({ roles: { [ANA]: 'admin', [SAM]: 'approver', [LEE]: 'approver', [MIA]: 'approver' } });
    await world.policy('disconnect', [of([SAM, MIA], 1), of([SAM, MIA], 1)]);
    await world.asked();
    await delegate(world.outside, await world.actor(SAM), LEE, world.clock.now() + DAY);
    await approve(world, LEE);
    expect(await refusalOf(approve(world, SAM))).toMatchObject({ is: 'own-request' });
    expect(await approve(world, MIA)).toMatchObject({ state: { is: 'done' } });
  });

  it('P4 are set by oneself or by a global admin, and by nobody else', async () => {
    const world = await worldOfTest();
    const until = world.clock.now() + DAY;
    expect(await refusalOf(delegate(world.outside, await world.actor(LEE), LEE, until, SAM))).toMatchObject({ is: 'not-allowed' });
    expect(await delegate(world.outside, await world.actor(ANA), LEE, until, SAM)).toMatchObject({ userId: SAM, to: LEE, by: ANA });
    expect((await world.audit()).at(-1)).toMatchObject({ action: 'approvals.delegate', by: ANA });
    expect((await world.all('card')).map(({ place }) => place)).toEqual([LEE, SAM].map((userId) => ({ is: 'person', userId })));
  });
});

describe('who reads what', () => {
  it('P2 the inbox tells what waits for me, what I asked for, and what I decided', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    const inbox = async (userId: string) => approvalInbox(world.outside, await world.actor(userId));
    expect(await inbox(SAM)).toMatchObject({ waiting: [{ id: 'Q-1' }], asked: [], decided: [] });
    expect(await inbox(ANA)).toMatchObject({ waiting: [], asked: [{ id: 'Q-1' }], decided: [] });
    await approve(world, SAM);
    expect(await inbox(SAM)).toMatchObject({ waiting: [], decided: [{ id: 'Q-1', state: { is: 'done' } }] });
    await world.clock.advance(15 * DAY);
    expect(await inbox(ANA)).toEqual({ waiting: [], asked: [], decided: [] });
  });

  it('R3 a card in a channel may hold names only where its policy says so and nobody from outside reads along', async () => {
    const world = await worldOfTest();
    const mayName = async () => (await approvalModel(world.outside, 'Q-1', CHANNEL))?.mayName;
    await world.policy('disconnect', [ANYBODY], { channelId: CHANNEL });
    await world.asked();
    expect(await mayName()).toBe(false);
    await world.policy('disconnect', [ANYBODY], { channelId: CHANNEL, mayNames: true });
    expect(await mayName()).toBe(true);
    world.slack.shared.add(CHANNEL);
    expect(await mayName()).toBe(false);
    expect(await approvalModel(world.outside, 'Q-1', null)).toMatchObject({ mayName: true, waitingFor: [SAM, LEE] });
  });

  it('P2 is withdrawn by its requester only, while it waits', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect');
    await world.asked();
    expect(await withdraw(world.outside, await world.actor(ANA), 'Q-1')).toMatchObject({ state: { is: 'withdrawn', by: ANA } });
    expect(await refusalOf(approve(world, SAM))).toMatchObject({ is: 'already-decided', how: 'withdrawn by Ana Ruiz' });
    expect(await refusalOf(withdraw(world.outside, await world.actor(ANA), 'Q-1'))).toMatchObject({ is: 'nothing-to-do' });
    expect(await world.asked()).toMatchObject({ id: 'Q-2' });
  });
});
