import { type Assigned, assign } from '../../assignments/verbs/assign.ts';
import { describeAssign, describeUnassign } from '../../assignments/verbs/describe.ts';
import { unassign } from '../../assignments/verbs/unassign.ts';
import type { UnassignPreview } from '../../assignments/verbs/unassign-preview.ts';
import type { Connector } from '../../connectors/connector.ts';
import { deleteConnector } from '../../connectors/verbs/delete.ts';
import { describeDelete, describeDisconnect } from '../../connectors/verbs/describe.ts';
import { disconnect } from '../../connectors/verbs/states.ts';
import { describeRelease, performRelease, type Released, toldOfRelease } from '../../holds/verbs/release.ts';
import { type AppliedPlan, applyPlan, describePlan } from '../../plans/verbs/apply.ts';
import { applyProtected, describeProtected, type ProtectedEdit, toldOfEdit } from '../../protected/verbs/edit.ts';
import type { RoleChange, RoleGrant } from '../../rights/role-grant.ts';
import { describeRoleChange, type GrantInWords, giveRole, grantInWords, takeRole } from '../../rights/verbs/change-roles.ts';
import type { Action } from '../action.ts';
import type { Policy } from '../policy.ts';
import type { Effect } from '../request.ts';
import { applyPolicyChange, describePolicyChange } from './edit-policies.ts';

/** What each action gives when it was done. */
export interface Results {
  readonly assign: Assigned;
  readonly unassign: UnassignPreview;
  readonly disconnect: Connector;
  /** As it was. */
  readonly delete: Connector;
  readonly 'change-roles': { readonly is: RoleChange['is']; readonly grant: RoleGrant; readonly of: GrantInWords };
  readonly 'edit-protected': ProtectedEdit;
  readonly 'apply-plan': AppliedPlan;
  readonly 'first-adoption': AppliedPlan;
  readonly 'release-fuse': Released;
  /** As it is now; as it was where it was removed. */
  readonly 'edit-policies': { readonly is: 'set' | 'removed'; readonly policy: Policy };
}

type Actions = { readonly [K in Effect['is']]: Action<Extract<Effect, { is: K }>, Results[K]> };

/** Everything that can need approval (P1): a later action plugs in with its effect, its result and one entry here. */
const ACTIONS: Actions = {
  assign: {
    describe: describeAssign,
    perform: assign,
    told: ({ connector, made }) => `${connector.name} is assigned to ${made.length === 1 ? 'one more role or group' : `${made.length} more roles and groups`}.`,
  },
  unassign: {
    describe: describeUnassign,
    perform: unassign,
    told: ({ connector, grouping, organization, losing }) =>
      `${connector.name} is no longer assigned to ${grouping} (${organization}); ${losing.length} lose their account with the next run.`,
  },
  disconnect: {
    describe: (outside, actor, { connectorId }) => describeDisconnect(outside, actor, connectorId),
    perform: (outside, actor, { connectorId }, clearance) => disconnect(outside, actor, connectorId, clearance),
    told: ({ name }) => `${name} is disconnected. Its accounts stay as they are.`,
  },
  delete: {
    describe: (outside, actor, { connectorId }) => describeDelete(outside, actor, connectorId),
    perform: (outside, actor, { connectorId }, clearance) => deleteConnector(outside, actor, connectorId, clearance),
    told: ({ name }) => `${name} is deleted.`,
  },
  'change-roles': {
    describe: (outside, actor, { change }) => describeRoleChange(outside, actor, change),
    perform: async (outside, actor, { change }, clearance) => {
      const grant = change.is === 'give' ? await giveRole(outside, actor, change, clearance) : await takeRole(outside, actor, change, clearance);
      return { is: change.is, grant, of: await grantInWords(outside, grant) };
    },
    told: ({ is, grant, of: { who, where } }) => `The role ${grant.role} for ${where} ${is === 'give' ? 'is given to' : 'is taken from'} ${who}.`,
  },
  'edit-protected': {
    describe: (outside, actor, { change }) => describeProtected(outside, actor, change),
    perform: (outside, actor, { change }, clearance) => applyProtected(outside, actor, change, clearance),
    told: (edit) => toldOfEdit(edit),
  },
  'release-fuse': {
    describe: (outside, actor, { release }) => describeRelease(outside, actor, release),
    perform: (outside, actor, { release }, clearance) => performRelease(outside, actor, release, clearance),
    told: (released) => toldOfRelease(released),
  },
  'apply-plan': {
    describe: (outside, actor, wanted) => describePlan(outside, actor, wanted),
    perform: (outside, actor, wanted, clearance) => applyPlan(outside, actor, wanted, clearance),
    told: ({ plan, run }) => `${plan.id} is being applied by ${run.id}.`,
  },
  'first-adoption': {
    describe: (outside, actor, wanted) => describePlan(outside, actor, wanted),
    perform: (outside, actor, wanted, clearance) => applyPlan(outside, actor, wanted, clearance),
    told: ({ plan, run }) => `${plan.id} is being applied by ${run.id}.`,
  },
  'edit-policies': {
    describe: (outside, actor, { change }) => describePolicyChange(outside, actor, change),
    perform: (outside, actor, { change }, clearance) => applyPolicyChange(outside, actor, change, clearance),
    told: ({ is, policy }) => `The policy ${policy.id} ${is === 'set' ? 'holds' : 'is removed'}.`,
  },
};

/** The entry of an effect. */
export function actionFor<K extends Effect['is']>(kind: K): Action<Extract<Effect, { is: K }>, Results[K]> {
  return ACTIONS[kind];
}

/** The same where the kind is one of several: what goes in is an effect of that kind, by the registry's type. */
export function anyAction(effect: Effect): Action<Effect, Results[Effect['is']]> {
  // Each entry takes exactly the effects of its key; TypeScript can't see that effect and entry go together.
  return ACTIONS[effect.is] as unknown as Action<Effect, Results[Effect['is']]>;
}
