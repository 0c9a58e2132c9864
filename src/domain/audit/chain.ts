/**
 * How a row of the audit hangs in the hash chain (X2). The chain covers salted digests only: where a row's text is replaced
 * later (X12), `salt` becomes null, so that the old text can't be guessed from its digest, and digest and hash stay verifiable.
 */
export interface Link {
  /** 16 random bytes in hex; null: sealed, the row's text is not the one that was digested. */
  readonly salt: string | null;
  /** SHA-256 of the salt followed by the row's JSON as `JSON.stringify` spells it; hex. */
  readonly digest: string;
  /** SHA-256 of the hash before, the row's sequence number in decimal and the digest; hex. */
  readonly hash: string;
}

/** Where the chain begins and ends. `first` is 1 but in a store that an earlier version began, whose older rows have no link. */
export interface ChainHead {
  readonly first: number;
  readonly seq: number;
  readonly hash: string;
}

/** The hash before the first row. */
export const GENESIS = '0'.repeat(64);

/** SHA-256 of a text in UTF-8, in hex. */
export type Sha256 = (text: string) => string;

export function digestOf(sha256: Sha256, salt: string, text: string): string {
  return sha256(salt + text);
}

export function hashOf(sha256: Sha256, previous: string, seq: number, digest: string): string {
  return sha256(`${previous}${seq}${digest}`);
}
