import { fullName, type PersonId } from '../directory/person.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Account } from './account.ts';
import type { Change, Spared } from './change.ts';
import { decide } from './decide.ts';
import { merge, type Pair, type PlanInput } from './plan-input.ts';
import type { Survey } from './survey.ts';

/** A change with what the run needs to carry it out and to tell of it. */
export interface Planned {
  readonly change: Change;
  /** The account as it stands; undefined for somebody who never had one. */
  readonly account: Account | undefined;
  /** The name shown for the person; their id where they left the directory. */
  readonly name: string;
  /** The person's organization; null where they left the directory. */
  readonly organizationId: OrganizationId | null;
}

export interface PlanPage {
  readonly planned: readonly Planned[];
  /** People of this page whose account is as it should be. */
  readonly unchanged: number;
}

/**
 * The plan: what must be done so that exactly the covered people have an account and everybody's says what the mapping
 * says. Decides only: nothing is sent or stored. Streams in the order of person ids, a page at a time.
 */
export async function* plan(input: PlanInput, survey: Survey): AsyncGenerator<PlanPage> {
  const { stirred } = survey;
  if (input.only === undefined || stirred === null) {
    yield* pages(input, survey);
    return;
  }
  // The survey met everybody: only these few are looked at again.
  yield { planned: [], unchanged: survey.calm };
  yield* pages(input.only(input, stirred), survey);
}

async function* pages(input: PlanInput, survey: Survey): AsyncGenerator<PlanPage> {
  for await (const pairs of merge(input.people(), input.accounts())) {
    const planned: Planned[] = [];
    let unchanged = 0;
    for (const pair of pairs) {
      const pause = input.breath.due();
      if (pause !== undefined) await pause;
      const decision = decide(pair, input, survey);
      if (decision === 'keep') unchanged += 1;
      else if (decision !== 'none') planned.push(describe(pair, decision));
    }
    yield { planned, unchanged };
  }
}

function describe({ personId, person, account }: Pair, change: Change): Planned {
  return { change, account, name: person === undefined ? personId : fullName(person), organizationId: person?.organizationId ?? null };
}

/** Whether a change takes an account away: what the fuse counts (S14). */
export function isRemoval(change: Change): boolean {
  return change.is === 'deactivate' || change.is === 'delete';
}

/** What a protected person was spared (A7); undefined for everybody else. */
export function sparedOf(change: Change): Spared | undefined {
  if (change.is === 'frozen') return change.because.is === 'protected' ? change.because : undefined;
  return 'spared' in change ? change.spared : undefined;
}

/** People left as they were, in words for the person who mends it (D4, S8). */
export function frozenReason(
  change: Pick<Extract<Change, { is: 'frozen' }>, 'because'>,
  nameOf: (personId: PersonId) => string = (personId) => personId,
): string {
  const { because } = change;
  switch (because.is) {
    case 'missing-attribute':
      return `has no ${because.attribute}`;
    case 'same-match':
      return `has the same ${because.value} as ${because.others.map(nameOf).join(', ')}`;
    case 'ambiguous-match':
      return `matches several accounts in the target: ${because.targetIds.join(', ')}`;
    case 'linked-to-another':
      return `matches account ${because.targetId}, which belongs to ${nameOf(because.personId)}`;
    case 'names-in-a-circle':
      return `is to be ${because.value}, which account ${because.targetId} of ${nameOf(because.personId)} has, and names can't be passed on in a circle: give one of them another name, sync, and then the right one`;
    case 'name-not-given-up':
      return `is to be ${because.value}, which account ${because.targetId} of ${nameOf(because.personId)} still has: the change that gives it up was not made`;
    case 'changed-since-plan':
      return `was skipped, since ${because.now}`;
    case 'protected':
      return `is protected and ${KEEPS[because.spared]}: ${because.why}`;
  }
}

const KEEPS: Readonly<Record<Spared['spared'], string>> = {
  deactivation: 'keeps the account',
  deletion: 'the deactivated account is not deleted',
  downgrade: 'keeps the licence tier',
};
