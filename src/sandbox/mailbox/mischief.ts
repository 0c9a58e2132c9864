import { z } from 'zod';

/**
 * What the mail server does to mails. `refuse`: 550 to the recipient. `later`: 450 to the recipient. `spam`: takes the mail and
 * says 554. `drop`: takes the mail and hangs up without a word. `hang-up`: hangs up before the mail. `busy`: 421 to whatever
 * comes. `hold`: takes the mail and says nothing until `release`.
 */
export const FAULTS = ['refuse', 'later', 'spam', 'drop', 'hang-up', 'busy', 'hold'] as const;

export const mailFault = z.object({
  is: z.enum(FAULTS),
  /** Recipients whose address contains this; without it all of them. */
  address: z.string().optional(),
  /** How many mails it strikes; without it all of them. */
  times: z.number().int().min(1).optional(),
});
export type MailFault = z.output<typeof mailFault>;

/** The faults that are switched on, in the order in which they are asked. */
export class Mischief {
  #faults: { readonly fault: MailFault; left: number }[] = [];
  #release: (() => void)[] = [];

  /** Those that are on. */
  state(): readonly MailFault[] {
    return this.#faults.map(({ fault, left }) => ({ ...fault, ...(Number.isFinite(left) ? { times: left } : {}) }));
  }

  add(fault: MailFault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults = [];
    this.release();
  }

  /** The fault among these that strikes now, counted; undefined where none does. */
  strikes(among: readonly MailFault['is'][], address: string): MailFault['is'] | undefined {
    const found = this.#faults.find(({ fault }) => among.includes(fault.is) && address.includes(fault.address ?? ''));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#faults = this.#faults.filter((one) => one !== found);
    return found.fault.is;
  }

  /** Resolves with `release`. */
  held(): Promise<void> {
    return new Promise((resolve) => this.#release.push(resolve));
  }

  release(): void {
    const waiting = this.#release;
    this.#release = [];
    for (const go of waiting) go();
  }
}
