import type { Outside } from '../../ports/outside.ts';
import type { Actor } from '../rights/grant.ts';
import type { Clearance } from './clearance.ts';
import type { Described, Effect } from './request.ts';

/** What approvals ask of the world; every action that plugs in makes do with these. */
export type Asking = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'work' | 'cards' | 'workspace' | 'sources' | 'log'>;

/** One thing that can need approval: what it would do, in words and numbers, and doing it. */
export interface Action<E extends Effect, R> {
  /** Checks what the verb itself checks, the actor's right first, and refuses the same way; changes nothing. */
  describe(outside: Asking, actor: Actor, effect: E): Promise<Described>;
  /** Does it, checking again; its audit row carries `clearance.row`. */
  perform(outside: Asking, actor: Actor, effect: E, clearance: Clearance): Promise<R>;
  /** What was done, one sentence in plain text without names of people of the directory: `Box is disconnected.` */
  told(result: R): string;
}
