import type { Outside } from '../../../ports/outside.ts';
import { put } from '../../revise.ts';
import type { Account } from '../../sync/account.ts';
import type { ConnectorId } from '../connector.ts';

/**
 * Before a connector comes back at another host or tenant: what is known of the old one's accounts says nothing there, so
 * none of its ids may ever be sent (C9). History and generated values stay with their people (C10, R1). May be
 * repeated: a crash in between leaves the connector disconnected.
 */
export async function forgetTenant(outside: Pick<Outside, 'store' | 'clock' | 'breath'>, id: ConnectorId): Promise<void> {
  const now = outside.clock.now();
  for await (const page of outside.store.scan('account', { prefix: `${id}/` })) {
    const puts = page.filter(({ value }) => value.targetId !== null || value.state !== 'gone').map(({ key, value }) => put('account', key, left(value, now)));
    if (puts.length > 0) await outside.store.transaction({ puts });
    await outside.breath.due();
  }
  await outside.store.transaction({
    erase: [
      { kind: 'sighting', prefix: `${id}/` },
      { kind: 'pushedGroup', prefix: `${id}/` },
    ],
  });
}

function left({ invited: _, ...account }: Account, now: number): Account {
  const timeline = account.state === 'gone' ? account.timeline : [...account.timeline, [now, 'gone'] as const];
  return { ...account, targetId: null, state: 'gone', pushed: null, intent: null, deleteAt: null, timeline };
}
