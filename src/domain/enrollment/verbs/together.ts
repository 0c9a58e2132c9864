import type { Append, Documents, Kind, Page, Put, Store, Stored } from '../../../ports/store.ts';
import type { InstanceId } from '../../catalog/catalog.ts';
import { inTurn } from '../seat-book.ts';

/** What was decided, to be written; nothing where it changes nothing. */
interface Decided {
  readonly puts: readonly Put[];
  readonly appends: readonly Append[];
}

interface Waiting {
  /** Decides by the store as it will be once those before it are written. */
  readonly decide: (store: Store) => Promise<Decided>;
  readonly done: (decided: Decided) => void;
  readonly failed: (error: unknown) => void;
}

/** Decisions that one transaction takes. */
const MOST = 64;

const queues = new WeakMap<Store, Map<InstanceId, Waiting[]>>();

/**
 * Decides and writes, in the order of coming. Those that come for one instance while others are being written are decided one after the
 * other, each by what those before it leave, and written in one transaction: a hundred who accept at once wait for a few
 * commits and not for a hundred. Where somebody else wrote meanwhile each is decided anew, alone. Throws what `decide` throws, and a `StoreFault`.
 */
export function together<T extends Decided>(store: Store, instanceId: InstanceId, decide: (store: Store) => Promise<T>): Promise<T> {
  const lines = queues.get(store) ?? new Map<InstanceId, Waiting[]>();
  queues.set(store, lines);
  return new Promise<T>((resolve, reject) => {
    // What `done` is given is what this `decide` returned.
    const mine: Waiting = { decide, done: (decided) => resolve(decided as T), failed: reject };
    const line = lines.get(instanceId);
    if (line !== undefined) {
      line.push(mine);
      return;
    }
    lines.set(instanceId, [mine]);
    void inTurn(store, instanceId, () => serve(store, lines, instanceId));
  });
}

async function serve(store: Store, lines: Map<InstanceId, Waiting[]>, instanceId: InstanceId): Promise<void> {
  const line = lines.get(instanceId) ?? [];
  const batch = line.splice(0, MOST);
  await written(store, batch);
  if (line.length === 0) lines.delete(instanceId);
  else void inTurn(store, instanceId, () => serve(store, lines, instanceId));
}

async function written(store: Store, batch: readonly Waiting[]): Promise<void> {
  const ahead = new Ahead(store);
  const decided: [Waiting, Decided][] = [];
  for (const one of batch) {
    try {
      const its = await one.decide(ahead);
      ahead.take(its);
      decided.push([one, its]);
    } catch (error) {
      one.failed(error);
    }
  }
  try {
    if (await ahead.write()) for (const [one, its] of decided) one.done(its);
    else for (const [one] of decided) await written(store, [one]);
  } catch (error) {
    for (const [one] of decided) one.failed(error);
  }
}

/** The store with puts on top that are not written yet: read as it will be, at the versions that it has. */
class Ahead implements Store {
  readonly #store: Store;
  readonly #puts = new Map<string, Put>();
  readonly #appends: Append[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  take({ puts, appends }: Decided): void {
    for (const put of puts) {
      const place = `${put.kind}\n${put.key}`;
      // The first that read it says which version it must have: the later ones read what that one leaves.
      const expected = this.#puts.get(place)?.expected ?? put.expected;
      this.#puts.set(place, expected === undefined ? put : { ...put, expected });
    }
    this.#appends.push(...appends);
  }

  /** False where an expected version did not hold. */
  async write(): Promise<boolean> {
    if (this.#puts.size === 0 && this.#appends.length === 0) return true;
    return (await this.#store.transaction({ puts: [...this.#puts.values()], appends: this.#appends })) === 'committed';
  }

  async get<K extends Kind>(kind: K, key: string): Promise<Stored<Documents[K]> | undefined> {
    const stored = await this.#store.get(kind, key);
    const ahead = this.#puts.get(`${kind}\n${key}`);
    if (ahead === undefined) return stored;
    // A put under this place is of this kind.
    const value = ahead.value as Documents[K] | null;
    return value === null ? undefined : { value, version: stored?.version ?? 0 };
  }

  scan<K extends Kind>(kind: K, range?: Parameters<Store['scan']>[1]): AsyncIterable<Page<Documents[K]>> {
    return this.#store.scan(kind, range);
  }

  readonly count: Store['count'] = (kind, prefix) => this.#store.count(kind, prefix);
  readonly rows: Store['rows'] = (log, query) => this.#store.rows(log, query);
  readonly transaction: Store['transaction'] = (change) => this.#store.transaction(change);
  readonly auditHead: Store['auditHead'] = () => this.#store.auditHead();
  readonly verifyAudit: Store['verifyAudit'] = (noted) => this.#store.verifyAudit(noted);

  /** What is read here may never be written: nobody may keep it. */
  watch(): never {
    throw new Error('what is decided ahead is not to be watched');
  }
}
