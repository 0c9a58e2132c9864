import type { Outside } from '../../ports/outside.ts';
import type { Documents, Kind } from '../../ports/store.ts';

/** What follows a projection: told of each document that was read again, by its key under the prefix; undefined where there is none. */
export type Follow<T> = (key: string, before: T | undefined, after: T | undefined) => void;

/** Documents that may differ from what is kept: of more, and of more than a quarter of the range, a walk costs less than reading one by one. */
const MANY = 4_096;

/**
 * What is kept in memory of each document of a range: read by one walk when it is first asked for, and from then on only what commits touched is read
 * again. So it costs what was changed, not what is there, and nothing of it is older than the last commit before `settle`.
 */
export class Projection<K extends Kind, T> {
  readonly #outside: Pick<Outside, 'store' | 'breath'>;
  readonly #kind: K;
  readonly #prefix: string;
  readonly #of: (value: Documents[K]) => T;
  #kept: Map<string, T> | null = null;
  #walking: Promise<void> | null = null;
  /** Whole keys of what may differ from what is kept. */
  readonly #touched = new Set<string>();
  #isOutdated = false;

  constructor(outside: Pick<Outside, 'store' | 'breath'>, kind: K, prefix: string, of: (value: Documents[K]) => T) {
    this.#outside = outside;
    this.#kind = kind;
    this.#prefix = prefix;
    this.#of = of;
  }

  /** By key under the prefix; null until a walk has ended. */
  get kept(): ReadonlyMap<string, T> | null {
    return this.#kept;
  }

  /** Notes that a commit changed this document; reads nothing. */
  touch(key: string): void {
    if (this.#walking === null && (this.#kept === null || this.#isOutdated)) return;
    this.#touched.add(key);
    // While a walk is under way what it has passed by is settled, however much it is: else a large sync would make it begin anew for ever.
    if (this.#walking === null && this.#touched.size > Math.max(MANY, (this.#kept?.size ?? 0) / 4)) this.outdate();
  }

  /** Notes that a commit changed so much of the range that a walk through it costs less than reading one by one. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /** Lets go of what is outdated; true where it did. Whatever was made of it must go too. */
  forgetOutdated(): boolean {
    if (!this.#isOutdated || this.#kept === null) return false;
    this.#kept = null;
    return true;
  }

  /** Reads the range where nothing is kept of it; for all who ask meanwhile once. */
  async walk(): Promise<void> {
    if (this.#kept !== null) return;
    this.#walking ??= this.#walk().finally(() => {
      this.#walking = null;
    });
    await this.#walking;
  }

  async #walk(): Promise<void> {
    const { store, breath } = this.#outside;
    const kept = new Map<string, T>();
    // Whatever is touched from here on is read again by `settle`, whether the walk came by before or after.
    this.#touched.clear();
    this.#isOutdated = false;
    for await (const page of store.scan(this.#kind, { prefix: this.#prefix })) {
      for (const { key, value } of page) {
        kept.set(key.slice(this.#prefix.length), this.#of(value));
        const pause = breath.due();
        if (pause) await pause;
      }
    }
    this.#kept = kept;
  }

  /** Reads again what was touched before it was called. One at a time, and only where something is kept. */
  async settle(follow: Follow<T>): Promise<void> {
    const { store, breath } = this.#outside;
    for (const key of [...this.#touched]) {
      // Before it is read: what is touched meanwhile stays noted.
      this.#touched.delete(key);
      const stored = await store.get(this.#kind, key).catch((error: unknown) => {
        this.#touched.add(key);
        throw error;
      });
      this.#set(key.slice(this.#prefix.length), stored === undefined ? undefined : this.#of(stored.value), follow);
      const pause = breath.due();
      if (pause) await pause;
    }
  }

  #set(key: string, after: T | undefined, follow: Follow<T>): void {
    const before = this.#kept?.get(key);
    if (after === undefined) this.#kept?.delete(key);
    else this.#kept?.set(key, after);
    follow(key, before, after);
  }
}
