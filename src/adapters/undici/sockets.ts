import { Pool } from 'undici';
import { isAllowed, pinnedLookup, type Resolve, systemResolve } from './addresses.ts';
import { Exchange } from './exchange.ts';
import { Gate } from './gate.ts';
import type { Limits, Line, LineOptions, Receiver, Wire, WireRequest } from './wire.ts';

/** What a wire is made with; plain data but for `resolve`. */
export interface WireOptions {
  /** `host:port` that may be private and without TLS: for the sandbox; production passes none. */
  readonly allow: readonly string[];
  /** Default 30 s and 10 MiB. */
  readonly limits?: Partial<Limits>;
  /** A company's own certificate authorities, PEM, besides those that Node knows. */
  readonly authorities?: readonly string[];
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
}

const LIMITS: Limits = { time: 30_000, size: 10 * 1_048_576 };
/** Node servers close an idle connection after 5 s; leaving first keeps a POST off a dying socket. */
const IDLE = 3_500;
/** Node gives each of several addresses 250 ms to connect, which is less than a round trip around the world. */
const NEXT_ADDRESS = 1_000;

/** The pool of one origin; replaced by a larger one when more sockets are asked for. */
interface SharedPool {
  pool: Pool;
  connections: number;
}

/** The wire in the thread that it is called in: one undici `Pool` per origin, whose sockets connect to checked addresses only (X5). */
export function createWire(options: WireOptions): Wire {
  const limits: Limits = { ...LIMITS, ...options.limits };
  const resolve = options.resolve ?? systemResolve;
  const pools = new Map<string, SharedPool>();

  function makePool(url: URL, connections: number): Pool {
    const lookup = pinnedLookup(resolve, isAllowed(url, options.allow));
    const authorities = options.authorities === undefined ? {} : { ca: [...options.authorities] };
    return new Pool(url.origin, {
      connections,
      keepAliveTimeout: IDLE,
      keepAliveMaxTimeout: IDLE,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { lookup, timeout: Math.min(10_000, limits.time), autoSelectFamilyAttemptTimeout: NEXT_ADDRESS, ...authorities },
    });
  }

  function share(url: URL, connections: number): SharedPool {
    const shared = pools.get(url.origin);
    if (shared === undefined) {
      const made = { pool: makePool(url, connections), connections };
      pools.set(url.origin, made);
      return made;
    }
    if (shared.connections < connections) {
      const smaller = shared.pool;
      shared.pool = makePool(url, connections);
      shared.connections = connections;
      void smaller.close();
    }
    return shared;
  }

  return {
    open: (line) => new PooledLine(share(line.url, line.concurrency), line, limits),
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
    },
  };
}

class PooledLine implements Line {
  readonly #shared: SharedPool;
  readonly #host: string;
  readonly #limits: Limits;
  readonly #headers: readonly string[];
  /** Of the patient ones. */
  readonly #gate: Gate<Patient>;

  constructor(shared: SharedPool, { url, token, concurrency }: LineOptions, limits: Limits) {
    this.#shared = shared;
    this.#host = url.hostname;
    this.#limits = limits;
    this.#headers = ['accept', 'application/scim+json', 'authorization', `Bearer ${token}`, 'user-agent', 'usher/0.1 (SCIM 2.0 client)'];
    const over = (success: boolean) => (success ? this.#gate.succeeded() : this.#gate.refused());
    this.#gate = new Gate(concurrency, (patient) => {
      patient.goes();
      this.#dispatch(patient.request, patient.receiver, over);
    });
  }

  send(request: WireRequest, patient: boolean, receiver: Receiver): void {
    if (patient) this.#gate.enter(new Patient(request, receiver));
    else this.#dispatch(request, receiver, ignore);
  }

  recall(): void {
    this.#gate.recall();
  }

  #dispatch({ method, path, body, ifMatch }: WireRequest, receiver: Receiver, over: (success: boolean) => void): void {
    const exchange = new Exchange(this.#host, this.#limits, receiver, over);
    const headers = [...this.#headers];
    if (body !== null) headers.push('content-type', 'application/scim+json');
    if (ifMatch !== null) headers.push('if-match', ifMatch);
    try {
      this.#shared.pool.dispatch({ path, method, headers, body }, exchange);
    } catch (error) {
      exchange.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** A request that may lie ready. */
class Patient {
  readonly request: WireRequest;
  readonly receiver: Receiver;
  readonly #since = performance.now();

  constructor(request: WireRequest, receiver: Receiver) {
    this.request = request;
    this.receiver = receiver;
  }

  goes(): void {
    this.receiver.waited?.(performance.now() - this.#since);
  }

  returned(): void {
    this.receiver.returned();
  }
}

const ignore = (): void => undefined;
