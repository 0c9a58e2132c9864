import type { Kind, Page, Store } from '../../../src/ports/store.ts';

/** A store that counts what is read of people and accounts: `scan`s by the pages they gave, `get`s one by one. */
export function countingStore(store: Store): { readonly store: Store; readonly read: () => { readonly pages: number; readonly gets: number } } {
  let pages = 0;
  let gets = 0;
  const counts = (kind: Kind): boolean => kind === 'person' || kind === 'account';
  async function* counted<T>(kind: Kind, of: AsyncIterable<Page<T>>): AsyncGenerator<Page<T>> {
    for await (const page of of) {
      if (counts(kind)) pages += 1;
      yield page;
    }
  }
  return {
    store: {
      get: (kind, key) => {
        if (counts(kind)) gets += 1;
        return store.get(kind, key);
      },
      scan: (kind, range) => counted(kind, store.scan(kind, range)),
      count: (kind, prefix) => store.count(kind, prefix),
      rows: (log, query) => store.rows(log, query),
      auditHead: () => store.auditHead(),
      verifyAudit: (noted) => store.verifyAudit(noted),
      transaction: (change) => store.transaction(change),
      watch: (listener) => store.watch(listener),
    },
    /** What was read since this was called last. */
    read: () => {
      const since = { pages, gets };
      pages = 0;
      gets = 0;
      return since;
    },
  };
}
