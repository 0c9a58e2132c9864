import type { Outside } from '../../../ports/outside.ts';

/** Sends the letters that are due, until none is left (E3). */
export async function deliverLetters(_outside: Outside, _signal: AbortSignal): Promise<void> {
  // Built by its helper.
}
