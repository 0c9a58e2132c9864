import Bottleneck from 'bottleneck';
import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';

/** What a kind of call may spend: `burst` at once, then `refill` every `everyMs`; so never more than their sum in any stretch of time. `width` calls are under way at once. */
export interface Budget {
  readonly burst: number;
  readonly refill: number;
  /** A multiple of 250. */
  readonly everyMs: number;
  readonly width: number;
}

export interface LaneParts {
  readonly budget: Budget;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Never rejects. */
  readonly work: (id: string) => Promise<void>;
}

/** Work of one kind waiting for its turn: each id once, the urgent before the others (S2), and nothing while Slack asked to wait. */
export class Lane {
  readonly #parts: LaneParts;
  readonly #permits: Bottleneck;
  readonly #urgent = new Set<string>();
  readonly #others = new Set<string>();
  readonly #workers = new Set<Promise<void>>();
  #heldUntil: Instant = 0;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    const { burst, refill, everyMs } = parts.budget;
    this.#permits = new Bottleneck({ reservoir: burst, reservoirIncreaseAmount: refill, reservoirIncreaseInterval: everyMs, reservoirIncreaseMaximum: burst });
  }

  get waiting(): number {
    return this.#urgent.size + this.#others.size;
  }

  add(id: string, urgent: boolean): void {
    if (urgent) {
      this.#others.delete(id);
      this.#urgent.add(id);
    } else if (!this.#urgent.has(id)) this.#others.add(id);
    if (this.#workers.size < this.#parts.budget.width) this.#hire();
  }

  /** Slack said 429: nothing of this kind goes out before that moment, whatever it is about. */
  hold(until: Instant): void {
    this.#heldUntil = Math.max(this.#heldUntil, until);
  }

  /** Resolves when what was under way is done; to be called after the signal. */
  async stopped(): Promise<void> {
    await this.#permits.stop({ dropWaitingJobs: true }).catch(() => undefined);
    await Promise.all(this.#workers);
  }

  #hire(): void {
    const worker: Promise<void> = this.#workThrough().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  async #workThrough(): Promise<void> {
    while (this.#urgent.size + this.#others.size > 0) {
      if (!(await this.#allowed())) return;
      // Chosen now, not when it came: what is urgent may have come meanwhile.
      const id = this.#take();
      if (id !== undefined) await this.#parts.work(id);
    }
  }

  /** False when everything stops. */
  async #allowed(): Promise<boolean> {
    const { clock, stop } = this.#parts;
    try {
      do await clock.until(this.#heldUntil, stop);
      while (this.#heldUntil > clock.now());
      await this.#permits.schedule(() => Promise.resolve());
      return !stop.aborted;
    } catch {
      return false;
    }
  }

  #take(): string | undefined {
    for (const waiting of [this.#urgent, this.#others])
      for (const id of waiting) {
        waiting.delete(id);
        return id;
      }
    return undefined;
  }
}
