/** Lets other work in during a long computation. Call it often; it yields when 5 ms have passed since the last yield. */
export interface Breath {
  /** A promise only when it is time to yield, so that a hot loop pays no microtask: `const pause = breath.due(); if (pause) await pause;` */
  due(): Promise<void> | undefined;
}
