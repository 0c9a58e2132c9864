import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holdsSomewhere, type Right } from '../grant.ts';
import { requireRole, whomToAsk } from './who.ts';

/** Refuses unless the actor holds the right at one organization at least: for what each sees their own part of. `action` as in `requireRight`. */
export async function requireSomewhere(outside: Pick<Outside, 'settings' | 'store'>, actor: Actor, right: Right, action: string): Promise<void> {
  await requireRole(outside, actor);
  if (!holdsSomewhere(actor, right)) throw new Refusal({ is: 'not-allowed', right, action, organization: null, ask: await whomToAsk(outside) });
}
