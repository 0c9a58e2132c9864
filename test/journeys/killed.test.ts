import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PROVISIONING, startStage } from '../app.ts';
import { connectZoom, reads } from './steps.ts';

/** The real program in a process of its own, so that it can be killed. */
async function launch(environment: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('S13 S2 S8 goes on after kill -9 in the middle of a sync: the same message, no account twice, none unlinked', async () => {
  const stage = await startStage({ environment: { LOG_LEVEL: 'warn' } });
  const { workspace, target, ana } = stage;
  const first = await launch(stage.environment);
  await workspace.until(() => workspace.connections() > 0, 'Usher to connect');
  await ana.say(PROVISIONING, '/usher directory import district');
  await reads(workspace, ana, PROVISIONING, 'added');
  await connectZoom(stage);
  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');

  await target.set({ is: 'slow', ms: 150 });
  await ana.say(PROVISIONING, '/usher-sync now Zoom');
  const cards = () => workspace.messages(PROVISIONING).filter((message) => message.text.includes('Zoom') && message.ephemeralFor === null);
  await workspace.until(() => cards().length > 0, 'the live message');
  await vi.waitUntil(async () => (await target.state()).users.total >= 8, { timeout: 60_000 });
  await kill(first);
  const before = cards().map(({ ts }) => ts);
  await target.clear('slow');
  await launch(stage.environment);
  const result = await reads(workspace, ana, PROVISIONING, 'Zoom: success');

  const users = await target.users({ size: 1000 });
  const teachers = users.total;
  expect(teachers).toBeGreaterThan(20);
  expect(new Set(users.users.map((user) => user.userName?.toLowerCase())).size).toBe(teachers);
  // A second create of an account that the target had stored would have met a conflict.
  expect((await target.state()).requests.byStatus['409']).toBeUndefined();
  expect(cards().map(({ ts }) => ts)).toEqual(before);
  expect(result).toContain('R-1');
  expect(workspace.failures).toEqual([]);
});
