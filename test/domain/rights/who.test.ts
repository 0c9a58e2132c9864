import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { checkFirstAdmins } from '../../../src/domain/rights/verbs/first-admins.ts';
import { keepStandings, personChanged } from '../../../src/domain/rights/verbs/standings.ts';
import { refreshGroup, refreshPerson } from '../../../src/domain/rights/verbs/refresh.ts';
import { everybody, requireRight, requireRole, whomToAsk } from '../../../src/domain/rights/verbs/who.ts';
import { ANA, group, LEADS, MIA, person, type RightsWorld, rightsWorld, SAM, TEAM } from './rights-world.ts';

let here: RightsWorld;
beforeEach(async () => {
  here = await rightsWorld();
});
afterEach(() => here.home.close());

const roles = async (userId: string, teamId = TEAM): Promise<readonly string[]> => (await here.actor(userId, teamId)).grants.map(({ role }) => role);

describe('who somebody is', () => {
  it('X1 lets everybody start with nothing but the first admins of the configuration', async () => {
    expect(await roles(ANA)).toEqual(['admin']);
    expect(await roles(SAM)).toEqual([]);
    await expect(requireRole(here.outside, await here.actor(SAM))).rejects.toMatchObject({ reason: { is: 'no-role', ask: [ANA] } });
  });

  it('X1 knows people by Slack team and user id, not by user id alone', async () => {
    await here.give(person(SAM), 'operator');
    expect(await roles(SAM)).toEqual(['operator']);
    expect(await roles(SAM, 'T0OTHER')).toEqual([]);
    expect(await roles(ANA, 'T0OTHER')).toEqual([]);
  });

  it('X1 gives the members of a user group its role, as long as they are in it', async () => {
    await here.give(group(LEADS), 'operator', 'csv:school');
    expect((await here.actor(SAM)).grants).toEqual([{ teamId: TEAM, userId: SAM, role: 'operator', organizationId: 'csv:school' }]);
    expect(await roles(MIA)).toEqual([]);
    here.changeGroup(LEADS, { members: [MIA] });
    await refreshGroup(here.outside, LEADS);
    expect(await roles(SAM)).toEqual([]);
    expect(await roles(MIA)).toEqual(['operator']);
    expect(await roles(MIA, 'T0OTHER')).toEqual([]);
  });

  it('X1 takes its role from everybody in a user group that is disabled or gone, and gives it back with the group', async () => {
    await here.give(group(LEADS), 'viewer');
    here.changeGroup(LEADS, null);
    expect(await refreshGroup(here.outside, LEADS)).toBeUndefined();
    expect(await roles(SAM)).toEqual([]);
    here.changeGroup(LEADS, { handle: 'it-leads', members: [SAM] });
    await refreshGroup(here.outside, LEADS);
    expect(await roles(SAM)).toEqual(['viewer']);
  });

  it('X1 lets guests and people of other workspaces in a user group hold nothing but a partner’s role', async () => {
    here.change('U0TOM', { guest: true });
    here.change('U0KENJI', { foreign: true, teamId: 'T0LUMEN' });
    here.changeGroup(LEADS, { members: ['U0TOM', 'U0KENJI'] });
    await here.give(group(LEADS), 'admin');
    await here.give(group(LEADS), 'partner', 'csv:bright');
    expect(await roles('U0TOM')).toEqual(['partner']);
    expect(await roles('U0KENJI')).toEqual(['partner']);
    expect(await roles('U0KENJI', 'T0LUMEN')).toEqual([]);
  });

  it('X1 asks for a first admin who is a guest, foreign or deactivated in vain', async () => {
    for (const how of [{ guest: true }, { foreign: true }, { deleted: true }]) {
      const id = `U0${Object.keys(how)[0]?.toUpperCase()}`;
      here.change(id, how);
      here.settings.grants.push({ teamId: TEAM, userId: id, role: 'admin', organizationId: null });
      expect(await roles(id)).toEqual([]);
    }
    expect(await whomToAsk(here.outside)).toEqual([ANA]);
  });

  it('X1 X11 names the admins of groups too when it says whom to ask, and nobody who left', async () => {
    await here.give(group(LEADS), 'admin');
    await here.give(person(MIA), 'admin');
    expect(await whomToAsk(here.outside)).toEqual([ANA, SAM, MIA]);
    here.change(MIA, { deleted: true });
    await refreshPerson(here.outside, MIA);
    expect(await whomToAsk(here.outside)).toEqual([ANA, SAM]);
  });

  it('X1 asks Slack once about somebody who could hold something, and never about anybody else', async () => {
    await here.give(group(LEADS), 'viewer');
    here.asked.length = 0;
    await here.actor(SAM);
    await here.actor(SAM);
    await here.actor(MIA);
    expect(here.asked).toEqual([SAM]);
  });

  it('X1 refuses rather than guesses who somebody is when Slack does not answer', async () => {
    await here.give(group(LEADS), 'viewer');
    here.goAway(true);
    await expect(here.actor(SAM)).rejects.toThrow('Slack could not be reached');
    await expect(here.actor(MIA)).resolves.toMatchObject({ grants: [] });
  });

  it('X1 C3 gives rights at an organization and below it, never above or beside', async () => {
    await here.give(person(SAM), 'admin', 'csv:school');
    const sam = await here.actor(SAM);
    await expect(requireRight(here.outside, sam, 'administer', 'csv:school', 'do this')).resolves.toBeUndefined();
    await expect(requireRight(here.outside, sam, 'administer', 'csv:other', 'do this')).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
    await expect(requireRight(here.outside, sam, 'administer', 'csv:district', 'do this')).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
    await expect(requireRight(here.outside, sam, 'administer', null, 'do this')).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
  });

  it('X1 lists everybody in effect once, with all that they hold', async () => {
    await here.give(group(LEADS), 'viewer');
    await here.give(person(SAM), 'approver', 'csv:school');
    const all = await everybody(here.outside);
    expect(all.map(({ userId, grants }) => [userId, grants.map(({ role }) => role)])).toEqual([
      [ANA, ['admin']],
      [SAM, ['viewer', 'approver']],
    ]);
  });
});

describe('somebody who leaves Slack', () => {
  it('X11 suspends their roles at once, keeps what they were given, and gives it back when they come back', async () => {
    await here.give(person(SAM), 'admin', 'csv:school');
    here.change(SAM, { deleted: true });
    await personChanged(here.outside, SAM);
    expect(await roles(SAM)).toEqual([]);
    expect(await here.home.all('grant')).toHaveLength(1);
    here.change(SAM, { deleted: false });
    await personChanged(here.outside, SAM);
    expect(await roles(SAM)).toEqual(['admin']);
    expect((await here.audit()).map(({ action, summary, by }) => [action, summary, by])).toEqual([
      ['roles.give', 'gave sam the role admin for North School', ANA],
      ['roles.standing', 'sam was deactivated in Slack: their roles are suspended', 'usher'],
      ['roles.standing', 'sam is active in Slack again: their roles are in effect', 'usher'],
    ]);
  });

  it('X1 X11 suspends somebody who was made a guest', async () => {
    await here.give(person(SAM), 'operator');
    here.change(SAM, { guest: true });
    await personChanged(here.outside, SAM);
    expect(await roles(SAM)).toEqual([]);
    expect((await here.audit()).at(-1)).toMatchObject({ before: { Slack: 'member' }, after: { Slack: 'guest' } });
    expect(await here.notes()).toEqual([]);
  });

  it('X11 tells every other global admin once, with what they own', async () => {
    await here.give(person(SAM), 'admin');
    await here.give(person(MIA), 'admin');
    await here.actor(ANA);
    await here.home.put('connector', 'c1', { ...(await here.home.connector()), createdBy: SAM });
    here.change(SAM, { deleted: true });
    await personChanged(here.outside, SAM);
    await personChanged(here.outside, SAM);
    await keepStandings(here.outside);
    const text = 'sam was deactivated in Slack. Their role is suspended. They own 1 connector: re-assign with “roles reassign”.';
    expect([...(await here.notes())].sort()).toEqual([`${ANA}: ${text}`, `${MIA}: ${text}`]);
    expect(here.home.drawn).toHaveLength(2);
  });

  it('X11 counts somebody whom Slack no longer knows as gone', async () => {
    await here.give(person(SAM), 'operator');
    here.forget(SAM);
    await refreshPerson(here.outside, SAM);
    expect(await roles(SAM)).toEqual([]);
  });

  it('X11 says loudly that nobody is left who can give roles', async () => {
    await here.actor(ANA);
    here.change(ANA, { deleted: true });
    await personChanged(here.outside, ANA);
    expect(here.logged.filter((line) => line.includes('the last global admin was deactivated'))).toHaveLength(1);
    expect(await whomToAsk(here.outside)).toEqual([]);
  });

  it('X11 costs no request for the many whom Slack changes and Usher does not know', async () => {
    await here.give(group(LEADS), 'viewer');
    here.asked.length = 0;
    await personChanged(here.outside, MIA);
    expect(here.asked).toEqual([]);
  });
});

describe('an event that was lost', () => {
  it('X11 keeps no right alive: people and groups are read again when the last answer is older than ten minutes', async () => {
    await here.give(person(MIA), 'viewer');
    await here.give(group(LEADS), 'viewer');
    await here.actor(SAM);
    await here.actor(ANA);
    here.asked.length = 0;
    await here.clock.advance(9 * MINUTE);
    await keepStandings(here.outside);
    expect(here.asked).toEqual([]);
    here.change(MIA, { deleted: true });
    here.changeGroup(LEADS, { members: [] });
    await here.clock.advance(MINUTE + SECOND);
    await keepStandings(here.outside);
    expect([...here.asked].sort()).toEqual([LEADS, ANA, MIA, SAM].sort());
    expect(await roles(MIA)).toEqual([]);
    expect(await roles(SAM)).toEqual([]);
  });

  it('X11 is caught up with at a few requests a minute, the oldest answer first', async () => {
    for (let at = 0; at < 20; at += 1) {
      here.change(`U0P${at}`, {});
      await here.give(person(`U0P${at}`), 'viewer');
    }
    await here.clock.advance(DAY);
    const rounds: number[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      here.asked.length = 0;
      await keepStandings(here.outside);
      rounds.push(here.asked.length);
      await here.clock.advance(MINUTE);
    }
    expect(Math.max(...rounds)).toBeLessThanOrEqual(6);
    expect(rounds.reduce((sum, one) => sum + one)).toBe(21);
  });

  it('X1 keeps nobody from starting Usher', async () => {
    here.goAway(true);
    await checkFirstAdmins(here.outside);
    expect(here.logged).toEqual(['Slack did not tell who a first admin is; they are asked for again']);
    here.goAway(false);
    expect(await roles(ANA)).toEqual(['admin']);
  });

  it('X11 is tried again in the next minute when Slack does not answer', async () => {
    await here.give(person(MIA), 'viewer');
    await here.clock.advance(DAY);
    here.goAway(true);
    await keepStandings(here.outside);
    expect(here.logged.some((line) => line.includes('asked again in a minute'))).toBe(true);
    here.goAway(false);
    here.change(MIA, { deleted: true });
    await keepStandings(here.outside);
    expect(await roles(MIA)).toEqual([]);
  });

  it('X11 does not let an older answer of Slack overwrite a newer one', async () => {
    await here.give(group(LEADS), 'viewer');
    await here.actor(SAM);
    // The first asks, and its answer is held back while the second asks and is answered.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { workspace } = here.outside;
    const slow = {
      ...here.outside,
      workspace: { ...workspace, group: async (id: string) => workspace.group(id).then(async (found) => held.then(() => found)) },
    };
    const first = refreshGroup(slow, LEADS);
    await here.clock.advance(SECOND);
    here.changeGroup(LEADS, { members: [] });
    await refreshGroup(here.outside, LEADS);
    release();
    await first;
    expect(await roles(SAM)).toEqual([]);
  });
});
