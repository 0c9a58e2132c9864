import type { Instant } from '../instant.ts';
import type { Delegation, Step } from './policy.ts';
import type { ApprovalRequest } from './request.ts';

/** Whoever could decide at a request's organization, as known now. */
export interface Electorate {
  /** User ids that hold `decide` there, in order. */
  readonly holders: ReadonlySet<string>;
  /** Members by user group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Those in force now. */
  readonly delegations: readonly Delegation[];
}

type Asked = Pick<ApprovalRequest, 'steps' | 'decisions'> & { readonly by: Pick<ApprovalRequest['by'], 'userId'> };

/** The step that waits: the first with fewer decisions than it takes; null when none does. */
export function currentStep({ steps, decisions }: Pick<Asked, 'steps' | 'decisions'>): number | null {
  const at = steps.findIndex((step, index) => decisions.filter((decision) => decision.step === index).length < step.count);
  return at === -1 ? null : at;
}

/** Whether the delegation speaks at that moment. */
export function isInForce({ from, until }: Delegation, now: Instant): boolean {
  return from <= now && now < until;
}

/** As whom somebody may decide on the waiting step: themselves first, else in the place of an absent approver. Null: they may not (P3). */
export function seatOf(asked: Asked, electorate: Electorate, userId: string): { readonly insteadOf: string | null } | null {
  const at = currentStep(asked);
  const step = at === null ? undefined : asked.steps[at];
  if (at === null || step === undefined || userId === asked.by.userId || hasDecided(asked, userId) || !electorate.holders.has(userId)) return null;
  const seats = [userId, ...electorate.delegations.filter(({ to }) => to === userId).map((delegation) => delegation.userId)];
  const seat = seats.find((id) => mayTake(asked, electorate, step, id) && leavesEnough(asked, electorate, at, userId, id));
  if (seat === undefined) return null;
  return { insteadOf: seat === userId ? null : seat };
}

/** Everybody who may decide on the waiting step, in order. */
export function waitingFor(asked: Asked, electorate: Electorate): readonly string[] {
  return [...electorate.holders].filter((userId) => seatOf(asked, electorate, userId) !== null);
}

/** Whether the steps that remain can be filled, each seat by a different person: a delegate never adds one, since they take an approver's place. */
export function canBeApproved(asked: Asked, electorate: Electorate): boolean {
  const seats = asked.steps.flatMap((step, index) => {
    const missing = step.count - asked.decisions.filter((decision) => decision.step === index).length;
    return Array.from({ length: Math.max(0, missing) }, () => [...electorate.holders].filter((userId) => mayTake(asked, electorate, step, userId)));
  });
  return seats.length <= electorate.holders.size && canSeatAll(seats);
}

/** Whether the requester is the only one who could approve: then the host's command line may release it a day later (P3). */
export function isAlone(asked: Asked, electorate: Electorate): boolean {
  const { userId } = asked.by;
  const among = (step: Step): boolean => electorate.holders.has(userId) && isNamed(electorate, step, userId);
  const others = asked.steps.some((step) => [...electorate.holders].some((id) => id !== userId && isNamed(electorate, step, id)));
  return asked.decisions.length === 0 && !others && asked.steps.every(among);
}

function isNamed({ groups }: Electorate, { approvers: { people, groups: named } }: Step, userId: string): boolean {
  if (people.length === 0 && named.length === 0) return true;
  return people.includes(userId) || named.some((id) => groups.get(id)?.includes(userId) ?? false);
}

/** Whose seat a decision takes is spent too: an absent approver and their delegate are one. */
function hasDecided({ decisions }: Pick<Asked, 'decisions'>, userId: string): boolean {
  return decisions.some((decision) => decision.userId === userId || decision.insteadOf === userId);
}

function mayTake(asked: Asked, electorate: Electorate, step: Step, seat: string): boolean {
  return seat !== asked.by.userId && !hasDecided(asked, seat) && electorate.holders.has(seat) && isNamed(electorate, step, seat);
}

/** Whoever is the only one for a later step can't be spent on an earlier one. */
function leavesEnough(asked: Asked, electorate: Electorate, step: number, userId: string, seat: string): boolean {
  const decision = { userId, insteadOf: seat === userId ? null : seat, at: 0, step };
  return canBeApproved({ ...asked, decisions: [...asked.decisions, decision] }, electorate);
}

/** Bipartite matching by augmenting paths: whether every seat finds a person of its own. */
function canSeatAll(seats: readonly (readonly string[])[]): boolean {
  const seated = new Map<string, number>();
  const seatOne = (seat: number, tried: Set<string>): boolean => {
    for (const userId of seats[seat] ?? []) {
      if (tried.has(userId)) continue;
      tried.add(userId);
      const holder = seated.get(userId);
      if (holder === undefined || seatOne(holder, tried)) {
        seated.set(userId, seat);
        return true;
      }
    }
    return false;
  };
  return seats.every((_, seat) => seatOne(seat, new Set()));
}
