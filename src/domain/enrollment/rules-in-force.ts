import type { Outside } from '../../ports/outside.ts';
import type { Store } from '../../ports/store.ts';
import type { Connector, ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import { lineOf } from './days.ts';
import { DEFAULT_POLICY, type EnrollmentPolicy, type EnrollmentSwitch, OFF } from './policy.ts';

/** What a policy is for (E8): the nearest one counts. */
export type PolicyScope =
  | { readonly is: 'connector'; readonly id: ConnectorId }
  | { readonly is: 'organization'; readonly id: OrganizationId }
  | { readonly is: 'default' };

/** A policy with where it was set; `built-in` where nobody set one. */
export interface PolicyInForce {
  readonly policy: EnrollmentPolicy;
  readonly from: PolicyScope | { readonly is: 'built-in' };
}

export function policyKey(scope: PolicyScope): string {
  return scope.is === 'default' ? 'default' : `${scope.is}/${scope.id}`;
}

/** The policy that counts for a connector: its own, that of the nearest organization from its owner upwards, the default, the built-in one (E8). */
export async function policyInForce(outside: Pick<Outside, 'store'>, { id, organizationId }: Pick<Connector, 'id' | 'organizationId'>): Promise<PolicyInForce> {
  const line = await lineOf(outside, organizationId);
  const scopes: readonly PolicyScope[] = [
    { is: 'connector', id },
    ...line.map((organization) => ({ is: 'organization' as const, id: organization.id })),
    { is: 'default' },
  ];
  for (const from of scopes) {
    const stored = await outside.store.get('enrollmentPolicy', policyKey(from));
    if (stored !== undefined) return { policy: stored.value, from };
  }
  return { policy: DEFAULT_POLICY, from: { is: 'built-in' } };
}

/** The policy that counts for a connector (E8). */
export async function policyOf(outside: Pick<Outside, 'store'>, connector: Pick<Connector, 'id' | 'organizationId'>): Promise<EnrollmentPolicy> {
  return (await policyInForce(outside, connector)).policy;
}

/** Whether a connector enrolls people, and how; off until somebody switched it on (E13). */
export async function switchOf(store: Store, connectorId: ConnectorId): Promise<EnrollmentSwitch> {
  return (await store.get('enrollmentSwitch', connectorId))?.value ?? OFF;
}

/** Whether its people are mailed now: it is switched on, and there is a mail server (E13). */
export async function isMailing({ store, enrollment }: Pick<Outside, 'store' | 'enrollment'>, connectorId: ConnectorId): Promise<boolean> {
  return enrollment !== null && (await switchOf(store, connectorId)).on;
}
