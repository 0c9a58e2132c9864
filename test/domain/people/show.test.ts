import { describe, expect, it } from 'vitest';
import { DAY } from '../../../src/domain/instant.ts';
import { showPerson } from '../../../src/domain/people/verbs/show.ts';
import { put } from '../../../src/domain/revise.ts';
import { cancelDeletion } from '../../../src/domain/sync/verbs/cancel-deletion.ts';
import { deletionsOf } from '../../../src/domain/sync/verbs/deletions.ts';
import { MORNING } from '../../clock.ts';
import { account, actor, CONNECTOR, connector, event, reportWorld } from '../reports/report-world.ts';

describe('a person’s page', () => {
  it('D6 shows source, memberships, each account with its state and since when, and the last events, newest first', async () => {
    const world = await reportWorld();
    const accounts = [put('account', `${CONNECTOR}/csv:p1`, account('p1', [[3, 'active']]))];
    const events = Array.from({ length: 7 }, (_, index) => event(`e${index}`, MORNING + index));
    await world.write(accounts, [...events, event('other', MORNING + 99, { subjectId: 'csv:p2' })]);
    const page = await showPerson(world.outside, actor('operator'), 'csv:p1');
    expect(page).toMatchObject({
      person: { source: 'csv' },
      organization: 'North High',
      memberships: [{ name: 'Teachers', kind: 'role', organization: 'North High' }],
    });
    expect(page.accounts).toMatchObject([
      {
        connector: { name: 'Portal' },
        account: { state: 'active', since: MORNING - 3 * DAY },
        through: { name: 'Teachers', organization: 'North High' },
        mayProvision: true,
      },
    ]);
    expect(page.events.map((one) => one.event.id)).toEqual(['e6', 'e5', 'e4', 'e3', 'e2']);
  });

  it('D6 offers Provision now to who may run syncs there, while the connector is active and they are in scope or have an account', async () => {
    const world = await reportWorld();
    const offered = async (role: 'viewer' | 'operator') =>
      (await showPerson(world.outside, actor(role, 'csv:north'), 'csv:p1')).accounts.map(({ mayProvision }) => mayProvision);
    expect(await offered('operator')).toEqual([true]);
    expect(await offered('viewer')).toEqual([false]);
    await world.write([put('connector', CONNECTOR, connector({ state: { is: 'disabled', since: MORNING } }))]);
    expect(await offered('operator')).toEqual([false]);
  });

  it('C3 is not found by somebody of another school, and shows no connector out of their sight', async () => {
    const world = await reportWorld();
    await expect(showPerson(world.outside, actor('viewer', 'csv:north'), 'csv:p2')).rejects.toMatchObject({ reason: { is: 'not-found', what: 'person' } });
    await world.write([put('connector', 'c2', connector({ id: 'c2', name: 'Secret', instanceId: 'i2', organizationId: 'csv:south' }))]);
    expect((await showPerson(world.outside, actor('viewer', 'csv:north'), 'csv:p1')).accounts.map((one) => one.connector.name)).toEqual(['Portal']);
  });
});

describe('scheduled deletions', () => {
  const due = (id: string, days: number) => put('account', `${CONNECTOR}/csv:${id}`, account(id, [[1, 'inactive']], { deleteAt: MORNING + days * DAY }));

  it('S10 are listed with the soonest first, people who left the directory too, and no more once cancelled', async () => {
    const world = await reportWorld();
    await world.write([due('p1', 20), due('p2', 10), due('gone', 30), put('account', `${CONNECTOR}/csv:p9`, account('p9', [[1, 'inactive']]))]);
    const listed = async () => (await deletionsOf(world.outside, actor('operator'), CONNECTOR)).deletions;
    expect((await listed()).map(({ personId, name, organization }) => [personId, name, organization])).toEqual([
      ['csv:p2', 'p2 Example', 'South High'],
      ['csv:p1', 'p1 Example', 'North High'],
      ['csv:gone', 'Name gone', ''],
    ]);
    await cancelDeletion(world.outside, actor('operator'), { connectorId: CONNECTOR, personId: 'csv:p2' });
    expect((await listed()).map(({ personId }) => personId)).toEqual(['csv:p1', 'csv:gone']);
  });

  it('S10 C3 show a school its own people, whom only its operators may keep', async () => {
    const world = await reportWorld();
    await world.write([due('p1', 20), due('p2', 10), due('gone', 30)]);
    const listed = async (role: 'viewer' | 'operator') =>
      (await deletionsOf(world.outside, actor(role, 'csv:north'), CONNECTOR)).deletions.map(({ personId, mayCancel }) => [personId, mayCancel]);
    expect(await listed('operator')).toEqual([['csv:p1', true]]);
    expect(await listed('viewer')).toEqual([['csv:p1', false]]);
  });
});
