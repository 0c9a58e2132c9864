import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Envelope, Reply } from './protocol.ts';

/** Nobody listens there. */
export class NobodyListens extends Error {
  override readonly name = 'NobodyListens';
}

/** The answer's lines, as they come. Throws `NobodyListens`, or an error where the answer is none or breaks off. */
export async function* ask(path: string, envelope: Envelope): AsyncGenerator<Reply> {
  const socket = await opened(path);
  try {
    socket.write(`${JSON.stringify(envelope)}\n`);
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      const reply = Reply.parse(JSON.parse(line));
      yield reply;
      if (reply.is === 'end') return;
    }
    throw new Error('Usher ended before it had answered. Its log says why.');
  } finally {
    socket.destroy();
  }
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? new NobodyListens(path) : error));
  });
}
