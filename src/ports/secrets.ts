import type { SecretSource } from '../domain/connectors/connector.ts';

/** Secrets at rest and by reference (C6, X6). */
export interface Secrets {
  /** AES-256-GCM with the configured key; the box carries the key's id. `context` (`sealedFor`: the connector and the host) is bound in as associated data. */
  seal(secret: string, context: string): SecretSource;
  /** The id of the key that seals now. */
  readonly keyId: string;
  /** Opens a box to see that it does, and says the id of the key that it was sealed with. Throws a `SecretFault` as `reveal`. */
  sealedWith(box: string, context: string): string;
  /** The same secret in a box of the present key (X6, rotation). Throws a `SecretFault` as `reveal`. */
  reseal(box: string, context: string): SecretSource;
  /** The names that configuration allows, with the hosts each may be sent to: `env:USHER_SECRET_ZOOM`, `file:zoom`. */
  references(): readonly { readonly name: string; readonly hosts: readonly string[] }[];
  /**
   * The secret to send to `host`. Throws a `SecretFault` where the reference is unknown or not bound to that
   * host, the file is unreadable, the box doesn't open, or the secret was erased.
   */
  reveal(source: SecretSource, context: string, host: string): Promise<string>;
}

/** `message` says what to do and never holds the secret. */
export class SecretFault extends Error {
  override readonly name = 'SecretFault';
}
