import { Accounts } from './accounts.ts';
import { Mischief } from './mischief.ts';
import { Traffic } from './traffic.ts';

/** All that one service provider remembers. */
export class ProviderState {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly token: string;
  readonly accounts: Accounts;
  readonly mischief: Mischief;
  readonly traffic: Traffic;
  /** The seat total that `/Seats` tells (rule E12). */
  seats: number;
  readonly #firstSeats: number;

  constructor(options: { readonly token: string; readonly clock: () => number; readonly seats: number; readonly seed: number }) {
    this.token = options.token;
    this.clock = options.clock;
    this.seats = options.seats;
    this.#firstSeats = options.seats;
    this.accounts = new Accounts(options.clock);
    this.mischief = new Mischief(options.seed);
    this.traffic = new Traffic();
  }

  /** As on the first day: no accounts, no mischief, no counts. */
  reset(): void {
    this.accounts.clear();
    this.mischief.clear();
    this.traffic.clear();
    this.seats = this.#firstSeats;
    this.changed();
  }

  readonly #watchers = new Set<() => void>();

  /** Calls `watcher` after every change that a page may show; returns how to stop it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
