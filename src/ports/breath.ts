/** Lets other work in during a long computation: it never holds the event loop for more than 2 ms. */
export interface Breath {
  /** A turn of the event loop: what came in meanwhile goes first. */
  turn(): Promise<void>;
  /** A promise only when it is time to yield, so that a hot loop pays no microtask: `const pause = breath.due(); if (pause) await pause;` */
  due(): Promise<void> | undefined;
}
