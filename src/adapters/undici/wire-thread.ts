import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { errors } from 'undici';
import type { Log } from '../../ports/log.ts';
import type { FromThread, PostedFault, PostedLine, PostedRequest, ToThread } from './frames.ts';
import type { WireOptions } from './sockets.ts';
import { type Answer, type Line, type LineOptions, type Receiver, type Wire, WireFault, type WireRequest } from './wire.ts';

export interface WireThreadOptions extends Omit<WireOptions, 'resolve'> {
  /** Where the end of a thread that nobody asked for is told. */
  readonly log: Pick<Log, 'error'>;
}

/** MiB for young objects: requests and answers live a few milliseconds. */
const YOUNG = 32;

/** What a request meets whose thread ended under it: it may have been sent. */
const ENDED = 'the thread that spoke to it ended unexpectedly';

/**
 * The wire in a thread of its own, so that sockets, TLS and HTTP wait for nothing that the app does. It is started by the first request, and
 * again by the next one where it ended.
 */
export function createWireThread(options: WireThreadOptions): Wire {
  let thread: Thread | undefined;
  let lines = 0;
  let isClosed = false;
  const running = (): Thread => {
    thread ??= new Thread(options, () => {
      thread = undefined;
    });
    return thread;
  };
  return {
    open({ url, token, concurrency }: LineOptions): Line {
      lines += 1;
      const line: PostedLine = { id: lines, url: url.href, token, concurrency };
      return {
        send(request, patient, receiver) {
          if (isClosed) receiver.failed(WireFault.of(new errors.ClientClosedError(), url.hostname, false));
          else running().send(line, request, patient, receiver);
        },
        recall: () => thread?.recall(line),
      };
    },
    async close() {
      isClosed = true;
      await thread?.close();
    },
  };
}

function hostOf({ url }: PostedLine): string {
  return new URL(url).hostname;
}

/** Compiled files run as they are; from TypeScript (tsx, vitest) the thread needs tsx as well, which Node 20 does not hand down to it. */
function startMain(options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./wire-thread-main.js', import.meta.url), options);
  const tsx = new URL('./dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))).href;
  const main = new URL('./wire-thread-main.ts', import.meta.url).href;
  return new Worker(`import('${tsx}').then(({ register }) => { register(); return import('${main}'); })`, { ...options, eval: true });
}

interface Waiting {
  readonly line: PostedLine;
  readonly receiver: Receiver;
}

/** One thread, from its start to its end. */
class Thread {
  readonly #worker: Worker;
  readonly #log: Pick<Log, 'error'>;
  readonly #ended: () => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #outgoing = new Map<PostedLine, PostedRequest[]>();
  #requests = 0;
  #isDue = false;
  #closed: (() => void) | undefined;

  constructor({ log, ...options }: WireThreadOptions, ended: () => void) {
    this.#log = log;
    this.#ended = ended;
    this.#worker = startMain({ workerData: options, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    this.#worker.on('message', (news: FromThread) => this.#hear(news));
    this.#worker.on('error', (error) => log.error({ err: error }, 'the thread of the wire failed'));
    this.#worker.once('exit', () => this.#end());
    // It keeps the process alive while somebody waits for an answer.
    this.#worker.unref();
  }

  send(line: PostedLine, { method, path, body, ifMatch }: WireRequest, patient: boolean, receiver: Receiver): void {
    this.#requests += 1;
    if (this.#waiting.size === 0) this.#worker.ref();
    this.#waiting.set(this.#requests, { line, receiver });
    const posted: PostedRequest = [this.#requests, patient, method, path, body, ifMatch];
    const others = this.#outgoing.get(line);
    if (others === undefined) this.#outgoing.set(line, [posted]);
    else others.push(posted);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#postAll());
  }

  recall({ id }: PostedLine): void {
    this.#postAll();
    this.#post({ is: 'recall', line: id });
  }

  async close(): Promise<void> {
    this.#postAll();
    this.#worker.ref();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#post({ is: 'close' });
    });
    await this.#worker.terminate();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** What one turn of the event loop asks goes together. */
  #postAll(): void {
    this.#isDue = false;
    for (const [line, requests] of this.#outgoing) this.#post({ is: 'requests', line, requests });
    this.#outgoing.clear();
  }

  #hear(news: FromThread): void {
    if (news.is === 'closed') {
      this.#closed?.();
      return;
    }
    const answered = news.answers.flatMap(([id, waited, status, retryAfter, location, etag, text]) => {
      const receiver = this.#take(id, waited);
      if (status < 300) receiver?.succeeded?.();
      return receiver === undefined ? [] : [{ receiver, answer: { status, retryAfter, location, etag, text } }];
    });
    // The next requests are on their way before the first of these answers is read.
    if (answered.length > 0) setImmediate(readAll, answered);
    if (news.faults.length > 0 || news.returned.length > 0) setImmediate(() => this.#tell(news.faults, news.returned));
  }

  #tell(faults: readonly PostedFault[], returned: readonly number[]): void {
    for (const [id, waited, sent, words] of faults) this.#take(id, waited)?.failed(new WireFault(words, sent));
    for (const id of returned) this.#take(id, 0)?.returned();
  }

  /** Whoever waits for this request, and no longer. */
  #take(id: number, waited: number): Receiver | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (waited > 0) waiting?.receiver.waited?.(waited);
    return waiting?.receiver;
  }

  #end(): void {
    this.#ended();
    this.#closed?.();
    if (this.#waiting.size === 0) return;
    this.#log.error({ requests: this.#waiting.size }, 'the thread of the wire ended with requests under way');
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { line, receiver } of waiting) receiver.failed(new WireFault({ next: 'again', message: `${hostOf(line)}: ${ENDED}.`, limit: null }, true));
  }
}

function readAll(answered: readonly { readonly receiver: Receiver; readonly answer: Answer }[]): void {
  for (const { receiver, answer } of answered) receiver.answered(answer);
}
