import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { CONDITIONS, type Condition, type Subscription, subscriptionKey } from '../alert.ts';
import { requireAlerting, requireOwn } from './permit.ts';

export interface SubscriptionWish {
  readonly channelId: string;
  /** Null is all connectors that the actor may run. */
  readonly connectorId: ConnectorId | null;
  readonly conditions: readonly Condition[];
  readonly escalation: Subscription['escalation'];
  readonly mayNames: boolean;
}

export interface Subscribed {
  readonly subscription: Subscription;
  /** False where the channel is marked *may see names* and still gets counts only: it is shared, or guests are in it (R3). */
  readonly namesHeld: boolean;
}

const LONGEST_MINUTES = 7 * 24 * 60;

/**
 * Subscribes a channel, or changes its subscription. Asks Slack whether Usher can post there, and where silence goes
 * to, and whether the actor is in a channel that is to hear of more: refused as `cannot-post`, with how to mend it, where not (N1). For after the ack.
 */
export async function subscribe(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'workspace'>,
  actor: Actor,
  wish: SubscriptionWish,
): Promise<Subscribed> {
  await requireAlerting(outside, actor, wish.connectorId);
  checked(wish);
  await requirePosting(outside, wish.channelId, (await widens(outside, wish)) ? actor.userId : undefined);
  if (wish.escalation !== null) await requireReachable(outside, wish.escalation.to);
  const { channelId, connectorId, escalation, mayNames } = wish;
  const conditions = CONDITIONS.filter((condition) => wish.conditions.includes(condition));
  const subscription: Subscription = {
    ...{ channelId, connectorId, conditions, escalation, mayNames },
    ...{ teamId: actor.teamId, by: actor.userId, at: outside.clock.now() },
  };
  await stored(outside, actor, subscription);
  return { subscription, namesHeld: !mayNames || (await outside.workspace.mayHoldNames(channelId)) };
}

/** What can be checked without asking Slack; refused as bad input. */
export function checked({ channelId, conditions, escalation }: SubscriptionWish): void {
  if (!/^[CG][A-Z0-9]{2,}$/.test(channelId)) throw badInput('channel', 'That is no channel.', 'Choose one from the list.');
  if (conditions.length === 0) throw badInput('conditions', 'Nothing is chosen to tell.', 'Choose at least one.');
  if (escalation === null) return;
  const { to, afterMinutes } = escalation;
  if (!/^[CGUW][A-Z0-9]{2,}$/.test(to)) throw badInput('escalate', 'That is neither a person nor a channel.', 'Choose one from the list.');
  if (to === channelId) throw badInput('escalate', 'That is the channel that stays silent.', 'Choose another one, or a person.');
  if (!Number.isInteger(afterMinutes) || afterMinutes < 1 || afterMinutes > LONGEST_MINUTES)
    throw badInput('after', 'That is no number of minutes.', `Type a whole number from 1 to ${LONGEST_MINUTES}.`);
}

/** Whether the channel hears of more than it did: then nobody sends there through Usher who can't send there themselves. Of less anybody may see to it. */
async function widens({ store }: Pick<Outside, 'store'>, wish: SubscriptionWish): Promise<boolean> {
  const before = (await store.get('subscription', subscriptionKey(wish)))?.value;
  return before === undefined || (wish.mayNames && !before.mayNames) || wish.conditions.some((condition) => !before.conditions.includes(condition));
}

async function requirePosting(outside: Pick<Outside, 'workspace'>, channelId: string, by?: string): Promise<void> {
  const wrong = await outside.workspace.postingProblem(channelId, by);
  if (wrong !== null) throw new Refusal({ is: 'cannot-post', channelId, ...wrong });
}

/** Silence may go where whoever asks is not: it is for those who are called. */
async function requireReachable(outside: Pick<Outside, 'workspace'>, to: string): Promise<void> {
  if (!/^[UW]/.test(to)) return requirePosting(outside, to);
  const member = await outside.workspace.member(to);
  if (member === undefined || member.deleted) throw badInput('escalate', 'That person is not in this workspace.', 'Choose somebody else.');
  if (member.guest || member.foreign) throw badInput('escalate', 'That person is a guest here.', 'Choose a member of this workspace.');
}

async function stored(outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>, actor: Actor, subscription: Subscription): Promise<void> {
  const key = subscriptionKey(subscription);
  for (;;) {
    const before = await outside.store.get('subscription', key);
    if (before !== undefined) await requireOwn(outside, actor, before.value);
    const connector = subscription.connectorId === null ? undefined : (await outside.store.get('connector', subscription.connectorId))?.value;
    const kept = { ...subscription, at: before?.value.at ?? subscription.at };
    const row = audited(outside, actor, {
      action: 'alerts.subscribe',
      connectorId: subscription.connectorId,
      subject: subscription.channelId,
      channelId: subscription.channelId,
      summary: `subscribed ${subscription.channelId} to the alerts of ${connector?.name ?? 'all connectors'}`,
      before: before === undefined ? null : inWords(before.value),
      after: inWords(kept),
    });
    const outcome = await outside.store.transaction({ puts: [put('subscription', key, kept, before?.version ?? 0)], appends: [row] });
    if (outcome === 'committed') return;
  }
}

/** A subscription as an audit row shows it. */
export function inWords({ conditions, escalation, mayNames }: Subscription): Readonly<Record<string, string>> {
  return {
    conditions: conditions.join(', '),
    escalation: escalation === null ? 'none' : `${escalation.to} after ${escalation.afterMinutes} min`,
    names: mayNames ? 'may be shown' : 'counts only',
  };
}
