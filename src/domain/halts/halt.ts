import type { Instant } from '../instant.ts';

/** `/usher stop`: no write goes to any target until an admin resumes (N5). Kind `halt`, key `-`; no document: nothing is halted. */
export interface Halt {
  readonly by: string;
  readonly at: Instant;
  readonly why: string | null;
}
