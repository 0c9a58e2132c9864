import { requestById } from '../../src/domain/approvals/verbs/inbox.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { requireStopper } from '../../src/domain/halts/verbs/stop.ts';
import { requireProtector } from '../../src/domain/protected/verbs/list.ts';
import type { RefusalReason } from '../../src/domain/refusal.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { seenRun } from '../../src/domain/sync/verbs/seen-run.ts';
import type { Ask } from '../command.ts';
import { withRoles } from './ask.ts';

/**
 * Whether the way on that a refusal offers is this person's: its buttons are drawn for them alone, so one that would only refuse them again is
 * absent (X1). It asks what refuses the press, with the roles of now; without an answer there is no button.
 */
export async function mayMend(ask: Ask, reason: RefusalReason): Promise<boolean> {
  const required = requiredBy(reason);
  if (required === null) return true;
  try {
    await required(await withRoles(ask));
    return true;
  } catch {
    return false;
  }
}

/** What refuses whoever may not press the buttons of that refusal; null where it has none. */
function requiredBy(reason: RefusalReason): ((ask: Ask) => Promise<unknown>) | null {
  switch (reason.is) {
    case 'not-configured':
    case 'not-rehearsed':
    case 'wrong-state':
      return ({ outside, actor }) => requireConnector(outside, actor, reason.connectorId, 'administer', 'configure');
    case 'running':
      return ({ outside, actor }) => seenRun(outside, actor, reason.runId);
    case 'already-decided':
    case 'own-request':
    case 'not-an-approver':
      return ({ outside, actor }) => requestById(outside, actor, reason.requestId);
    case 'halted':
      return ({ outside, actor }) => requireStopper(outside, actor);
    case 'protected':
      return ({ outside, actor }) => requireProtector(outside, actor);
    case 'nobody-can-approve':
    case 'last-admin':
      return ({ outside, actor }) => requireRole(outside, actor);
    case 'no-role':
    case 'not-allowed':
    case 'not-found':
    case 'ambiguous':
    case 'bad-input':
    case 'usage':
    case 'name-taken':
    case 'nothing-to-do':
    case 'changed-meanwhile':
    case 'needs-second-person':
    case 'cannot-post':
      return null;
  }
}
