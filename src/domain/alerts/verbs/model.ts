import type { Outside } from '../../../ports/outside.ts';
import { withoutIds } from '../../sync/cause.ts';
import type { Run } from '../../sync/run.ts';
import type { Alert, Subscription } from '../alert.ts';
import { holdOfAlert, type HoldModel } from '../../holds/verbs/model.ts';
import { subscriptionsTo } from './covering.ts';
import { withoutNames } from '../plain-words.ts';
import { zoneOf } from './snooze.ts';

/** A cause as it may be told in the alert's channel. */
export interface ToldCause {
  readonly count: number;
  readonly status: number | null;
  /** The provider's words; null where they could name somebody and names may not stand there (R3). */
  readonly words: string | null;
}

/** Everything an alert's card tells. No view sees more of the provider's words than the channel may. */
export interface AlertModel {
  readonly alert: Alert;
  readonly connector: { readonly id: string; readonly name: string };
  /** The run that raised it last, without its texts. Null where it is gone. */
  readonly run: Pick<Run, 'id' | 'by' | 'counts' | 'held'> | null;
  /** The commonest three, and how many more there are. */
  readonly causes: readonly ToldCause[];
  readonly moreCauses: number;
  /** What stopped the run, in the provider's or our words. */
  readonly detail: string | null;
  readonly escalation: Subscription['escalation'];
  /** What it stopped before; of the fuse only. Numbers, nobody's name. */
  readonly hold: HoldModel | null;
  readonly timeZone: string;
}

const FIRST_CAUSES = 3;

/** What an alert's card shows now; null where the alert or its connector is gone. Asks Slack who is in the channel. */
export async function alertModel(outside: Pick<Outside, 'store' | 'settings' | 'workspace'>, alertId: string): Promise<AlertModel | null> {
  const alert = (await outside.store.get('alert', alertId))?.value;
  const connector = alert === undefined ? undefined : (await outside.store.get('connector', alert.connectorId))?.value;
  if (alert === undefined || connector === undefined) return null;
  const subscription = (await subscriptionsTo(outside, connector)).get(alert.channelId);
  const run = (await outside.store.get('run', alert.runId))?.value ?? null;
  const told = (await mayHoldNames(outside, alert, subscription)) ? withoutIds : withoutNames;
  const causes = run?.causes ?? [];
  return {
    alert,
    connector: { id: connector.id, name: connector.name },
    run: run === null ? null : { id: run.id, by: run.by, counts: run.counts, held: run.held },
    causes: causes.slice(0, FIRST_CAUSES).map(({ count, status, message }) => ({ count, status, words: told(message) })),
    moreCauses: Math.max(0, causes.length - FIRST_CAUSES),
    detail: run?.state.is === 'ended' && run.state.detail !== null ? told(run.state.detail) : null,
    escalation: subscription?.escalation ?? null,
    hold: await holdOfAlert(outside, alert),
    timeZone: await zoneOf(outside, connector.id),
  };
}

/** Asked each time: guests come, and channels get shared. What Slack doesn't say is no. */
async function mayHoldNames(outside: Pick<Outside, 'workspace'>, { channelId }: Alert, subscription: Subscription | undefined): Promise<boolean> {
  return subscription?.mayNames === true && (await outside.workspace.mayHoldNames(channelId).catch(() => false));
}
