import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clear } from '../../../src/domain/approvals/clearance.ts';
import { describeRoleChange, takeRole } from '../../../src/domain/rights/verbs/change-roles.ts';
import { refreshPerson } from '../../../src/domain/rights/verbs/refresh.ts';
import { roleGrants } from '../../../src/domain/rights/verbs/role-grants.ts';
import { whomToAsk } from '../../../src/domain/rights/verbs/who.ts';
import { ANA, CLEAR, group, LEADS, MIA, person, type RightsWorld, rightsWorld, SAM, TEAM } from './rights-world.ts';

let here: RightsWorld;
beforeEach(async () => {
  here = await rightsWorld();
});
afterEach(() => here.home.close());

const take = async (grantId: string, by = ANA) => takeRole(here.outside, await here.actor(by), { is: 'take', grantId }, CLEAR);
const listedFor = async (userId: string) =>
  (await roleGrants(here.outside, await here.actor(userId))).map(({ holderName, role, organization }) => `${holderName} ${role} ${organization ?? '*'}`);

describe('giving roles', () => {
  it('X1 X2 gives a role, with before and after in the audit', async () => {
    const grant = await here.give(person(SAM), 'operator', 'csv:school');
    expect(grant).toMatchObject({ id: 'G-1', role: 'operator', organizationId: 'csv:school', by: ANA });
    expect((await here.audit())[0]).toMatchObject({
      by: ANA,
      way: 'command',
      action: 'roles.give',
      subject: 'G-1',
      summary: 'gave sam the role operator for North School',
      before: null,
      after: { holder: SAM, name: 'sam', role: 'operator', for: 'North School' },
    });
  });

  it('X1 lets an admin give roles at or below where they administer, and nowhere else', async () => {
    await here.give(person(SAM), 'admin', 'csv:school');
    await expect(here.give(person(MIA), 'admin', 'csv:school', SAM)).resolves.toMatchObject({ role: 'admin' });
    for (const organizationId of ['csv:other', 'csv:district', null])
      await expect(here.give(person(MIA), 'viewer', organizationId, SAM)).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
  });

  it('X1 lets nobody but admins give roles', async () => {
    await here.give(person(SAM), 'operator');
    await here.give(person(MIA), 'approver');
    for (const by of [SAM, MIA]) await expect(here.give(person('U0LEE'), 'viewer', 'csv:school', by)).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
    await expect(here.give(person(SAM), 'admin', null, 'U0LEE')).rejects.toMatchObject({ reason: { is: 'no-role' } });
  });

  it('X1 leaves partner roles to global admins, and for the organizations of partners', async () => {
    await here.give(person(SAM), 'admin', 'csv:bright');
    await expect(here.give(person(MIA), 'partner', 'csv:bright', SAM)).rejects.toMatchObject({ reason: { is: 'not-allowed', organization: null } });
    await expect(here.give(person(MIA), 'partner', 'csv:bright')).resolves.toMatchObject({ role: 'partner' });
    for (const organizationId of ['csv:school', null])
      await expect(here.give(person(MIA), 'partner', organizationId)).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'organization' } });
  });

  it.each([
    ['a guest', { guest: true }, 'is a guest in Slack, and guests hold no role but a partner’s.'],
    ['somebody of another workspace', { foreign: true, teamId: 'T0LUMEN' }, 'is of another workspace'],
    ['somebody deactivated', { deleted: true }, 'is deactivated in Slack.'],
  ])('X1 refuses %s with the reason', async (_who, how, problem) => {
    here.change(SAM, how);
    await expect(here.give(person(SAM), 'viewer')).rejects.toMatchObject({
      reason: { is: 'bad-input', field: 'holder', problem: expect.stringContaining(problem) },
    });
  });

  it('X1 lets guests and people of other workspaces hold a partner’s role, under their own team', async () => {
    here.change('U0KENJI', { foreign: true, teamId: 'T0LUMEN' });
    here.change('U0NADIA', { guest: true });
    await here.give(person('U0KENJI'), 'partner', 'csv:bright');
    await here.give(person('U0NADIA'), 'partner', 'csv:bright');
    expect((await here.actor('U0KENJI', 'T0LUMEN')).grants).toMatchObject([{ role: 'partner' }]);
    expect((await here.actor('U0KENJI', TEAM)).grants).toEqual([]);
    expect((await here.actor('U0NADIA')).grants).toMatchObject([{ role: 'partner' }]);
  });

  it('X1 refuses people and user groups that Slack does not know, and organizations that are not there', async () => {
    await expect(here.give(person('U0NOBODY'), 'viewer')).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'holder' } });
    await expect(here.give(group('S0NONE'), 'viewer')).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'holder' } });
    await expect(here.give(person(SAM), 'viewer', 'csv:nowhere')).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'organization' } });
    expect(await here.home.all('grant')).toEqual([]);
  });

  it('X1 gives nothing twice, also where two give it at once, or the configuration did', async () => {
    const both = await Promise.allSettled([here.give(person(SAM), 'viewer'), here.give(person(SAM), 'viewer')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(here.give(person(SAM), 'viewer')).rejects.toMatchObject({
      reason: { is: 'nothing-to-do', detail: 'sam holds the role viewer for everything already.' },
    });
    await expect(here.give(person(ANA), 'admin')).rejects.toMatchObject({
      reason: { is: 'nothing-to-do', detail: expect.stringContaining('USHER_FIRST_ADMINS') },
    });
    expect(await here.home.all('grant')).toHaveLength(1);
    expect(await here.audit()).toHaveLength(1);
  });

  it('X1 gives different roles at once without losing one', async () => {
    await Promise.all([here.give(person(SAM), 'viewer'), here.give(person(MIA), 'viewer'), here.give(group(LEADS), 'approver')]);
    expect((await here.home.all('grant')).map(({ id }) => id).sort()).toEqual(['G-1', 'G-2', 'G-3']);
  });

  it('X2 P1 writes into the audit who approved it', async () => {
    const approval = { requestId: 'Q-1', approvedBy: [MIA], singlePerson: null };
    const grant = await here.give(person(SAM), 'viewer');
    await takeRole(here.outside, await here.actor(ANA), { is: 'take', grantId: grant.id }, clear(approval, 0));
    expect((await here.audit()).at(-1)).toMatchObject({ action: 'roles.take', before: { role: 'viewer' }, after: null, approval });
  });
});

describe('what a change of roles does', () => {
  it('P2 X1 is told in numbers before anybody agrees to it', async () => {
    here.changeGroup(LEADS, { members: [SAM, MIA] });
    const give = { is: 'give', holder: group(LEADS), role: 'operator', organizationId: 'csv:school' } as const;
    expect(await describeRoleChange(here.outside, await here.actor(ANA), give)).toEqual({
      title: 'give @it-leads (2 people) the role operator for North School',
      lines: ['They can then see, report, sync and retry.', 'Whoever joins or leaves the user group later gets or loses it too.'],
      size: 2,
      organizationId: 'csv:school',
      connectorId: null,
    });
    const { id } = await here.give(person(SAM), 'admin');
    const taking = await describeRoleChange(here.outside, await here.actor(ANA), { is: 'take', grantId: id });
    expect(taking).toMatchObject({ title: 'take the role admin for everything from sam', size: 1, organizationId: null });
  });

  it('X1 refuses in the same way as the change itself', async () => {
    const give = { is: 'give', holder: person(ANA), role: 'admin', organizationId: null } as const;
    await expect(describeRoleChange(here.outside, await here.actor(ANA), give)).rejects.toMatchObject({ reason: { is: 'nothing-to-do' } });
    await expect(describeRoleChange(here.outside, await here.actor(SAM), give)).rejects.toMatchObject({ reason: { is: 'no-role' } });
    await expect(describeRoleChange(here.outside, await here.actor(ANA), { is: 'take', grantId: 'G-9' })).rejects.toMatchObject({
      reason: { is: 'not-found' },
    });
  });
});

describe('taking roles', () => {
  it('X1 takes a role where the actor may give it, and says nothing of those that they may not see', async () => {
    const there = await here.give(person(MIA), 'viewer', 'csv:other');
    await here.give(person(SAM), 'admin', 'csv:school');
    await expect(take(there.id, SAM)).rejects.toMatchObject({ reason: { is: 'not-found' } });
    await take(there.id);
    await expect(take(there.id)).rejects.toMatchObject({ reason: { is: 'not-found' } });
    expect((await here.actor(MIA)).grants).toEqual([]);
  });

  it('X1 does not take a role of the configuration, and says where it comes from', async () => {
    const [own] = await roleGrants(here.outside, await here.actor(ANA));
    expect(own).toMatchObject({ from: 'configuration', mayTake: false });
    await expect(take(own?.id ?? '')).rejects.toMatchObject({ reason: { is: 'nothing-to-do', detail: expect.stringContaining('USHER_FIRST_ADMINS') } });
  });

  it('X11 leaves at least one global admin whom Slack calls active, members of groups among them', async () => {
    const sam = await here.give(person(SAM), 'admin');
    here.change(ANA, { deleted: true });
    await refreshPerson(here.outside, ANA);
    await expect(take(sam.id, SAM)).rejects.toMatchObject({ reason: { is: 'last-admin', who: 'sam' } });
    here.changeGroup(LEADS, { members: ['U0TOM'] });
    here.change('U0TOM', { guest: true });
    await here.give(group(LEADS), 'admin', null, SAM);
    await expect(take(sam.id, SAM)).rejects.toMatchObject({ reason: { is: 'last-admin' } });
    here.change('U0TOM', { guest: false });
    await refreshPerson(here.outside, 'U0TOM');
    await take(sam.id, SAM);
    expect(await whomToAsk(here.outside)).toEqual(['U0TOM']);
  });

  it('X11 leaves one also where two admins take each other’s role at once', async () => {
    const sam = await here.give(person(SAM), 'admin');
    const mia = await here.give(person(MIA), 'admin');
    here.change(ANA, { deleted: true });
    await refreshPerson(here.outside, ANA);
    const [bySam, byMia] = [await here.actor(SAM), await here.actor(MIA)];
    const both = await Promise.allSettled([
      takeRole(here.outside, bySam, { is: 'take', grantId: mia.id }, CLEAR),
      takeRole(here.outside, byMia, { is: 'take', grantId: sam.id }, CLEAR),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await whomToAsk(here.outside)).toHaveLength(1);
  });
});

describe('the list of roles', () => {
  beforeEach(async () => {
    await here.give(person(SAM), 'admin', 'csv:school');
    await here.give(person(MIA), 'viewer', 'csv:other');
    await here.give(group(LEADS), 'operator', 'csv:other');
  });

  it('X1 C3 shows a global admin all, an admin their part, and everybody their own', async () => {
    expect(await listedFor(ANA)).toEqual(['ana admin *', 'sam admin North School', '@it-leads operator South School', 'mia viewer South School']);
    expect(await listedFor(SAM)).toEqual(['sam admin North School', '@it-leads operator South School']);
    expect(await listedFor(MIA)).toEqual(['mia viewer South School']);
    await expect(roleGrants(here.outside, await here.actor('U0LEE'))).rejects.toMatchObject({ reason: { is: 'no-role' } });
  });

  it('X1 says which of them the person may take', async () => {
    const mine = await roleGrants(here.outside, await here.actor(SAM));
    expect(mine.map(({ id, mayTake }) => [id, mayTake])).toEqual([
      ['G-1', true],
      ['G-3', false],
    ]);
  });

  it('X11 marks those that are suspended, with the reason', async () => {
    here.change(MIA, { deleted: true });
    await refreshPerson(here.outside, MIA);
    const all = await roleGrants(here.outside, await here.actor(ANA));
    expect(all.filter(({ suspended }) => suspended !== null)).toMatchObject([{ holderName: 'mia', suspended: 'deactivated' }]);
  });
});
