import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Speech } from '../../domain/connectors/dialect.ts';
import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { Seat, Turn } from '../../ports/target.ts';
import { type BulkOperation, bulkRequest, namesBulkId, type OperationAnswer, readBulk } from '../../scim/bulk.ts';
import { BulkManners } from './bulk-manners.ts';
import type { Requester } from './requester.ts';
import type { Answer } from './wire.ts';

/** What an operation gets: an answer of its own; or it is sent by itself, with the turn that was taken already; or it begins anew. */
type Outcome = { readonly is: 'answered'; readonly answer: Answer } | { readonly is: 'alone' } | { readonly is: 'again' };

interface Luggage {
  readonly operation: BulkOperation;
  /** What it adds to a request. */
  readonly bytes: number;
}

/** An operation that waits for its request to leave. */
interface Passenger extends Luggage {
  readonly free: () => void;
  readonly call: (seat: Seat) => void;
  /** Its turn: resolves when it may travel, rejects where it shall not any more. */
  readonly aboard: Promise<void>;
  readonly end: (outcome: Outcome) => void;
  readonly fail: (fault: unknown) => void;
}

/** Bytes of `,"bulkId":"user-1000"` and some. */
const BULK_ID = 32;
const AGAIN: Outcome = { is: 'again' };
const ALONE: Outcome = { is: 'alone' };
const NO_SEAT = Promise.resolve<Seat>('none');

/**
 * Puts writes of users into Bulk requests (RFC 7644 §3.7): what waits for a permit at the same time travels with one. Only
 * one whose turn may `board`, and that needs no read or version before it; everything else goes as it is.
 */
export function bulked(requester: Requester, speech: Speech): Requester {
  const station = new Station(requester, speech);
  return {
    ...requester,
    async ask(purpose, method, path, body, read, turn) {
      const board = turn?.board;
      if (turn === undefined || board === undefined) return await requester.ask(purpose, method, path, body, read, turn);
      const alone = (own: Turn) => station.alone(requester.ask(purpose, method, path, body, read, own));
      const luggage = luggageOf(method, path, body);
      while (luggage !== null && station.takes(luggage)) {
        const outcome = await station.enter(luggage, turn, board);
        if (outcome.is === 'answered') return requester.understand(purpose, outcome.answer, read);
        if (outcome.is === 'alone') return await alone({ take: () => undefined, free: () => turn.free() });
        // All of one request would wait for places of their own at once.
        if (!station.takes(luggage)) await board(NO_SEAT);
      }
      return await alone(turn);
    },
  };
}

function luggageOf(method: string, path: string, data: unknown): Luggage | null {
  const isUser = method === 'POST' ? path === '/Users' : path.startsWith('/Users/');
  if (!isUser || (method !== 'POST' && method !== 'PATCH' && method !== 'DELETE')) return null;
  const operation: BulkOperation = { method, path, ...(data === undefined ? {} : { data }) };
  const text = JSON.stringify(operation);
  return namesBulkId(text) ? null : { operation, bytes: Buffer.byteLength(text) + BULK_ID };
}

/** Where operations wait for company. One of them at a time is called to carry the others. */
class Station {
  readonly #requester: Requester;
  readonly #manners: BulkManners;
  readonly #waiting: Passenger[] = [];
  #calling = false;

  constructor(requester: Requester, speech: Speech) {
    this.#requester = requester;
    this.#manners = new BulkManners(speech);
  }

  takes({ operation }: Luggage): boolean {
    return this.#manners.takes(operation.method);
  }

  /** Passes on what comes of a request that goes alone, and tells the manners. */
  async alone<T>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      this.#manners.alone();
      return answer;
    } catch (fault) {
      this.#manners.alone(fault);
      throw fault;
    }
  }

  enter(luggage: Luggage, turn: Turn, board: NonNullable<Turn['board']>): Promise<Outcome> {
    // Who waits for company holds no place: whoever carries them may need it.
    turn.free();
    return new Promise<Outcome>((end, fail) => {
      let call: (seat: Seat) => void = () => undefined;
      const called = new Promise<Seat>((resolve) => {
        call = resolve;
      });
      const aboard = board(called);
      aboard.catch(() => undefined);
      this.#waiting.push({ ...luggage, free: () => turn.free(), call, aboard, end, fail });
      void this.#callCarriers();
    });
  }

  /** One after the other, until nobody waits: each takes a permit, and leaves with all who are there by then. */
  async #callCarriers(): Promise<void> {
    if (this.#calling) return;
    this.#calling = true;
    for (let carrier = this.#waiting.shift(); carrier !== undefined; carrier = this.#waiting.shift()) {
      carrier.call('carries');
      try {
        await carrier.aboard;
      } catch (fault) {
        carrier.fail(fault);
        continue;
      }
      // What one answer set going arrives in the same turn of the event loop.
      await nextTurn();
      void this.#leave([carrier, ...(await this.#boarded(carrier))]);
    }
    this.#calling = false;
  }

  /** Those who travel with this one, in the order of their coming, as many as one request may hold. What one is not taken with may have been learnt since they came. */
  async #boarded(carrier: Passenger): Promise<readonly Passenger[]> {
    const { operations, bytes } = this.#manners.room();
    let count = 0;
    for (let left = bytes - carrier.bytes; this.takes(carrier) && count + 1 < operations; count += 1) {
      const next = this.#waiting[count];
      if (next === undefined || !this.takes(next) || next.bytes > left) break;
      left -= next.bytes;
    }
    const called = this.#waiting.splice(0, count);
    for (const passenger of called) passenger.call('carried');
    const ready = await Promise.allSettled(called.map(({ aboard }) => aboard));
    return called.filter((passenger, at) => {
      const turn = ready[at];
      if (turn?.status === 'rejected') passenger.fail(turn.reason);
      return turn?.status === 'fulfilled';
    });
  }

  async #leave(passengers: readonly Passenger[]): Promise<void> {
    const [carrier, ...others] = passengers;
    if (carrier === undefined) return;
    // By itself a single request costs the same and is answered better.
    if (others.length === 0) return carrier.end(ALONE);
    const asked = passengers.map(({ operation }, at) => (operation.method === 'POST' ? { ...operation, bulkId: `user-${at + 1}` } : operation));
    const begun = this.#manners.begin();
    try {
      const turn: Turn = { take: () => undefined, free: carrier.free };
      const answers = await this.#requester.ask('change', 'POST', '/Bulk', bulkRequest(asked), (json) => readBulk(json, asked), turn);
      this.#manners.heard(answers, begun);
      for (const [at, passenger] of passengers.entries()) this.#tell(passenger, answers[at] ?? null);
    } catch (fault) {
      const told = this.#manners.refused(fault, passengers.length, begun);
      for (const passenger of passengers) {
        if (told === 'again') passenger.end(AGAIN);
        else passenger.fail(told);
      }
    }
    this.#dismiss();
  }

  /** Whoever waits for a request that they are not taken with any more. */
  #dismiss(): void {
    const dismissed = this.#waiting.filter((passenger) => !this.takes(passenger));
    if (dismissed.length === 0) return;
    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter((passenger) => this.takes(passenger)));
    for (const { call, aboard, end, fail } of dismissed) {
      call('none');
      aboard.then(() => end(AGAIN), fail);
    }
  }

  #tell({ operation, end, fail }: Passenger, answer: OperationAnswer | null): void {
    if (answer === null) {
      this.#manners.without(operation.method);
      fail(new TargetFault({ ...UNTOLD, message: 'The answer to a Bulk request does not tell what became of this operation.' }));
    } else if (this.#manners.isForeign(operation.method, answer.status)) {
      this.#manners.without(operation.method);
      end(AGAIN);
    } else end({ is: 'answered', answer: { ...answer, retryAfter: null, etag: null } });
  }
}

const UNTOLD = { next: 'again', status: null, scimType: null, maybeWritten: true, retryAfter: null } as const;
