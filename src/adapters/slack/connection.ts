import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/** How Slack's requests come in. */
export type Incoming =
  | { readonly is: 'socket'; readonly appToken: string; readonly connections: number }
  | { readonly is: 'http'; readonly signingSecret: string; readonly port: number };

export interface ConnectionParts {
  readonly incoming: Incoming;
  readonly botToken: string;
  readonly slackApiUrl: string;
  readonly log: Log;
  /** Teaches an app its listeners; called once a connection. */
  readonly register: (app: App) => void;
  /** Something Bolt could not route or a listener threw: it was logged by nobody yet. */
  readonly onFault: (error: Error) => void;
}

export interface Connection {
  /** Where HTTP mode listens; null in Socket Mode. */
  readonly port: number | null;
  stop(): Promise<void>;
}

/**
 * Connects to Slack. In Socket Mode two connections by default: each refresh leaves one of them deaf for about five
 * seconds (SLACK.md 1.4). Throws where Slack refuses the tokens.
 */
export async function connect(parts: ConnectionParts): Promise<Connection> {
  const count = parts.incoming.is === 'socket' ? parts.incoming.connections : 1;
  const apps: App[] = [];
  let port: number | null = null;
  for (let index = 0; index < count; index += 1) {
    const app = await initialized(parts);
    const server = await app.start(parts.incoming.is === 'http' ? parts.incoming.port : 0);
    port = parts.incoming.is === 'http' ? portOf(server) : null;
    apps.push(app);
  }
  return {
    port,
    async stop() {
      await Promise.all(apps.map((app) => app.stop()));
    },
  };
}

async function initialized(parts: ConnectionParts): Promise<App> {
  const clientOptions = { slackApiUrl: parts.slackApiUrl, retryConfig: { retries: 1 } };
  const logger = boltLogger(parts.log);
  const receiver =
    parts.incoming.is === 'socket'
      ? new SocketModeReceiver({ appToken: parts.incoming.appToken, logger, installerOptions: { clientOptions } })
      : new HTTPReceiver({ signingSecret: parts.incoming.signingSecret, logger });
  const app = new App({ token: parts.botToken, receiver, logger, clientOptions, deferInitialization: true, convoStore: false });
  await app.init();
  app.error(async (error) => parts.onFault(error));
  parts.register(app);
  return app;
}

/** `start` answers the HTTP server, or what the socket client's start answers. */
function portOf(server: unknown): number | null {
  if (typeof server !== 'object' || server === null || !('address' in server) || typeof server.address !== 'function') return null;
  const address: unknown = server.address();
  return typeof address === 'object' && address !== null && 'port' in address && typeof address.port === 'number' ? address.port : null;
}

/** Bolt's and the SDK's own lines, into ours; their debug chatter holds payloads and is left out. */
function boltLogger(log: Log): App['logger'] {
  const text = (parts: readonly unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : '')).join(' ');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => log.warn({ from: 'slack' }, text(parts)),
    error: (...parts: unknown[]) => log.error({ from: 'slack' }, text(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
