import type { Append, Documents, Kind, Put, Store } from '../ports/store.ts';

/**
 * Changes one document by compare-and-set, as often as it takes: `change` gets the present value and gives the next
 * one, or null to leave it. It may run more than once, so it must be pure. Extra puts and rows happen with it.
 * Resolves with the value that stands afterwards; undefined where there is no such document.
 */
export async function revise<K extends Kind>(
  store: Store,
  kind: K,
  key: string,
  change: (value: Documents[K]) => Documents[K] | null,
  along: (next: Documents[K], before: Documents[K]) => { readonly puts?: readonly Put[]; readonly appends?: readonly Append[] } = () => ({}),
): Promise<Documents[K] | undefined> {
  for (;;) {
    const stored = await store.get(kind, key);
    if (stored === undefined) return undefined;
    const next = change(stored.value);
    if (next === null) return stored.value;
    const extra = along(next, stored.value);
    const outcome = await store.transaction({ ...extra, puts: [put(kind, key, next, stored.version), ...(extra.puts ?? [])] });
    if (outcome === 'committed') return next;
  }
}

/** A `Put` of a kind that is only known as a type parameter. */
export function put<K extends Kind>(kind: K, key: string, value: Documents[K] | null, expected?: number): Put {
  // The pair (kind, value) is right by the signature; TypeScript can't see that through the mapped union.
  return { kind, key, value, ...(expected === undefined ? {} : { expected }) } as Put;
}
