import { expect, it } from 'vitest';
import { put } from '../../src/domain/revise.ts';
import { type App, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { reads, screen, shows } from './steps.ts';
import { becomes, seedTwoSchools } from './two-schools.ts';

async function district(): Promise<App> {
  const app = await startApp({ people: 0 });
  await seedTwoSchools(app);
  return app;
}

it('X1 gives a role from the Home tab’s form to a person and to a user group, lists it with who gave it, and takes it after saying what they lose', async () => {
  const app = await district();
  const { ana, workspace } = app;
  const mia = workspace.as(MIA);
  await ana.home();
  await workspace.until(() => JSON.stringify(workspace.homeView(ana.id) ?? '').includes('roles.list'), 'the Roles button');
  await ana.press('roles.list');
  await shows(workspace, ana, 'Give a role…');
  await ana.press('roles.give');
  await shows(workspace, ana, 'or user group');
  expect(JSON.stringify(await ana.suggest('roles.place', ''))).toContain('"value":"*"');
  expect(JSON.stringify(await ana.suggest('roles.group', 'it'))).toContain('S0ITLEADS');
  await ana.submit({ holder: MIA, role: 'operator', 'roles.place': 'd:north', why: 'runs the office' });
  await shows(workspace, ana, 'The role operator for Norrvik High is given to mia. (G-91)');
  await ana.dismiss(true);

  // It counts at once, and she is told through what and from whom.
  await mia.say(PROVISIONING, '/usher roles mine');
  const mine = await reads(workspace, mia, PROVISIONING, 'You hold 1 role');
  expect(mine).toContain('*operator* of Norrvik High');
  expect(mine).toContain('given by ana');
  await ana.say(PROVISIONING, '/usher roles give <!subteam^S0ITLEADS|@it-leads> approver everything why="they lead"');
  await reads(workspace, ana, PROVISIONING, 'The role approver for everything is given to @it-leads. (G-92)');
  await ana.say(PROVISIONING, '/usher roles <@U0SAMONEIL|sam>');
  const sams = await reads(workspace, ana, PROVISIONING, 'of sam');
  expect(sams).toContain('@it-leads (2 people)');
  expect(sams).not.toContain('mia');

  await ana.say(PROVISIONING, '/usher roles show G-91');
  await shows(workspace, ana, 'runs the office');
  await ana.press('roles.take');
  await shows(workspace, ana, 'They can then no longer see, report, sync and retry');
  await ana.submit({ why: 'moved on' });
  await shows(workspace, ana, 'The role operator for Norrvik High is taken from mia. (G-91)');
  await mia.say(PROVISIONING, '/usher roles mine');
  await reads(workspace, mia, PROVISIONING, 'You have no role in Usher yet');
  expect(workspace.failures).toEqual([]);
});

it('X1 C3 an admin of one school gives roles there only, and is neither offered nor given what is a global admin’s', async () => {
  const app = await district();
  const { workspace } = app;
  const sam = workspace.as(SAM);
  await becomes(app, SAM, 'admin', 'd:north');
  await sam.say(PROVISIONING, '/usher roles give');
  await shows(workspace, sam, 'Give a role');
  expect(screen(sam)).not.toContain('"value":"partner"');
  expect(JSON.stringify(await sam.suggest('roles.place', ''))).not.toMatch(/"\*"|d:south|d:district/);
  await sam.submit({ holder: 'U0TOMGUEST', role: 'viewer', 'roles.place': 'd:north' });
  await shows(workspace, sam, 'guests hold no role but a partner’s');
  expect(screen(sam)).toContain('"initial_user":"U0TOMGUEST"');
  await sam.dismiss(true);
  await sam.say(PROVISIONING, `/usher roles give <@${MIA}|mia> viewer everything`);
  await reads(workspace, sam, PROVISIONING, 'Only admins of the whole installation can give roles for everything');
  await sam.say(PROVISIONING, `/usher roles give <@${MIA}|mia> viewer organization=d:south`);
  await reads(workspace, sam, PROVISIONING, 'There is no organization');
  await sam.say(PROVISIONING, '/usher roles left');
  await reads(workspace, sam, PROVISIONING, 'Only admins of the whole installation can re-assign what people own');
  await sam.say(PROVISIONING, `/usher roles give <@${MIA}|mia> viewer`);
  await reads(workspace, sam, PROVISIONING, 'The role viewer for Norrvik High is given to mia. (G-91)');
  expect(workspace.failures).toEqual([]);
});

it('X11 lists who left with what they own, says so on the Home tab, and moves it to somebody with the rights', async () => {
  const app = await district();
  const { ana, workspace } = app;
  const { store } = app.usher().outside;
  const left = {
    id: 'U0OLDJOE',
    teamId: 'T0RIVERSIDE',
    name: 'joe',
    guest: false,
    foreign: false,
    deactivated: Date.UTC(2026, 10, 1),
    readAt: Date.UTC(2026, 10, 1),
  };
  const zoom = await store.get('connector', 'zoom');
  if (zoom === undefined) throw new Error('there is no Zoom');
  await store.transaction({ puts: [put('slackPerson', left.id, left), put('connector', 'zoom', { ...zoom.value, createdBy: left.id })] });
  await ana.home();
  await workspace.until(() => JSON.stringify(workspace.homeView(ana.id) ?? '').includes('left Slack and owns something here'), 'the need');
  await ana.press('roles.left');
  await shows(workspace, ana, 'Owns Zoom');
  await ana.press('roles.reassign');
  await shows(workspace, ana, 'Connectors, with their schedules');
  await ana.submit({ what: ['connectors'], to: SAM });
  await shows(workspace, ana, 'has no right to take it over');
  await ana.submit({ what: ['connectors'], to: ana.id });
  await shows(workspace, ana, '1 connector moved to ana');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher roles reassign <@U0OLDJOE|joe> to=<@U0ANARUIZ|ana>');
  await reads(workspace, ana, PROVISIONING, 'joe owns nothing of that');
  expect(workspace.failures).toEqual([]);
});
