import { type App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { AnsweringApp } from './answering-app.ts';
import { type Ear, listenTo } from './ear.ts';
import { slackLogger } from './logger.ts';
import { vetted } from './vetting.ts';

/** How Slack's requests come in. */
export type Incoming =
  | { readonly is: 'socket'; readonly appToken: string; readonly connections: number }
  | { readonly is: 'http'; readonly signingSecret: string; readonly port: number };

export interface ConnectionParts {
  readonly incoming: Incoming;
  readonly botToken: string;
  readonly slackApiUrl: string;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'acked' | 'unacked'>;
  /** Teaches an app its listeners; called once a connection. */
  readonly register: (app: App) => void;
  /** Something Bolt could not route or a listener threw: it was logged by nobody yet. */
  readonly onFault: (error: Error) => void;
}

export interface Connection {
  /** Where HTTP mode listens; null in Socket Mode. */
  readonly port: number | null;
  /** One for each socket; none in HTTP mode. */
  readonly ears: readonly Ear[];
  stop(): Promise<void>;
}

/**
 * Connects to Slack. In Socket Mode two connections by default: each refresh leaves one of them deaf for about five
 * seconds (SLACK.md 1.4). Throws where Slack refuses the tokens.
 */
export async function connect(parts: ConnectionParts): Promise<Connection> {
  const count = parts.incoming.is === 'socket' ? parts.incoming.connections : 1;
  const apps: App[] = [];
  const ears: Ear[] = [];
  let port: number | null = null;
  const stop = async (): Promise<void> => {
    for (const ear of ears) ear.stop();
    await Promise.all(apps.map((app) => app.stop()));
  };
  try {
    for (let index = 0; index < count; index += 1) {
      const receiver = receiverOf(parts);
      if (receiver instanceof SocketModeReceiver) ears.push(listenTo(receiver));
      const app = await initialized(parts, receiver);
      const server = await app.start(parts.incoming.is === 'http' ? parts.incoming.port : 0, SLOW_SENDERS);
      port = parts.incoming.is === 'http' ? portOf(server) : null;
      apps.push(app);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, ears, stop };
}

/** Of `apps.connections.open`: for as long as Slack is away. The SDK's own has no longest wait: 7.7 hours at the 40th attempt (SLACK.md 1.4). It holds up no exit. */
const RECONNECTING = { retries: 20, factor: 1.3, maxTimeout: 30_000, forever: true, unref: true };
/** HTTP mode: who sends a request this slowly is not Slack. */
const SLOW_SENDERS = { requestTimeout: 10_000, headersTimeout: 5_000 };

function receiverOf({ incoming, slackApiUrl, log }: ConnectionParts): SocketModeReceiver | HTTPReceiver {
  const logger = slackLogger(log);
  if (incoming.is === 'http') return vetted(new HTTPReceiver({ signingSecret: incoming.signingSecret, logger }));
  // Without a time limit, one request that hangs would keep a socket down for ever.
  const clientOptions = { slackApiUrl, retryConfig: RECONNECTING, timeout: 10_000 };
  return new SocketModeReceiver({ appToken: incoming.appToken, logger, installerOptions: { clientOptions } });
}

async function initialized(parts: ConnectionParts, receiver: SocketModeReceiver | HTTPReceiver): Promise<App> {
  const { slackApiUrl } = parts;
  const logger = slackLogger(parts.log);
  // Answers that somebody waits for: a 429 is said, not waited out while the trigger dies.
  const clientOptions = { slackApiUrl, retryConfig: { retries: 1, minTimeout: 250 }, rejectRateLimitedCalls: true, timeout: 10_000 };
  const app = new AnsweringApp({ token: parts.botToken, receiver, logger, clientOptions, deferInitialization: true, convoStore: false }, parts.metrics);
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
