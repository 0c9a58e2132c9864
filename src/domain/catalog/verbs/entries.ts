import type { Outside } from '../../../ports/outside.ts';
import { defaultMapping } from '../../connectors/default-mapping.ts';
import { badInput } from '../../refusal.ts';
import type { CatalogEntry, EntryId } from '../catalog.ts';

/** The entry that fits every SCIM 2.0 service; it belongs to no partner. */
const CUSTOM_SCIM: CatalogEntry = {
  id: 'custom-scim',
  name: 'Custom SCIM 2.0',
  partnerId: null,
  mapping: defaultMapping(),
  documented: { requestsPerSecond: null, deletes: 'unknown' },
  seatReading: null,
};

/** Every catalog entry: the custom one first, then what partners publish, by name. */
export async function entries(outside: Pick<Outside, 'store'>): Promise<readonly CatalogEntry[]> {
  const published: CatalogEntry[] = [];
  for await (const page of outside.store.scan('entry')) published.push(...page.map(({ value }) => value));
  return [CUSTOM_SCIM, ...published.sort((a, b) => a.name.localeCompare(b.name))];
}

/** The entry of that id; refuses one that is gone. */
export async function entryOf(outside: Pick<Outside, 'store'>, id: EntryId): Promise<CatalogEntry> {
  if (id === CUSTOM_SCIM.id) return CUSTOM_SCIM;
  const stored = await outside.store.get('entry', id);
  if (stored === undefined) throw badInput('entry', 'That catalog entry is no longer published.', 'Choose another one.');
  return stored.value;
}
