import type { Outside } from '../../../ports/outside.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { storedGroups } from '../../rights/verbs/stored.ts';
import { everybody, tree } from '../../rights/verbs/who.ts';
import { type Electorate, isInForce } from '../eligible.ts';
import type { Delegation } from '../policy.ts';

/** Who holds what, who is in which group and who stands in for whom, read once for several requests. */
export interface Register {
  readonly actors: readonly Actor[];
  readonly organizations: ReadonlyMap<OrganizationId, Organization>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly delegations: readonly Delegation[];
}

/** As our own store knows it now: Slack is asked where somebody decides. */
export async function register(outside: Pick<Outside, 'settings' | 'store' | 'clock'>): Promise<Register> {
  const groups = new Map([...(await storedGroups(outside)).values()].map(({ id, members }) => [id, members]));
  const now = outside.clock.now();
  const delegations: Delegation[] = [];
  for await (const page of outside.store.scan('delegation')) for (const { value } of page) if (isInForce(value, now)) delegations.push(value);
  return { actors: await everybody(outside), organizations: await tree(outside), groups, delegations };
}

/** Whoever may decide at an organization; null asks for a global right. */
export function electorateAt({ actors, organizations, groups, delegations }: Register, organizationId: OrganizationId | null): Electorate {
  const holders = new Set(actors.filter((actor) => holds(actor, 'decide', organizationId, organizations)).map(({ userId }) => userId));
  return { holders, groups, delegations };
}
