import type { Store } from '../../ports/store.ts';
import type { PersonId } from '../directory/person.ts';

/** Whether somebody is off-boarded and not let back in (S25). */
export async function isOffboarded(store: Pick<Store, 'get'>, personId: PersonId): Promise<boolean> {
  return (await store.get('offboarding', personId))?.value.released === null;
}

/** Who is off-boarded and not let back in: they shall have no account anywhere, whatever the directory says (S25). */
export async function offboardedIn(store: Pick<Store, 'scan'>): Promise<ReadonlySet<PersonId>> {
  const out = new Set<PersonId>();
  for await (const page of store.scan('offboarding')) for (const { value } of page) if (value.released === null) out.add(value.personId);
  return out;
}
