import type { Actor } from '../../rights/grant.ts';
import type { Asking } from '../action.ts';
import type { Effect } from '../request.ts';
import { anyAction } from './actions.ts';
import { termsOf } from './ask.ts';
import { actionOf, maybeGuarded, type Terms } from './policy-for.ts';

/** The approval that something would take if it were asked for now. */
export interface Foreseen {
  readonly terms: Terms;
  /** People from which the policy holds; 0 always. */
  readonly from: number;
  /** Name of the organization where it has its effect; null is everywhere. */
  readonly organization: string | null;
}

/**
 * What `submit` would ask for, so that a form can say so beforehand (P1); null where it would be done at once. Refuses like
 * `submit`. Counting reads every person and account: for after the ack.
 */
export async function foresee(outside: Asking, actor: Actor, effect: Effect): Promise<Foreseen | null> {
  if (!(await maybeGuarded(outside, actionOf(effect.is)))) return null;
  const described = await anyAction(effect).describe(outside, actor, effect);
  const terms = await termsOf(outside, effect, described);
  if (terms === null) return null;
  const policy = terms.policyId === null ? undefined : (await outside.store.get('policy', terms.policyId))?.value;
  const organization = described.organizationId === null ? undefined : (await outside.store.get('organization', described.organizationId))?.value;
  return { terms, from: policy?.from ?? 0, organization: organization?.name ?? null };
}
