import type { Outside } from '../../../ports/outside.ts';
import { andBelow } from '../../directory/organization.ts';
import { fullName, type PersonId } from '../../directory/person.ts';
import { tree } from '../../rights/verbs/who.ts';
import { accountKey } from '../../sync/account.ts';
import { type Hold, unreleased } from '../hold.ts';
import type { Chosen } from '../release.ts';

type Parts = Pick<Outside, 'store' | 'breath'>;

/** One held person, by name. */
export interface HeldPerson {
  readonly personId: PersonId;
  readonly name: string;
  /** Null: they left the directory. */
  readonly organization: string | null;
  readonly released: boolean;
}

/** Names of some of a hold's people; of who left the directory what their account says. */
export async function heldPeople(outside: Parts, hold: Hold, ids: readonly PersonId[]): Promise<readonly HeldPerson[]> {
  const organizations = await tree(outside);
  const released = new Set(hold.released);
  const found: HeldPerson[] = [];
  for (const personId of ids) {
    const person = (await outside.store.get('person', personId))?.value;
    const account = person === undefined ? (await outside.store.get('account', accountKey(hold.connectorId, personId)))?.value : undefined;
    const { displayName, userName } = account?.pushed?.values ?? {};
    found.push({
      personId,
      name: person === undefined ? (displayName ?? userName ?? personId) : fullName(person),
      organization: person === undefined ? null : (organizations.get(person.organizationId)?.name ?? null),
      released: released.has(personId),
    });
  }
  return found;
}

/** Whom the choice means of those not released yet, in their order. */
export async function chosenOf(outside: Parts, hold: Hold, chosen: Chosen): Promise<readonly PersonId[]> {
  const left = unreleased(hold);
  switch (chosen.is) {
    case 'all':
      return left;
    case 'people': {
      const wanted = new Set(chosen.ids);
      return left.filter((personId) => wanted.has(personId));
    }
    case 'organization': {
      const { organizationId } = chosen;
      const below = organizationId === null ? new Set<string>() : andBelow([...(await tree(outside)).values()], organizationId);
      const found: PersonId[] = [];
      for (const personId of left) {
        const pause = outside.breath.due();
        if (pause !== undefined) await pause;
        const at = (await outside.store.get('person', personId))?.value.organizationId ?? null;
        if (organizationId === null ? at === null : at !== null && below.has(at)) found.push(personId);
      }
      return found;
    }
  }
}
