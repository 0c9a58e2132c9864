import type { FaultName } from './faults.ts';

/** One SCIM request as it was answered. */
export interface Exchange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** With the query, relative to the SCIM base. */
  readonly path: string;
  /** `PATCH /Users/{id}`. */
  readonly kind: string;
  /** But for `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; null where there was none, or more than 64 KiB. */
  readonly body: unknown;
  /** Null where the connection was destroyed instead of an answer. */
  readonly status: number | null;
  readonly ms: number;
  /** The faults that struck. */
  readonly faults: readonly FaultName[];
}

/** How many exchanges are remembered; counts go on for ever. */
const REMEMBERED = 1_000;

/** What was asked of this service provider. Requests to the admin API and the page are not counted. */
export class Traffic {
  #total = 0;
  readonly #byKind = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  readonly #last: Exchange[] = [];

  add(exchange: Exchange): void {
    const status = exchange.status === null ? 'no answer' : String(exchange.status);
    this.#total += 1;
    this.#byKind.set(exchange.kind, (this.#byKind.get(exchange.kind) ?? 0) + 1);
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    this.#last.push(exchange);
    if (this.#last.length > REMEMBERED * 2) this.#last.splice(0, REMEMBERED);
  }

  counts(): { readonly total: number; readonly byKind: Record<string, number>; readonly byStatus: Record<string, number> } {
    return { total: this.#total, byKind: Object.fromEntries(this.#byKind), byStatus: Object.fromEntries(this.#byStatus) };
  }

  /** Newest last, at most 1,000. */
  last(limit: number): readonly Exchange[] {
    return this.#last.slice(-Math.min(limit, REMEMBERED));
  }

  clear(): void {
    this.#total = 0;
    this.#byKind.clear();
    this.#byStatus.clear();
    this.#last.length = 0;
  }
}
