import { complaintAbout } from '../connectors/attribute-complaint.ts';
import { cleared } from '../connectors/dialect.ts';
import { MANAGER, type ScimValues } from '../connectors/mapping.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { tells } from './effect.ts';
import type { Effect, UserWish } from './surely.ts';
import type { TargetUser } from '../../ports/target.ts';
import type { Tongue } from './tongue.ts';

/** What servers say of an attribute that they don't have; `invalidPath` is RFC 7644's own word for it (§3.12). */
const UNKNOWN = /\b(unknown|unsupported|unrecogni[sz]ed|not (supported|recogni[sz]ed|defined|part of))\b/i;

/** Whether a refusal is about the manager that a request named. */
export function refusesManager(fault: unknown): fault is TargetFault {
  if (!(fault instanceof TargetFault) || fault.error.next !== 'refused' || fault.error.status === null) return false;
  return /\bmanager\b/i.test(complaintAbout(fault.error.message)?.attribute ?? '');
}

function knowsNoManager(fault: unknown): boolean {
  return refusesManager(fault) && (fault.error.scimType?.toLowerCase() === 'invalidpath' || UNKNOWN.test(fault.error.message));
}

/** Whether the target keeps managers in no way that was found: nothing is said of them any more, until the next rehearsal. */
export function keepsNoManager(tongue: Tongue): boolean {
  return tongue.shapeOf(MANAGER) === 'none';
}

/** The values without the manager. */
export function withoutManager({ [MANAGER]: _, ...values }: ScimValues): ScimValues {
  return values;
}

/** What a create brought about of a manager that it named: an answer that shows the user without one tells that it was dropped. */
export function keptOf(values: ScimValues, user: TargetUser | null, tongue: Tongue): ScimValues {
  if (values[MANAGER] === undefined || !tells(user)) return values;
  if (user.values[MANAGER] === undefined) return withoutManager(values);
  tongue.prove([MANAGER]);
  return values;
}

/** `missed`: the part of `undone` that is the person's error. */
type Linked = Effect & { readonly missed: readonly string[] };

/**
 * Sends a change of which a manager may be part. Where nobody's was ever kept, a manager that no shape brings about is no error but learnt: the target knows
 * none, and from then on they are left out (S24). Where others' were kept, it is this person's.
 */
export async function linking(tongue: Tongue, wish: UserWish, send: (wish: UserWish) => Promise<Effect>): Promise<Linked> {
  const key = keyOf(wish);
  if (key === undefined) return all(await send(wish));
  const shape = tongue.shapeOf(key);
  if (keepsNoManager(tongue)) return await leftOut(wish, key, send);
  try {
    const effect = await send(wish);
    if (!effect.undone.includes(key)) {
      if (tells(effect.user) && effect.user.values[MANAGER] !== undefined) tongue.prove([MANAGER]);
      return all(effect);
    }
    if (tongue.isProven(MANAGER)) {
      tongue.reshape(key, shape);
      return all(effect);
    }
    tongue.reshape(MANAGER, 'none');
    return { ...effect, missed: effect.undone.filter((each) => each !== key) };
  } catch (fault) {
    if (!knowsNoManager(fault) || tongue.isProven(MANAGER)) throw fault;
    tongue.reshape(MANAGER, 'none');
    return await leftOut(wish, key, send);
  }
}

function all(effect: Effect): Linked {
  return { ...effect, missed: effect.undone };
}

function keyOf({ set, clear }: UserWish): string | undefined {
  if (set[MANAGER] !== undefined) return MANAGER;
  return clear.includes(MANAGER) ? cleared(MANAGER) : undefined;
}

/** Sends the rest, where there is any. */
async function leftOut(wish: UserWish, key: string, send: (wish: UserWish) => Promise<Effect>): Promise<Linked> {
  const rest = { ...wish, set: withoutManager(wish.set), clear: wish.clear.filter((path) => path !== MANAGER) };
  const isEmpty = Object.keys(rest.set).length === 0 && rest.clear.length === 0 && rest.active === undefined;
  const { user, undone } = isEmpty ? { user: null, undone: [] } : await send(rest);
  return { user, undone: [...undone, key], missed: undone };
}
