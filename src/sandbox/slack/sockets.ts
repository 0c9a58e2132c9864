import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Changes } from './changes.ts';
import type { Delivery, Outgoing, Reply } from './delivery.ts';
import type { Failures } from './failures.ts';
import { secretPart } from './ids.ts';
import { type Dict, isDict, parsed } from './json.ts';

const ackFrame = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });
const MOST_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

interface Connection {
  readonly socket: WebSocket;
  /** False once Slack asked it to go: it may still ack, but gets nothing new. */
  receives: boolean;
}

/** Socket Mode's server side: tickets, hello, envelopes to any one connection, acks, disconnects. */
export class Sockets implements Delivery {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Connection>();
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  readonly #answered = new Map<string, string>();
  readonly #failures: Failures;
  readonly #changes: Changes;
  readonly #appId: string;
  #turn = 0;
  #deaf = false;

  constructor(appId: string, failures: Failures, changes: Changes) {
    this.#appId = appId;
    this.#failures = failures;
    this.#changes = changes;
  }

  /** Takes the upgrade requests of a server, at `/link?ticket=…`. */
  listenOn(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://loopback');
      if (url.pathname !== '/link' || !this.#tickets.delete(url.searchParams.get('ticket') ?? '')) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(webSocket));
    });
  }

  /** A single-use address for one connection. */
  mintPath(): string {
    const ticket = secretPart();
    this.#tickets.add(ticket);
    return `/link?ticket=${ticket}&app_id=${this.#appId}`;
  }

  connected(): boolean {
    return this.count() > 0;
  }

  /** Connections that payloads may go to. */
  count(): number {
    return [...this.#connections].filter((one) => one.receives).length;
  }

  send(outgoing: Outgoing): Promise<Reply> {
    const open = [...this.#connections].filter((one) => one.receives);
    const chosen = open[this.#turn % Math.max(1, open.length)];
    this.#turn += 1;
    if (chosen === undefined) return Promise.resolve({ is: 'unreachable' });
    const envelopeId = secretPart();
    const { kind, payload, retry } = outgoing;
    const retried = kind === 'events_api' ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' } : {};
    const envelope = { envelope_id: envelopeId, type: kind, accepts_response_payload: kind !== 'events_api', ...retried, payload };
    return new Promise((resolve) => {
      this.#waiting.set(envelopeId, (reply) => {
        this.#answered.set(envelopeId, outgoing.what);
        resolve(reply);
      });
      if (!this.#deaf) chosen.socket.send(JSON.stringify(envelope));
    });
  }

  /** From now on sockets stay open, or are accepted, and nothing comes over them: no hello, no payload, no ping. Pings are still answered, as a proxy in between would. */
  deafen(): void {
    this.#deaf = true;
  }

  /** Pings the oldest `count` connections now, besides the usual ones. */
  ping(count: number): void {
    for (const { socket } of [...this.#connections].slice(0, count)) socket.ping();
    this.#changes.emit({ is: 'state', userId: null });
  }

  /** Asks connections to go, the oldest first, as Slack does every few hours; `abrupt` cuts them without a word. */
  disconnect(reason: DisconnectReason, abrupt = false, count = Number.POSITIVE_INFINITY): void {
    for (const connection of [...this.#connections].slice(0, count)) {
      connection.receives = false;
      if (abrupt) connection.socket.terminate();
      else connection.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'loopback' } }));
    }
    this.#changes.emit({ is: 'state', userId: null });
  }

  close(): void {
    for (const { socket } of this.#connections) socket.terminate();
    this.#server.close();
  }

  #welcome(socket: WebSocket): void {
    if (this.#connections.size >= MOST_CONNECTIONS) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'loopback' } }));
      socket.close();
      return;
    }
    const connection: Connection = { socket, receives: true };
    this.#connections.add(connection);
    const pings = setInterval(() => {
      if (!this.#deaf) socket.ping();
    }, PING_EVERY_MS);
    pings.unref();
    socket.on('message', (data) => this.#heard(data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      this.#connections.delete(connection);
      this.#changes.emit({ is: 'state', userId: null });
    });
    if (this.#deaf) return;
    const debug = { host: 'loopback', build_number: 1, approximate_connection_time: 18_060 };
    socket.send(JSON.stringify({ type: 'hello', num_connections: this.#connections.size, debug_info: debug, connection_info: { app_id: this.#appId } }));
    this.#changes.emit({ is: 'state', userId: null });
  }

  #heard(text: string): void {
    const frame = ackFrame.safeParse(parsed(text));
    const id = frame.success ? frame.data.envelope_id : '';
    const settle = this.#waiting.get(id);
    if (!frame.success || settle === undefined) {
      const what = this.#answered.get(id);
      this.#failures.record(
        what === undefined ? 'unknown-envelope' : 'acked-twice',
        what ?? 'socket',
        frame.success ? `envelope ${id}` : 'a frame that is no ack',
      );
      return;
    }
    this.#waiting.delete(id);
    settle({ is: 'acked', body: ackBody(frame.data.payload) });
  }
}

/** Bolt wraps an ack's text as `{text}`; an empty ack arrives as `{}`. */
function ackBody(payload: unknown): Dict | string | null {
  if (isDict(payload)) return Object.keys(payload).length === 0 ? null : payload;
  return payload === undefined || payload === null ? null : String(payload);
}
