import type { Planned } from '../sync/plan.ts';
import { sparedOf } from '../sync/plan.ts';
import type { RiskyPerson } from './plan.ts';

const SHOWN = 10;
/** So many attributes changed at once are worth a look. */
const MANY = 5;

/** Collects whose change deserves a look (S6) while a plan passes by: the worst first, a few of each kind. Who signed in lately isn't known. */
export class Risks {
  readonly #byRank = new Map<number, RiskyPerson[]>();
  readonly #matching: string;

  constructor(matching: string) {
    this.#matching = matching;
  }

  add(planned: Planned): void {
    const found = this.#rank(planned);
    if (found === null) return;
    const [rank, why] = found;
    const all = this.#byRank.get(rank);
    const person = { personId: planned.change.personId, name: planned.name, why };
    if (all === undefined) this.#byRank.set(rank, [person]);
    else if (all.length < SHOWN) all.push(person);
  }

  /** The ten that matter most. */
  shown(): readonly RiskyPerson[] {
    return [...this.#byRank.entries()]
      .sort(([a], [b]) => a - b)
      .flatMap(([, people]) => people)
      .slice(0, SHOWN);
  }

  #rank(planned: Planned): readonly [number, string] | null {
    const { change } = planned;
    const spared = sparedOf(change);
    if (spared !== undefined) return [0, `protected, spared the ${spared.spared}`];
    switch (change.is) {
      case 'delete':
        return [1, 'the account is deleted'];
      case 'deactivate':
        return change.why === 'left-directory'
          ? [2, 'is not in the directory any more']
          : [3, change.why === 'no-assignment' ? 'loses the last assignment' : 'is not active in the directory'];
      case 'update':
      case 'reactivate': {
        if (change.changes.some(({ unconfirmed }) => unconfirmed)) return [5, 'the last write was never confirmed, so all is sent again'];
        const renamed = change.changes.find(({ attribute, before }) => attribute === this.#matching && before !== null);
        if (renamed !== undefined) return [4, `${renamed.attribute} changes`];
        return change.changes.length >= MANY ? [5, `${change.changes.length} attributes change`] : null;
      }
      case 'create':
      case 'adopt':
      case 'frozen':
        return null;
    }
  }
}
