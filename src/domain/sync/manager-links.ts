import type { Breath } from '../../ports/breath.ts';
import type { Person, PersonId } from '../directory/person.ts';
import type { Account } from './account.ts';

/** Several accounts carry this name: it names nobody. */
const SEVERAL = Symbol('several');

/** Somebody and what the directory says of their manager. */
type Waiting = Pick<Person, 'id' | 'source'> & { readonly reference: string };

/**
 * Whose account a manager's is (S24). A link is written when the manager has an account here, and not before; nobody is their
 * own manager. As it stood when it was read: who joins later is found by reading anew.
 */
export class ManagerLinks {
  /** People whose manager had no account when they were decided on: looked at again once others were created. */
  readonly #waiting = new Map<PersonId, Waiting>();
  readonly #targets = new Map<PersonId, string>();
  readonly #held = new Set<string>();
  readonly #names = new Map<string, PersonId | typeof SEVERAL>();

  /** `matching` is the attribute whose pushed value names an account beside its work e-mail. */
  static async read(pages: AsyncIterable<readonly Account[]>, matching: string): Promise<ManagerLinks> {
    const links = new ManagerLinks();
    for await (const page of pages) for (const account of page) links.#add(account, matching);
    return links;
  }

  #add({ personId, targetId, state, pushed }: Account, matching: string): void {
    if (targetId === null || (state !== 'active' && state !== 'inactive')) return;
    this.#targets.set(personId, targetId);
    this.#held.add(targetId);
    for (const name of new Set([pushed?.values[matching]?.toLowerCase(), pushed?.values['emails[work].value']?.toLowerCase()])) {
      if (name === undefined || !name.includes('@')) continue;
      this.#names.set(name, this.#names.has(name) ? SEVERAL : personId);
    }
  }

  /** Who waited in `before` for a manager who has an account now. */
  async foundSince(before: ManagerLinks, breath: Pick<Breath, 'due'>): Promise<readonly PersonId[]> {
    const people: PersonId[] = [];
    for (const waiting of before.#waiting.values()) {
      const pause = breath.due();
      if (pause !== undefined) await pause;
      if (this.#targetOf(this.#find(waiting, waiting.reference)) !== undefined) people.push(waiting.id);
    }
    return people;
  }

  /** Ids that named accounts when `before` was read, and do so no more: made anew, or renamed where the id is the name. */
  vanishedSince(before: ManagerLinks): ReadonlySet<string> {
    return new Set([...before.#held].filter((id) => !this.#held.has(id)));
  }

  /**
   * What the account shall say of its manager: the target id behind the directory's `reference`. While that manager has no account the link stays as it
   * is (`before`), unless what it names was deleted. Notes who waits; pure but for that.
   */
  idFor(person: Pick<Person, 'id' | 'source'>, reference: string, before: string | undefined): string | undefined {
    const manager = this.#find(person, reference);
    if (manager === person.id) return undefined;
    const target = this.#targetOf(manager);
    if (target !== undefined) return target;
    this.#waiting.set(person.id, { id: person.id, source: person.source, reference });
    return before !== undefined && this.#held.has(before) ? before : undefined;
  }

  #targetOf(manager: PersonId | undefined): string | undefined {
    return manager === undefined ? undefined : this.#targets.get(manager);
  }

  #find({ id, source }: Pick<Person, 'id' | 'source'>, reference: string): PersonId | undefined {
    const own = `${source}:${reference}`;
    if (own === id || this.#targets.has(own)) return own;
    if (reference === id || this.#targets.has(reference)) return reference;
    // Only an address may name somebody by what was pushed: a bare word could be the source id of somebody else.
    const named = reference.includes('@') ? this.#names.get(reference.toLowerCase()) : undefined;
    return named === SEVERAL ? undefined : named;
  }
}
