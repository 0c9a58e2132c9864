import { expect, it, vi } from 'vitest';
import { ANA, PROVISIONING, SAM, startApp } from '../app.ts';
import { plant, assignTeachers, runNow } from './planted.ts';
import { reads, screen, shows } from './steps.ts';

it('N5 X2 stops all writes with a sync under way, stays stopped over a restart, and has an admin let the same run go on', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  const sam = workspace.as(SAM);
  // Slow enough to be met at work.
  await plant(app, {
    operating: { requestsPerSecond: 5, concurrency: 2 },
    connector: { listing: { at: 1, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } },
  });
  await assignTeachers(app);
  await ana.say(PROVISIONING, `/usher roles give <@${SAM}|sam> operator everything`);
  await vi.waitUntil(async () => (await app.usher().outside.store.count('grant')) > 0, { timeout: 60_000, interval: 20 });
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  const writes = async (): Promise<number> => (await target.requests(1_000)).filter(({ method }) => method !== 'GET').length;
  await vi.waitUntil(async () => (await writes()) > 0, { timeout: 60_000, interval: 20 });

  // Sam, an operator, sees what is under way, and stops it.
  await sam.say(PROVISIONING, '/usher stop');
  await shows(workspace, sam, 'Stop all writes?');
  expect(screen(sam)).toContain('R-1');
  await sam.submit({ why: 'wrong roster' });
  await shows(workspace, sam, 'no request is on its way any more');
  const sent = await writes();
  await vi.waitUntil(async () => (await runNow(app, 'R-1')).state.is === 'paused', { timeout: 60_000, interval: 20 });
  expect((await runNow(app, 'R-1')).state).toMatchObject({ is: 'paused', halted: true, by: SAM });
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await reads(workspace, ana, PROVISIONING, 'All writes to all applications are stopped');
  await ana.say(PROVISIONING, '/usher');
  await reads(workspace, ana, PROVISIONING, 'Resume…');

  await app.restart();
  expect(await writes()).toBe(sent);
  await sam.say(PROVISIONING, '/usher stop off');
  await reads(workspace, sam, PROVISIONING, 'can let writes go on');
  await ana.say(PROVISIONING, '/usher stop off');
  await reads(workspace, ana, PROVISIONING, '1 run goes on');
  await vi.waitUntil(async () => (await runNow(app, 'R-1')).state.is === 'ended', { timeout: 60_000, interval: 20 });
  expect((await runNow(app, 'R-1')).state).toMatchObject({ result: 'success' });
  const actions: string[] = [];
  for await (const page of app.usher().outside.store.rows('audit', { order: 'oldest' })) actions.push(...page.map(({ row }) => `${row.action} ${row.by}`));
  expect(actions.filter((action) => action.startsWith('halts'))).toEqual([`halts.stop ${SAM}`, `halts.resume ${ANA}`]);
  expect(workspace.failures).toEqual([]);
});
