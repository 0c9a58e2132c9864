import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Alert } from '../alert.ts';
import { type Answering, changeAlert } from './change.ts';

/** Says that somebody is on it: silence is not escalated any more (N3). The first who says it stands. */
export async function acknowledge(outside: Answering, actor: Actor, id: string): Promise<Alert> {
  const at = outside.clock.now();
  return changeAlert(outside, actor, id, {
    verb: 'acknowledge',
    done: 'acknowledged',
    next: ({ state }) => {
      if (state.is === 'acknowledged') throw new Refusal({ is: 'nothing-to-do', detail: `${id} was acknowledged already.` });
      return { is: 'acknowledged', by: actor.userId, at };
    },
  });
}
