import type { Outside } from '../ports/outside.ts';

/** What the work gives within so many milliseconds; null where it takes longer. The work goes on either way. */
export async function within<T>({ clock }: Pick<Outside, 'clock'>, milliseconds: number, work: Promise<T>): Promise<T | null> {
  const patience = new AbortController();
  const late = clock.until(clock.now() + milliseconds, patience.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}
