/** A reader that runs once at a time; calls during a run make exactly one more after it, so the last answer is never older than the last call. */
export function coalesced(run: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const start = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await run();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void start();
  };
}
