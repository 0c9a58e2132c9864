import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What reached the stub. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Stub {
  readonly origin: string;
  /** `127.0.0.1:8801`, as an allow-list names it. */
  readonly host: string;
  readonly heard: readonly Heard[];
  /** TCP connections that were opened. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Play = (response: ServerResponse, request: Heard) => void;

/** A server on loopback that plays what it is told, until the test ends; with a certificate it speaks TLS. */
export async function startStub(play: Play, tls?: { readonly key: string; readonly cert: string }): Promise<Stub> {
  const heard: Heard[] = [];
  let connections = 0;
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    heard.push(one);
    play(response, one);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    heard,
    connections: () => connections,
    close,
  };
}

/** Answers in SCIM's own type. */
export function scim(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/scim+json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
}
