import type { Kind, Log, Store, Transaction } from '../../../src/ports/store.ts';

/** What is done at each step of a store; what it waits for holds the step up. */
interface Watch {
  readonly rows?: (log: Log, query: object) => void;
  readonly get?: (kind: Kind, key: string) => Promise<void> | void;
  readonly before?: (change: Transaction) => Promise<void> | void;
  readonly after?: (change: Transaction) => Promise<void> | void;
}

/** The store, with somebody who watches what is read by its key and written. */
export function watched(store: Store, watch: Watch): Store {
  return {
    get: async (kind, key) => {
      await watch.get?.(kind, key);
      return await store.get(kind, key);
    },
    scan: (kind, range) => store.scan(kind, range),
    count: (kind, prefix) => store.count(kind, prefix),
    rows: (log, query) => {
      watch.rows?.(log, query);
      return store.rows(log, query);
    },
    auditHead: () => store.auditHead(),
    verifyAudit: (noted) => store.verifyAudit(noted),
    watch: (listener) => store.watch(listener),
    transaction: async (change) => {
      await watch.before?.(change);
      const outcome = await store.transaction(change);
      await watch.after?.(change);
      return outcome;
    },
  };
}
