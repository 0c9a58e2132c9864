import type { Instant } from '../domain/instant.ts';
import type { Said } from './sealed.ts';

/**
 * How long somebody who opens their link once more, or whose button was pressed twice, still reads what became of it. That it is
 * locked: as long as a finger needs; once it was re-issued, the old link must send them to their newest mail.
 */
const KEPT = { enrolled: 60 * 60 * 1_000, locked: 60 * 1_000 } as const;
const MOST = 5_000;

/** What ended a link. */
type Ended = Extract<Said, { readonly is: keyof typeof KEPT }>;

/**
 * Who enrolled or was locked here a little while ago, by the digest of their link. A link that is over is forgotten by the store and
 * so looks like one that never was; a finger that presses twice would read that instead of the news. In memory only, and it lets nobody in.
 */
export class Recent {
  readonly #kept = new Map<string, { readonly until: Instant; readonly said: Ended }>();

  add(digest: string, said: Ended, now: Instant): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= MOST) this.#kept.delete(oldest);
    this.#kept.set(digest, { until: now + KEPT[said.is], said });
  }

  of(digest: string, now: Instant): Said | null {
    const found = this.#kept.get(digest);
    if (found === undefined) return null;
    if (now < found.until) return found.said;
    this.#kept.delete(digest);
    return null;
  }
}
