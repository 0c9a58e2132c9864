import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type MovableClock, movableClock } from '../../../src/sandbox/slack/clock.ts';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '../../../src/sandbox/slack/workspace.ts';

export const ANA = 'U0ANARUIZ';
export const SAM = 'U0SAMONEIL';
export const NADIA = 'U0NADIAPETROVA';
export const KENJI = 'U0KENJIMORI';
export const PROVISIONING = 'C0PROVISION';
export const GENERAL = 'C0GENERAL';
export const LEADS = 'C0ITLEADS';

export const TOKENS = { signingSecret: 'signing-secret', botToken: 'xoxb-test', appToken: 'xapp-test' };

export const SCOPES = [
  ...['commands', 'chat:write', 'users:read', 'users:read.email', 'usergroups:read', 'team:read', 'files:read', 'files:write', 'im:write', 'channels:join'],
  ...['channels:read', 'groups:read', 'im:read', 'channels:history', 'groups:history', 'im:history'],
];

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

export interface Stage {
  readonly workspace: Workspace;
  readonly clock: MovableClock;
  readonly client: WebClient;
}

/** A workspace of its own, closed when the test ends. Time stands still until the test moves it. */
export async function openWorkspace(options: Partial<WorkspaceOptions> = {}): Promise<Stage> {
  const clock = movableClock();
  const workspace = await startWorkspace({
    delivery: { is: 'socket' },
    ...TOKENS,
    scopes: SCOPES,
    commands: [{ command: '/usher', description: 'Everything', usageHint: '[topic] [verb]' }],
    features: { homeTab: true },
    clock,
    ...options,
  });
  onTestFinished(() => workspace.close());
  return { workspace, clock, client: clientOf(workspace) };
}

/** The real client of Slack's SDK, without retries. */
export function clientOf(workspace: Workspace, token = TOKENS.botToken): WebClient {
  return new WebClient(token, { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: silent });
}

function bolt(workspace: Workspace, receiver: HTTPReceiver | SocketModeReceiver): App {
  return new App({
    token: TOKENS.botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    logger: silent,
    deferInitialization: true,
    ...(receiver instanceof SocketModeReceiver ? { socketMode: true, appToken: TOKENS.appToken } : {}),
  });
}

/** The real Bolt, connected in Socket Mode. */
export async function startSocketApp(workspace: Workspace, register: (app: App) => void): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: TOKENS.appToken,
    logger: silent,
    clientPingTimeout: 200,
    installerOptions: { clientOptions: { slackApiUrl: workspace.apiUrl } },
  });
  const app = bolt(workspace, receiver);
  register(app);
  await app.init();
  await app.start();
  onTestFinished(() => void app.stop());
  return app;
}

/** The real Bolt behind a request URL. */
export async function startHttpApp(workspace: Workspace, register: (app: App) => void, signingSecret = TOKENS.signingSecret): Promise<App> {
  const app = bolt(workspace, new HTTPReceiver({ signingSecret, logger: silent }));
  register(app);
  await app.init();
  const server = await app.start(0);
  if (server !== undefined && 'address' in server) workspace.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  onTestFinished(async () => {
    const stopped = app.stop();
    // Requests that a test left un-acked would hold the server for three seconds.
    if (server !== undefined && 'closeAllConnections' in server) server.closeAllConnections();
    await stopped;
  });
  return app;
}
