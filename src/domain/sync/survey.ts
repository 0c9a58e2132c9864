import { generates, plainValue } from '../connectors/mapping-evaluate.ts';
import type { Person, PersonId } from '../directory/person.ts';
import { type Account, holdsSeat, isPresent } from './account.ts';
import { type NameHolder, waitsFor } from './change.ts';
import { type Decision, decide, isLinked } from './decide.ts';
import { ALL_GIVEN_UP, ALL_KEPT, type Fates, Handovers } from './handovers.ts';
import { byCodeUnit, merge, type Pair, type PlanInput } from './plan-input.ts';

/** What a plan must know of everybody before it can decide on anybody. */
export interface Survey {
  /** People in scope by matching value (lower case), where several have the same (D4). */
  readonly sameMatch: ReadonlyMap<string, readonly PersonId[]>;
  /** Accounts of people who shall have none, or another matching value, by the one last pushed or seen (lower case): taken, though nobody claims it. */
  readonly occupied: ReadonlyMap<string, NameHolder>;
  /** Which names of `occupied` a plan frees for who is to get them. */
  readonly handovers: Fates;
  /** Target ids that carry the `externalId` of a person in scope: nobody else may adopt them. */
  readonly spokenFor: ReadonlyMap<string, PersonId>;
  /** Accounts that people have, which the fuse measures against (S14): active, or invited. */
  readonly accounts: number;
  /** Accounts that hold a seat: active, or granted one (E12). */
  readonly seats: number;
  /** Creates and adoptions whose outcome nobody knows, left by a crash (S13). */
  readonly pending: number;
  /** Accounts in the target that are linked to somebody, active or not. */
  readonly managed: number;
  /** The few people for whom there may be something to do, in the order of ids; null where it was not looked for, or they are many. Everybody else's account is as it should be, or shall not be. */
  readonly stirred: readonly PersonId[] | null;
  /** People who are not among `stirred` and whose account is as it should be. */
  readonly calm: number;
}

/** With more people than this a plan reads everybody anyway. */
const FEW = 4_096;

/** The first pass over everybody; reads `input` without regard to the run's scope. */
export async function survey(input: PlanInput): Promise<Survey> {
  const surveyor = new Surveyor(input);
  for await (const pairs of merge(input.people(), input.accounts())) {
    for (const pair of pairs) {
      const pause = input.breath.due();
      if (pause !== undefined) await pause;
      surveyor.look(pair);
    }
  }
  surveyor.settle();
  await surveyor.findHandovers();
  return surveyor;
}

class Surveyor implements Survey {
  readonly sameMatch = new Map<string, PersonId[]>();
  readonly occupied = new Map<string, NameHolder>();
  handovers: Fates = ALL_KEPT;
  readonly spokenFor = new Map<string, PersonId>();
  accounts = 0;
  seats = 0;
  pending = 0;
  managed = 0;
  stirred: PersonId[] | null;
  calm = 0;
  readonly #input: PlanInput;
  /** The matching attribute's rule; undefined where it gives nobody a value that two could share. */
  readonly #rule: PlanInput['mapping'][number] | undefined;
  readonly #claims = new Map<string, PersonId>();
  /** Names that somebody is to get and an account has. */
  readonly #wanted = new Set<string>();
  /** Names that several accounts have: one of them giving it up frees it for nobody. */
  readonly #shared = new Set<string>();

  constructor(input: PlanInput) {
    this.#input = input;
    const rule = input.mapping.find((entry) => entry.attribute === input.matching);
    this.#rule = rule !== undefined && rule.from.is !== 'excluded' && !generates(rule.from) ? rule : undefined;
    // Generated values are given in the order of a plan, so they are not to be given twice.
    const generating = input.mapping.some(({ from }) => from.is !== 'excluded' && generates(from));
    this.stirred = input.only === undefined || generating ? null : [];
  }

  look(pair: Pair): void {
    const { person, account } = pair;

    if (account !== undefined && isPresent(account)) this.accounts += 1;
    if (account !== undefined && holdsSeat(account)) this.seats += 1;
    if (account?.state === 'pending') this.pending += 1;
    if (account?.state === 'active' || account?.state === 'inactive') this.managed += 1;
    if (person !== undefined && this.#input.covers(person) !== undefined) this.#claim(person, account);
    else if (account !== undefined) this.#occupy(account);
    if (this.stirred !== null) this.#stir(pair, this.stirred);
  }

  /** What is known of the others so far is enough: whatever more is known only freezes people, and those are added in the end. */
  #stir(pair: Pair, stirred: PersonId[]): void {
    const decision = decide(pair, this.#input, this);
    if (decision === 'keep') this.calm += 1;
    else if (decision !== 'none') stirred.push(pair.personId);
    if (stirred.length > FEW) this.stirred = null;
  }

  /** Whoever proved to share a matching value is frozen, also where nothing of theirs has changed (D4). */
  settle(): void {
    const { stirred } = this;
    if (stirred === null) return;
    const known = new Set(stirred);
    for (const ids of this.sameMatch.values()) {
      for (const id of ids) {
        if (known.has(id)) continue;
        known.add(id);
        this.calm -= 1;
      }
    }
    this.stirred = known.size > FEW ? null : known.size === stirred.length ? stirred : [...known].sort(byCodeUnit);
  }

  #claim(person: Person, account: Account | undefined): void {
    const own = this.#input.sightings.byExternalId(person.id);
    for (const sighting of own) this.spokenFor.set(sighting.targetId, person.id);
    if (this.#rule === undefined) return;
    const value = plainValue(this.#rule, person, this.#input.organizationName(person.organizationId))?.toLowerCase();
    // Until it has another name in the target, it holds the old one there.
    if (account !== undefined && account.pushed?.values[this.#input.matching]?.toLowerCase() !== value) this.#occupy(account);
    if (!isLinked(account)) for (const { targetId, match } of own) if (match !== null && match !== value) this.#take(match, { personId: person.id, targetId });
    if (value === undefined) return;
    const first = this.#claims.get(value);
    if (first === undefined) {
      this.#claims.set(value, person.id);
      if (this.occupied.has(value)) this.#wanted.add(value);
      return;
    }
    const all = this.sameMatch.get(value);
    if (all === undefined) this.sameMatch.set(value, [first, person.id]);
    else all.push(person.id);
  }

  #occupy({ personId, targetId, state, pushed }: Account): void {
    const value = pushed?.values[this.#input.matching];
    if (targetId !== null && state !== 'gone' && value !== undefined) this.#take(value.toLowerCase(), { personId, targetId });
  }

  #take(name: string, holder: NameHolder): void {
    if (this.occupied.has(name)) this.#shared.add(name);
    if (this.#claims.has(name)) this.#wanted.add(name);
    this.occupied.set(name, holder);
  }

  /** Looks again at the few who have a name that somebody else is to get, once everybody was met: whose own change frees it. */
  async findHandovers(): Promise<void> {
    const wanted = new Map<PersonId, string[]>();
    for (const name of this.#wanted) {
      const pause = this.#input.breath.due();
      if (pause !== undefined) await pause;
      const personId = this.occupied.get(name)?.personId;
      if (personId === undefined || this.#claims.get(name) === personId || this.sameMatch.has(name) || this.#shared.has(name)) continue;
      const names = wanted.get(personId);
      if (names === undefined) wanted.set(personId, [name]);
      else names.push(name);
    }
    if (wanted.size === 0) return;
    const handovers = new Handovers();
    const input: PlanInput = { ...this.#input, reservations: new Map(this.#input.reservations) };
    this.handovers = ALL_GIVEN_UP;
    for await (const pair of this.#again([...wanted.keys()].sort(byCodeUnit))) {
      const names = wanted.get(pair.personId);
      if (names === undefined) continue;
      const { person, personId } = pair;
      const decision = decide(pair, input, this);
      for (const name of names) {
        if (!givesUp(decision, name, this.occupied.get(name), input.matching)) continue;
        handovers.add(name, { personId, person, assignment: person === undefined ? undefined : input.covers(person), next: nextOf(decision, input.matching) });
      }
    }
    this.handovers = handovers;
  }

  /** These people, and where they are many or can't be read alone everybody. */
  async *#again(ids: readonly PersonId[]): AsyncGenerator<Pair> {
    const few = ids.length > FEW ? undefined : this.#input.only?.(this.#input, ids);
    const { people, accounts } = few ?? this.#input;
    for await (const pairs of merge(people(), accounts())) {
      for (const pair of pairs) {
        const pause = this.#input.breath.due();
        if (pause !== undefined) await pause;
        yield pair;
      }
    }
  }
}

/** Whether what is decided takes this name from this account. */
function givesUp(decision: Decision, name: string, holder: NameHolder | undefined, matching: string): boolean {
  if (decision === 'keep' || decision === 'none' || !('targetId' in decision) || decision.targetId !== holder?.targetId) return false;
  return 'values' in decision ? decision.values[matching]?.toLowerCase() !== name : decision.is === 'delete';
}

/** The name that a change waits for in its turn. */
function nextOf(decision: Decision, matching: string): string | null {
  if (decision === 'keep' || decision === 'none' || !('values' in decision) || waitsFor(decision) === undefined) return null;
  return decision.values[matching]?.toLowerCase() ?? null;
}
