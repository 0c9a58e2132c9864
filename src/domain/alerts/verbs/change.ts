import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Alert, isLive } from '../alert.ts';
import { cardIds, redrawnAlert } from '../cards.ts';

export type Answering = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'cards'>;

export interface AlertChange {
  /** `acknowledge`, `snooze`. */
  readonly verb: string;
  /** What was done, for the audit: `acknowledged`. */
  readonly done: string;
  readonly next: (alert: Alert) => Alert['state'];
}

/** The alert of that id, which the actor may answer: with *run* at the organization that owns its connector. Refused where it is over. */
export async function requireAlert(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, id: string, verb: string): Promise<Alert> {
  const visible = await visibleConnectors(outside, actor);
  const stored = await outside.store.get('alert', id);
  if (stored === undefined || !visible.some(({ connector, asPartner }) => connector.id === stored.value.connectorId && !asPartner))
    throw new Refusal({ is: 'not-found', what: 'alert', typed: id, near: [] });
  await requireConnector(outside, actor, stored.value.connectorId, 'run', `${verb} alerts of`);
  requireLive(stored.value);
  return stored.value;
}

/** Answers an alert by compare-and-set, draws its cards anew and audits it. Two at once count once: the second sees what the first did. */
export async function changeAlert(outside: Answering, actor: Actor, id: string, { verb, done, next }: AlertChange): Promise<Alert> {
  await requireAlert(outside, actor, id, verb);
  for (;;) {
    const stored = await outside.store.get('alert', id);
    if (stored === undefined) throw new Refusal({ is: 'not-found', what: 'alert', typed: id, near: [] });
    requireLive(stored.value);
    const alert: Alert = { ...stored.value, state: next(stored.value) };
    const puts = [put('alert', id, alert, stored.version), ...(await redrawnAlert(outside, id, true))];
    const row = audited(outside, actor, {
      ...{ action: `alerts.${verb}`, connectorId: alert.connectorId, subject: id, summary: `${done} the alert ${id}` },
      before: { state: stored.value.state.is },
      after: { state: alert.state.is },
    });
    if ((await outside.store.transaction({ puts, appends: [row] })) === 'conflict') continue;
    outside.cards.changed(cardIds(puts));
    return alert;
  }
}

function requireLive(alert: Alert): void {
  if (isLive(alert)) return;
  throw new Refusal({ is: 'nothing-to-do', detail: overWords(alert) });
}

function overWords({ id, state }: Alert): string {
  if (state.is === 'superseded') return `${state.by} took the place of ${id}: answer that one.`;
  return state.is === 'closed' ? `${id} is closed: ${state.because}` : `${id} has recovered already.`;
}
