import type { Connector, ConnectorId } from '../connectors/connector.ts';
import { HOUR, type Instant, MINUTE } from '../instant.ts';
import type { Account } from '../sync/account.ts';
import type { OffboardingStep } from './offboarding.ts';

/** How one connector stands to somebody who is off-boarded. */
export interface Standing {
  readonly connector: Pick<Connector, 'id' | 'state' | 'inForce'>;
  readonly account: Account | undefined;
  /** An assignment would give them an account, were they not off-boarded. */
  readonly assigned: boolean;
  /** They are protected there, and why (A7). */
  readonly protectedBecause: string | null;
  /** Why the last try failed, where one did and is over. */
  readonly failure: string | null;
}

const LONGEST_WAIT = HOUR;
const DISCONNECTED = 'The connector is disconnected: Usher can’t reach the application. Deactivate the account there by hand.';

/**
 * The step as it stands now (S25); undefined where there is nothing to tell of a connector. The account table has the
 * last word: what it calls deactivated, the target confirmed; an account that came up meanwhile is waited for again.
 */
export function stepNow(before: OffboardingStep | undefined, of: Standing, now: Instant): OffboardingStep | undefined {
  const connectorId: ConnectorId = of.connector.id;
  const step = (state: OffboardingStep['state']): OffboardingStep => ({ connectorId, state });
  const { account } = of;
  if (account === undefined || account.state === 'gone') {
    if (before?.state.is === 'confirmed') return before;
    // What was tried and is gone from the application needs no more.
    if (before?.state.is === 'waiting' || before?.state.is === 'failed') return step({ is: 'confirmed', at: now });
    return before !== undefined || of.assigned ? step({ is: 'no-account' }) : undefined;
  }
  if (account.state === 'inactive' && account.intent === null) return before?.state.is === 'confirmed' ? before : step({ is: 'confirmed', at: now });
  if (of.protectedBecause !== null) return step({ is: 'protected', why: of.protectedBecause });
  const failure = isReachable(of.connector) ? of.failure : DISCONNECTED;
  if (failure !== null) return step(failed(before?.state, failure, now));
  return before?.state.is === 'failed' ? before : step({ is: 'waiting' });
}

/** A disconnect erased the token (C13). */
export function isReachable({ state, inForce }: Standing['connector']): boolean {
  return inForce !== null && (state.is === 'active' || state.is === 'disabled');
}

type State = OffboardingStep['state'];

/** The same failure told twice is one: its next try stays when it was. */
function failed(before: State | undefined, error: string, now: Instant): State {
  if (before?.is === 'failed') return before.error === error ? before : { ...before, error, at: now };
  return { is: 'failed', at: now, attempts: 1, error, next: now + wait(1) };
}

/** Whether the target is to be asked now, and the step as it is while it is asked. */
export function tryNow(step: OffboardingStep, now: Instant): OffboardingStep | null {
  const { state } = step;
  if (state.is === 'waiting') return step;
  if (state.is !== 'failed' || state.next > now) return null;
  const attempts = state.attempts + 1;
  return { ...step, state: { ...state, attempts, next: now + wait(attempts) } };
}

/** 1, 2, 4, … minutes, an hour at most: until the target confirms. */
function wait(attempts: number): number {
  return Math.min(LONGEST_WAIT, MINUTE * 2 ** Math.min(10, attempts - 1));
}
