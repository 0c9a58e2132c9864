import type { Store } from '../../../ports/store.ts';
import type { Target, Turn } from '../../../ports/target.ts';
import type { ConnectorId, RehearsedSettings } from '../../connectors/connector.ts';
import { TargetFault } from '../../connectors/target-error.ts';
import type { PersonId } from '../../directory/person.ts';
import { accountKey } from '../../sync/account.ts';
import { MembersRefused } from '../../sync/group-refusals.ts';
import { externalIdOf } from '../../sync/sightings.ts';
import { type ProtectedPerson, saysTier } from '../protected.ts';
import { protectedIn } from '../protected-in.ts';

/**
 * The last gate before a target: looks at the list again for every request that would remove somebody or write the
 * tier of an adopted account, whatever planned it and however long ago (A7). A removal is refused as that person's
 * error, out of a group with the names of who stays in it; a tier is left out. Everything else passes untouched, and costs no look.
 */
export function guarded(
  target: Target,
  store: Pick<Store, 'scan' | 'get'>,
  connectorId: ConnectorId,
  settings: Pick<RehearsedSettings, 'tierAttribute'>,
): Target {
  const targetIds = new Map<PersonId, string>();
  /** Accounts that become a protected person's by this run, and are not linked yet. */
  const adopting = new Set<string>();
  /** Who is protected, by target id. */
  const holders = async (): Promise<ReadonlyMap<string, ProtectedPerson>> => {
    const found = new Map<string, ProtectedPerson>();
    for (const [personId, entry] of await protectedIn(store, connectorId)) {
      const known = targetIds.get(personId) ?? (await store.get('account', accountKey(connectorId, personId)))?.value.targetId ?? null;
      if (known === null) continue;
      targetIds.set(personId, known);
      found.set(known, entry);
    }
    return found;
  };
  const holder = async (targetId: string): Promise<ProtectedPerson | undefined> => (await holders()).get(targetId);
  const refuse = async (targetId: string): Promise<void> => {
    const entry = await holder(targetId);
    if (entry !== undefined) throw refusal(entry);
  };
  const refuseMembers = async (removed: readonly string[]): Promise<void> => staying(await holders(), removed);
  /** The account that is written: a known person's, or one that is being adopted for them. */
  const isShielded = async (id: string, externalId: string | undefined): Promise<boolean> => {
    if (externalId !== undefined && (await isProtected(externalId))) adopting.add(id);
    return adopting.has(id) || (await holder(id)) !== undefined;
  };
  const isProtected = async (externalId: string): Promise<boolean> =>
    [...(await protectedIn(store, connectorId)).keys()].some((personId) => externalIdOf(personId) === externalId);
  /** The last moment is when the request has its turn: it may have waited long for it. */
  const unlessProtected = (id: string, turn: Turn | undefined): Turn => {
    const board = turn?.board;
    return {
      take: async () => {
        await turn?.take();
        await refuse(id);
      },
      free: () => turn?.free(),
      board: board && ((call) => board(call).then(() => refuse(id))),
    };
  };
  return {
    ...target,
    async change(id, change, turn) {
      if (change.active === false) return target.change(id, change, unlessProtected(id, turn));
      const { tierAttribute } = settings;
      const tells = tierAttribute !== null && [...Object.keys(change.set), ...change.clear].some((attribute) => saysTier(attribute, tierAttribute));
      if (!tells || !(await isShielded(id, change.externalId))) return target.change(id, change, turn);
      const set = Object.fromEntries(Object.entries(change.set).filter(([attribute]) => !saysTier(attribute, tierAttribute)));
      const clear = change.clear.filter((attribute) => !saysTier(attribute, tierAttribute));
      return target.change(id, { ...change, set, clear }, turn);
    },
    remove: (id, turn) => target.remove(id, unlessProtected(id, turn)),
    changeMembers: (id, add, remove, turn, present) => {
      if (remove.length === 0) return target.changeMembers(id, add, remove, turn, present);
      const own = taking(turn, () => refuseMembers(remove));
      return target.changeMembers(id, add, remove, own, present);
    },
    setMembers: (id, members, removed, turn) => {
      const own = taking(turn, () => refuseMembers(removed));
      return target.setMembers(id, members, removed, own);
    },
    removeGroup: (id, turn) => {
      const own = taking(turn, async () => {
        const found = await holders();
        if (found.size > 0) staying(found, await membersOf(store, connectorId, id));
      });
      return target.removeGroup(id, own);
    },
  };
}

/** Names all of them who stay in a group: the others may go without them. */
function staying(holders: ReadonlyMap<string, ProtectedPerson>, removed: readonly string[]): void {
  const kept = removed.filter((member) => holders.has(member));
  const first = kept.map((member) => holders.get(member)).find((entry) => entry !== undefined);
  if (first !== undefined) throw new MembersRefused(refusal(first), kept);
}

/** Whom a group holds, or may hold, as far as we know. */
async function membersOf(store: Pick<Store, 'scan'>, connectorId: ConnectorId, groupId: string): Promise<readonly string[]> {
  const members: string[] = [];
  for await (const page of store.scan('pushedGroup', { prefix: `${connectorId}/` }))
    for (const { value } of page) if (value.targetId === groupId) members.push(...value.members, ...(value.changing?.moving ?? []));
  return members;
}

function refusal({ why }: ProtectedPerson): TargetFault {
  return new TargetFault({ next: 'refused', status: null, scimType: 'protected', message: `Protected: ${why}`, maybeWritten: false, retryAfter: null });
}

/** The same turn with a look at its last moment, for what travels alone. */
function taking(turn: Turn | undefined, look: () => Promise<void>): Turn {
  return {
    take: async () => {
      await turn?.take();
      await look();
    },
    free: () => turn?.free(),
  };
}
