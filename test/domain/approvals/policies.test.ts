import { describe, expect, it } from 'vitest';
import type { PolicyDraft } from '../../../src/domain/approvals/policy.ts';
import { decide } from '../../../src/domain/approvals/verbs/decide.ts';
import { policies } from '../../../src/domain/approvals/verbs/policies.ts';
import { policyFor } from '../../../src/domain/approvals/verbs/policy-for.ts';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import { refusalOf } from '../refused.ts';
import { ANA, ANYBODY, type ApprovalsWorld, BOB, CHANNEL, LEADS, LEE, of, SAM, TEAM, worldOfTest } from './approvals-world.ts';

const draft = (changes: Partial<PolicyDraft> = {}): PolicyDraft => ({
  id: null,
  action: 'disconnect',
  organizationId: null,
  from: 0,
  steps: [ANYBODY],
  channelId: null,
  hours: 72,
  ...changes,
});
const set = async (world: ApprovalsWorld, changes: Partial<PolicyDraft> = {}, by = ANA) =>
  submit(world.outside, await world.actor(by, 'submission'), { is: 'edit-policies', change: { is: 'set', policy: draft(changes) } }, null);

describe('policies', () => {
  it('P1 X1 are set, changed and removed by global admins only, and audited with before and after', async () => {
    const world = await worldOfTest();
    world.grants.push({ teamId: TEAM, userId: BOB, role: 'admin', organizationId: 'csv:district' });
    for (const who of [SAM, BOB]) expect(await refusalOf(set(world, {}, who))).toMatchObject({ is: 'not-allowed' });
    expect(await set(world)).toMatchObject({ is: 'done', told: 'The policy P-1 holds.', result: { policy: { id: 'P-1', by: ANA } } });
    await set(world, { id: 'P-1', hours: 10 });
    await submit(world.outside, await world.actor(ANA), { is: 'edit-policies', change: { is: 'remove', policyId: 'P-1' } }, null);
    expect(await world.all('policy')).toEqual([]);
    expect((await world.audit()).map(({ action, before, after }) => [action, before?.hours, after?.hours])).toEqual([
      ['policies.set', undefined, '72'],
      ['policies.set', '72', '10'],
      ['policies.remove', '10', undefined],
    ]);
    // A number is never given again: old requests say which policy they were asked under.
    expect(await set(world)).toMatchObject({ result: { policy: { id: 'P-2' } } });
  });

  it('P1 refuse approvers who may not decide there, with what to do', async () => {
    const world = await worldOfTest();
    expect(await refusalOf(set(world, { steps: [of([SAM, BOB])] }))).toMatchObject({
      is: 'bad-input',
      field: 'step-1',
      problem: 'Bob may not approve everywhere.',
    });
    world.grants.push({ teamId: TEAM, userId: BOB, role: 'approver', organizationId: 'csv:school' });
    expect(await refusalOf(set(world, { steps: [of([BOB])], organizationId: 'csv:district' }))).toMatchObject({ problem: 'Bob may not approve at District.' });
    expect(await set(world, { steps: [of([BOB])], organizationId: 'csv:school' })).toMatchObject({ is: 'done' });
    world.slack.groups.set(LEADS, ['U0NOBODY']);
    expect(await refusalOf(set(world, { steps: [of([], 1, [LEADS])] }))).toMatchObject({ problem: 'Nobody in @it-leads may approve everywhere.' });
    world.slack.groups.set(LEADS, []);
    expect(await refusalOf(set(world, { steps: [of([], 1, [LEADS])] }))).toMatchObject({ is: 'bad-input', problem: expect.stringContaining('empty') });
    world.slack.groups.set(LEADS, [SAM]);
    expect(await set(world, { steps: [of([], 1, [LEADS])] })).toMatchObject({ is: 'done' });
  });

  it('P1 refuse numbers out of range, more people than there are, a second one for the same, and a channel where Usher can’t post', async () => {
    const world = await worldOfTest();
    for (const hours of [0, 721, 1.5]) expect(await refusalOf(set(world, { hours }))).toMatchObject({ is: 'bad-input', field: 'hours' });
    for (const from of [-1, 0.5]) expect(await refusalOf(set(world, { from }))).toMatchObject({ is: 'bad-input', field: 'from' });
    expect(await refusalOf(set(world, { steps: [] }))).toMatchObject({ is: 'bad-input', field: 'steps' });
    expect(await refusalOf(set(world, { steps: [of([], 0)] }))).toMatchObject({ is: 'bad-input', field: 'step-1' });
    expect(await refusalOf(set(world, { steps: [of([], 4)] }))).toMatchObject({
      is: 'bad-input',
      field: 'steps',
      problem: expect.stringContaining('4 different people'),
    });
    expect(await refusalOf(set(world, { steps: [of([SAM]), of([SAM])] }))).toMatchObject({ is: 'bad-input', field: 'steps' });
    world.slack.mute.add(CHANNEL);
    expect(await refusalOf(set(world, { channelId: CHANNEL }))).toMatchObject({ is: 'cannot-post', channelId: CHANNEL, remedy: 'Invite it.' });
    await set(world);
    expect(await refusalOf(set(world))).toMatchObject({ is: 'bad-input', field: 'from', problem: 'P-1 is for exactly that already.' });
  });

  it('P1 can’t be dropped by one person where roles take two: such a change asks for the same approval', async () => {
    const world = await worldOfTest();
    await set(world, { action: 'change-roles' });
    const removal = { is: 'edit-policies', change: { is: 'remove', policyId: 'P-1' } } as const;
    expect(await submit(world.outside, await world.actor(ANA), removal, 'in the way')).toMatchObject({ is: 'asked', request: { action: 'change-roles' } });
    expect(await set(world, { action: 'delete' })).toMatchObject({ is: 'asked' });
    expect(await world.all('policy')).toHaveLength(1);
    await decide(world.outside, await world.actor(LEE), 'Q-1', { is: 'approve' });
    expect(await world.all('policy')).toEqual([]);
  });

  it('P1 a request goes on by the terms that it was asked under', async () => {
    const world = await worldOfTest();
    await world.policy('disconnect', [of([SAM])]);
    await world.asked();
    await world.policy('disconnect', [of([LEE])]);
    expect(await refusalOf(decide(world.outside, await world.actor(LEE), 'Q-1', { is: 'approve' }))).toMatchObject({ is: 'not-an-approver' });
    expect(await decide(world.outside, await world.actor(SAM), 'Q-1', { is: 'approve' })).toMatchObject({ state: { is: 'done' } });
  });

  it('P1 one for an organization holds below it, and not beside', async () => {
    const world = await worldOfTest();
    await world.policy('assign', [ANYBODY], { organizationId: 'csv:school', from: 5 });
    const at = (organizationId: string | null, size: number) => policyFor(world.outside, 'assign', organizationId, size);
    expect(await at('csv:school', 5)).toMatchObject({ policyId: 'P-1', hours: 72 });
    expect([await at('csv:school', 4), await at('csv:other', 9), await at('csv:district', 9), await at(null, 9)]).toEqual([null, null, null, null]);
    expect(await policyFor(world.outside, 'edit-protected', null, 1)).toMatchObject({ policyId: null, steps: [ANYBODY] });
  });

  it('X1 are read by those for whom they hold', async () => {
    const world = await worldOfTest();
    world.grants.push({ teamId: TEAM, userId: BOB, role: 'viewer', organizationId: 'csv:other' });
    await world.policy('assign', [ANYBODY], { id: 'P-1', organizationId: 'csv:school' });
    await world.policy('delete', [ANYBODY], { id: 'P-2' });
    const read = async (userId: string) => (await policies(world.outside, await world.actor(userId))).map(({ id }) => id);
    expect([await read(ANA), await read(BOB)]).toEqual([['P-1', 'P-2'], ['P-2']]);
  });
});
