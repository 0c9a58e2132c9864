import type { Effect } from '../../src/domain/approvals/request.ts';
import { foresee } from '../../src/domain/approvals/verbs/foresee.ts';
import { namesIn } from '../../src/domain/approvals/verbs/model.ts';
import type { Ahead } from '../../views/approvals/ahead.ts';
import type { Ask } from '../command.ts';

/** Which approval an effect will take, to be said in its form; null for none. Counts and asks Slack for names: for after the ack. */
export async function aheadOf(ask: Ask, effect: Effect): Promise<Ahead | null> {
  const foreseen = await foresee(ask.outside, ask.actor, effect);
  if (foreseen === null) return null;
  const ids = foreseen.terms.steps.flatMap(({ approvers }) => [...approvers.people, ...approvers.groups]);
  return { ...foreseen, names: await namesIn(ask.outside, ids) };
}
