import type { Store } from '../../../ports/store.ts';
import type { Target, Turn } from '../../../ports/target.ts';
import type { ConnectorId, RehearsedSettings } from '../../connectors/connector.ts';
import { TargetFault } from '../../connectors/target-error.ts';
import type { PersonId } from '../../directory/person.ts';
import { accountKey } from '../../sync/account.ts';
import { externalIdOf } from '../../sync/sightings.ts';
import { type ProtectedPerson, saysTier } from '../protected.ts';
import { protectedIn } from '../protected-in.ts';

/**
 * The last gate before a target: looks at the list again for every request that would remove somebody or write the
 * tier of an adopted account, whatever planned it and however long ago (A7). A removal is refused as that person's
 * error; a tier is left out. Everything else passes untouched, and costs no look.
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
  const holder = async (targetId: string): Promise<ProtectedPerson | undefined> => {
    for (const [personId, entry] of await protectedIn(store, connectorId)) {
      const known = targetIds.get(personId) ?? (await store.get('account', accountKey(connectorId, personId)))?.value.targetId ?? null;
      if (known !== null) targetIds.set(personId, known);
      if (known === targetId) return entry;
    }
    return undefined;
  };
  const refuse = async (targetId: string): Promise<void> => {
    const entry = await holder(targetId);
    if (entry !== undefined)
      throw new TargetFault({
        next: 'refused',
        status: null,
        scimType: 'protected',
        message: `Protected: ${entry.why}`,
        maybeWritten: false,
        retryAfter: null,
      });
  };
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
    async changeMembers(id, add, remove, turn, present) {
      const fewer: string[] = [];
      for (const member of remove) if ((await holder(member)) === undefined) fewer.push(member);
      if (add.length + fewer.length > 0) await target.changeMembers(id, add, fewer, turn, present);
    },
    async setMembers(id, members, removed, turn) {
      const kept: string[] = [];
      for (const member of removed) if ((await holder(member)) !== undefined) kept.push(member);
      await target.setMembers(id, [...members, ...kept], removed, turn);
    },
  };
}
