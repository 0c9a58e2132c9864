import type { Outside } from '../../../ports/outside.ts';
import { cardIds } from '../../alerts/cards.ts';
import { audited } from '../../audit/row.ts';
import { expireHeldImports } from '../../directory/verbs/held-import.ts';
import { put } from '../../revise.ts';
import { redrawnHold } from '../cards.ts';
import type { Hold } from '../hold.ts';
import { announceHolds } from './announce.ts';

/** Once a minute: tells of holds that a crash left untold, and lets expire what nobody answered, to *not applied* (S14, D3). A freeze's hold waits for the run after it (S21). */
export async function holdsDue(outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'cards'>): Promise<void> {
  await announceHolds(outside);
  const due: string[] = [];
  for await (const page of outside.store.scan('hold')) for (const { value } of page) if (isDue(value, outside.clock.now())) due.push(value.id);
  for (const id of due) await expire(outside, id);
  await expireHeldImports(outside);
}

function isDue({ state, reason, expiresAt }: Hold, now: number): boolean {
  return state.is === 'open' && reason.is === 'fuse' && expiresAt <= now;
}

async function expire(outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>, id: string): Promise<void> {
  for (;;) {
    const stored = await outside.store.get('hold', id);
    const at = outside.clock.now();
    if (stored === undefined || !isDue(stored.value, at)) return;
    const next: Hold = { ...stored.value, updatedAt: at, state: { is: 'expired', at } };
    const redraws = await redrawnHold(outside.store, next, true);
    const outcome = await outside.store.transaction({
      puts: [put('hold', id, next, stored.version), ...redraws],
      appends: [
        audited(
          outside,
          { userId: 'usher', way: 'job' },
          { action: 'holds.expire', connectorId: next.connectorId, subject: id, summary: `${id} expired, not applied: ${next.people.length} removals` },
        ),
      ],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed(cardIds(redraws));
    return;
  }
}
