import type { Instant } from '../domain/instant.ts';
import type { Said } from './sealed.ts';

/** How long somebody who opens their link once more, or whose button was pressed twice, still reads that they are enrolled. */
const KEPT = 60 * 60 * 1_000;
const MOST = 5_000;

/**
 * Who enrolled here a little while ago, by the digest of their link. A link that has done its work is forgotten by the store and
 * so looks like one that never was; a finger that presses twice would read that instead of the good news. In memory only, and it lets nobody in.
 */
export class Recent {
  readonly #kept = new Map<string, { readonly until: Instant; readonly said: Said }>();

  add(digest: string, said: Said, now: Instant): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= MOST) this.#kept.delete(oldest);
    this.#kept.set(digest, { until: now + KEPT, said });
  }

  of(digest: string, now: Instant): Said | null {
    const found = this.#kept.get(digest);
    if (found === undefined) return null;
    if (now < found.until) return found.said;
    this.#kept.delete(digest);
    return null;
  }
}
