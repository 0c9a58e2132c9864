import type { Outside } from '../../ports/outside.ts';
import type { Sighting } from './account.ts';
import { listTarget, type Walk } from './listing.ts';
import { indexSightings, type SightingIndex } from './sightings.ts';

/**
 * The target's accounts that are nobody's, by one walk of its pages, made when it is first needed in a run: for targets
 * whose filter does not find what their create calls taken (letter case, quotes in a value).
 */
export class Walked {
  readonly #outside: Pick<Outside, 'store' | 'clock' | 'chance'>;
  readonly #walk: Walk;
  #index: Promise<SightingIndex> | undefined;

  constructor(outside: Pick<Outside, 'store' | 'clock' | 'chance'>, walk: Walk) {
    this.#outside = outside;
    this.#walk = walk;
  }

  /** Those with this matching value, case ignored. */
  async byMatch(value: string): Promise<readonly Sighting[]> {
    this.#index ??= this.#read();
    return (await this.#index).byMatch(value);
  }

  async #read(): Promise<SightingIndex> {
    await listTarget(this.#outside, this.#walk);
    return await indexSightings(this.#sightings());
  }

  async *#sightings(): AsyncGenerator<readonly Sighting[]> {
    for await (const page of this.#outside.store.scan('sighting', { prefix: `${this.#walk.connector.id}/` })) yield page.map(({ value }) => value);
  }
}
