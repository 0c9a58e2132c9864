import { generates, plainValue } from '../connectors/mapping-evaluate.ts';
import type { PersonId } from '../directory/person.ts';
import { merge, type PlanInput } from './plan-input.ts';

/** What a plan must know of everybody before it can decide on anybody. */
export interface Survey {
  /** People in scope by matching value (lower case), where several have the same (D4). */
  readonly sameMatch: ReadonlyMap<string, readonly PersonId[]>;
  /** Accounts of people who shall have none, by the matching value last pushed (lower case): taken, though nobody claims it. */
  readonly occupied: ReadonlyMap<string, { readonly personId: PersonId; readonly targetId: string }>;
  /** Target ids that carry the `externalId` of a person in scope: nobody else may adopt them. */
  readonly spokenFor: ReadonlyMap<string, PersonId>;
  /** Accounts active in the target, which the fuse measures against (S14). */
  readonly activeAccounts: number;
  /** Creates and adoptions whose outcome nobody knows, left by a crash (S13). */
  readonly pending: number;
}

/** The first pass over everybody; reads `input` without regard to the run's scope. */
export async function survey(input: PlanInput): Promise<Survey> {
  const rule = input.mapping.find((entry) => entry.attribute === input.matching);
  const matchable = rule !== undefined && rule.from.is !== 'excluded' && !generates(rule.from);
  const claims = new Map<string, PersonId>();
  const sameMatch = new Map<string, PersonId[]>();
  const occupied = new Map<string, { personId: PersonId; targetId: string }>();
  const spokenFor = new Map<string, PersonId>();
  let activeAccounts = 0;
  let pending = 0;
  for await (const pairs of merge(input.people(), input.accounts())) {
    for (const { personId, person, account } of pairs) {
      const pause = input.breath.due();
      if (pause !== undefined) await pause;
      if (account?.state === 'active') activeAccounts += 1;
      if (account?.state === 'pending') pending += 1;
      if (person !== undefined && input.covers(person) !== undefined) {
        for (const sighting of input.sightings.byExternalId(personId)) spokenFor.set(sighting.targetId, personId);
        const value = matchable ? plainValue(rule, person, input.organizationName(person.organizationId))?.toLowerCase() : undefined;
        if (value !== undefined) claim(value, personId);
      } else if (account !== undefined && account.targetId !== null && account.state !== 'gone') {
        const value = account.pushed?.values[input.matching];
        if (value !== undefined) occupied.set(value.toLowerCase(), { personId, targetId: account.targetId });
      }
    }
  }
  return { sameMatch, occupied, spokenFor, activeAccounts, pending };

  function claim(value: string, personId: PersonId): void {
    const first = claims.get(value);
    if (first === undefined) claims.set(value, personId);
    else {
      const all = sameMatch.get(value);
      if (all === undefined) sameMatch.set(value, [first, personId]);
      else all.push(personId);
    }
  }
}
