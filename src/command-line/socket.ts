import { chmod, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../ports/log.ts';
import { Envelope, EXIT, type Reply } from './protocol.ts';

const LONGEST_REQUEST = 16 * 1024;
/** Milliseconds for the request line, and for an answer under way when Usher stops. */
const PATIENCE = 10_000;
const GRACE = 3_000;

/** Where an Usher listens for its own command line. */
export function socketPath(folder: string): string {
  return join(folder, 'usher.sock');
}

export interface CommandSocket {
  /** Takes no further requests, and gives those under way a few seconds. */
  stop(): Promise<void>;
}

export interface CommandSocketParts {
  /** The data folder, which this process owns: a socket that lies there is a crashed owner's. */
  readonly folder: string;
  readonly answer: (envelope: Envelope) => AsyncIterable<Reply>;
  readonly log: Log;
}

/** Listens in the data folder, readable for the folder's user only (0600): one request line, one stream of answer lines. */
export async function startCommandSocket({ folder, answer, log }: CommandSocketParts): Promise<CommandSocket> {
  const path = socketPath(folder);
  await rm(path, { force: true });
  const open = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    const served = serve(socket, answer)
      .catch((error: unknown) => log.warn({ err: error }, 'a request of the command line broke off'))
      .finally(() => {
        socket.destroy();
        open.delete(socket);
      });
    open.set(socket, served);
  });
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
  await chmod(path, 0o600);
  return {
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const late = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy();
      }, GRACE);
      await Promise.all(open.values());
      clearTimeout(late);
      await closed;
      await rm(path, { force: true });
    },
  };
}

async function serve(socket: Socket, answer: CommandSocketParts['answer']): Promise<void> {
  // Its failure shows where it is written to or read from next.
  socket.on('error', () => undefined);
  const line = await firstLine(socket);
  if (line === null) return;
  const envelope = parsed(line);
  await pipeline(Readable.from(lines(envelope === null ? FOREIGN : answer(envelope))), socket);
}

async function* lines(replies: AsyncIterable<Reply> | Iterable<Reply>): AsyncGenerator<string> {
  for await (const reply of replies) yield `${JSON.stringify(reply)}\n`;
}

const FOREIGN: readonly Reply[] = [
  { is: 'fault', text: 'This Usher does not understand that request: use the usher command of the version that runs.' },
  { is: 'end', code: EXIT.usage },
];

function parsed(line: string): Envelope | null {
  try {
    return Envelope.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Null where none comes in time, or one that is too long. */
function firstLine(socket: Socket): Promise<string | null> {
  return new Promise((resolve) => {
    let begun = Buffer.alloc(0);
    const done = (line: string | null): void => {
      socket.setTimeout(0);
      socket.removeAllListeners('data');
      resolve(line);
    };
    socket.setTimeout(PATIENCE, () => done(null));
    socket.once('close', () => done(null));
    socket.on('data', (chunk: Buffer) => {
      begun = Buffer.concat([begun, chunk]);
      const end = begun.indexOf(10);
      if (end !== -1) done(begun.toString('utf8', 0, end));
      else if (begun.length > LONGEST_REQUEST) done(null);
    });
  });
}
