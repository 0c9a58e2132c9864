import type { SandboxClock } from './clock.ts';
import { secretPart } from './ids.ts';

/** Where an answer to a response URL goes. */
export interface ResponseTarget {
  readonly userId: string;
  readonly channelId: string;
  /** The message that was clicked, or null for a slash command. */
  readonly source: { readonly ts: string; readonly ephemeral: boolean } | null;
}

const MOST_USES = 5;
const LIFE_MS = 30 * 60_000;

/** Addresses to answer an interaction at: five uses in thirty minutes (interactivity/handling-user-interaction). */
export class ResponseUrls {
  readonly #minted = new Map<string, { readonly target: ResponseTarget; readonly at: number; uses: number }>();
  readonly #clock: SandboxClock;

  constructor(clock: SandboxClock) {
    this.#clock = clock;
  }

  /** The path of a new address. */
  mint(target: ResponseTarget): string {
    const secret = secretPart();
    this.#minted.set(secret, { target, at: this.#clock.now(), uses: 0 });
    return `/response/${secret}`;
  }

  /** Spends one use. */
  use(
    secret: string,
  ): { readonly is: 'open'; readonly target: ResponseTarget } | { readonly is: 'gone'; readonly error: 'invalid_url' | 'expired_url' | 'used_url' } {
    const entry = this.#minted.get(secret);
    if (entry === undefined) return { is: 'gone', error: 'invalid_url' };
    if (this.#clock.now() - entry.at > LIFE_MS) return { is: 'gone', error: 'expired_url' };
    if (entry.uses >= MOST_USES) return { is: 'gone', error: 'used_url' };
    entry.uses += 1;
    return { is: 'open', target: entry.target };
  }
}
