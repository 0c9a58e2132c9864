import { type Evaluation, evaluate } from '../connectors/mapping-evaluate.ts';
import { MANAGER, type ScimValues } from '../connectors/mapping.ts';
import type { Person, PersonId } from '../directory/person.ts';
import { saysTier } from '../protected/protected.ts';
import { type Account, isInvited, type Sighting } from './account.ts';
import type { AttributeChange, Change, Frozen, Spared } from './change.ts';
import { FREE, nameFor, turnFor, waiting } from './name-for.ts';
import { type Pair, type PlanInput, reservationOf } from './plan-input.ts';
import { externalIdOf } from './sightings.ts';
import type { Survey } from './survey.ts';

/** `keep`: the account is as it should be; nothing is sent (S7). `none`: there is no account and shall be none. */
export type Decision = Change | 'keep' | 'none';

const MOST_OTHERS = 5;

/** Decides on one person. Pure but for the reservations that it adds to `input.reservations`, and who waits for a manager. */
export function decide(pair: Pair, input: PlanInput, survey: Survey): Decision {
  const assignment = pair.person === undefined ? undefined : input.covers(pair.person);
  if (!input.touches(pair.personId, pair.person, assignment)) return 'none';
  if (pair.person === undefined || assignment === undefined) return leaving(pair, input);
  return wanted(pair.person, pair.account, input, survey);
}

/** Out of scope: deactivated now, deleted after the days chosen (S10); a protected person stays as they are (A7). */
export function leaving(pair: Pair, input: Pick<PlanInput, 'deletesLeavers' | 'now' | 'protectedPeople' | 'offboarded'>): Decision {
  const decision = removal(pair, input);
  const shield = input.protectedPeople.get(pair.personId);
  if (shield === undefined || decision === 'none') return decision;
  const spared = decision.is === 'delete' ? 'deletion' : 'deactivation';
  return { is: 'frozen', personId: pair.personId, because: { is: 'protected', spared, why: shield.why } };
}

function removal(
  { personId, person, account }: Pair,
  input: Pick<PlanInput, 'deletesLeavers' | 'now' | 'offboarded'>,
): Extract<Change, { is: 'deactivate' | 'delete' }> | 'none' {
  if (account === undefined || account.targetId === null) return 'none';
  switch (account.state) {
    case 'active':
      return { is: 'deactivate', personId, targetId: account.targetId, why: whyLeaving(personId, person, input) };
    case 'inactive': {
      const isDue = input.deletesLeavers && account.deleteAt !== null && account.deleteAt <= input.now;
      // Whether they were let in by a re-activation that nobody confirmed, and whether that was taken back, is unknown, as is what became of a deletion that was cancelled since. Who was invited is not any more.
      if (switches(account) || (account.intent?.operation === 'delete' && !isDue) || account.invited !== undefined)
        return { is: 'deactivate', personId, targetId: account.targetId, why: whyLeaving(personId, person, input) };
      return isDue ? { is: 'delete', personId, targetId: account.targetId } : 'none';
    }
    case 'pending':
    case 'gone':
      return 'none';
  }
}

function whyLeaving(
  personId: PersonId,
  person: Person | undefined,
  { offboarded }: Pick<PlanInput, 'offboarded'>,
): Extract<Change, { is: 'deactivate' }>['why'] {
  if (offboarded?.has(personId)) return 'offboarded';
  if (person === undefined) return 'left-directory';
  return person.status === 'active' ? 'no-assignment' : 'not-enabled';
}

function wanted(person: Person, account: Account | undefined, input: PlanInput, survey: Survey): Decision {
  const made = evaluate(input.mapping, person, {
    organizationName: input.organizationName(person.organizationId),
    kept: account?.generated ?? {},
    taken: (attribute, value) => (input.reservations.get(reservationOf(attribute, value)) ?? person.id) !== person.id,
  });
  const { values, generated, missing } = linked(made, person, account, input);
  const match = values[input.matching];
  const frozen = frozenBecause(person, match, missing, input, survey);
  if (frozen !== undefined) return { is: 'frozen', personId: person.id, because: frozen };
  for (const [attribute, value] of Object.entries(generated)) input.reservations.set(reservationOf(attribute, value), person.id);
  if (!isLinked(account)) return joining(person, match, { values, generated }, input, survey);
  const before = account.pushed?.values ?? {};
  const tier = tierOf(person.id, values, before, input);
  const name = nameFor(person.id, match, { targetId: account.targetId, has: before[input.matching] }, input, survey);
  if (name.is !== 'free') return { is: 'frozen', personId: person.id, because: name };
  const shown = tier?.values ?? values;
  const invited = isInvited(account);
  const due =
    account.intent === null || (account.intent.operation === 'deactivate' && !invited)
      ? differences(before, shown)
      : everything(before, shown, account.intent.attributes ?? []);
  const changes = tier === undefined ? due : due.filter(({ attribute }) => !tier.isKept(attribute));
  const change = { personId: person.id, targetId: account.targetId, values: shown, generated, changes, ...waiting(name), ...sparing(tier) };
  if (!invited && (account.state === 'inactive' || switches(account))) return { is: 'reactivate', ...change };
  if (changes.length > 0) return { is: 'update', ...change };
  return tier?.spared === undefined ? 'keep' : { is: 'frozen', personId: person.id, because: tier.spared };
}

/** Whether there is an account in the target that is known to be theirs. */
export function isLinked(account: Account | undefined): account is Account & { readonly targetId: string } {
  return account !== undefined && account.targetId !== null && (account.state === 'active' || account.state === 'inactive');
}

/** Whether it is on is not known: of a switch that nobody confirmed, nor of one that was to take it back. */
function switches({ intent }: Account): boolean {
  return intent?.operation === 'deactivate' || intent?.operation === 'reactivate';
}

/** The values with the manager's id in the target in the place of who that is in the directory; left as it is where nothing may be said of it (S24). */
function linked(made: Evaluation, person: Person, account: Account | undefined, { managers }: PlanInput): Evaluation {
  const reference = made.values[MANAGER];
  if (reference === undefined) return made;
  const { [MANAGER]: _, ...values } = made.values;
  const before = account?.pushed?.values[MANAGER];
  const id = managers === undefined ? before : managers.idFor(person, reference, before);
  return { ...made, values: id === undefined ? values : { ...values, [MANAGER]: id } };
}

/** What a change says of the tier that was left out of it. */
function sparing(tier: Tier | undefined): { readonly spared?: Spared } {
  return tier?.spared === undefined ? {} : { spared: tier.spared };
}

/** What may be written of the licence tier to an account that exists. */
interface Tier {
  /** What the account shall hold, as far as it may be written; of what may not, what it was last told. */
  readonly values: ScimValues;
  readonly isKept: (attribute: string) => boolean;
  /** Something of it would have changed. */
  readonly spared: Spared | undefined;
}

/** Of a protected person's account nothing that says its tier is written (A7): not another value, not none, and not a first one over what a hand may have set. Undefined for everybody else. */
function tierOf(personId: PersonId, values: ScimValues, before: ScimValues, input: Pick<PlanInput, 'protectedPeople' | 'tierAttribute'>): Tier | undefined {
  const shield = input.protectedPeople.get(personId);
  const { tierAttribute } = input;
  if (shield === undefined || tierAttribute === null) return undefined;
  const isKept = (attribute: string): boolean => saysTier(attribute, tierAttribute);
  const kept: Record<string, string> = {};
  let spared: Spared | undefined;
  for (const attribute of new Set([...Object.keys(before), ...Object.keys(values)])) {
    const value = isKept(attribute) ? before[attribute] : values[attribute];
    if (value !== undefined) kept[attribute] = value;
    if (value !== values[attribute]) spared = { is: 'protected', spared: 'downgrade', why: shield.why };
  }
  return { values: kept, isKept, spared };
}

function frozenBecause(person: Person, match: string | undefined, missing: readonly string[], input: PlanInput, survey: Survey): Frozen | undefined {
  const lacking = missing[0] ?? (match === undefined && input.matching !== 'externalId' ? input.matching : undefined);
  if (lacking !== undefined) return { is: 'missing-attribute', attribute: lacking };
  const same = match === undefined ? undefined : survey.sameMatch.get(match.toLowerCase());
  return match === undefined || same === undefined ? undefined : { is: 'same-match', value: match, others: firstOthers(same, person.id) };
}

/** The first few, so that a thousand people with one value don't name each other a million times. */
function firstOthers(all: readonly string[], personId: string): readonly string[] {
  return all
    .slice(0, MOST_OTHERS + 1)
    .filter((other) => other !== personId)
    .slice(0, MOST_OTHERS);
}

/** No account is linked: adopt the one that matches, or create (S8). */
function joining(
  person: Person,
  match: string | undefined,
  made: { readonly values: ScimValues; readonly generated: ScimValues },
  input: PlanInput,
  survey: Survey,
): Change {
  const personId = person.id;
  const turn = match === undefined ? FREE : turnFor(personId, match, input, survey);
  // An account that is to be adopted by somebody else, and renamed with that, is nobody else's match.
  const found = candidates(personId, match, input).filter(({ targetId }) => turn.is !== 'free' || targetId !== turn.after?.targetId);
  const [only] = found;
  if (only === undefined) {
    if (turn.is !== 'free') return { is: 'frozen', personId, because: turn };
    return { is: 'create', personId, ...made, ...waiting(turn), ...(input.invites ? { invited: true } : {}) };
  }
  if (found.length > 1) return { is: 'frozen', personId, because: { is: 'ambiguous-match', targetIds: found.map((sighting) => sighting.targetId).sort() } };
  const owner = survey.spokenFor.get(only.targetId);
  if (owner !== undefined && owner !== personId)
    return { is: 'frozen', personId, because: { is: 'linked-to-another', targetId: only.targetId, personId: owner } };
  const name = nameFor(personId, match, { targetId: only.targetId, has: only.match ?? undefined }, input, survey);
  if (name.is !== 'free') return { is: 'frozen', personId, because: name };
  const tier = tierOf(personId, made.values, {}, input);
  return { is: 'adopt', personId, targetId: only.targetId, values: tier?.values ?? made.values, generated: made.generated, ...waiting(name), ...sparing(tier) };
}

/** `externalId` decides; only where nothing carries it, the matching attribute does. */
function candidates(personId: string, match: string | undefined, input: PlanInput): readonly Sighting[] {
  const own = input.sightings.byExternalId(externalIdOf(personId));
  return own.length > 0 || match === undefined ? own : input.sightings.byMatch(match);
}

/** What an unconfirmed write did is unknown: all values are sent again, and whatever it may have set is cleared where it is not wanted. */
function everything(before: ScimValues, after: ScimValues, touched: readonly string[]): readonly AttributeChange[] {
  const stray = touched.filter((attribute) => before[attribute] === undefined && after[attribute] === undefined);
  const all = [...differences({}, after, before), ...stray.map((attribute) => ({ attribute, before: null, after: null }))];
  return all.map((change) => ({ ...change, unconfirmed: true }));
}

/** What must be sent to get from `before` to `after`; values of `alsoClear` that are not wanted any more are cleared too. */
function differences(before: ScimValues, after: ScimValues, alsoClear: ScimValues = before): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const attribute in after) {
    const value = after[attribute] ?? null;
    const old = before[attribute] ?? null;
    if (old !== value) changes.push({ attribute, before: old, after: value });
  }
  for (const attribute in alsoClear) {
    const old = alsoClear[attribute];
    if (old !== undefined && after[attribute] === undefined) changes.push({ attribute, before: old, after: null });
  }
  return changes;
}
