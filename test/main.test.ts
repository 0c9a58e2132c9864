import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { startApp, startStage } from './app.ts';

/** Runs the program until it ends, and gives its exit code and what it said. */
async function run(
  environment: Readonly<Record<string, string>>,
  preloaded: readonly string[] = [],
): Promise<{ readonly code: unknown; readonly said: string; readonly logged: string }> {
  const child = spawn(process.execPath, [...preloaded.flatMap((module) => ['--import', module]), '--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said, logged, [code]] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
  return { code, said, logged };
}

it('says precisely what is missing, all at once, and ends, when it is started without configuration', async () => {
  const { code, said } = await run({});
  expect(code).toBe(78);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'USHER_FIRST_ADMINS', 'USHER_SECRET_KEY']) expect(said).toContain(`${name} is missing`);
});

it.each([
  ['SLACK_BOT_TOKEN', 'xoxb-wrong'],
  ['SLACK_APP_TOKEN', 'xapp-wrong'],
])('ends with a sentence about %s when Slack does not take it', async (name, token) => {
  const stage = await startStage({ people: 0 });
  const { code, said } = await run({ ...stage.environment, [name]: token });
  expect(code).toBe(78);
  expect(said).toContain(`${name} was not accepted by Slack`);
  expect(said).not.toContain(token);
});

it('X9 ends with a sentence when another Usher owns the folder', async () => {
  const app = await startApp({ people: 0 });
  const { code, said } = await run(app.environment);
  expect(code).toBe(1);
  expect(said).toContain('Usher can’t start');
});

it('X8 ends by itself with 1, instead of hanging, when nothing comes over its open socket any more', async () => {
  const stage = await startStage({ people: 0 });
  const { code, logged } = await run({ ...stage.environment, LOG_LEVEL: 'info' }, ['./test/hurried-clock.mjs']);
  expect(logged).toContain('Usher is ready');
  expect(logged).toContain('a socket to Slack is open, but nothing came over it for 2 minutes');
  expect(code).toBe(1);
});
