import { expect, it, vi } from 'vitest';
import { fullName, type Person } from '../../src/domain/directory/person.ts';
import { PROVISIONING, startApp } from '../app.ts';
import { assignTeachers, plant } from './planted.ts';
import { reads, shows } from './steps.ts';

it('S25 off-boards a teacher from their page, shows the result per application by direct message, keeps them out, and lets them back in', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  const { store } = app.usher().outside;
  await plant(app, { connector: { listing: { at: 1, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } } });
  await assignTeachers(app);
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  let teacher: Person | undefined;
  for await (const page of store.scan('account')) for (const { value } of page) teacher ??= (await store.get('person', value.personId))?.value;
  if (teacher === undefined) throw new Error('nobody has an account');
  const { id, sourceId } = teacher;
  const state = async (): Promise<string | undefined> => (await store.get('account', `zoom/${id}`))?.value.state;

  await ana.say(PROVISIONING, `/usher person ${sourceId}`);
  await shows(workspace, ana, 'Off-board…');
  await ana.press('offboard.open');
  await shows(workspace, ana, 'Off-board now?');
  await ana.submit({ why: 'left today' });
  await shows(workspace, ana, 'is off-boarded');
  await ana.dismiss(true);
  await vi.waitUntil(async () => (await state()) === 'inactive', { timeout: 60_000, interval: 20 });
  await reads(workspace, ana, ana.directChannel(), '1 application confirmed it');
  const card = ana.messages(ana.directChannel()).filter(({ text }) => text.includes(fullName(teacher)));
  expect(card).toHaveLength(1);

  // The directory still has them; they stay out.
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await vi.waitUntil(async () => (await store.get('run', 'R-3'))?.value.state.is === 'ended', { timeout: 60_000, interval: 20 });
  expect(await state()).toBe('inactive');
  await ana.say(PROVISIONING, `/usher offboard release ${sourceId}`);
  await reads(workspace, ana, PROVISIONING, 'is let back in');
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await vi.waitUntil(async () => (await state()) === 'active', { timeout: 60_000, interval: 20 });
  expect((await target.requests(1_000)).filter(({ method }) => method === 'DELETE')).toEqual([]);
  expect(workspace.failures).toEqual([]);
});
