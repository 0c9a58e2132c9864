import { expect, it } from 'vitest';
import { type App, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { everyCopy, grant, policy, request, step } from './approving.ts';
import { plant } from './planted.ts';
import { reads, screen, shows } from './steps.ts';

/** Zoom, connected; Sam and Mia may approve. */
async function given(): Promise<App> {
  const app = await startApp();
  await plant(app);
  await grant(app, { [SAM]: 'approver', [MIA]: 'approver' });
  return app;
}

/** Ana asks to disconnect Zoom, from the dialog. */
async function askToDisconnect({ ana, workspace }: App): Promise<void> {
  await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
  await shows(workspace, ana, 'Needs approval');
  await ana.submit({ why: 'contract ends' });
  await shows(workspace, ana, 'Asked for approval');
  await ana.dismiss(true);
}

it('P1 P2 A2 sets a policy by the form, asks, is approved by the card’s button, is done, and every copy says so without buttons', async () => {
  const app = await given();
  const { ana, workspace } = app;
  const sam = workspace.as(SAM);
  await ana.say(PROVISIONING, '/usher approvals');
  await shows(workspace, ana, 'Nothing waits for your approval.');
  await ana.press('approvals.policies');
  await shows(workspace, ana, 'No policies');
  await ana.press('approvals.policy');
  await shows(workspace, ana, 'What needs approval');
  await ana.submit({ action: 'disconnect', people1: [MIA, 'U0LEEOKAFOR'], channel: PROVISIONING });
  await shows(workspace, ana, 'lee may not approve everywhere');
  expect(screen(ana)).toContain(`"initial_users":["${MIA}","U0LEEOKAFOR"]`);
  await ana.submit({ people1: [SAM, MIA] });
  await shows(workspace, ana, 'P-1 holds');
  await ana.dismiss(true);

  await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
  await shows(workspace, ana, '1 of: sam');
  expect(screen(ana)).toContain('Ask for approval');
  await ana.submit({ why: 'contract ends' });
  await shows(workspace, ana, 'Asked: *Q-1*');
  await ana.dismiss(true);
  const card = await reads(workspace, sam, PROVISIONING, 'asks to *disconnect Zoom*');
  expect(card).toContain('not ana');
  expect(card).toContain('"text":"Approve: disconnect Zoom"');
  expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.state.is).toBe('active');

  await sam.press('approvals.approve');
  await reads(workspace, sam, PROVISIONING, 'Done: Zoom is disconnected.');
  const told = await everyCopy(app, 'Q-1', [PROVISIONING], 'Done: Zoom is disconnected.');
  expect(told).not.toContain('approvals.approve');
  expect(told).toContain('Approved by sam');
  expect(await reads(workspace, ana, ana.directChannel(), 'Done: Zoom is disconnected.')).toContain('“contract ends”');
  expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.state.is).toBe('disconnected');
  expect(workspace.failures).toEqual([]);
});

it('P2 denies with a reason that the requester is told, by the form and by the typed twin; nothing is applied', async () => {
  const app = await given();
  const { ana, workspace } = app;
  const sam = workspace.as(SAM);
  await policy(app, { action: 'disconnect', mayNames: true });
  await askToDisconnect(app);
  await reads(workspace, sam, PROVISIONING, 'asks to *disconnect Zoom*');
  await sam.press('approvals.deny');
  await shows(workspace, sam, 'Denied, nothing is applied.');
  await sam.submit({ reason: 'the contract was renewed' });
  await shows(workspace, sam, 'Denied: Q-1');
  const told = await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], '“the contract was renewed”');
  expect(told).not.toContain('approvals.deny');
  await reads(workspace, ana, ana.directChannel(), 'Denied by sam');

  await askToDisconnect(app);
  await sam.dismiss(true);
  await sam.say(PROVISIONING, '/usher approvals deny Q-2 why="still renewed"');
  await reads(workspace, sam, PROVISIONING, 'Denied: Q-2');
  await everyCopy(app, 'Q-2', [PROVISIONING, ana.directChannel()], 'still renewed');
  expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.state.is).toBe('active');
  expect(workspace.failures).toEqual([]);
});

it('P3 refuses one’s own request by the button, by the typed word and through a delegate', async () => {
  const app = await given();
  const { ana, workspace } = app;
  const mia = workspace.as(MIA);
  await policy(app, { action: 'disconnect', steps: [step('U0ANARUIZ', SAM)] });
  await askToDisconnect(app);
  await reads(workspace, ana, PROVISIONING, 'asks to *disconnect Zoom*');
  await ana.press('approvals.approve');
  await reads(workspace, ana, PROVISIONING, 'You asked to disconnect Zoom yourself');
  await ana.say(PROVISIONING, '/usher approvals approve Q-1');
  await workspace.until(
    () => ana.messages(PROVISIONING).filter(({ text }) => text.includes('You asked to disconnect Zoom yourself')).length === 2,
    'a second refusal',
  );
  await ana.say(PROVISIONING, `/usher approvals delegate <@${MIA}|mia> until=2099-01-01`);
  await reads(workspace, ana, PROVISIONING, 'more than a year away');
  const day = new Date(app.usher().outside.clock.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  await ana.say(PROVISIONING, `/usher approvals delegate <@${MIA}|mia> until=${day}`);
  await reads(workspace, ana, PROVISIONING, 'decides in your place until');
  await mia.say(PROVISIONING, '/usher approvals approve Q-1');
  await reads(workspace, mia, PROVISIONING, 'is not yours to decide');
  expect((await request(app, 'Q-1')).state.is).toBe('open');
  expect(workspace.failures).toEqual([]);
});

it('P3 X3 counts two clicks at once once, does it once, and tells the later one who decided', async () => {
  const app = await given();
  const { ana, workspace } = app;
  const [sam, mia] = [workspace.as(SAM), workspace.as(MIA)];
  await policy(app, { action: 'disconnect' });
  await askToDisconnect(app);
  await reads(workspace, sam, PROVISIONING, 'asks to *disconnect Zoom*');
  const pressed = [sam.press('approvals.approve'), mia.press('approvals.approve')];
  await Promise.all(pressed);
  const answers = (): readonly string[] => [sam, mia].flatMap((person) => workspace.ephemerals(person.id).map(({ text }) => text));
  await workspace.until(() => answers().some((text) => /Q-1.* already decided: approved by (sam|mia)/.test(text)), 'one who was late');
  await workspace.until(() => answers().some((text) => text.startsWith('Approved: Q-1')), 'one who decided');
  expect((await request(app, 'Q-1')).decisions).toHaveLength(1);
  await everyCopy(app, 'Q-1', [PROVISIONING, ana.directChannel()], 'Done: Zoom is disconnected.');
  let rows = 0;
  for await (const page of app.usher().outside.store.rows('audit', { partition: 'zoom', order: 'oldest' }))
    rows += page.filter(({ row }) => row.action === 'connectors.disconnect').length;
  expect(rows).toBe(1);
  expect(workspace.failures).toEqual([]);
});

it('P1 A2 A3 says in the form who must approve, from some size on; asks for assigning, un-assigning and deleting; confirms count what would close', async () => {
  const app = await given();
  const { ana, workspace } = app;
  const sam = workspace.as(SAM);
  const { store } = app.usher().outside;
  await policy(app, { action: 'assign', from: 13, steps: [step(SAM)], mayNames: true });
  await policy(app, { id: 'P-2', action: 'unassign' });
  const say = async (text: string, answer: string): Promise<void> => {
    await ana.say(PROVISIONING, `/usher ${text}`);
    await reads(workspace, ana, PROVISIONING, answer);
  };

  // 12 principals: under the size, so it is done at once.
  await say('assign add Zoom Principals organization="Riverside District"', 'next sync');
  await ana.say(PROVISIONING, '/usher assign new Zoom');
  await shows(workspace, ana, 'Choose roles and groups');
  const teachers = JSON.stringify(await ana.suggest('assign.groupings', 'Teachers Riverside District'));
  await ana.press('assign.groupings', [/"value":"([^"]+)"/.exec(teachers)?.[1] ?? '']);
  await shows(workspace, ana, '*Needs approval*, 1 of: sam. P-1 says so from 13 people on.');
  expect(screen(ana)).toContain('"text":"Ask for approval"');
  await ana.submit({ why: 'new school year' });
  await shows(workspace, ana, 'Asked: *Q-1*');
  expect(screen(ana)).toContain('Show request');
  expect(await store.count('assignment', 'zoom/')).toBe(1);
  await ana.dismiss(true);
  await say('assign add Zoom Teachers organization="Riverside District" why="new school year"', 'Q-1 asks for that already');

  await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
  await shows(workspace, ana, '1 open approval request closes.');
  await ana.dismiss(true);
  await sam.say(PROVISIONING, '/usher');
  await reads(workspace, sam, PROVISIONING, 'Needs you: *1 approval*');
  await sam.say(PROVISIONING, '/usher approvals approve Q-1');
  await reads(workspace, sam, PROVISIONING, 'Approved: Q-1');
  await reads(workspace, ana, ana.directChannel(), 'Done: Zoom is assigned to one more role or group.');
  expect(await store.count('assignment', 'zoom/')).toBe(2);

  await ana.say(PROVISIONING, '/usher assign remove Zoom Principals organization="Riverside District"');
  await shows(workspace, ana, 'Needs approval');
  await ana.submit({ why: 'not theirs' });
  await shows(workspace, ana, 'Asked: *Q-2*');
  await ana.press('approvals.show');
  await shows(workspace, ana, 'Withdraw…');
  await ana.press('approvals.withdraw');
  await shows(workspace, ana, 'Withdrawn: Q-2');
  await ana.dismiss(true);
  await everyCopy(app, 'Q-2', [PROVISIONING], 'Withdrawn by ana');
  expect(workspace.failures).toEqual([]);
});
