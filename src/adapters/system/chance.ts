import { randomBytes } from 'node:crypto';
import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';

/** Crockford's base 32: in the order of ASCII, and without I, L, O, U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Bytes fetched from the system at once; an id takes 16. */
const POOL = 4_096;

/** A whole number as `length` letters, the most significant first. */
function lettersOf(number: number, length: number): string {
  let rest = number;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = LETTERS.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/**
 * The `Chance` port over the system's randomness. An id is a ULID with a counter: 10 letters of time, 3 that count
 * within a millisecond, 16 of chance (80 bits), so ids of one process sort by the order of their making.
 */
export function createChance(clock: Clock): Chance {
  let bytes = Buffer.alloc(0);
  let time = 0;
  let counted = 0;

  function take(length: number): Buffer {
    if (bytes.length < length) bytes = randomBytes(POOL);
    const taken = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    return taken;
  }

  function random(length: number): string {
    let text = '';
    for (const byte of take(length)) text += LETTERS.charAt(byte % 32);
    return text;
  }

  return {
    fraction: () => take(6).readUIntBE(0, 6) / 2 ** 48,
    id() {
      const now = clock.now();
      counted = now > time ? 0 : counted + 1;
      // The clock was set back, or 32,768 ids fell into one millisecond: time is borrowed rather than the order lost.
      time = Math.max(time, now) + (counted >= 32_768 ? 1 : 0);
      counted %= 32_768;
      return lettersOf(time, 10) + lettersOf(counted, 3) + random(16);
    },
    secret: () => randomBytes(32).toString('base64url'),
    reference: () => random(6),
  };
}
