import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ANA, type App, PROVISIONING, type Stage, startApp, startStage } from '../app.ts';
import { assignTeachers, plant } from './planted.ts';
import { connectZoom, reads } from './steps.ts';

const OPERATION = { USHER_OPERATION_PORT: '0' };

interface Line {
  readonly msg: string;
  readonly level: number;
  readonly operation?: string;
  readonly team?: string;
}

/** The real program in a process of its own, with what it logged. */
function launch(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => void lines.push(JSON.parse(line)));
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return { child, lines, ready: () => vi.waitUntil(() => lines.find(({ msg }) => msg === 'Usher is ready'), { timeout: 60_000 }) };
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  return child.exitCode ?? (await once(child, 'exit'))[0];
}

async function asked(app: App, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`http://127.0.0.1:${app.usher().operation?.port}${path}`);
  return { status: answer.status, text: await answer.text() };
}

/** A process in the middle of a sync whose every request takes that long. */
async function syncing(stage: Stage, ms: number, environment: Readonly<Record<string, string>> = {}, group = 'Teachers') {
  const { workspace, target, ana } = stage;
  const launched = launch({ ...stage.environment, ...environment });
  await launched.ready();
  await ana.say(PROVISIONING, '/usher directory import district');
  await reads(workspace, ana, PROVISIONING, 'added');
  await connectZoom(stage);
  await ana.say(PROVISIONING, `/usher assign add Zoom ${group} organization="Riverside District"`);
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await target.set({ is: 'slow', ms });
  await ana.say(PROVISIONING, '/usher-sync now Zoom');
  await workspace.until(() => workspace.messages(PROVISIONING).some(({ text }) => text.includes('Zoom')), 'the live message');
  return launched;
}

describe('what a supervisor sees', () => {
  it('X8 is ready when store, Slack and worker are, and says which one is not', async () => {
    const app = await startApp({ people: 0, environment: OPERATION });
    expect(await asked(app, '/healthz')).toMatchObject({ status: 200 });
    expect(JSON.parse((await asked(app, '/readyz')).text)).toEqual({ ready: true, parts: { store: 'ok', slack: 'ok', worker: 'ok' } });
    // Slack stays away until it was seen that it is.
    const comeBack = app.workspace.fault({ method: 'apps.connections.open', status: 503, times: Number.POSITIVE_INFINITY });
    app.workspace.disconnect({ abrupt: true });
    const unready = await vi.waitUntil(
      async () => {
        const answer = await asked(app, '/readyz');
        return answer.status === 503 ? answer.text : undefined;
      },
      { timeout: 60_000 },
    );
    expect(JSON.parse(unready)).toMatchObject({ ready: false, parts: { store: 'ok', slack: 'no socket is connected' } });
    expect((await asked(app, '/healthz')).status).toBe(200);
    comeBack();
    await app.workspace.until(() => app.workspace.connections() > 0, 'the socket again');
    await vi.waitUntil(async () => (await asked(app, '/readyz')).status === 200, { timeout: 60_000 });
  });

  it('X8 counts what happened, and names nobody and nothing', async () => {
    const app = await startApp({ environment: OPERATION });
    const { ana, workspace } = app;
    await plant(app);
    await assignTeachers(app);
    await ana.home();
    await ana.say(PROVISIONING, '/usher connectors show Nothing');
    await reads(workspace, ana, PROVISIONING, 'There is no connector');
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    const { text } = await asked(app, '/metrics');
    const value = (series: string): number =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length + 1),
      );
    expect(value('usher_runs_total{kind="sync",result="success"}')).toBe(1);
    expect(value('usher_ack_seconds_count{kind="command"}')).toBe(3);
    expect(value('usher_ack_seconds_count{kind="event"}')).toBeGreaterThanOrEqual(1);
    expect(value('usher_asks_total{outcome="refused"}')).toBe(1);
    expect(text).not.toMatch(/^usher_unacked_total\{/m);
    expect(value('usher_target_request_seconds_count{status="2xx"}')).toBeGreaterThan(20);
    expect(value('usher_store_commit_seconds_count{outcome="committed"}')).toBeGreaterThan(3);
    expect(value('usher_slack_sockets')).toBe(1);
    for (const name of [ANA, 'zoom', 'Zoom', 'iverside', 'oneroster', PROVISIONING, '@']) expect(text.includes(name), name).toBe(false);
    expect(workspace.failures).toEqual([]);
  });

  it('X8 is nowhere to be seen unless configuration names a port', async () => {
    const app = await startApp({ people: 0 });
    expect(app.usher().operation).toBeNull();
  });
});

describe('a signal to the real process', () => {
  it('X8 S13 ends it with 0 in the middle of a sync; the next one finishes in the same message', async () => {
    const stage = await startStage();
    const { workspace, target, ana } = stage;
    const first = await syncing(stage, 600, OPERATION, 'Students');
    const line = await first.ready();
    await vi.waitUntil(async () => (await target.state()).users.total >= 1, { timeout: 60_000 });
    expect((await fetch(`${line.operation}/readyz`)).status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await exitCode(first.child)).toBe(0);
    expect(first.lines.some(({ msg }) => msg === 'stopping')).toBe(true);
    expect(first.lines.filter(({ level }) => level >= 50)).toEqual([]);
    const made = (await target.state()).users.total;
    await target.clear('slow');
    await launch(stage.environment).ready();
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    const { users, requests } = await target.state();
    expect(users.total).toBeGreaterThan(made);
    expect(requests.byStatus['409']).toBeUndefined();
    expect(workspace.messages(PROVISIONING).filter(({ text }) => text.includes('Zoom: success'))).toHaveLength(1);
  });

  it.each([
    ['a second one', '25', 'a second signal'],
    ['the deadline', '1', 'stopping took too long'],
  ])('X8 %s ends it at once, not with 0, and nothing is lost', async (_case, seconds, says) => {
    const stage = await startStage();
    const { workspace, target, ana } = stage;
    const first = await syncing(stage, 6_000, { USHER_STOP_SECONDS: seconds });
    first.child.kill('SIGTERM');
    await vi.waitUntil(() => first.lines.some(({ msg }) => msg === 'stopping'), { timeout: 60_000 });
    if (seconds !== '1') first.child.kill('SIGTERM');
    expect(await exitCode(first.child)).toBe(1);
    expect(first.lines.some(({ msg }) => msg.startsWith(says))).toBe(true);
    await target.clear('slow');
    await launch(stage.environment).ready();
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    expect((await target.state()).requests.byStatus['409']).toBeUndefined();
  });
});
