import { expect, it } from 'vitest';
import { ANA, PROVISIONING, startApp } from '../app.ts';
import { connectZoom, reads, screen, shows } from './steps.ts';

it.each(['socket', 'http'] as const)('C6 C7 C8 A1 A2 S1 S2 S3 R1 takes an admin from nothing to synced accounts and a report, over %s', async (delivery) => {
  const app = await startApp({ delivery });
  const { ana, workspace, target } = app;
  await connectZoom(app);
  expect((await target.state()).users.total).toBe(0);

  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District" why="new year"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await ana.say(PROVISIONING, '/usher sync preview Zoom');
  await reads(workspace, ana, PROVISIONING, 'Nothing was sent.');
  expect((await target.state()).users.total).toBe(0);

  await ana.press('sync.now');
  const result = await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  const { users } = await target.state();
  expect(users.active).toBeGreaterThan(20);
  expect(result).toContain(`${users.active} created`);

  await ana.say(PROVISIONING, '/usher-connectors');
  await reads(workspace, ana, PROVISIONING, `${users.active} of ${users.active}`);
  await ana.say(PROVISIONING, '/usher-report accounts');
  await workspace.until(() => workspace.files().length === 1, 'the report');
  expect(workspace.failures).toEqual([]);
});

it('X1 tells somebody without a role whom to ask, and nothing else', async () => {
  const app = await startApp();
  const mia = app.workspace.as('U0MIASORENSEN');
  for (const words of ['/usher', '/usher help', '/usher-connectors', '/usher-sync now Zoom', '/usher person Lee', '/usher nonsense']) {
    const before = mia.messages(PROVISIONING).length;
    await mia.say(PROVISIONING, words);
    await app.workspace.until(() => mia.messages(PROVISIONING).length > before, `an answer to ${words}`);
    const answer = mia.messages(PROVISIONING).at(-1);
    expect(answer?.text, words).toContain(`<@${ANA}>`);
    expect(answer?.text, words).not.toContain('connectors');
  }
  await mia.home();
  await app.workspace.until(() => JSON.stringify(app.workspace.homeView('U0MIASORENSEN') ?? '').includes('no role'), 'the same in the Home tab');
  expect(app.workspace.failures).toEqual([]);
});

it('answers unknown words with help, and a bare command with a button for every job', async () => {
  const { ana, workspace } = await startApp({ people: 0 });
  await ana.say(PROVISIONING, '/usher conectors lsit');
  await reads(workspace, ana, PROVISIONING, 'Usher doesn’t know');
  await ana.say(PROVISIONING, '/usher');
  await reads(workspace, ana, PROVISIONING, 'Nothing needs you');
  await ana.press('connectors.list');
  await reads(workspace, ana, PROVISIONING, 'No connectors yet. A connector says');
  expect(workspace.failures).toEqual([]);
});

it('draws the Home tab with connectors, runs and what needs the person, and opens what is pressed there', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await connectZoom(app);
  await ana.home();
  await workspace.until(() => JSON.stringify(workspace.homeView(ANA) ?? '').includes('Zoom'), 'Zoom in the Home tab');
  await ana.press('connectors.open', undefined, { in: { is: 'home' } });
  await shows(workspace, ana, 'Assigned to nobody yet');
  expect(screen(ana)).toContain('No sync yet');
  expect(workspace.failures).toEqual([]);
});
