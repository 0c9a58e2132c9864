import type { Speech } from '../../domain/connectors/dialect.ts';
import { type TargetError, TargetFault } from '../../domain/connectors/target-error.ts';
import type { BulkOperation, OperationAnswer } from '../../scim/bulk.ts';
import { LimitReached } from './words.ts';

/** Bytes of a request where the target announces no limit of its own, or a larger one. */
const MOST_BYTES = 1_048_576;
/** Bulk requests in a row that came to nothing, after which single ones are sent. */
const MOST_FAULTS = 2;
/** What takes longer than a request may with so few operations is down rather than slow: of that no dialect learns. */
const FEW = 10;

/** Nobody is known to have listened: no connection, no answer, or turned away by what stands before a service that is out (503). */
function isUnheard(fault: unknown): boolean {
  return !(fault instanceof TargetFault) || fault.error.status === null || fault.error.status === 503;
}

/** The answer took longer than we wait, or than a gateway on the way does (504). */
function isLate(fault: TargetFault): boolean {
  return fault.error.status === 504 || (fault.cause instanceof LimitReached && fault.cause.limit === 'time');
}

/** How a target takes Bulk requests: what its dialect says, and what the requests of one run were met with. */
export class BulkManners {
  readonly #speech: Speech;
  /** Methods that it does not take inside Bulk, or tells nothing of. */
  readonly #without = new Set<string>();
  /** Operations a request, where fewer prove to be better. */
  #most = Number.POSITIVE_INFINITY;
  #faults = 0;
  #worked = false;
  /** A request was not heard, and none since: an outage costs a try of one, not of all who would travel with them. */
  #silent = false;

  constructor(speech: Speech) {
    this.#speech = speech;
  }

  takes(method: BulkOperation['method']): boolean {
    return this.room().operations > 1 && !this.#without.has(method);
  }

  /** What one request may hold. */
  room(): { readonly operations: number; readonly bytes: number } {
    const { bulk } = this.#speech.dialect;
    const operations = this.#silent || this.#faults >= MOST_FAULTS ? 1 : Math.min(bulk?.maxOperations ?? 1, this.#most);
    return { operations, bytes: Math.min(MOST_BYTES, bulk?.maxPayloadSize ?? MOST_BYTES) - 256 };
  }

  /** Whether an operation was turned away as Bulk has it: it may well be taken outside of it. */
  isForeign(method: BulkOperation['method'], status: number): boolean {
    return status === 405 || status === 501 || (status >= 300 && status < 400) || (method === 'POST' && status === 404);
  }

  /** For the rest of the run. */
  without(method: BulkOperation['method']): void {
    this.#without.add(method);
  }

  /** A request leaves; what comes of it is told with this, so that those under way together count once. */
  begin(): number {
    return this.#faults;
  }

  /** What came of a request that went alone; a fault, or nothing where it was a success. */
  alone(fault?: unknown): void {
    if (fault === undefined || !isUnheard(fault)) this.#silent = false;
  }

  /** A BulkResponse came. */
  heard(answers: readonly (OperationAnswer | null)[], begun: number): void {
    this.#silent = false;
    const statuses = answers.map((answer) => answer?.status ?? 500);
    if (statuses.includes(429)) this.#halve(answers.length);
    if (statuses.every((status) => status >= 500)) {
      this.#fault(true, begun);
    } else {
      this.#faults = 0;
      this.#worked = true;
    }
  }

  /**
   * A Bulk request came to nothing: the fault of each operation in it; or `again`, where the target takes no such request
   * and none of its operations was heard, so that it is nobody's fault (S12, S23).
   */
  refused(fault: unknown, operations: number, begun: number): unknown {
    if (!(fault instanceof TargetFault)) return fault;
    const { error } = fault;
    const { status, maybeWritten } = error;
    if (maybeWritten) {
      this.#halve(operations);
      const late = isLate(fault);
      if (late) this.#keepFewer(operations);
      this.#silent ||= status === null;
      this.#fault(status !== null && !late, begun);
      return new TargetFault({ ...error, next: 'again' });
    }
    if (error.next === 'credentials') return fault;
    if (status === 429) {
      // Some targets count each operation as a request.
      if (this.room().operations <= 2) this.#fault(false, begun);
      this.#halve(operations);
      return fault;
    }
    if (isUnheard(fault)) {
      // Where it says until when, all wait for that.
      if (error.retryAfter !== null) return fault;
      this.#silent = true;
      this.#fault(false, begun);
      return fault;
    }
    this.#unlearn(error, operations);
    return 'again';
  }

  /** Fewer where it was too large; else no Bulk at all, until the next rehearsal. */
  #unlearn({ status }: TargetError, operations: number): void {
    const { bulk } = this.#speech.dialect;
    const fewer = Math.floor(operations / 2);
    if (bulk === null || (status === 413 && bulk.maxOperations <= fewer)) return;
    this.#speech.learn({ bulk: status === 413 && fewer > 1 ? { ...bulk, maxOperations: fewer } : null });
  }

  /** What a request may hold from now on. One of a few says nothing of how much fewer than all would be taken. */
  #halve(operations: number): void {
    const most = Math.max(operations, this.room().operations);
    this.#most = Math.min(this.#most, Math.max(2, Math.floor(most / 2)));
  }

  /** So many took too long: the next run does not begin with them again. */
  #keepFewer(operations: number): void {
    const { bulk } = this.#speech.dialect;
    const fewer = Math.max(FEW, Math.floor(operations / 2));
    if (bulk !== null && operations > FEW && fewer < bulk.maxOperations) this.#speech.learn({ bulk: { ...bulk, maxOperations: fewer } });
  }

  #fault(answered: boolean, begun: number): void {
    if (begun !== this.#faults) return;
    this.#faults += 1;
    if (this.#faults >= MOST_FAULTS && answered && !this.#worked && this.#speech.dialect.bulk !== null) this.#speech.learn({ bulk: null });
  }
}
