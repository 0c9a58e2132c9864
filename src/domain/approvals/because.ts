import type { RefusalReason } from '../refusal.ts';

/** Why something that was approved could not be done any more: one sentence in plain text. */
export function because(reason: RefusalReason): string {
  switch (reason.is) {
    case 'no-role':
    case 'not-allowed':
      return 'Whoever asked for it may no longer do it.';
    case 'not-found':
      return `There is no such ${reason.what} any more.`;
    case 'ambiguous':
      return `Several of that name exist by now: ${reason.what}.`;
    case 'bad-input':
      return `${reason.problem} ${reason.remedy}`;
    case 'name-taken':
      return `The name ${reason.name} is taken by now.`;
    case 'not-configured':
    case 'not-rehearsed':
      return `${reason.connector} is not configured any more.`;
    case 'wrong-state':
      return `${reason.connector} is ${reason.state} by now.`;
    case 'running':
      return `${reason.connector} was being synced by ${reason.runId}. Ask again when that is over.`;
    case 'nothing-to-do':
      return reason.detail;
    case 'changed-meanwhile':
      return `${reason.what} changed after it was asked for. Ask again with the present numbers.`;
    case 'halted':
      return 'All writes to all applications are stopped. Ask again when they go on.';
    case 'last-admin':
      return `${reason.who} is the last admin of everything.`;
    case 'protected':
      return `Somebody in it is protected: ${reason.why}`;
    case 'cannot-post':
      return `${reason.problem} ${reason.remedy}`;
    case 'usage':
    case 'unknown-key':
    case 'already-decided':
    case 'own-request':
    case 'not-an-approver':
    case 'needs-second-person':
    case 'nobody-can-approve':
      return 'It could not be done as it was asked for.';
  }
}
