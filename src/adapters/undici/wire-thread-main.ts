import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, PostedAnswer, PostedFault, PostedLine, PostedRequest, ToThread } from './frames.ts';
import { createWire } from './sockets.ts';
import type { Answer, Line, Receiver, WireFault } from './wire.ts';

/** The other end of `createWireThread`: the wire, and what comes of its requests in bunches. */

if (parentPort === null) throw new Error('this runs as a thread of Usher');
const port = parentPort;
const wire = createWire(workerData);

/** A line over which something is under way or lies ready. */
interface OpenLine {
  readonly line: Line;
  open: number;
}
const lines = new Map<number, OpenLine>();

let answers: PostedAnswer[] = [];
let faults: PostedFault[] = [];
let returned: number[] = [];
let isDue = false;

function post(news: FromThread): void {
  port.postMessage(news);
}

function tell(): void {
  isDue = false;
  const news = { is: 'news', answers, faults, returned } as const;
  answers = [];
  faults = [];
  returned = [];
  post(news);
}

/** What one turn of the event loop brings goes together. */
function due(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(tell);
}

class Teller implements Receiver {
  readonly #id: number;
  readonly #lineId: number;
  #waited = 0;

  constructor(id: number, lineId: number) {
    this.#id = id;
    this.#lineId = lineId;
  }

  waited(milliseconds: number): void {
    this.#waited = milliseconds;
  }

  answered({ status, retryAfter, location, etag, text }: Answer): void {
    answers.push([this.#id, this.#waited, status, retryAfter, location, etag, text]);
    this.#over();
  }

  failed({ sent, words }: WireFault): void {
    faults.push([this.#id, this.#waited, sent, words]);
    this.#over();
  }

  returned(): void {
    returned.push(this.#id);
    this.#over();
  }

  #over(): void {
    due();
    const line = lines.get(this.#lineId);
    if (line === undefined) return;
    line.open -= 1;
    if (line.open === 0) lines.delete(this.#lineId);
  }
}

function lineOf({ id, url, token, concurrency }: PostedLine): OpenLine {
  const known = lines.get(id);
  if (known !== undefined) return known;
  const made = { line: wire.open({ url: new URL(url), token, concurrency }), open: 0 };
  lines.set(id, made);
  return made;
}

function send(posted: PostedLine, requests: readonly PostedRequest[]): void {
  const line = lineOf(posted);
  line.open += requests.length;
  for (const [id, patient, method, path, body, ifMatch] of requests) line.line.send({ method, path, body, ifMatch }, patient, new Teller(id, posted.id));
}

port.on('message', (message: ToThread) => {
  switch (message.is) {
    case 'requests':
      send(message.line, message.requests);
      break;
    case 'recall':
      lines.get(message.line)?.line.recall();
      break;
    case 'close':
      void wire.close().then(() => {
        tell();
        post({ is: 'closed' });
      });
  }
});
