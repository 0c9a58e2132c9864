import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Step } from '../../../src/domain/approvals/policy.ts';
import type { ApprovalRequest } from '../../../src/domain/approvals/request.ts';
import { decide } from '../../../src/domain/approvals/verbs/decide.ts';
import { approvalsDue } from '../../../src/domain/approvals/verbs/due.ts';
import { releaseAlone } from '../../../src/domain/approvals/verbs/release.ts';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import { withdraw } from '../../../src/domain/approvals/verbs/withdraw.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { Role } from '../../../src/domain/rights/grant.ts';
import { type ApprovalsWorld, approvalsWorld, DISCONNECT, dyingAt, LEADS, TEAM } from './approvals-world.ts';

const REQUESTER = 'U01';
const OTHERS: readonly string[] = ['U02', 'U03', 'U04', 'U05'];
const PEOPLE = [REQUESTER, ...OTHERS];

const person = fc.constantFrom(...PEOPLE);
const step: fc.Arbitrary<Step> = fc.record({
  approvers: fc.record({ people: fc.uniqueArray(person, { maxLength: 3 }), groups: fc.constantFrom<readonly string[]>([], [], [LEADS]) }),
  count: fc.integer({ min: 1, max: 2 }),
});

type Act =
  | { readonly is: 'approve' | 'deny' | 'withdraw' | 'leave' | 'crash'; readonly who: string }
  | { readonly is: 'tick'; readonly hours: number }
  | { readonly is: 'release' };
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ is: fc.constant('approve' as const), who: person }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constantFrom('deny' as const, 'withdraw' as const, 'leave' as const), who: person }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('crash' as const), who: person }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('tick' as const), hours: fc.integer({ min: 0, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('release' as const) }) },
);

const story = fc.record({
  roles: fc.array(fc.constantFrom<Role>('approver', 'admin', 'viewer', 'approver'), { minLength: OTHERS.length, maxLength: OTHERS.length }),
  group: fc.uniqueArray(person, { maxLength: 3 }),
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  delegations: fc.array(fc.tuple(person, person), { maxLength: 3 }),
  /** What happens at the same time, one after the other. */
  rounds: fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Whether somebody, or the one in whose place they decide, is named by the step and may decide; told by the story alone. */
function isEntitled({ steps, group, roles, delegations }: Story, decision: ApprovalRequest['decisions'][number]): boolean {
  const { people, groups } = steps[decision.step]?.approvers ?? { people: ['nobody'], groups: [] };
  const seat = decision.insteadOf ?? decision.userId;
  const may = (id: string): boolean => id === REQUESTER || roles[OTHERS.indexOf(id)] !== 'viewer';
  const named = (people.length === 0 && groups.length === 0) || people.includes(seat) || (groups.length > 0 && group.includes(seat));
  // The last one said stands.
  const delegate = new Map(delegations).get(seat);
  return named && may(seat) && may(decision.userId) && (decision.insteadOf === null || delegate === decision.userId);
}

async function perform(world: ApprovalsWorld, what: Act): Promise<void> {
  try {
    switch (what.is) {
      case 'approve':
        await decide(world.outside, await world.actor(what.who), 'Q-1', { is: 'approve' });
        return;
      case 'deny':
        await decide(world.outside, await world.actor(what.who), 'Q-1', { is: 'deny', reason: 'no' });
        return;
      case 'withdraw':
        await withdraw(world.outside, await world.actor(what.who), 'Q-1');
        return;
      case 'leave':
        world.slack.deactivated.add(what.who);
        return;
      case 'crash': {
        const dies = dyingAt(world, ({ puts = [] }) => puts.some((one) => one.kind === 'approval' && one.value?.state.is === 'done'));
        await decide(dies, await world.actor(what.who), 'Q-1', { is: 'approve' }).catch((error: unknown) => {
          if (!(error instanceof Error && error.message === 'killed')) throw error;
        });
        return;
      }
      case 'tick':
        await world.clock.advance(what.hours * HOUR);
        await approvalsDue(world.outside);
        return;
      case 'release':
        await releaseAlone(world.outside, 'Q-1', 'alone', 'root');
        return;
    }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
  }
}

function check(of: Story, request: ApprovalRequest): void {
  const { decisions, state, singlePerson } = request;
  const seats = decisions.flatMap(({ userId, insteadOf }) => (insteadOf === null ? [userId] : [userId, insteadOf]));
  expect(seats).not.toContain(REQUESTER);
  expect(new Set(seats).size).toBe(seats.length);
  for (const decision of decisions) expect(isEntitled(of, decision)).toBe(true);
  if (!['approved', 'done', 'failed'].includes(state.is)) return;
  if (singlePerson !== null) expect(decisions).toEqual([]);
  else expect(of.steps.map((_, index) => decisions.filter((decision) => decision.step === index).length)).toEqual(of.steps.map(({ count }) => count));
}

it('P3 P4 whatever the policy, the people and the clicks: never by the requester, never by fewer different eligible people than the steps ask, done at most once', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(story, async (of) => {
      const world = await approvalsWorld({
        roles: { [REQUESTER]: 'admin', ...Object.fromEntries(OTHERS.map((id, index) => [id, of.roles[index] ?? 'viewer'])) },
      });
      try {
        world.slack.groups.set(LEADS, of.group);
        await world.put('userGroup', LEADS, { id: LEADS, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members: of.group, readAt: 0 });
        for (const [userId, to] of of.delegations)
          await world.put('delegation', userId, { userId, to, from: 0, until: world.clock.now() + 400 * DAY, by: userId });
        await world.policy('disconnect', of.steps);
        try {
          await submit(world.outside, await world.actor(REQUESTER), DISCONNECT, null);
        } catch (refusal) {
          if (!(refusal instanceof Refusal)) throw refusal;
          expect(refusal.reason.is).toBe('nobody-can-approve');
          seen.add('refused');
          return;
        }
        for (const round of of.rounds) {
          await Promise.all(round.map((what) => perform(world, what)));
          check(of, await world.request());
        }
        await world.restart();
        await perform(world, { is: 'tick', hours: 1 });
        const request = await world.request();
        check(of, request);
        const actions = (await world.audit()).map(({ action }) => action);
        const told = (...names: readonly string[]): number => actions.filter((action) => names.includes(action)).length;
        expect(told('connectors.disconnect')).toBe(request.state.is === 'done' ? 1 : 0);
        expect(told('approvals.approve')).toBe(request.decisions.length);
        const endings = { denied: 'approvals.deny', withdrawn: 'approvals.withdraw', expired: 'approvals.expire', closed: 'approvals.close' };
        for (const [state, action] of Object.entries(endings)) expect(told(action)).toBe(request.state.is === state ? 1 : 0);
        expect(await world.connectorState()).toBe(request.state.is === 'done' ? 'disconnected' : 'active');
        seen.add(request.state.is);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 60 },
  );
  // The stories are worth something only where they end in different ways.
  expect([...seen]).toEqual(expect.arrayContaining(['refused', 'done', 'open']));
});
