import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Subscription, subscriptionKey } from '../alert.ts';
import { requireAlerting, requireOwn } from './permit.ts';
import { inWords } from './subscribe.ts';

/** Ends a subscription: no new alert comes there, and silence goes nowhere. Open alerts can still be answered, and recover. */
export async function unsubscribe(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>,
  actor: Actor,
  of: { readonly channelId: string; readonly connectorId: ConnectorId | null },
): Promise<Subscription> {
  await requireAlerting(outside, actor, of.connectorId);
  const key = subscriptionKey(of);
  for (;;) {
    const stored = await outside.store.get('subscription', key);
    if (stored === undefined) throw new Refusal({ is: 'nothing-to-do', detail: 'That channel is not subscribed.' });
    await requireOwn(outside, actor, stored.value);
    const row = audited(outside, actor, {
      action: 'alerts.unsubscribe',
      connectorId: of.connectorId,
      subject: of.channelId,
      channelId: of.channelId,
      summary: `ended the alerts in ${of.channelId}`,
      before: inWords(stored.value),
    });
    if ((await outside.store.transaction({ puts: [put('subscription', key, null, stored.version)], appends: [row] })) === 'committed') return stored.value;
  }
}
