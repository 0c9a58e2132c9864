import type { Halt } from '../domain/halts/halt.ts';

/** The one place that every write to every target passes (N5). It is known in memory, so that a look at it costs nothing; the store remembers it over restarts. */
export interface Brake {
  /** Why nothing is written now; null while writes go. */
  readonly halt: Halt | null;
  /** From this call on no write is begun. */
  pull(halt: Halt): void;
  release(): void;
  /** Resolves when no write is under way any more: what was sent before `pull` has its answer, or none will come. */
  quiet(): Promise<void>;
}
