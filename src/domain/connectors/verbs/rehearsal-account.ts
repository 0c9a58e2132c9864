import type { TargetUser } from '../../../ports/target.ts';
import { type TargetError, TargetFault } from '../target-error.ts';
import type { Bench } from './rehearsal-bench.ts';

/** The test user of an earlier rehearsal, by its target id. Refuses an address that is anybody else's (C7). */
export async function knownUser({ settings, values, left, send, target }: Bench): Promise<string | null> {
  const ours = (user: TargetUser): boolean => user.id === left.userId || (left.attempt !== null && user.externalId === left.attempt);
  const wanted = values[settings.matching] ?? settings.testEmail;
  const lookUps = [[settings.matching, wanted] as const, ...(settings.matching === 'userName' ? [] : [['userName', values.userName ?? wanted] as const])];
  for (const [attribute, value] of lookUps) {
    const found = await send(() => target.lookUp(attribute, value));
    if (found.some((user) => !ours(user))) throw new TargetFault(alreadyThere(value));
    const [user] = found;
    if (user !== undefined) return user.id;
  }
  // Some targets do not find a deactivated user, and it may have had another address.
  return left.userId;
}

/** The test user's target id: the earlier one brought back, or a new one. */
export async function made(bench: Bench, known: string | null): Promise<string> {
  const { send, target, values, left, settings } = bench;
  if (known !== null && (await broughtBack(bench, known))) return known;
  const attempt = left.attempt ?? bench.marker;
  left.attempt = attempt;
  try {
    return (await send(() => target.create(attempt, values, true), 'once')).id;
  } catch (fault) {
    if (!(fault instanceof TargetFault)) throw fault;
    if (!fault.error.maybeWritten) {
      left.attempt = null;
      throw fault;
    }
    const found = await send(() => target.lookUp(settings.matching, values[settings.matching] ?? settings.testEmail)).catch(() => []);
    const written = found.find(({ externalId }) => externalId === attempt);
    if (written === undefined) throw fault;
    return written.id;
  }
}

async function broughtBack({ send, target, values }: Bench, userId: string): Promise<boolean> {
  try {
    await send(() => target.change(userId, { set: values, clear: [], active: true }));
    return true;
  } catch (fault) {
    // Removed by hand meanwhile.
    if (fault instanceof TargetFault && fault.error.next === 'gone') return false;
    throw fault;
  }
}

function alreadyThere(value: string): TargetError {
  return {
    next: 'refused',
    status: null,
    scimType: 'uniqueness',
    message: `The application already has an account for ${value}. Use a test address that nobody has.`,
    maybeWritten: false,
    retryAfter: null,
  };
}
