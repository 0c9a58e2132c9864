import type { App } from '@slack/bolt';
import { WebSocket } from 'undici';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../../src/sandbox/slack/clock.ts';
import { ANA, openWorkspace, PROVISIONING, type Stage, startHttpApp, startSocketApp } from './bolt-app.ts';
import { homeWith } from './views.ts';

type Start = (stage: Stage, register: (app: App) => void) => Promise<unknown>;

const MODES: readonly (readonly [string, Parameters<typeof openWorkspace>[0], Start])[] = [
  ['Socket Mode', { delivery: { is: 'socket' } }, (stage, register) => startSocketApp(stage.workspace, register)],
  ['signed HTTP', { delivery: { is: 'http', requestUrl: '' } }, (stage, register) => startHttpApp(stage.workspace, register)],
];

describe.each(MODES)('%s', (_name, options, start) => {
  it('brings a slash command to the app and its answer to the person alone', async () => {
    const stage = await openWorkspace(options);
    await start(stage, (app) => app.command('/usher', ({ ack, command }) => ack(`You said ${command.text}`)));
    const acted = await stage.workspace.as(ANA).say(PROVISIONING, '/usher hello there');
    expect(acted).toMatchObject({ ok: true });
    expect(stage.workspace.ephemerals(ANA).map((message) => message.text)).toEqual(['You said hello there']);
    expect(stage.workspace.messages(PROVISIONING)).toEqual([]);
    expect(stage.workspace.failures).toEqual([]);
  });

  it('writes mentions, channels, links and markup of a command as Slack escapes them', async () => {
    const stage = await openWorkspace(options);
    let text = '';
    await start(stage, (app) =>
      app.command('/usher', async ({ ack, command }) => {
        text = command.text;
        await ack();
      }),
    );
    await stage.workspace.as(ANA).say(PROVISIONING, '/usher @sam #general #it-secret https://a.example/x <b> & "c"');
    expect(text).toBe('<@U0SAMONEIL|sam> <#C0GENERAL|general> #it-secret <https://a.example/x> &lt;b&gt; &amp; "c"');
  });

  it('writes a request that is not acked within three seconds into the failures and tells the person', async () => {
    const stage = await openWorkspace(options);
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await start(stage, (app) => app.command('/usher', async () => arrived()));
    const acted = stage.workspace.as(ANA).say(PROVISIONING, '/usher');
    await arrival;
    stage.clock.advance(3000);
    expect(await acted).toEqual({ ok: false, error: 'operation_timeout' });
    expect(stage.workspace.failures).toMatchObject([{ is: 'not-acked', where: '/usher' }]);
    expect(stage.workspace.state(ANA)?.notices.map((notice) => notice.text)).toEqual(['/usher failed with the error "operation_timeout"']);
  });

  it('delivers a payload twice when a test asks for it, an event with the same event_id', async () => {
    const stage = await openWorkspace(options);
    const ids: string[] = [];
    await start(stage, (app) =>
      app.event('app_home_opened', async ({ body, client, event }) => {
        ids.push(body.event_id);
        await client.views.publish({ user_id: event.user, view: homeWith('hello') });
      }),
    );
    stage.workspace.deliverTwice('events_api');
    await stage.workspace.as(ANA).home();
    await stage.workspace.heard('views.publish');
    await stage.workspace.heard('views.publish');
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(stage.workspace.failures).toEqual([]);
  });

  it('sends an event again, numbered and with its reason, when the app does not ack it', async () => {
    const stage = await openWorkspace(options);
    const heard: unknown[] = [];
    let arrived: () => void = () => undefined;
    await start(stage, (app) =>
      // Middleware that never calls next leaves the event un-acked.
      app.use(async ({ context, body, next }) => {
        heard.push([context.retryNum ?? 0, context.retryReason ?? '', 'event_id' in body ? body.event_id : '']);
        arrived();
        if (context.retryNum === 1) await next();
      }),
    );
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const opened = stage.workspace.as(ANA).home();
    await first;
    const second = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    stage.clock.advance(3000);
    await opened;
    stage.clock.advance(0);
    await second;
    const eventId = expect.stringMatching(/^Ev/);
    expect(heard).toEqual([
      [0, '', eventId],
      [1, 'http_timeout', eventId],
    ]);
    expect(stage.workspace.failures).toMatchObject([{ is: 'not-acked', where: 'event app_home_opened' }]);
  });
});

describe('Socket Mode', () => {
  it('sends each payload to only one of the connections', async () => {
    const { workspace } = await openWorkspace();
    const answered: string[] = [];
    for (const name of ['first', 'second']) {
      await startSocketApp(workspace, (app) =>
        app.command('/usher', async ({ ack }) => {
          answered.push(name);
          await ack();
        }),
      );
    }
    expect(workspace.connections()).toBe(2);
    for (let count = 0; count < 4; count += 1) await workspace.as(ANA).say(PROVISIONING, '/usher');
    expect(answered.sort()).toEqual(['first', 'first', 'second', 'second']);
  });

  it('keeps a reconnecting app reachable after it asked it to refresh', async () => {
    const { workspace } = await openWorkspace();
    await startSocketApp(workspace, (app) => app.command('/usher', ({ ack }) => ack('here')));
    workspace.disconnect({ reason: 'refresh_requested' });
    expect(workspace.connections()).toBe(0);
    expect(await workspace.as(ANA).say(PROVISIONING, '/usher')).toEqual({ ok: false, error: 'dispatch_failed' });
    await workspace.until((world) => world.connections() === 1);
    expect(await workspace.as(ANA).say(PROVISIONING, '/usher')).toMatchObject({ ok: true });
    expect(workspace.failures).toEqual([]);
  });

  it('survives connections that are cut without a word', async () => {
    const { workspace } = await openWorkspace();
    await startSocketApp(workspace, (app) => app.command('/usher', ({ ack }) => ack()));
    workspace.disconnect({ abrupt: true });
    await workspace.until((world) => world.connections() === 1);
    expect(await workspace.as(ANA).say(PROVISIONING, '/usher')).toMatchObject({ ok: true });
  });

  it('notices an envelope that is acked twice', async () => {
    const { workspace } = await openWorkspace();
    await startSocketApp(workspace, (app) => app.command('/usher', ({ ack }) => ack()));
    const answer = await fetch(`${workspace.apiUrl}apps.connections.open`, { method: 'POST', headers: { authorization: 'Bearer xapp-test' } });
    const { url } = (await answer.json()) as { url: string };
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
    socket.addEventListener('message', (event) => {
      const { envelope_id } = JSON.parse(String(event.data)) as { envelope_id: string };
      socket.send(JSON.stringify({ envelope_id }));
      socket.send(JSON.stringify({ envelope_id }));
    });
    await workspace.as(ANA).say(PROVISIONING, '/usher');
    await workspace.as(ANA).say(PROVISIONING, '/usher');
    await workspace.until((world) => world.failures.length === 1);
    expect(workspace.failures).toMatchObject([{ is: 'acked-twice', where: '/usher' }]);
    socket.close();
  });

  it('refuses a socket address that was used before', async () => {
    const { workspace } = await openWorkspace();
    const answer = await fetch(`${workspace.apiUrl}apps.connections.open`, { method: 'POST', headers: { authorization: 'Bearer xapp-test' } });
    const { url } = (await answer.json()) as { url: string };
    const first = new WebSocket(url);
    await new Promise((resolve) => first.addEventListener('open', resolve, { once: true }));
    const second = new WebSocket(url);
    await new Promise((resolve) => second.addEventListener('error', resolve, { once: true }));
    expect(workspace.connections()).toBe(1);
    first.close();
  });
});

describe('signed HTTP', () => {
  it('records an app that refuses the signature', async () => {
    const stage = await openWorkspace({ delivery: { is: 'http', requestUrl: '' } });
    await startHttpApp(stage.workspace, (app) => app.command('/usher', ({ ack }) => ack()), 'another-secret');
    expect(await stage.workspace.as(ANA).say(PROVISIONING, '/usher')).toEqual({ ok: false, error: 'dispatch_failed' });
    expect(stage.workspace.failures).toMatchObject([{ is: 'refused-delivery', detail: 'HTTP 401' }]);
  });

  it("counts the app's time on the machine's clock unless a test brings its own", async () => {
    const stage = await openWorkspace({ delivery: { is: 'http', requestUrl: '' }, clock: realClock, ackWithin: 20 });
    await startHttpApp(stage.workspace, (app) => app.command('/usher', async () => undefined));
    expect(await stage.workspace.as(ANA).say(PROVISIONING, '/usher')).toEqual({ ok: false, error: 'operation_timeout' });
  });

  it('tells the person, and blames nobody, when the app is not there', async () => {
    const { workspace } = await openWorkspace({ delivery: { is: 'http', requestUrl: '' } });
    expect(await workspace.as(ANA).say(PROVISIONING, '/usher')).toEqual({ ok: false, error: 'dispatch_failed' });
    expect(workspace.failures).toEqual([]);
  });
});
