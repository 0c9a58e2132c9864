import { randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** An id of Slack's look: its kind's letter and ten more characters. */
export function newId(kind: 'V' | 'F' | 'D' | 'Ev'): string {
  return kind + [...randomBytes(10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** An unguessable part of a URL, a trigger or a hash. */
export function secretPart(bytes = 16): string {
  return randomBytes(bytes).toString('hex');
}
