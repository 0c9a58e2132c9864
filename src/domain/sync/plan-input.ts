import type { Breath } from '../../ports/breath.ts';
import type { Mapping } from '../connectors/mapping.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Person, PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { ProtectedPerson } from '../protected/protected.ts';
import type { Account } from './account.ts';
import type { Covers, Touches } from './scope.ts';
import type { ManagerLinks } from './manager-links.ts';
import type { SightingIndex } from './sightings.ts';

/** Everything a plan depends on: the same input gives the same plan. */
export interface PlanInput {
  /** All people, or those of the run's scope; in the order of their ids. May be read twice. */
  readonly people: () => AsyncIterable<readonly Person[]>;
  /** The connector's accounts, of everybody or of the same people; in the order of person ids. */
  readonly accounts: () => AsyncIterable<readonly Account[]>;
  readonly covers: Covers;
  readonly touches: Touches;
  readonly organizationName: (id: OrganizationId) => string | undefined;
  readonly mapping: Mapping;
  readonly matching: string;
  /** Whose account a manager's is (S24); absent where managers are not mapped, or the target knows none: then nothing is said of them. */
  readonly managers?: ManagerLinks;
  readonly deletesLeavers: boolean;
  /** Accounts that are created wait inactive for their people (E10). */
  readonly invites: boolean;
  /** Whom this connector may neither remove nor downgrade (A7). */
  readonly protectedPeople: ReadonlyMap<PersonId, ProtectedPerson>;
  /** Who is off-boarded and not released: covered by nothing (S25). Absent for nobody. */
  readonly offboarded?: ReadonlySet<PersonId>;
  /** Says which licence tier an account has; null where the connector knows none. */
  readonly tierAttribute: string | null;
  readonly sightings: SightingIndex;
  /** Generated values and whose they are; key `reservationOf(attribute, value)`. The plan adds what it generates. */
  readonly reservations: Map<string, PersonId>;
  readonly now: Instant;
  readonly breath: Pick<Breath, 'due'>;
  /** The same input for these people only, given in the order of their ids; absent where it is for some already. */
  readonly only?: (input: PlanInput, ids: readonly PersonId[]) => PlanInput;
}

/** `<attribute>/<value lower case>`: generated values differ by more than case (C10). */
export function reservationOf(attribute: string, value: string): string {
  return `${attribute}/${value.toLowerCase()}`;
}

/** The order of the store's keys. */
export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One id with the person, the account, or both. */
export interface Pair {
  readonly personId: PersonId;
  readonly person: Person | undefined;
  readonly account: Account | undefined;
}

/** Merges people and accounts, both in key order, into pairs in key order; a batch per page read. */
export async function* merge(people: AsyncIterable<readonly Person[]>, accounts: AsyncIterable<readonly Account[]>): AsyncGenerator<readonly Pair[]> {
  const others = new Reader(accounts[Symbol.asyncIterator]());
  await others.fill();
  for await (const page of people) {
    let batch: Pair[] = [];
    for (const person of page) {
      for (;;) {
        const account = others.peek();
        if (account === undefined || account.personId >= person.id) break;
        batch.push({ personId: account.personId, person: undefined, account });
        if (others.take()) {
          yield batch;
          batch = [];
          await others.fill();
        }
      }
      const account = others.peek();
      const same = account !== undefined && account.personId === person.id;
      batch.push({ personId: person.id, person, account: same ? account : undefined });
      if (same && others.take()) await others.fill();
    }
    yield batch;
  }
  for (; others.peek() !== undefined; await others.fill()) yield others.rest().map((account) => ({ personId: account.personId, person: undefined, account }));
}

/** One page at a time, looked at without a promise for each row. */
class Reader {
  readonly #pages: AsyncIterator<readonly Account[]>;
  #page: readonly Account[] = [];
  #at = 0;

  constructor(pages: AsyncIterator<readonly Account[]>) {
    this.#pages = pages;
  }

  peek(): Account | undefined {
    return this.#page[this.#at];
  }

  /** Steps on; true when the page is used up and `fill` is due. */
  take(): boolean {
    this.#at += 1;
    return this.#at >= this.#page.length;
  }

  rest(): readonly Account[] {
    const rest = this.#page.slice(this.#at);
    this.#at = this.#page.length;
    return rest;
  }

  async fill(): Promise<void> {
    while (this.#at >= this.#page.length) {
      const next = await this.#pages.next();
      if (next.done === true) {
        this.#page = [];
        this.#at = 0;
        return;
      }
      this.#page = next.value;
      this.#at = 0;
    }
  }
}
