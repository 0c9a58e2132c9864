/** Randomness: ids, jitter. Tests seed it. */
export interface Chance {
  /** From 0 (inclusive) to 1 (exclusive). */
  fraction(): number;
  /** Unguessable, URL-safe, sorts by time of making: for rows and cards. */
  id(): string;
  /** Unguessable (32 random bytes), URL-safe, tells nothing: for links that let somebody in. Kept by its digest only. */
  secret(): string;
  /** A short reference a person can read out: 6 characters of 0–9 A–Z without I, L, O, U. */
  reference(): string;
}
