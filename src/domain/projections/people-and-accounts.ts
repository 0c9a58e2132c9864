import type { Outside } from '../../ports/outside.ts';
import type { Store, Transaction } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import type { GroupingId } from '../directory/grouping.ts';
import type { PersonId } from '../directory/person.ts';
import { type Account, type AccountState, accountKey, holdsSeat, isInvited, isPresent } from '../sync/account.ts';
import { byCodeUnit } from '../sync/plan-input.ts';
import { type Covered, Covering } from './covering.ts';
import { type KeptPerson, keptPerson } from './kept-person.ts';
import { Projection } from './projection.ts';

type Parts = Pick<Outside, 'store' | 'breath'>;

/** What is kept of an account; the few that differ are shared. */
interface KeptAccount {
  readonly state: AccountState;
  readonly isPresent: boolean;
  readonly holdsSeat: boolean;
  readonly isInvited: boolean;
}

/** A connector's accounts by state, and those that count against its seats (E12). */
export interface AccountCounts {
  readonly active: number;
  readonly inactive: number;
  readonly seats: number;
}

interface OfConnector {
  /** By person. */
  readonly accounts: Projection<'account', KeptAccount>;
  /** By the roles and groups that are counted; the one asked for longest ago first. */
  readonly coverings: Map<string, Covering>;
}

interface Wanted {
  readonly everybody: boolean;
  readonly connectorIds: readonly ConnectorId[];
}

/** Documents that one transaction changes: more are read again by a walk. */
const MANY = 4_096;

/** Sets of roles and groups that are kept counted of a connector: one for each part of it that somebody sees. */
const COVERINGS = 32;

/** By store, as what is kept is what one process has seen of it. */
const known = new WeakMap<Store, PeopleAndAccounts>();

/**
 * What screens ask of everybody again and again: kept, as the store tells what changes, so that a list that is asked for twice a second costs a
 * running sync next to nothing. Right as of the last commit before the question.
 */
export function peopleAndAccounts(outside: Parts): PeopleAndAccounts {
  const found = known.get(outside.store);
  if (found !== undefined) return found;
  const made = new PeopleAndAccounts(outside);
  outside.store.watch((change) => made.note(change));
  known.set(outside.store, made);
  return made;
}

export class PeopleAndAccounts {
  readonly #outside: Parts;
  readonly #people: Projection<'person', KeptPerson>;
  readonly #connectors = new Map<ConnectorId, OfConnector>();
  readonly #shared = new Map<string, string>();
  readonly #standings = new Map<string, KeptAccount>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(outside: Parts) {
    this.#outside = outside;
    this.#people = new Projection(outside, 'person', '', (person) => keptPerson(person, (text) => this.#one(text)));
  }

  /** Takes down what a commit changed; reads nothing. */
  note({ puts = [], erase = [] }: Transaction): void {
    for (const { kind, key } of puts) {
      const its = kind === 'person' ? this.#people : kind === 'account' ? this.#connectors.get(connectorOf(key))?.accounts : undefined;
      if (puts.length > MANY) its?.outdate();
      else its?.touch(key);
    }
    for (const one of erase) {
      if (!('kind' in one)) continue;
      if (one.kind === 'person') this.#people.outdate();
      if (one.kind === 'account') for (const [id, { accounts }] of this.#connectors) if (overlap(one.prefix, accountKey(id, ''))) accounts.outdate();
    }
  }

  /** Of each connector, who is in these roles and groups and who of them has an account (C1). */
  async covered(wanted: readonly { readonly connectorId: ConnectorId; readonly groupingIds: Iterable<GroupingId> }[]): Promise<readonly Covered[]> {
    const connectorIds = wanted.map(({ connectorId }) => connectorId);
    return this.#settled({ everybody: wanted.length > 0, connectorIds }, async () => {
      const coverings: Covering[] = [];
      for (const { connectorId, groupingIds } of wanted) coverings.push(await this.#covering(connectorId, [...new Set(groupingIds)].sort()));
      return coverings.map((covering) => covering.now());
    });
  }

  /** A connector's accounts, whoever has them. */
  async accountsOf(connectorId: ConnectorId): Promise<AccountCounts> {
    return this.#settled({ everybody: false, connectorIds: [connectorId] }, async () => {
      const counts = { active: 0, inactive: 0, seats: 0 };
      for (const { state, holdsSeat: holds } of this.#of(connectorId).accounts.kept?.values() ?? []) {
        if (state === 'active' || state === 'inactive') counts[state] += 1;
        if (holds) counts.seats += 1;
        const pause = this.#outside.breath.due();
        if (pause) await pause;
      }
      return counts;
    });
  }

  /** Whose accounts wait for their person (E10), in the order of ids. */
  async invitedTo(connectorId: ConnectorId): Promise<readonly PersonId[]> {
    return this.#settled({ everybody: false, connectorIds: [connectorId] }, async () => {
      const found: PersonId[] = [];
      for (const [id, account] of this.#of(connectorId).accounts.kept ?? []) {
        if (account.isInvited) found.push(id);
        const pause = this.#outside.breath.due();
        if (pause) await pause;
      }
      return found.sort(byCodeUnit);
    });
  }

  /** Everybody, in no certain order. What changes while they are gone through may be among them, twice where it went and came back, or not. */
  async people(): Promise<ReadonlyMap<PersonId, KeptPerson>> {
    return this.#settled({ everybody: true, connectorIds: [] }, async () => this.#people.kept ?? new Map());
  }

  /** Everybody active in a role or group, in the order of ids. */
  async peopleIn(groupingId: GroupingId): Promise<readonly PersonId[]> {
    const found = new Set<PersonId>();
    for (const [id, { groupings }] of await this.people()) {
      if (groupings.includes(groupingId)) found.add(id);
      const pause = this.#outside.breath.due();
      if (pause) await pause;
    }
    return [...found].sort(byCodeUnit);
  }

  /** Reads what is wanted where nothing is kept of it, then settles it, and answers before anything else is settled. */
  async #settled<T>({ everybody, connectorIds }: Wanted, answer: () => Promise<T>): Promise<T> {
    const people = everybody ? [this.#people] : [];
    const connectors = [...new Set(connectorIds)].map((id) => this.#of(id));
    const wanted = [...people, ...connectors.map(({ accounts }) => accounts)];
    for (;;) {
      for (const one of wanted) await one.walk();
      const answered = await this.#alone(async () => {
        this.#forgetOutdated();
        if (wanted.some(({ kept }) => kept === null)) return null;
        for (const one of people) await one.settle((id, before, after) => this.#personChanged(id, before, after));
        for (const one of connectors) await one.accounts.settle((id, before, after) => this.#accountChanged(one, id, before, after));
        return { is: await answer() };
      });
      if (answered !== null) return answered.is;
    }
  }

  /** One at a time: while people are being counted nobody may be counted in or out. A walk through the store is not in here: it is long. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #of(connectorId: ConnectorId): OfConnector {
    const found = this.#connectors.get(connectorId);
    if (found !== undefined) return found;
    const made: OfConnector = {
      accounts: new Projection(this.#outside, 'account', accountKey(connectorId, ''), (account) => this.#accountKept(account)),
      coverings: new Map(),
    };
    this.#connectors.set(connectorId, made);
    return made;
  }

  /** What is counted stands on what is kept: it goes with it. */
  #forgetOutdated(): void {
    const withoutPeople = this.#people.forgetOutdated();
    for (const { accounts, coverings } of this.#connectors.values()) if (accounts.forgetOutdated() || withoutPeople) coverings.clear();
  }

  async #covering(connectorId: ConnectorId, groupingIds: readonly GroupingId[]): Promise<Covering> {
    const { accounts, coverings } = this.#of(connectorId);
    const name = groupingIds.join('\n');
    const covering = coverings.get(name) ?? (await this.#counted(accounts, new Covering(groupingIds)));
    coverings.delete(name);
    coverings.set(name, covering);
    const [oldest] = coverings.keys();
    if (coverings.size > COVERINGS && oldest !== undefined) coverings.delete(oldest);
    return covering;
  }

  async #counted(accounts: OfConnector['accounts'], covering: Covering): Promise<Covering> {
    for (const [id, { groupings }] of this.#people.kept ?? []) {
      covering.count(groupings, accounts.kept?.get(id)?.isPresent === true, 1);
      const pause = this.#outside.breath.due();
      if (pause) await pause;
    }
    return covering;
  }

  #personChanged(id: PersonId, before: KeptPerson | undefined, after: KeptPerson | undefined): void {
    for (const { accounts, coverings } of this.#connectors.values()) {
      const has = accounts.kept?.get(id)?.isPresent === true;
      for (const covering of coverings.values()) {
        covering.count(before?.groupings ?? [], has, -1);
        covering.count(after?.groupings ?? [], has, 1);
      }
    }
  }

  #accountChanged({ coverings }: OfConnector, id: PersonId, before: KeptAccount | undefined, after: KeptAccount | undefined): void {
    const groupings = this.#people.kept?.get(id)?.groupings ?? [];
    for (const covering of coverings.values()) {
      covering.count(groupings, before?.isPresent === true, -1);
      covering.count(groupings, after?.isPresent === true, 1);
    }
  }

  #accountKept(account: Account): KeptAccount {
    const kept: KeptAccount = { state: account.state, isPresent: isPresent(account), holdsSeat: holdsSeat(account), isInvited: isInvited(account) };
    const name = `${kept.state}/${kept.isPresent}/${kept.holdsSeat}/${kept.isInvited}`;
    const shared = this.#standings.get(name);
    if (shared !== undefined) return shared;
    this.#standings.set(name, kept);
    return kept;
  }

  /** The same text once: there are few organizations, roles and groups, and many who are in them. */
  #one(text: string): string {
    const shared = this.#shared.get(text);
    if (shared !== undefined) return shared;
    this.#shared.set(text, text);
    return text;
  }
}

function connectorOf(key: string): ConnectorId {
  return key.slice(0, key.indexOf('/'));
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
