import type { Breath } from '../../ports/breath.ts';
import type { Assignment } from '../assignments/assignment.ts';
import type { Person, PersonId } from '../directory/person.ts';
import { type Change, type Frozen, waitsFor } from './change.ts';
import type { Planned } from './plan.ts';
import type { Touches } from './scope.ts';

/** What becomes, within one plan, of a name that one account has and somebody else is to get. */
export type Fate = 'given-up' | 'kept' | 'circle';

/** Tells a name's fate in a plan that touches whom it says. */
export interface Fates {
  /** `name` in lower case. */
  readonly fateOf: (name: string, touches: Touches) => Fate;
}

/** Nobody gives up a name: as far as a survey knows before it has met everybody. */
export const ALL_KEPT: Fates = { fateOf: () => 'kept' };
/** Everybody does, if nothing else keeps them: what a survey goes by while it finds out who does. */
export const ALL_GIVEN_UP: Fates = { fateOf: () => 'given-up' };

/** Somebody whose own change takes their name from them. */
interface Giver {
  readonly personId: PersonId;
  readonly person: Person | undefined;
  readonly assignment: Assignment | undefined;
  /** The name that they wait for in their turn; null where theirs is free. */
  readonly next: string | null;
}

/** Names that are handed on within one plan; holds nobody but those who give one up to somebody. */
export class Handovers implements Fates {
  readonly #givers = new Map<string, Giver>();
  readonly #fates = new WeakMap<Touches, Map<string, Fate>>();

  add(name: string, giver: Giver): void {
    this.#givers.set(name, giver);
  }

  /** Given up only where everybody along the chain is touched; each link is walked once a scope. */
  fateOf(name: string, touches: Touches): Fate {
    if (this.#givers.size === 0) return 'kept';
    const known = this.#fates.get(touches) ?? new Map<string, Fate>();
    this.#fates.set(touches, known);
    const way = new Set<string>();
    let fate: Fate | undefined;
    for (let at = name; fate === undefined; ) {
      fate = way.has(at) ? 'circle' : known.get(at);
      if (fate !== undefined) break;
      way.add(at);
      const giver = this.#givers.get(at);
      if (giver === undefined || !touches(giver.personId, giver.person, giver.assignment)) fate = 'kept';
      else if (giver.next === null) fate = 'given-up';
      else at = giver.next;
    }
    for (const each of way) known.set(each, fate);
    return fate;
  }
}

/** Why somebody whose turn never came is left as they are. */
export function neverFree(change: Change, matching: string): Frozen | undefined {
  const holder = waitsFor(change);
  return holder === undefined || !('values' in change) ? undefined : { is: 'name-not-given-up', value: change.values[matching] ?? '', ...holder };
}

/** Somebody whose change waits for a name. */
type Waiting = Pick<Planned, 'change'>;

/** Of who waits, whose turn never comes where these people's changes are not made: also who waits for one of those. */
export async function stranded(waiting: readonly Waiting[], held: readonly PersonId[], breath: Pick<Breath, 'due'>): Promise<ReadonlySet<PersonId>> {
  const left = new Set<PersonId>();
  if (waiting.length === 0 || held.length === 0) return left;
  const behind = await byHolder(waiting, breath);
  const way = [...held];
  for (let at = way.pop(); at !== undefined; at = way.pop()) {
    const pause = breath.due();
    if (pause !== undefined) await pause;
    for (const { change } of behind.get(at) ?? []) {
      left.add(change.personId);
      way.push(change.personId);
    }
  }
  return left;
}

/** By whom they wait for: who comes next when that one is done. */
export async function byHolder<W extends Waiting>(waiting: readonly W[], breath: Pick<Breath, 'due'>): Promise<ReadonlyMap<PersonId, readonly W[]>> {
  const behind = new Map<PersonId, W[]>();
  for (const planned of waiting) {
    const pause = breath.due();
    if (pause !== undefined) await pause;
    const holder = waitsFor(planned.change);
    if (holder === undefined) continue;
    const others = behind.get(holder.personId);
    if (others === undefined) behind.set(holder.personId, [planned]);
    else others.push(planned);
  }
  return behind;
}
