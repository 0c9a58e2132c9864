import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONDITIONS, type Subscription, subscriptionKey } from '../../../src/domain/alerts/alert.ts';
import { subscriptionsTo } from '../../../src/domain/alerts/verbs/covering.ts';
import type { Policy } from '../../../src/domain/approvals/policy.ts';
import { ownerOf } from '../../../src/domain/connectors/connector.ts';
import { ownedBy } from '../../../src/domain/rights/verbs/owned.ts';
import { REASSIGNABLE, type Reassignable, reassign } from '../../../src/domain/rights/verbs/reassign.ts';
import { refreshPerson } from '../../../src/domain/rights/verbs/refresh.ts';
import { ANA, MIA, person, type RightsWorld, rightsWorld, SAM, TEAM } from './rights-world.ts';

let here: RightsWorld;
beforeEach(async () => {
  here = await rightsWorld();
  const connector = await here.home.connector();
  await here.home.put('connector', connector.id, {
    ...connector,
    createdBy: SAM,
    operating: { ...connector.operating, schedule: { cron: '0 6 * * *', timeZone: 'UTC' } },
  });
  await subscribed({ connectorId: null, by: SAM });
  await subscribed({ connectorId: 'c1', by: ANA, escalation: { to: SAM, afterMinutes: 30 } });
  await here.home.put('policy', 'P-1', policy('P-1', SAM));
  await here.home.put('delegation', ANA, { userId: ANA, to: SAM, from: 0, until: 9, by: ANA });
  await here.home.put('delegation', SAM, { userId: SAM, to: ANA, from: 0, until: 9, by: SAM });
});
afterEach(() => here.home.close());

async function subscribed(of: Partial<Subscription>): Promise<void> {
  const base: Subscription = { channelId: 'C1', connectorId: null, conditions: CONDITIONS, teamId: TEAM, by: SAM, at: 0, escalation: null, mayNames: false };
  await here.home.put('subscription', subscriptionKey({ ...base, ...of }), { ...base, ...of });
}

function policy(id: string, ...approvers: readonly string[]): Policy {
  const steps = [{ approvers: { people: approvers, groups: [] }, count: 1 }];
  return { id, action: 'delete', organizationId: null, from: 0, steps, channelId: null, hours: 72, by: ANA, at: 0 };
}

const moved = async (what: readonly Reassignable[] = REASSIGNABLE, to = MIA) => reassign(here.outside, await here.actor(ANA), { from: SAM, to, what });

describe('what somebody leaves behind', () => {
  it('X11 lists connectors, schedules, alerts, approvals and delegations', async () => {
    const owned = await ownedBy(here.outside, SAM);
    expect(owned.connectors.map(({ name }) => name)).toEqual(['Portal']);
    expect(owned.schedules.map(({ name }) => name)).toEqual(['Portal']);
    expect(owned.subscriptions.map(({ connectorId }) => connectorId)).toEqual([null, 'c1']);
    expect(owned.policies.map(({ id }) => id)).toEqual(['P-1']);
    expect(owned.delegations.map(({ userId, to }) => [userId, to])).toEqual([
      [ANA, SAM],
      [SAM, ANA],
    ]);
    expect(owned.requests).toEqual([]);
  });

  it('X11 X2 moves all of it to somebody with the rights, and audits each', async () => {
    await here.give(person(MIA), 'admin');
    here.change(SAM, { deleted: true });
    expect(await moved()).toEqual({ connectors: 1, subscriptions: 2, policies: 1, delegations: 2 });
    expect(ownerOf(await here.home.connector())).toBe(MIA);
    expect((await here.home.all('subscription')).map(({ by, escalation }) => [by, escalation?.to])).toEqual([
      [MIA, undefined],
      [ANA, MIA],
    ]);
    expect((await here.home.all('policy'))[0]?.steps[0]?.approvers.people).toEqual([MIA]);
    expect(await here.home.all('delegation')).toMatchObject([{ userId: ANA, to: MIA }]);
    expect((await ownedBy(here.outside, SAM)).connectors).toEqual([]);
    const rows = (await here.audit()).filter(({ action }) => action === 'roles.reassign');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({
      by: ANA,
      connectorId: 'c1',
      summary: 're-assigned connector Portal from sam to mia',
      before: { owner: SAM },
      after: { owner: MIA },
    });
    await expect(moved()).rejects.toMatchObject({ reason: { is: 'nothing-to-do' } });
  });

  it('X11 stops the alerts of who lost their roles, until somebody with the rights takes them over', async () => {
    await here.give(person(SAM), 'operator');
    await here.home.put('subscription', 'C1/c1', null);
    const covering = async () => (await subscriptionsTo(here.outside, await here.home.connector())).size;
    expect(await covering()).toBe(1);
    here.change(SAM, { deleted: true });
    await refreshPerson(here.outside, SAM);
    expect(await covering()).toBe(0);
    await here.give(person(MIA), 'operator');
    await moved(['subscriptions']);
    expect(await covering()).toBe(1);
  });

  it('X11 moves nothing to who has not the rights that it hangs on, nor part of it', async () => {
    here.change(SAM, { deleted: true });
    await expect(moved()).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'to', problem: expect.stringContaining('Portal needs an admin there') } });
    await here.give(person(MIA), 'admin', 'csv:district');
    await expect(moved()).rejects.toMatchObject({ reason: { problem: expect.stringContaining('policy P-1') } });
    expect(ownerOf(await here.home.connector())).toBe(SAM);
    await expect(moved(['connectors'])).resolves.toMatchObject({ connectors: 1, policies: 0 });
  });

  it('X11 moves nothing to guests, people of other workspaces, or those who left too', async () => {
    for (const how of [{ guest: true }, { foreign: true }, { deleted: true }]) {
      here.change('U0OTHER', { guest: false, foreign: false, deleted: false, ...how });
      await expect(moved(REASSIGNABLE, 'U0OTHER')).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'to' } });
    }
    await expect(moved(REASSIGNABLE, SAM)).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'to' } });
  });

  it('P3 X11 leaves who decides to the policies while the approver is still here: one admin alone can’t swap them', async () => {
    await here.give(person(MIA), 'admin');
    const refused = { reason: { is: 'bad-input', field: 'what', problem: 'sam still decides on requests.' } };
    await expect(moved(['policies'])).rejects.toMatchObject(refused);
    await expect(moved(['delegations'])).rejects.toMatchObject(refused);
    expect((await here.home.all('policy'))[0]?.steps[0]?.approvers.people).toEqual([SAM]);
    await expect(moved(['connectors', 'subscriptions'])).resolves.toMatchObject({ connectors: 1, subscriptions: 2 });
  });

  it('X11 P3 makes nobody approver twice in one policy', async () => {
    await here.give(person(MIA), 'admin');
    here.change(SAM, { deleted: true });
    await here.home.put('policy', 'P-1', policy('P-1', SAM, MIA));
    await expect(moved(['policies'])).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'to' } });
  });

  it('X1 X11 is moved by global admins only', async () => {
    await here.give(person(MIA), 'admin', 'csv:district');
    const by = await here.actor(MIA);
    await expect(reassign(here.outside, by, { from: SAM, to: MIA, what: REASSIGNABLE })).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
  });
});
