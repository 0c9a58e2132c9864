import type { Outside } from '../../../ports/outside.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Account, accountKey } from '../account.ts';
import { connectorOf, permittedScope } from './permit.ts';

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'settings'>;

/** Accounts *scheduled for deletion* (S10), the soonest first. */
export async function scheduledDeletions(
  outside: Pick<Outside, 'store'>,
  connectorId: ConnectorId,
): Promise<readonly (Account & { readonly deleteAt: number })[]> {
  const scheduled: (Account & { readonly deleteAt: number })[] = [];
  for await (const page of outside.store.scan('account', { prefix: `${connectorId}/` })) {
    for (const { value } of page) if (value.state === 'inactive' && value.deleteAt !== null) scheduled.push({ ...value, deleteAt: value.deleteAt });
  }
  return scheduled.sort((a, b) => a.deleteAt - b.deleteAt);
}

/** The account stays deactivated and is not deleted, until its person leaves again (S10). */
export async function cancelDeletion(
  outside: World,
  actor: Actor,
  { connectorId, personId }: { readonly connectorId: ConnectorId; readonly personId: PersonId },
): Promise<Account> {
  const connector = await connectorOf(outside, actor, connectorId);
  await permittedScope(outside, actor, connector, { is: 'people', ids: [personId] });
  const row = {
    id: outside.chance.id(),
    at: outside.clock.now(),
    by: actor.userId,
    way: actor.way,
    action: 'sync.cancel-deletion',
    connectorId,
    subject: personId,
    summary: `cancelled the deletion of ${personId}’s account in ${connector.name}`,
    before: null,
    after: null,
  };
  const cancel = (account: Account): Account => {
    if (account.deleteAt === null) throw new Refusal({ is: 'nothing-to-do', detail: 'This account is not scheduled for deletion.' });
    return { ...account, deleteAt: null };
  };
  const account = await revise(outside.store, 'account', accountKey(connectorId, personId), cancel, () => ({
    appends: [{ log: 'audit', partition: connectorId, row }],
  }));
  if (account === undefined) throw new Refusal({ is: 'not-found', what: 'account', typed: personId, near: [] });
  return account;
}
