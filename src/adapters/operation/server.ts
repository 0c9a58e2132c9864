import { createServer, type Server, type ServerResponse } from 'node:http';

/** A part of Usher that must work for it to be ready: null when it does, otherwise a few words without names. */
export interface Part {
  readonly name: 'store' | 'slack' | 'worker' | 'mail';
  readonly check: () => Promise<string | null>;
  /** Its problem is told, and Usher is ready all the same. */
  readonly informs?: boolean;
}

export interface OperationParts {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly parts: readonly Part[];
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

export interface Operation {
  readonly port: number;
  stop(): Promise<void>;
}

/** A check that takes longer is a failed one: whoever asks has a limit of their own. */
const PATIENCE = 3_000;

/**
 * Where a supervisor looks (X8): `/healthz` answers 200 as long as the event loop turns, `/readyz` 200 or 503 with the
 * part that isn't, `/metrics` in Prometheus' format. Nothing it says is secret, and it takes no orders. Rejects where it can't listen.
 */
export async function startOperation(options: OperationParts): Promise<Operation> {
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return json(response, 405, { error: 'only GET' });
    answer(path ?? '/', response, options).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: portOf(server), stop: () => stopped(server) };
}

async function answer(path: string, response: ServerResponse, { parts, metrics }: OperationParts): Promise<void> {
  switch (path) {
    case '/healthz':
      return json(response, 200, { alive: true });
    case '/readyz': {
      const states = await Promise.all(parts.map(async ({ name, check, informs = false }) => [name, await stateOf(check), informs] as const));
      const ready = states.every(([, problem, informs]) => problem === null || informs);
      return json(response, ready ? 200 : 503, { ready, parts: Object.fromEntries(states.map(([name, problem]) => [name, problem ?? 'ok'])) });
    }
    case '/metrics': {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      return;
    }
    default:
      return json(response, 404, { error: 'there are /healthz, /readyz and /metrics' });
  }
}

async function stateOf(check: Part['check']): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, `no answer within ${PATIENCE / 1_000} s`);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return 'failed; the log says why';
  } finally {
    clearTimeout(timer);
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
