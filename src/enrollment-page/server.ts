import { createServer, type Server } from 'node:http';
import { createApp } from './app.ts';
import { createSeal } from './sealed.ts';
import type { PageOutside } from './visit.ts';

export interface PageOptions {
  readonly outside: () => PageOutside;
  /** 32 bytes; the page's own keys are derived from it. */
  readonly key: Buffer;
  /** The public address (https, or http on this machine), without a slash at the end. */
  readonly url: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Whose `X-Forwarded-For` is believed: so many proxies, those addresses, or nobody's. */
  readonly trustProxy: false | number | readonly string[];
  /** From one address. Default `REQUESTS_PER_MINUTE`. */
  readonly requestsPerMinute?: number;
  /** Milliseconds in which a request must be in, headers and body. Default 10 s. */
  readonly patience?: number;
}

export interface EnrollmentPage {
  readonly port: number;
  /** Answers what has come in, and takes nothing more. */
  stop(): Promise<void>;
}

/** A school is one address: a person takes 3 requests, so 400 of them enroll in a minute. */
const REQUESTS_PER_MINUTE = 1_200;
const PATIENCE = 10_000;
/** How often connections are looked at that take too long, so that a slow one ends soon after its time. */
const LOOK = 1_000;
/** Longer than proxies keep theirs (60 s is usual), so that none sends a request into a connection that is closing. */
const KEEP_ALIVE = 65_000;
const MOST_CONNECTIONS = 2_000;
/** Of request line and headers, together. */
const LARGEST_HEAD = 8_192;
/** How long a stop waits for answers that are under way. */
const LAST_ANSWERS = 5_000;

/** Starts the page that invited people see (E3, E9, E10). Rejects where it can't listen. */
export async function startEnrollmentPage(options: PageOptions): Promise<EnrollmentPage> {
  const { outside, key, url, trustProxy, requestsPerMinute = REQUESTS_PER_MINUTE, patience = PATIENCE } = options;
  const app = createApp({ outside, seal: createSeal(key), url, trustProxy, requestsPerMinute });
  const server = createServer(
    {
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: patience,
      requestTimeout: patience,
      connectionsCheckingInterval: Math.min(LOOK, patience),
      keepAliveTimeout: KEEP_ALIVE,
    },
    app,
  );
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: portOf(server), stop: () => stopped(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
