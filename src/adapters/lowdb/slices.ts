import type { Breath } from '../../ports/breath.ts';

/**
 * Cuts long computations of the store into slices, so that commits, acks and pages go on in between. Those that share
 * one of these take turns, one slice in each turn of the event loop, however many they are.
 */
export class Slices implements Pick<Breath, 'due'> {
  readonly #length: number;
  readonly #waiting: (() => void)[] = [];
  #end: number;

  /** `length` of a slice in milliseconds. */
  constructor(length: number) {
    this.#length = length;
    this.#end = performance.now() + length;
  }

  due(): Promise<void> | undefined {
    if (performance.now() < this.#end) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#next);
    });
  }

  readonly #next = (): void => {
    this.#end = performance.now() + this.#length;
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#next);
  };
}
