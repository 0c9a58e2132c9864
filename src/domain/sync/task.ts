import type { ConnectorId } from '../connectors/connector.ts';
import type { ScimValues } from '../connectors/mapping.ts';
import type { PersonId } from '../directory/person.ts';
import type { Put } from '../../ports/store.ts';
import { put } from '../revise.ts';
import { type Account, accountKey, isInvited } from './account.ts';
import type { AttributeChange, Change } from './change.ts';
import type { EventType } from './event.ts';
import type { Planned } from './plan.ts';
import { reservationOf } from './plan-input.ts';
import type { RunId } from './run.ts';

/** What is done to one account. */
export type Operation = 'create' | 'adopt' | 'update' | 'reactivate' | 'deactivate' | 'delete';

export const EVENT_OF: Readonly<Record<Operation, EventType>> = {
  create: 'user_create_provision',
  adopt: 'user_update_provision',
  update: 'user_update_provision',
  reactivate: 'user_update_provision',
  deactivate: 'user_deprovision',
  delete: 'user_delete_provision',
};

/** What an account holds though its change failed (S23); `settled`: nothing of what was written to it is unknown. */
interface Standing {
  readonly values: ScimValues;
  readonly settled: boolean;
}

/** A change on its way to the target: what was planned, and how far it got. */
export interface Task {
  readonly planned: Planned;
  readonly personId: PersonId;
  /** Without the manager, once a create of it was refused for that one. */
  values: ScimValues;
  readonly generated: ScimValues;
  readonly changes: readonly AttributeChange[];
  /** Turns into `create` where the account proves to be gone, and into `adopt` where one is found in its place. */
  operation: Operation;
  targetId: string | null;
  /** Requests sent so far. */
  attempts: number;
  /** Tries that ended in an error, and in a request to wait. */
  errors: number;
  throttled: number;
  /** A create of this run whose reply was lost: it may have happened (S23). */
  lost: boolean;
  /** A create of this run that was lost may still be under way: nobody answered it, or only a gateway. */
  late: boolean;
  /** This run wrote something that nobody has told of: the reply was lost, or what followed it failed. The intent stays with it. */
  unsure: boolean;
  /** An earlier run left it so, and it is not settled yet. */
  inherited: boolean;
  /** Look in the target before creating. */
  lookFirst: boolean;
  /** Whether it turned into a create once already. */
  converted: boolean;
  stage: 'write' | 'look-up';
  standing: Standing | null;
  /** Some lane has it. */
  taken: boolean;
  readonly first: boolean;
  /** Should it come to a create: the account arrives inactive (E10). */
  readonly invited: boolean;
}

const NOTHING: ScimValues = {};
const NO_CHANGES: readonly AttributeChange[] = [];

/** The task of a plan's change; a frozen person has none. */
export function taskOf(
  planned: Planned,
  change: Exclude<Change, { is: 'frozen' }>,
  options: { readonly first: boolean; readonly careful: boolean; readonly invites: boolean },
): Task {
  const writes = 'values' in change;
  return {
    planned,
    personId: change.personId,
    values: writes ? change.values : NOTHING,
    generated: writes ? change.generated : NOTHING,
    changes: 'changes' in change ? change.changes : NO_CHANGES,
    operation: change.is,
    targetId: 'targetId' in change ? change.targetId : null,
    attempts: 0,
    errors: 0,
    throttled: 0,
    lost: false,
    late: false,
    unsure: false,
    inherited: (planned.account?.intent ?? null) !== null,
    lookFirst: change.is === 'create' && (options.careful || planned.account?.state === 'pending'),
    converted: false,
    stage: 'write',
    standing: null,
    taken: false,
    first: options.first,
    invited: arrivesInvited(planned, change, options.invites),
  };
}

/** As the plan says; what was to be adopted or changed and proves to be gone arrives as the connector's accounts do, or as it stood. */
function arrivesInvited({ account }: Planned, change: Change, invites: boolean): boolean {
  if (change.is === 'create') return change.invited === true;
  return change.is === 'adopt' ? invites : change.is === 'update' && account !== undefined && isInvited(account);
}

/** The account with the intent in it, durable before the first request (S13). Its timeline tells results only. */
export function intended(task: Task, connectorId: ConnectorId, runId: RunId): readonly Put[] {
  const { planned, personId } = task;
  const before = planned.account;
  const attributes = task.changes.map((change) => change.attribute);
  const invited = task.operation === 'create' && task.invited ? ({ invited: true } as const) : {};
  const intent = { runId, operation: task.operation, ...(attributes.length > 0 ? { attributes } : {}), ...invited };
  const joins = task.operation === 'create' || task.operation === 'adopt';
  const base = before ?? blankAccount(connectorId, personId);
  const generated = merged(base.generated, task.generated);
  const origin = task.operation === 'create' ? 'created' : 'adopted';
  const account: Account = joins
    ? { ...base, state: 'pending', targetId: task.targetId, origin, pushed: null, intent, generated }
    : { ...base, intent, generated };
  const puts: Put[] = [put('account', accountKey(connectorId, personId), account)];
  for (const attribute in task.generated) {
    const value = task.generated[attribute];
    if (value !== undefined && before?.generated[attribute] !== value)
      puts.push(put('reservation', `${connectorId}/${reservationOf(attribute, value)}`, { personId }));
  }
  return puts;
}

/**
 * The account as it stands when a task ends without effect. Where the effect is unknown the intent stays, and the next
 * run finds out; a person who never had an account has none again, but keeps generated values.
 */
export function undone(task: Task, connectorId: ConnectorId): readonly Put[] {
  if (task.unsure || task.inherited) return [];
  const before = task.planned.account;
  const key = accountKey(connectorId, task.personId);
  const keeps = Object.keys(task.generated).length > 0;
  if (before === undefined || (before.state === 'pending' && before.timeline.length === 0)) {
    return [put('account', key, keeps ? { ...blankAccount(connectorId, task.personId), generated: { ...before?.generated, ...task.generated } } : null)];
  }
  const { standing } = task;
  const pushed = standing === null || before.pushed === null ? before.pushed : { ...before.pushed, values: standing.values };
  // An update says nothing of a switch that is open.
  const intent = standing?.settled === true && task.operation === 'update' ? null : before.intent;
  return [put('account', key, { ...before, pushed, intent, generated: { ...before.generated, ...task.generated } })];
}

/** What was generated for a person, old and new; most people have nothing. */
export function merged(kept: ScimValues, made: ScimValues): ScimValues {
  for (const attribute in made) if (kept[attribute] !== made[attribute]) return { ...kept, ...made };
  return kept;
}

/** No account in the target, never had one; only its generated values matter. */
export function blankAccount(connectorId: ConnectorId, personId: PersonId): Account {
  return {
    connectorId,
    personId,
    targetId: null,
    state: 'gone',
    origin: 'created',
    pushed: null,
    intent: null,
    generated: NOTHING,
    deleteAt: null,
    timeline: [],
  };
}
