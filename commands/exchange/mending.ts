import { requestById } from '../../src/domain/approvals/verbs/inbox.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { requireStopper } from '../../src/domain/halts/verbs/stop.ts';
import { requireProtector } from '../../src/domain/protected/verbs/list.ts';
import { type RefusalReason, type WayOn, wayOn } from '../../src/domain/refusal.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { seenRun } from '../../src/domain/sync/verbs/seen-run.ts';
import type { Ask } from '../command.ts';
import { withRoles } from './ask.ts';

/**
 * Whether the way on that a refusal offers is this person's: its buttons are drawn for them alone, so one that would only refuse them again is
 * absent (X1). It asks what refuses the press, with the roles of now; without an answer there is no button.
 */
export async function mayMend(ask: Ask, reason: RefusalReason): Promise<boolean> {
  const way = wayOn(reason);
  if (way === null) return true;
  try {
    await required(await withRoles(ask), way);
    return true;
  } catch {
    return false;
  }
}

/** What refuses whoever may not go that way. */
async function required({ outside, actor }: Ask, way: WayOn): Promise<unknown> {
  switch (way.is) {
    case 'connector':
      return requireConnector(outside, actor, way.connectorId, 'administer', 'configure');
    case 'run':
      return seenRun(outside, actor, way.runId);
    case 'request':
      return requestById(outside, actor, way.requestId);
    case 'roles':
      return requireRole(outside, actor);
    case 'stop':
      return requireStopper(outside, actor);
    case 'protected':
      return requireProtector(outside, actor);
  }
}
