import { setImmediate as turn } from 'node:timers/promises';
import type { Breath } from '../../ports/breath.ts';

/** Cuts a long computation of the store into slices, so that commits, acks and pages go on in between. */
export class Slices implements Breath {
  readonly #length: number;
  #end: number;

  /** `length` of a slice in milliseconds. */
  constructor(length: number) {
    this.#length = length;
    this.#end = performance.now() + length;
  }

  due(): Promise<void> | undefined {
    return performance.now() < this.#end ? undefined : this.#turn();
  }

  async #turn(): Promise<void> {
    await turn();
    this.#end = performance.now() + this.#length;
  }
}
