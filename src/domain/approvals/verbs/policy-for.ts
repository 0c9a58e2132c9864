import type { Outside } from '../../../ports/outside.ts';
import { type Organization, type OrganizationId, upwards } from '../../directory/organization.ts';
import { tree } from '../../rights/verbs/who.ts';
import { type Approvable, DEFAULT_HOURS, type Policy, type Step } from '../policy.ts';
import type { Effect } from '../request.ts';

/** What approval needs: the parts of a policy that a request keeps. `policyId` null: the floor that holds without any policy. */
export interface Terms {
  readonly policyId: string | null;
  readonly steps: readonly Step[];
  readonly hours: number;
  readonly channelId: string | null;
}

/** Without any policy, editing the list of protected people takes one other person (A7), and so does releasing the fuse (S14). */
const FLOOR: Partial<Readonly<Record<Approvable, Terms>>> = {
  'edit-protected': { policyId: null, steps: [{ approvers: { people: [], groups: [] }, count: 1 }], hours: DEFAULT_HOURS, channelId: null },
  'release-fuse': { policyId: null, steps: [{ approvers: { people: [], groups: [] }, count: 1 }], hours: DEFAULT_HOURS, channelId: null },
};

/** By which action's policies an effect goes. */
export function actionOf(kind: Effect['is']): Approvable {
  return kind === 'edit-policies' ? 'change-roles' : kind;
}

/** Every policy for an action. */
async function policiesFor(outside: Pick<Outside, 'store'>, action: Approvable): Promise<readonly Policy[]> {
  const found: Policy[] = [];
  for await (const page of outside.store.scan('policy')) found.push(...page.map(({ value }) => value).filter((policy) => policy.action === action));
  return found;
}

/** Whether the action can need approval at all: where not, nothing is counted before it is done. */
export async function maybeGuarded(outside: Pick<Outside, 'store'>, action: Approvable): Promise<boolean> {
  return FLOOR[action] !== undefined || (await policiesFor(outside, action)).length > 0;
}

/**
 * What approval an action of this size needs there (P1): of the policies that hold, that of the nearest organization; there,
 * the one with the largest `from` that is reached. Null: none, it is done at once.
 */
export async function policyFor(
  outside: Pick<Outside, 'store'>,
  action: Approvable,
  organizationId: OrganizationId | null,
  size: number,
): Promise<Terms | null> {
  return chosen(await policiesFor(outside, action), await tree(outside), organizationId, size) ?? FLOOR[action] ?? null;
}

function chosen(
  policies: readonly Policy[],
  all: ReadonlyMap<OrganizationId, Organization>,
  organizationId: OrganizationId | null,
  size: number,
): Terms | null {
  const line: readonly (OrganizationId | null)[] = [...(organizationId === null ? [] : upwards(all, organizationId).map(({ id }) => id)), null];
  const reached = policies.filter(({ from }) => from <= size);
  for (const place of line) {
    const [first] = reached.filter((policy) => policy.organizationId === place).sort((a, b) => b.from - a.from || numberOf(a) - numberOf(b));
    if (first !== undefined) return { policyId: first.id, steps: first.steps, hours: first.hours, channelId: first.channelId };
  }
  return null;
}

function numberOf({ id }: Policy): number {
  return Number(id.slice('P-'.length));
}
