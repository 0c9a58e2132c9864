import type { Right } from './rights/grant.ts';

/**
 * Why Usher will not do what was asked: you may not, not possible now, or the words don't fit. Each reason is
 * put into words for the person by `views/refusal.ts`, together with what to do instead.
 */
export type RefusalReason =
  | { is: 'no-role'; ask: readonly string[] }
  /** `right`: what is missing; to administer unless told. */
  | { is: 'not-allowed'; right?: Right; action: string; organization: string | null; ask: readonly string[] }
  | { is: 'not-found'; what: string; typed: string; near: readonly string[] }
  | { is: 'ambiguous'; what: string; typed: string; choices: readonly string[] }
  | { is: 'bad-input'; field: string | null; problem: string; remedy: string }
  | { is: 'usage'; typed: string; usage: readonly string[] }
  /** A `key=` that the verb does not take; `near` is the one that was meant, as far as that can be told. */
  | { is: 'unknown-key'; key: string; near: string | null; usage: string }
  | { is: 'name-taken'; what: string; name: string }
  | { is: 'not-configured'; connectorId: string; connector: string }
  | { is: 'not-rehearsed'; connectorId: string; connector: string }
  | { is: 'wrong-state'; connectorId: string; connector: string; state: string; verb: string; remedy: 'enable' | 'disconnect' | 'reconnect' | 'none' }
  | { is: 'running'; connectorId: string; connector: string; runId: string; done: number; total: number | null; verb: string }
  | { is: 'nothing-to-do'; detail: string }
  | { is: 'changed-meanwhile'; what: string }
  /** Somebody decided already, or it ended another way: `how` is a sentence, `approved by Sam O'Neil`. */
  | { is: 'already-decided'; requestId: string; how: string }
  /** Nobody approves their own request, nor two steps of one (P3). */
  | { is: 'own-request'; requestId: string; title: string }
  | { is: 'not-an-approver'; requestId: string; title: string; approvers: readonly string[] }
  /** It takes a second person (S14): `own` where they began it themselves, else since they may not approve there. */
  | { is: 'needs-second-person'; title: string; own: boolean; approvers: readonly string[] }
  /** Nobody could approve it: refused at once (P4). `remedy` says what to change. */
  | { is: 'nobody-can-approve'; title: string; remedy: string }
  /** X11: without them nobody could give a role any more. */
  | { is: 'last-admin'; who: string }
  /** All writes to all targets are stopped (N5). */
  | { is: 'halted'; by: string; why: string | null }
  /** A7. */
  | { is: 'protected'; person: string; why: string }
  | { is: 'cannot-post'; channelId: string; problem: string; remedy: string };

/** The screen that helps whoever was refused. */
export type WayOn =
  | { is: 'connector'; connectorId: string; by: 'configure' | 'settings' | 'enable' | 'disconnect' | 'reconnect' }
  | { is: 'run'; runId: string }
  | { is: 'request'; requestId: string }
  | { is: 'roles' }
  | { is: 'stop' }
  | { is: 'protected' };

/** Null where no screen helps: the sentence says all there is to do. */
export function wayOn(reason: RefusalReason): WayOn | null {
  switch (reason.is) {
    case 'not-configured':
      return { is: 'connector', connectorId: reason.connectorId, by: 'configure' };
    case 'not-rehearsed':
      return { is: 'connector', connectorId: reason.connectorId, by: 'settings' };
    case 'wrong-state':
      return reason.remedy === 'none' ? null : { is: 'connector', connectorId: reason.connectorId, by: reason.remedy };
    case 'running':
      return { is: 'run', runId: reason.runId };
    case 'already-decided':
    case 'own-request':
    case 'not-an-approver':
      return { is: 'request', requestId: reason.requestId };
    case 'nobody-can-approve':
    case 'last-admin':
      return { is: 'roles' };
    case 'halted':
      return { is: 'stop' };
    case 'protected':
      return { is: 'protected' };
    case 'no-role':
    case 'not-allowed':
    case 'not-found':
    case 'ambiguous':
    case 'bad-input':
    case 'usage':
    case 'unknown-key':
    case 'name-taken':
    case 'nothing-to-do':
    case 'changed-meanwhile':
    case 'needs-second-person':
    case 'cannot-post':
      return null;
  }
}

/** Thrown by a domain verb that will not act. Nothing was changed when it is thrown. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason) {
    super(`refused: ${reason.is}`);
    this.reason = reason;
  }
}

/** Refuses input of the named field (a block id of the form, or a `key=` of the typed words). */
export function badInput(field: string | null, problem: string, remedy: string): Refusal {
  return new Refusal({ is: 'bad-input', field, problem, remedy });
}
