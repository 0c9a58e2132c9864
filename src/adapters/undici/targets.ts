import { Pool } from 'undici';
import { RFC_DIALECT, type Speech } from '../../domain/connectors/dialect.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Targets } from '../../ports/target.ts';
import { isAllowed, objectionTo, objectionToUrl, pinnedLookup, type Resolve, systemResolve } from './addresses.ts';
import { createRequester } from './requester.ts';
import { createTarget } from './target.ts';
import { networkWords } from './words.ts';
import type { Limits } from './wire.ts';

export interface TargetsOptions {
  /** `host:port` that may be private and without TLS: for the sandbox; production passes none. */
  readonly allow: readonly string[];
  /** Against which an HTTP date in `Retry-After` is read. */
  readonly clock: Clock;
  /** Default 30 s and 10 MiB. */
  readonly limits?: Partial<Limits>;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
  /** A company's own certificate authorities, PEM, besides those that Node knows. */
  readonly authorities?: readonly string[];
}

const LIMITS: Limits = { time: 30_000, size: 10 * 1_048_576 };
/** Node servers close an idle connection after 5 s; leaving first keeps a POST off a dying socket. */
const IDLE = 3_500;
/** Node gives each of several addresses 250 ms to connect, which is less than a round trip around the world. */
const NEXT_ADDRESS = 1_000;

/** What the RFCs say, and nothing is learnt. */
const BY_THE_BOOK: Speech = { dialect: RFC_DIALECT, learn: () => undefined };

/** The pool of one origin; replaced by a larger one when more sockets are asked for. */
interface SharedPool {
  pool: Pool;
  connections: number;
}

/** The `Targets` port over one undici `Pool` per origin. `close` lets the requests under way finish. */
export function createTargets(options: TargetsOptions): Targets & { close(): Promise<void> } {
  const { allow, clock } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  const resolve = options.resolve ?? systemResolve;
  const pools = new Map<string, SharedPool>();

  function makePool(url: URL, connections: number): Pool {
    const lookup = pinnedLookup(resolve, isAllowed(url, allow));
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
    open(baseUrl, token, concurrency, speech = BY_THE_BOOK) {
      const objection = objectionToUrl(baseUrl, allow);
      if (objection !== null) return createTarget(createRequester({ is: 'refused', objection }, token, clock, limits), speech);
      const url = new URL(baseUrl);
      const shared = share(url, concurrency);
      return createTarget(createRequester({ is: 'open', url, pool: () => shared.pool }, token, clock, limits), speech);
    },
    async objection(baseUrl) {
      try {
        return await objectionTo(baseUrl, allow, resolve);
      } catch (error) {
        return networkWords(error, new URL(baseUrl).hostname).message;
      }
    },
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
    },
  };
}
