import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'undici';
import { z } from 'zod';
import { listen, shut } from './listen.ts';

export interface StubOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** How long each SCIM answer takes; 0 by default. */
  readonly latencyMs?: number;
}

/** SCIM requests answered since the start or the last reset. */
export const stubCounts = z.object({ total: z.int(), byMethod: z.record(z.string(), z.int()) });
export type StubCounts = z.output<typeof stubCounts>;

const BASE = '/scim/v2';
const EMPTY_LIST = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}';

/** The JSON object `body` with an id in front, without parsing it. */
function withId(id: string, body: string): string {
  const rest = body.trim().slice(1);
  return `{"id":"${id}"${rest.trimStart().startsWith('}') || rest === '' ? '' : ','}${rest || '}'}`;
}

/** What a minimal provider answers, without parsing anything: a POST gets its own body back with an id in front. */
function answer(req: IncomingMessage, body: string, made: number): readonly [status: number, json: string] {
  const [path = '', query] = (req.url ?? '').split('?');
  const [, kind = 'Users', id] = path.slice(BASE.length).split('/');
  const schema = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:${kind === 'Groups' ? 'Group' : 'User'}"]`;
  if (req.method === 'DELETE') return [204, ''];
  if (req.method === 'POST') return [201, withId(`s${made}`, body)];
  if (id === undefined || query?.includes('filter=')) return [200, EMPTY_LIST];
  return [200, req.method === 'PUT' ? withId(id, body) : `{${schema},"id":"${id}"}`];
}

function text(req: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => done(Buffer.concat(chunks).toString()));
}

/**
 * A SCIM provider without memory, as fast as node:http goes, to measure a client against: every create succeeds, every list
 * is empty. `GET /counts` tells what was asked, `DELETE /counts` starts again at 0.
 */
export async function startStub({ port = 0, latencyMs = 0 }: StubOptions = {}): Promise<{ readonly url: string; close(): Promise<void> }> {
  let counts: StubCounts = { total: 0, byMethod: {} };
  const send = (res: ServerResponse, [status, json]: readonly [number, string]) => {
    if (status === 204) res.writeHead(204).end();
    else res.writeHead(status, { 'Content-Type': 'application/scim+json', 'Content-Length': Buffer.byteLength(json) }).end(json);
  };
  const server = createServer((req, res) => {
    if (req.url === '/counts') {
      send(res, [200, JSON.stringify(counts)]);
      if (req.method === 'DELETE') counts = { total: 0, byMethod: {} };
      return;
    }
    text(req, (body) => {
      const method = req.method ?? 'GET';
      counts.total += 1;
      counts.byMethod[method] = (counts.byMethod[method] ?? 0) + 1;
      const reply = answer(req, body, counts.total);
      if (latencyMs === 0) send(res, reply);
      else setTimeout(send, latencyMs, res, reply);
    });
  });
  // A benchmark's idle connection must not be cut in the middle of a pair.
  server.keepAliveTimeout = 60_000;
  const taken = await listen(server, port);
  return { url: `http://127.0.0.1:${taken}${BASE}`, close: () => shut(server) };
}

/** What the stub at `url` was asked since the start or the last reset. */
export async function countsOf(url: string): Promise<StubCounts> {
  const response = await request(new URL('/counts', url));
  return stubCounts.parse(await response.body.json());
}

/** Sets the counts to 0 and tells what they were. */
export async function resetCounts(url: string): Promise<StubCounts> {
  const response = await request(new URL('/counts', url), { method: 'DELETE' });
  return stubCounts.parse(await response.body.json());
}
