import type { Outside } from '../../../ports/outside.ts';
import type { Append, Documents, Stored } from '../../../ports/store.ts';
import type { AuditRow } from '../../audit/audit.ts';
import { audited } from '../../audit/row.ts';
import { redrawn } from '../../cards/show.ts';
import { planCard } from '../../plans/plan.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { copiesOf, type Telling } from '../copies.ts';
import type { ApprovalRequest } from '../request.ts';

export type Changing = Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>;

/** How a request goes on, who is told, and what the audit says. */
export interface RequestChange {
  readonly next: ApprovalRequest;
  readonly telling: Telling;
  readonly appends: readonly Append[];
}

/**
 * Changes a request by compare-and-set, as often as it takes, and draws every copy of its card anew in the same
 * transaction (P2, P3). `change` reads what it needs anew each time; null leaves the request as it is.
 */
export async function changeRequest(
  outside: Changing,
  id: string,
  change: (request: ApprovalRequest) => Promise<RequestChange | null>,
): Promise<ApprovalRequest> {
  for (;;) {
    const stored = await outside.store.get('approval', id);
    if (stored === undefined) throw noRequest(id);
    const changed = await change(stored.value);
    if (changed === null) return stored.value;
    const { request, puts, cards } = await copiesOf(outside, changed.next, changed.telling);
    const about = await subjectCard(outside, request);
    const outcome = await outside.store.transaction({
      puts: [put('approval', id, request, stored.version), ...puts, ...about.map((card) => redrawn(card, true))],
      appends: changed.appends,
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed([...cards, ...about.map(({ value }) => value.id)]);
    return request;
  }
}

/** The card of what the request is about, where that shows whether the request waits: a plan's. */
async function subjectCard({ store }: Pick<Outside, 'store'>, { effect }: ApprovalRequest): Promise<readonly Stored<Documents['card']>[]> {
  if (effect.is !== 'apply-plan' && effect.is !== 'first-adoption') return [];
  const card = await store.get('card', planCard(effect.planId));
  return card === undefined ? [] : [card];
}

/** The audit row of something done with a request: `approvals.approve`. */
export function requestRow(
  outside: Pick<Outside, 'clock' | 'chance'>,
  actor: Pick<Actor, 'userId' | 'way'>,
  { id, described }: ApprovalRequest,
  what: Pick<AuditRow, 'action' | 'summary'> & Partial<Pick<AuditRow, 'before' | 'after'>>,
): Append {
  return audited(outside, actor, { connectorId: described.connectorId, subject: id, ...what });
}

/** Also where it is not theirs to know of. */
export function noRequest(typed: string): Refusal {
  return new Refusal({ is: 'not-found', what: 'request', typed, near: [] });
}

/** Usher itself: what time or somebody's leaving does to a request. */
export const USHER = { userId: 'usher', way: 'job' } as const;
