import { hash, randomBytes } from 'node:crypto';
import { type ChainHead, digestOf, GENESIS, hashOf, type Link } from '../../domain/audit/chain.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** What the chain needs of a row before its place is known. */
export interface Salted {
  readonly salt: string;
  readonly digest: string;
}

/** `text` is the row's JSON. */
export function salted(text: string): Salted {
  const salt = randomBytes(16).toString('hex');
  return { salt, digest: digestOf(sha256, salt, text) };
}

/** The link of row `seq`, which follows `head`. */
export function linkAfter(head: ChainHead | null, seq: number, { salt, digest }: Salted): Link {
  return { salt, digest, hash: hashOf(sha256, head?.hash ?? GENESIS, seq, digest) };
}

/** The head once row `seq` is linked; a replay repeats rows that are behind the head already. */
export function advanced(head: ChainHead | null, seq: number, { hash }: Link): ChainHead {
  if (head === null) return { first: seq, seq, hash };
  return seq > head.seq ? { first: head.first, seq, hash } : head;
}
