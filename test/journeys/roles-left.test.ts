import { describe, expect, it, onTestFinished } from 'vitest';
import { assemble } from '../../src/assemble.ts';
import { readConfiguration } from '../../src/config.ts';
import { clear } from '../../src/domain/approvals/clearance.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import type { Role } from '../../src/domain/rights/grant.ts';
import type { Holder } from '../../src/domain/rights/role-grant.ts';
import { giveRole } from '../../src/domain/rights/verbs/change-roles.ts';
import { keepStandings } from '../../src/domain/rights/verbs/standings.ts';
import { actorOf } from '../../src/domain/rights/verbs/who.ts';
import { ANA, type App, MIA, PROVISIONING, SAM, startApp, startStage } from '../app.ts';
import { manualClock } from '../clock.ts';
import { shows } from './steps.ts';

const TEAM = 'T0RIVERSIDE';
const LEADS = 'S0ITLEADS';
const NADIA = 'U0NADIAPETROVA';
const small = { people: 0 };

/** Ana gives somebody a role for everything; how she does that is shown elsewhere. */
async function given(app: App, holder: Holder, role: Role): Promise<void> {
  const { outside } = app.usher();
  await giveRole(outside, await actorOf(outside, TEAM, ANA, 'command'), { is: 'give', holder, role, organizationId: null }, clear(null, null));
}

/** What somebody is told when they ask what they hold. */
async function listed(app: App, userId: string): Promise<string> {
  const before = app.workspace.ephemerals(userId).length;
  const person = app.workspace.as(userId);
  await person.say(person.directChannel(), '/usher roles mine');
  return app.workspace.until(() => {
    const said = app.workspace.ephemerals(userId).slice(before);
    const last = said.at(-1);
    return last !== undefined && !last.text.includes('Reading') ? JSON.stringify([last.text, last.blocks]) : undefined;
  }, 'an answer about roles');
}

/** What Usher keeps of somebody, waited for. */
async function standing(app: App, userId: string, deactivated: boolean): Promise<void> {
  let person = (await app.usher().outside.store.get('slackPerson', userId))?.value;
  while ((person?.deactivated !== null) !== deactivated) {
    await new Promise((resolve) => setImmediate(resolve));
    person = (await app.usher().outside.store.get('slackPerson', userId))?.value;
  }
}

async function membersOf(app: App, count: number): Promise<void> {
  while ((await app.usher().outside.store.get('userGroup', LEADS))?.value.members.length !== count) await new Promise((resolve) => setImmediate(resolve));
}

describe('person deactivated loses rights at once', () => {
  it('X11 takes their roles with Slack’s event, tells the other admins what they own, and gives the roles back when they return', async () => {
    const app = await startApp(small);
    const { workspace, ana } = app;
    await given(app, { is: 'person', teamId: TEAM, userId: SAM }, 'admin');
    expect(await listed(app, SAM)).toContain('admin');
    workspace.deactivate(SAM);
    await standing(app, SAM, true);
    // Slack lets nobody ask who is deactivated: what is left is what others ask of them, such as an approval.
    expect((await actorOf(app.usher().outside, TEAM, SAM, 'job')).grants).toEqual([]);
    const direct = ana.directChannel();
    await workspace.until(
      () => workspace.messages(direct).some(({ text }) => text.includes('sam was deactivated in Slack. Their role is suspended.')),
      'a note',
    );
    workspace.changePerson(SAM, { deleted: false });
    await standing(app, SAM, false);
    expect(await listed(app, SAM)).toContain('admin');
    expect(workspace.messages(direct).filter(({ text }) => text.includes('was deactivated'))).toHaveLength(1);
    expect(workspace.failures).toEqual([]);
  });

  it('X1 X11 takes the roles of somebody who is made a guest', async () => {
    const app = await startApp(small);
    await given(app, { is: 'person', teamId: TEAM, userId: MIA }, 'operator');
    app.workspace.changePerson(MIA, { guest: 'several-channels' });
    const { store } = app.usher().outside;
    while ((await store.get('slackPerson', MIA))?.value.guest !== true) await new Promise((resolve) => setImmediate(resolve));
    expect(await listed(app, MIA)).toContain('You have no role in Usher yet.');
  });

  it('X11 finds out by itself within minutes where the event was lost', async () => {
    const clock = manualClock();
    const app = await startApp({ ...small, clock });
    await given(app, { is: 'person', teamId: TEAM, userId: SAM }, 'admin');
    // Without the connection no event arrives; the Web API still answers.
    await app.usher().connection.stop();
    app.workspace.deactivate(SAM);
    const { outside } = app.usher();
    expect((await actorOf(outside, TEAM, SAM, 'command')).grants).toHaveLength(1);
    await clock.advance(11 * MINUTE);
    await keepStandings(outside);
    expect((await actorOf(outside, TEAM, SAM, 'command')).grants).toEqual([]);
  });
});

describe('member removed from a user group loses the role', () => {
  it('X1 gives and takes the role with Slack’s event', async () => {
    const app = await startApp(small);
    const { workspace } = app;
    await given(app, { is: 'group', teamId: TEAM, groupId: LEADS }, 'operator');
    expect(await listed(app, SAM)).toContain('operator');
    expect(await listed(app, MIA)).toContain('You have no role in Usher yet.');
    workspace.changeUsergroup(LEADS, { memberIds: [ANA, MIA, 'U0LEEOKAFOR'] });
    await membersOf(app, 3);
    expect(await listed(app, SAM)).toContain('You have no role in Usher yet.');
    expect(await listed(app, MIA)).toContain('operator');
    workspace.changeUsergroup(LEADS, { deleted: true });
    await membersOf(app, 0);
    expect(await listed(app, MIA)).toContain('You have no role in Usher yet.');
    expect(workspace.failures).toEqual([]);
  });

  it('X1 gives a guest in the group nothing', async () => {
    const app = await startApp(small);
    await given(app, { is: 'group', teamId: TEAM, groupId: LEADS }, 'admin');
    app.workspace.changeUsergroup(LEADS, { memberIds: [ANA, SAM, NADIA] });
    await membersOf(app, 3);
    expect(await listed(app, NADIA)).toContain('You have no role in Usher yet.');
  });
});

describe('last admin leaves', () => {
  it('X11 refuses to take the last one’s role in Slack', async () => {
    const app = await startApp(small);
    const { workspace } = app;
    const sam = workspace.as(SAM);
    await given(app, { is: 'person', teamId: TEAM, userId: SAM }, 'admin');
    workspace.deactivate(ANA);
    await standing(app, ANA, true);
    await sam.say(PROVISIONING, '/usher roles take G-1');
    await shows(workspace, sam, 'sam is the last admin of everything.');
    expect((await actorOf(app.usher().outside, TEAM, SAM, 'command')).grants).toHaveLength(1);
  });

  it('X11 says so in the log, tells whoever asks to turn to the host, and the configuration is the way back', async () => {
    const app = await startApp(small);
    const { workspace } = app;
    workspace.deactivate(ANA);
    await standing(app, ANA, true);
    expect(app.logged.filter(({ level, message }) => level === 'error' && message.includes('the last global admin was deactivated'))).toHaveLength(1);
    expect(await listed(app, SAM)).toContain('Ask whoever runs Usher here for one.');
    await app.usher().stop();
    const next = await assemble(readConfiguration({ ...app.environment, USHER_FIRST_ADMINS: SAM }), { environment: app.environment });
    onTestFinished(() => next.stop());
    expect((await actorOf(next.outside, TEAM, SAM, 'command')).grants).toMatchObject([{ role: 'admin', organizationId: null }]);
  });

  it('X1 warns at start of first admins who hold nothing: guests, people of other workspaces, deactivated and unknown ones', async () => {
    const { environment } = await startStage({ people: 0 });
    const warned: string[] = [];
    const log = { info: () => undefined, warn: (_fields: object, message: string) => void warned.push(message), error: () => undefined };
    const first = [ANA, NADIA, 'U0KENJIMORI', 'U0OLDJOE', 'U0NOBODY'].join(',');
    const usher = await assemble(readConfiguration({ ...environment, USHER_FIRST_ADMINS: first }), { environment, log });
    onTestFinished(() => usher.stop());
    const about = (userId: string): string | undefined => warned.find((message) => message.includes(userId));
    expect(about(ANA)).toBeUndefined();
    expect(about(NADIA)).toContain('a guest in Slack and holds no role');
    expect(about('U0KENJIMORI')).toContain('of another workspace');
    expect(about('U0OLDJOE')).toContain('deactivated in Slack');
    expect(about('U0NOBODY')).toContain('unknown to Slack');
    expect((await actorOf(usher.outside, TEAM, NADIA, 'command')).grants).toEqual([]);
  });
});
