import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DAY } from '../../src/domain/instant.ts';
import { put } from '../../src/domain/revise.ts';
import { accountKey, type Account } from '../../src/domain/sync/account.ts';
import { ANA, type App, PROVISIONING, SAM, startApp, startStage } from '../app.ts';
import { assignTeachers, plant } from './planted.ts';
import { pressing, sent, signed, signedBody, submitting, TEAM } from './signed.ts';
import { reads } from './steps.ts';

const TWO_ADMINS = { USHER_FIRST_ADMINS: `${ANA},${SAM}` };

/** How often the audit has it. */
async function audited(app: App, action: string): Promise<number> {
  let count = 0;
  for await (const page of app.usher().outside.store.rows('audit', { order: 'oldest' })) count += page.filter(({ row }) => row.action === action).length;
  return count;
}

/** Two admins type the same at the same moment; resolves when both were answered. */
async function bothSay({ workspace }: App, words: string): Promise<readonly string[]> {
  const people = [workspace.as(ANA), workspace.as(SAM)];
  const answersOf = (index: number) => people[index]?.messages(PROVISIONING).filter(({ ephemeralFor }) => ephemeralFor === people[index]?.id) ?? [];
  const before = people.map((_, index) => answersOf(index).length);
  const modals = people.map((person) => person.modal()?.id);
  await Promise.all(people.map((person) => person.say(PROVISIONING, `/usher ${words}`)));
  await workspace.until(
    () => people.every((person, index) => answersOf(index).length > (before[index] ?? 0) || person.modal()?.id !== modals[index]),
    `both answers to “${words}”`,
  );
  return people.map((person, index) => JSON.stringify([answersOf(index).slice(before[index]), person.modal()?.view ?? null]));
}

describe('a request that Slack signed, sent again', () => {
  it('X3 does nothing a second time after a restart either, within the minutes that its signature is good for', async () => {
    const app = await startApp({ delivery: 'http' });
    const { ana, workspace, usher } = app;
    await plant(app);
    await assignTeachers(app);
    const press = signed(pressing(ANA, 'sync.now', 'zoom'));
    const form = signed(submitting(ANA, 'connectors.disable', { connectorId: 'zoom' }));
    expect((await sent(app, press)).status).toBe(200);
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    const answer = await sent(app, form);
    expect(answer.ack).toContain('Zoom is disabled');
    // While the process lives, whoever waits for the answer gets the same one.
    expect(await sent(app, form)).toEqual(answer);
    await ana.say(PROVISIONING, '/usher connectors enable Zoom');
    await reads(workspace, ana, PROVISIONING, 'is active again');
    await app.restart();
    expect((await sent(app, press)).status).toBe(200);
    const again = await sent(app, form);
    expect(again.status).toBe(200);
    expect(again.ack).toContain('did nothing a second time');
    await ana.say(PROVISIONING, '/usher connectors');
    await reads(workspace, ana, PROVISIONING, '1 connector');
    expect(await usher().outside.store.count('run')).toBe(1);
    expect((await usher().outside.store.get('connector', 'zoom'))?.value.state.is).toBe('active');
    expect(await audited(app, 'connectors.disable')).toBe(1);
  });

  it('X3 has one effect when it comes three times at once, and again right after a restart', async () => {
    const app = await startApp({ delivery: 'http' });
    await plant(app);
    await assignTeachers(app);
    const press = signed(pressing(ANA, 'sync.now', 'zoom'));
    await Promise.all([press, press, press].map((one) => sent(app, one)));
    await app.restart();
    await Promise.all([press, press].map((one) => sent(app, one)));
    await reads(app.workspace, app.ana, PROVISIONING, 'Zoom: success');
    expect(await app.usher().outside.store.count('run')).toBe(1);
  });
});

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The real program, killed with the test at the latest. */
function launch(environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it('X3 a command that was answered is not answered again after kill -9 and a new start', async () => {
  const port = await freePort();
  const stage = await startStage({ people: 0, delivery: 'http' });
  const environment = { ...stage.environment, SLACK_PORT: String(port), LOG_LEVEL: 'error' };
  const { workspace } = stage;
  const command = (text: string) =>
    // Nobody answers at that address: the answers come by direct message.
    signedBody(
      new URLSearchParams({
        command: '/usher',
        text,
        user_id: ANA,
        team_id: TEAM,
        channel_id: PROVISIONING,
        trigger_id: `t-${text}`,
        response_url: 'http://127.0.0.1:9/',
      }).toString(),
    );
  const [first, second] = [command('help sync'), command('help report')];
  const post = ({ body, headers }: typeof first) =>
    vi.waitUntil(async () => (await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body }).catch(() => null))?.status === 200, {
      timeout: 60_000,
      interval: 200,
    });
  const answers = () => workspace.calls.filter(({ method }) => method === 'chat.postMessage').map(({ args }) => JSON.stringify(args));
  const killed = launch(environment);
  await post(first);
  await workspace.heard('chat.postMessage');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  launch(environment);
  await post(first);
  await post(second);
  await workspace.heard('chat.postMessage', (args) => JSON.stringify(args).includes('report'));
  expect(answers()).toHaveLength(2);
});

describe('two who want the same at the same moment', () => {
  it('X3 S1 start and retry a sync: one run of each, both are told', async () => {
    const app = await startApp({ environment: TWO_ADMINS });
    const { ana, workspace, target, usher } = app;
    const { store } = usher().outside;
    await plant(app);
    await assignTeachers(app);
    await target.set({ is: 'unverified-domain', domain: 'riverside.example' });
    await bothSay(app, 'sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'R-1');
    await workspace.until(() => workspace.messages(PROVISIONING).some(({ text }) => /^Zoom: (partial success|failure)/.test(text)), 'the result');
    expect(await store.count('run')).toBe(1);
    await target.clear('unverified-domain');
    await bothSay(app, 'sync retry R-1');
    await workspace.until(() => workspace.messages(PROVISIONING).some(({ text }) => text.includes('Zoom: success')), 'the retry');
    expect(await store.count('run')).toBe(2);
    const { users, requests } = await target.state();
    expect(requests.byStatus['201']).toBe(users.total);
    expect(workspace.failures).toEqual([]);
  });

  it('X3 C7 C11 create, rehearse, activate and disconnect a connector: each happens once', async () => {
    const app = await startApp({ environment: TWO_ADMINS });
    const { ana, workspace, targetUrl, usher } = app;
    const { store } = usher().outside;
    await bothSay(app, 'connectors new Canvas');
    expect(await store.count('connector')).toBe(1);
    expect(await audited(app, 'connectors.create')).toBe(1);
    for (const who of [ana, workspace.as(SAM)]) if (who.modal() !== undefined) await who.dismiss(true);
    await ana.say(PROVISIONING, `/usher connectors set Canvas url=${targetUrl} test=usher-test@riverside.example secret=env:USHER_SECRET_TARGET`);
    await reads(workspace, ana, PROVISIONING, 'saved');
    await bothSay(app, 'connectors rehearse Canvas');
    await reads(workspace, ana, ana.directChannel(), 'Every step passed').catch(() =>
      reads(workspace, workspace.as(SAM), workspace.as(SAM).directChannel(), 'Every step passed'),
    );
    expect(await audited(app, 'connectors.rehearse')).toBe(1);
    await bothSay(app, 'connectors activate Canvas');
    expect((await store.get('connector', 'canvas'))?.value.state.is).toBe('active');
    expect(await audited(app, 'connectors.activate')).toBe(1);
  });

  it('X3 C13 disconnect by two submissions: once, and the second is told that it is', async () => {
    const app = await startApp({ delivery: 'http', environment: TWO_ADMINS });
    await plant(app);
    const answers = await Promise.all([ANA, SAM].map((who) => sent(app, signed(submitting(who, 'connectors.disconnect', { connectorId: 'zoom' })))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.state.is).toBe('disconnected');
    expect(await audited(app, 'connectors.disconnect')).toBe(1);
    expect(answers.filter(({ ack }) => /already|is disconnected, so|can.t disconnect/.test(ack))).toHaveLength(1);
  });

  it('X3 N1 S10 subscribe a channel, and cancel a deletion: once each', async () => {
    const app = await startApp({ environment: TWO_ADMINS });
    const { outside } = app.usher();
    await plant(app, { settings: { leavers: { are: 'deleted', afterDays: 30 } } });
    await assignTeachers(app);
    await bothSay(app, `alerts subscribe <#${PROVISIONING}> connector=Zoom`);
    await reads(app.workspace, app.ana, PROVISIONING, 'is told of');
    await reads(app.workspace, app.workspace.as(SAM), PROVISIONING, 'is told of');
    expect(await outside.store.count('subscription')).toBe(1);

    let personId = '';
    for await (const page of outside.store.scan('person')) personId = personId === '' ? (page[0]?.key ?? '') : personId;
    const account: Account = {
      ...{ connectorId: 'zoom', personId, targetId: 't1', state: 'inactive', origin: 'created', pushed: null, intent: null, generated: {} },
      ...{ deleteAt: outside.clock.now() + DAY, timeline: [[outside.clock.now(), 'inactive']] },
    };
    await outside.store.transaction({ puts: [put('account', accountKey('zoom', personId), account)] });
    await bothSay(app, `sync keep ${personId} connector=Zoom`);
    const left = () => outside.store.get('account', accountKey('zoom', personId));
    await vi.waitUntil(async () => (await left())?.value.deleteAt === null, { timeout: 60_000 });
    expect(await audited(app, 'sync.cancel-deletion')).toBe(1);
  });
});
