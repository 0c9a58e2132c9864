import type { Target, TargetUser, Turn } from '../../ports/target.ts';
import { cleared, type Dialect, EVERY, nextShape, shapeIn } from '../connectors/dialect.ts';
import type { ScimValues } from '../connectors/mapping.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { tells, undoneBy, type Wish } from './effect.ts';
import type { Tongue } from './tongue.ts';

const NOTHING: ScimValues = {};
/** What a server answers to a method that it doesn't have. */
const NO_PATCH: ReadonlySet<number | null> = new Set([405, 501]);

export interface UserWish extends Wish {
  readonly externalId?: string;
  /** What the target holds as far as we know. */
  readonly known?: ScimValues;
}

export interface Writer {
  readonly target: Pick<Target, 'change' | 'read'>;
  readonly tongue: Tongue;
  readonly turn: Turn;
  /** `unsure` from the first answered change until it is known what became of it. */
  readonly mark: { unsure: boolean };
}

export interface Effect {
  /** The user as last shown; null where the target showed nothing. */
  readonly user: TargetUser | null;
  /** Keys that no way of writing brought about. */
  readonly undone: readonly string[];
}

/**
 * Changes a user and sees that it happened (S23). One request where the target does what it says. A 2xx without effect
 * is written again in the next shape, and what works is learnt (C20); an answer without a body is read back until each
 * attribute was once seen to be kept.
 */
export async function surely(writer: Writer, id: string, wish: UserWish): Promise<Effect> {
  const { tongue } = writer;
  // How it is written: others learn while this one is under way.
  let { dialect } = tongue;
  let { user, undone } = await onceSeen(writer, id, wish).catch((fault: unknown) => {
    // PATCH is optional (RFC 7644 §3.5): PUT is not.
    if (!(fault instanceof TargetFault) || !NO_PATCH.has(fault.error.status) || tongue.shapeOf(EVERY) === 'put') throw fault;
    tongue.reshape(EVERY, 'put');
    dialect = tongue.dialect;
    return onceSeen(writer, id, wish);
  });
  const given: string[] = [];
  while (undone.length > 0) {
    const next = undone.filter((key) => goesOn(tongue, key, dialect));
    given.push(...undone.filter((key) => !next.includes(key)));
    if (next.length === 0) break;
    const left = only(wish, next);
    dialect = tongue.dialect;
    const again = await onceSeen(writer, id, left).catch(refusedAgain(next));
    user = again.user ?? user;
    undone = again.undone;
  }
  // What no shape brought about is not tried in all of them again for the next person.
  for (const key of given) if (tongue.shapeOf(key) === 'put') tongue.reshape(key, 'none');
  writer.mark.unsure = false;
  return { user, undone: given };
}

/** A shape that is refused is without effect, as the one before it was. */
function refusedAgain(keys: readonly string[]): (fault: unknown) => Effect {
  return (fault) => {
    if (fault instanceof TargetFault && fault.error.next === 'refused') return { user: null, undone: keys };
    throw fault;
  };
}

/** Whether a key is written in the same way in both. A dialect is never changed, but replaced. */
function isSameWay(one: Dialect, other: Dialect, key: string): boolean {
  return one === other || (shapeIn(one, key) === shapeIn(other, key) && (key !== 'active' || one.active === other.active));
}

/** Whether there is another way than the one that was without effect, which this dialect had; the tongue has it then. */
function goesOn(tongue: Tongue, key: string, had: Dialect): boolean {
  // Somebody else's write found the next way meanwhile.
  if (!isSameWay(had, tongue.dialect, key)) return tongue.shapeOf(key) !== 'none';
  const next = nextOf(tongue, key);
  if (next === null) return false;
  if (next === 'string') {
    tongue.learn({ active: 'string' });
    return true;
  }
  if (key === 'active') tongue.learn({ active: 'boolean' });
  tongue.reshape(key, next);
  return true;
}

/** For `active` the string comes between the path and the other shapes. */
function nextOf(tongue: Tongue, key: string): 'string' | ReturnType<typeof nextShape> {
  if (key === 'active' && tongue.dialect.active === 'boolean' && tongue.shapeOf(key) === 'path') return 'string';
  return nextShape(key, tongue.shapeOf(key));
}

async function onceSeen(writer: Writer, id: string, wish: UserWish): Promise<Effect> {
  const { target, tongue, turn, mark } = writer;
  const { dialect } = tongue;
  const { user: answer, wish: sent } = await written(target, turn, id, wish);
  mark.unsure = true;
  if (answer !== null && !tells(answer)) return { user: answer, undone: [] };
  const known = wish.known ?? NOTHING;
  if (answer !== null) return { user: answer, undone: undoneBy(answer, sent, known) };
  const keys = keysOf(sent);
  // What was proven since in another way proves nothing of this one.
  const isProven = (key: string): boolean => tongue.isProven(key) && isSameWay(dialect, tongue.dialect, key);
  // A look may come to nothing, or be at other attributes: then one more looks, and not all. What nothing brings about nobody can prove.
  const mayProve = (): boolean => keys.some((key) => !isProven(key) && tongue.shapeOf(key) !== 'none');
  while (tongue.looking !== null && mayProve()) await (turn.wait?.(tongue.looking) ?? tongue.looking);
  if (keys.every(isProven)) return { user: null, undone: [] };
  const seeing = seenBack(writer, id, sent, known);
  // Of many that were written together one is read first: what it proves holds for the others.
  const over = (): void => {
    tongue.looking = null;
  };
  tongue.looking ??= seeing.then(over, over);
  return await seeing;
}

/** Reads what became of a change, and proves what was kept. */
async function seenBack({ target, tongue, turn }: Writer, id: string, sent: UserWish, known: ScimValues): Promise<Effect> {
  const user = await target.read(id, turn);
  const keys = keysOf(sent);
  const isShown = tells(user);
  const undone = isShown ? undoneBy(user, sent, known) : [];
  // One that shows nobody anything leaves nothing to compare with, now or later.
  tongue.prove(isShown ? keys.filter((key) => !undone.includes(key)) : keys);
  return { user, undone };
}

/** Where a value filter finds nothing (`noTarget`: removed by another hand), the whole list is written instead. */
async function written(
  target: Pick<Target, 'change'>,
  turn: Turn,
  id: string,
  wish: UserWish,
): Promise<{ readonly user: TargetUser | null; readonly wish: UserWish }> {
  try {
    return { user: await target.change(id, wish, turn), wish };
  } catch (fault) {
    const { known } = wish;
    if (known === undefined || !(fault instanceof TargetFault) || fault.error.scimType?.toLowerCase() !== 'notarget') throw fault;
    const touched = new Set([...Object.keys(wish.set), ...wish.clear].flatMap((path) => listOf(path) ?? []));
    if (touched.size === 0) throw fault;
    const isTouched = (path: string): boolean => touched.has(listOf(path) ?? '');
    const whole = Object.entries({ ...known, ...wish.set }).filter(([path]) => isTouched(path) && !wish.clear.includes(path));
    const others = Object.fromEntries(Object.entries(known).filter(([path]) => !isTouched(path)));
    // A list of which nothing is left was cleared by whoever removed its value.
    const again: UserWish = {
      ...wish,
      set: { ...wish.set, ...Object.fromEntries(whole) },
      clear: wish.clear.filter((path) => !isTouched(path)),
      known: others,
    };
    if (keysOf(again).length === 0) return { user: null, wish: again };
    return { user: await target.change(id, again, turn), wish: again };
  }
}

function listOf(path: string): string | undefined {
  const at = path.indexOf('[');
  return at < 0 ? undefined : path.slice(0, at);
}

function keysOf({ set, clear, active }: UserWish): readonly string[] {
  return [...Object.keys(set), ...clear.map(cleared), ...(active === undefined ? [] : ['active'])];
}

/** The part of a wish that these keys name; what is known of the user stays. */
function only(wish: UserWish, keys: readonly string[]): UserWish {
  const { active, known } = wish;
  const set = Object.fromEntries(Object.entries(wish.set).filter(([path]) => keys.includes(path)));
  return {
    set,
    clear: wish.clear.filter((path) => keys.includes(cleared(path))),
    ...(active !== undefined && keys.includes('active') ? { active } : {}),
    ...(known === undefined ? {} : { known }),
  };
}
