import type { Store } from '../../ports/store.ts';
import type { PersonId } from '../directory/person.ts';
import { offboardedIn } from '../halts/offboarded-in.ts';

/** Who is off-boarded, as of now: read again while a run works, so that nobody is let in by a plan made before (S25). */
export class KeptOut {
  readonly #store: Pick<Store, 'scan'>;
  readonly #people: Set<PersonId>;

  private constructor(store: Pick<Store, 'scan'>, people: Iterable<PersonId>) {
    this.#store = store;
    this.#people = new Set(people);
  }

  static async read(store: Pick<Store, 'scan'>): Promise<KeptOut> {
    return new KeptOut(store, await offboardedIn(store));
  }

  /** Always the same set. */
  get people(): ReadonlySet<PersonId> {
    return this.#people;
  }

  async again(): Promise<void> {
    const now = await offboardedIn(this.#store);
    for (const personId of this.#people) if (!now.has(personId)) this.#people.delete(personId);
    for (const personId of now) this.#people.add(personId);
  }
}
