import type { Outside } from '../../ports/outside.ts';
import type { TargetUser } from '../../ports/target.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Dialect } from '../connectors/dialect.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { PersonId } from '../directory/person.ts';
import { Links } from './links.ts';
import { type Listing, listTarget, type Walk } from './listing.ts';
import { judge } from './retry.ts';
import { externalIdOf } from './sightings.ts';
import type { Survey } from './survey.ts';

type World = Pick<Outside, 'store' | 'clock' | 'chance'>;
type Known = Pick<Survey, 'pending' | 'managed'>;

/**
 * What became of the creates and adoptions whose outcome is open (S13): one walk of the target tells it of all. Where they are no more than
 * its pages, and its filter by our own key is proven, each is asked for instead.
 */
export async function openOutcomes(
  outside: World,
  walk: Walk & { readonly connector: Pick<Connector, 'listing'> },
  dialect: Dialect,
  known: Known | undefined,
): Promise<Listing> {
  const unmanaged = walk.connector.listing?.unmanaged;
  const pages = known === undefined || unmanaged === undefined ? 0 : Math.ceil((known.managed + unmanaged) / dialect.pages.size);
  const asks = dialect.filter.externalId === 'works' && known !== undefined && known.pending <= pages;
  return (asks ? await askForEach(outside, walk) : undefined) ?? (await listTarget(outside, walk));
}

/** Undefined where an answer can't be relied on. */
async function askForEach(outside: World, walk: Walk): Promise<Listing | undefined> {
  const found = new Map<PersonId, TargetUser>();
  const links = new Links(outside.store, walk.connector.id);
  for await (const page of outside.store.scan('account', { prefix: `${walk.connector.id}/` })) {
    for (const { value } of page) {
      if (value.state !== 'pending') continue;
      if (walk.stopped?.()) return { complete: false, reason: 'The run was stopped.', found: new Map() };
      const users = await usersOf(outside, walk, value.personId);
      const [user] = users ?? [];
      if (users === undefined || users.length > 1 || (user !== undefined && user.externalId !== externalIdOf(value.personId))) return undefined;
      if (user !== undefined && (await links.ownerOf(user.id)) === undefined) found.set(value.personId, user);
    }
  }
  return { complete: true, reason: null, found };
}

/** Those who carry the person's key; undefined where the target does not tell. */
async function usersOf(outside: World, { target, pace }: Walk, personId: PersonId): Promise<readonly TargetUser[] | undefined> {
  const tries = { errors: 0, throttled: 0 };
  for (;;) {
    await pace.permit();
    try {
      return await target.lookUp('externalId', externalIdOf(personId));
    } catch (fault) {
      if (!(fault instanceof TargetFault)) throw fault;
      const verdict = judge(fault.error, tries, pace, outside.chance, outside.clock.now());
      if (verdict.is === 'stop') throw fault;
      if (verdict.is === 'failed') return undefined;
      await outside.clock.until(verdict.at);
    }
  }
}
