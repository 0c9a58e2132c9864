import type { Outside } from '../../ports/outside.ts';
import type { Store, Stored } from '../../ports/store.ts';
import type { Connector, ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import { lineOf } from './days.ts';
import { masked } from './mask.ts';
import { afterRemoved, DEFAULT_POLICY, type EnrollmentPolicy, type EnrollmentSwitch, OFF } from './policy.ts';
import type { MailGoes } from './shown.ts';

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
  return await policyAlong(outside, scopes);
}

/** The first that is set of these, nearest first, else the built-in one. */
export async function policyAlong({ store }: Pick<Outside, 'store'>, scopes: readonly PolicyScope[]): Promise<PolicyInForce> {
  const gone: EnrollmentPolicy[] = [];
  const past = (policy: EnrollmentPolicy): EnrollmentPolicy => gone.reduceRight(afterRemoved, policy);
  for (const from of scopes) {
    const policy = (await store.get('enrollmentPolicy', policyKey(from)))?.value;
    if (policy?.removed !== undefined) gone.push(policy);
    else if (policy !== undefined) return { policy: past(policy), from };
  }
  return { policy: past(DEFAULT_POLICY), from: { is: 'built-in' } };
}

/** The policy that counts for a connector (E8). */
export async function policyOf(outside: Pick<Outside, 'store'>, connector: Pick<Connector, 'id' | 'organizationId'>): Promise<EnrollmentPolicy> {
  return (await policyInForce(outside, connector)).policy;
}

/** Whether a connector enrolls people, and how; off until somebody switched it on (E13). */
export async function switchOf(store: Store, connectorId: ConnectorId): Promise<EnrollmentSwitch> {
  return (await switchStored(store, connectorId)).value;
}

/** As `switchOf`, with the version to expect; 0 until somebody switched it on. */
export async function switchStored(store: Store, connectorId: ConnectorId): Promise<Stored<EnrollmentSwitch>> {
  return (await store.get('enrollmentSwitch', connectorId)) ?? { value: OFF, version: 0 };
}

/** Where mail of its people goes now (E13). */
export async function mailGoes(outside: Pick<Outside, 'store' | 'enrollment'>, connectorId: ConnectorId): Promise<MailGoes> {
  if (!(await isMailing(outside, connectorId))) return { is: 'nowhere' };
  const { testAddress } = await switchOf(outside.store, connectorId);
  return testAddress === null ? { is: 'people' } : { is: 'test', to: masked(testAddress) };
}

/** Whether its people are mailed now: it is switched on, and there is a mail server (E13). */
export async function isMailing({ store, enrollment }: Pick<Outside, 'store' | 'enrollment'>, connectorId: ConnectorId): Promise<boolean> {
  return enrollment !== null && (await switchOf(store, connectorId)).on;
}
