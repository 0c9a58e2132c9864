import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HTTPReceiver } from '@slack/bolt';

/** Bytes; Bolt's own limit. Slack's largest, a form of 250 KB with its answers, stays well below. */
const LARGEST = 4 * 1_048_576;
/** Seconds that a signature's time may lie ahead of ours. */
const AHEAD = 300;

/**
 * What Bolt 5.1 leaves open in HTTP mode, closed before it looks (X3). It refuses a wrong or missing signature and one older than five
 * minutes by itself, but takes one from the future, which would stay good for longer, and a body that is JSON but no
 * object ends the whole process: `null` throws where nothing catches.
 */
export function vetted(receiver: HTTPReceiver): HTTPReceiver {
  const listener = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    vet(request).then(
      (refused) => (refused === null ? pass(listener, request, response) : end(response, refused)),
      () => end(response, 400),
    );
  };
  return receiver;
}

/** The status to refuse with; null where Bolt may look. What it reads of the body, Bolt finds in `rawBody`. */
async function vet(request: IncomingMessage & { rawBody?: Buffer }): Promise<number | null> {
  if (request.method !== 'POST') return null;
  const at = Number(request.headers['x-slack-request-timestamp'] ?? 0);
  if (at > Date.now() / 1_000 + AHEAD) return 401;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    // Taken to its end, so that the sender reads the refusal; the server's own time limit ends it.
    if (size <= LARGEST) chunks.push(bytes);
  }
  if (size > LARGEST) return 413;
  request.rawBody = Buffer.concat(chunks);
  return mayBeObject(request.headers['content-type'], request.rawBody.toString()) ? null : 400;
}

/** Whether what Bolt will parse begins as an object does: it is not parsed here, since nobody has vouched for it yet. */
function mayBeObject(contentType: string | undefined, body: string): boolean {
  if (contentType !== 'application/x-www-form-urlencoded') return body.trimStart().startsWith('{');
  const [payload, ...further] = new URLSearchParams(body).getAll('payload');
  return payload === undefined || further.length > 0 || payload.trimStart().startsWith('{');
}

/** Bolt's listener throws for a path or method that it doesn't know. */
function pass(listener: HTTPReceiver['requestListener'], request: IncomingMessage, response: ServerResponse): void {
  try {
    listener(request, response);
  } catch {
    end(response, 404);
  }
}

function end(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status, { connection: 'close' }).end();
}
