import type { Outside } from '../../../ports/outside.ts';
import { cardIds } from '../../alerts/cards.ts';
import { audited } from '../../audit/row.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree, whomToAsk } from '../../rights/verbs/who.ts';
import { redrawnHold } from '../cards.ts';
import { type Hold, isStanding } from '../hold.ts';
import { holdById } from './find.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'cards'>;

/** *Leave it* (S14): not applied. Removes nobody, so it takes one person: who may run syncs there, or approve. What was released before stays released. */
export async function leaveHold(outside: Parts, actor: Actor, id: string): Promise<Hold> {
  for (;;) {
    const { hold, version, connector } = await holdById(outside, actor, id);
    const organizations = await tree(outside);
    if (!(['run', 'decide'] as const).some((right) => holds(actor, right, connector.organizationId, organizations)))
      throw new Refusal({
        is: 'not-allowed',
        right: 'run',
        action: `leave the held removals of ${connector.name}`,
        organization: organizations.get(connector.organizationId)?.name ?? null,
        ask: await whomToAsk(outside),
      });
    if (!isStanding(hold)) throw new Refusal({ is: 'nothing-to-do', detail: `${hold.id} does not wait any more.` });
    const at = outside.clock.now();
    const next: Hold = { ...hold, updatedAt: at, state: { is: 'left', at, by: actor.userId } };
    const redraws = await redrawnHold(outside.store, next, true);
    const outcome = await outside.store.transaction({
      puts: [put('hold', hold.id, next, version), ...redraws],
      appends: [
        audited(outside, actor, {
          action: 'holds.leave',
          connectorId: connector.id,
          subject: hold.id,
          summary: `left ${hold.people.length} held removals of ${connector.name}: not applied`,
        }),
      ],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed(cardIds(redraws));
    return next;
  }
}
