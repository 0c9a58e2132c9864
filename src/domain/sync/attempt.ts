import type { Target, TargetUser, Turn } from '../../ports/target.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { DAY, type Instant } from '../instant.ts';
import type { Account, AccountState } from './account.ts';
import type { AttributeChange } from './change.ts';
import type { Links } from './links.ts';
import { externalIdOf } from './sightings.ts';
import { blankAccount, merged, type Operation, type Task } from './task.ts';

/** What one attempt needs. */
export interface Sender {
  readonly target: Target;
  /** Of every request of this attempt: it counts them, and throws `Stopped` where the run was stopped meanwhile. */
  readonly turn: Turn;
  readonly now: () => Instant;
  readonly connectorId: string;
  readonly settings: Pick<RehearsedSettings, 'matching' | 'leavers'>;
  readonly links: Links;
}

/**
 * What was done; `operation` says what it came to in the end. The account as it is now and what changed are made when
 * they are written down: the lane sends its next request first.
 */
export interface Done {
  readonly operation: Operation;
  readonly targetId: string | null;
  readonly at: Instant;
  readonly account: () => Account;
  readonly changes: () => readonly AttributeChange[];
}

/** Our own reason not to write: the account in the target can't be told, or is somebody else's (S8, S9). */
export class Unmatched extends Error {
  override readonly name = 'Unmatched';
  readonly code: 'ambiguous' | 'linked';
  constructor(code: 'ambiguous' | 'linked', message: string) {
    super(message);
    this.code = code;
  }
}

/** One attempt at a task, whose `stage` is `write`. Throws the target's `TargetFault`, or `Unmatched`. */
export async function attempt(task: Task, sender: Sender): Promise<Done> {
  try {
    return await carryOut(task, sender);
  } catch (fault) {
    if (!(fault instanceof TargetFault) || fault.error.next !== 'gone' || task.stage === 'look-up') throw fault;
    return await withoutAccount(task, sender, fault);
  }
}

/** The target has no such account (any more): a removal is done, anything else creates again, once. */
async function withoutAccount(task: Task, sender: Sender, fault: TargetFault): Promise<Done> {
  if (task.operation === 'deactivate' || task.operation === 'delete') return removed(task, 'gone', sender);
  if (task.operation === 'create' || task.converted) throw fault;
  task.converted = true;
  task.operation = 'create';
  task.targetId = null;
  return await create(task, sender);
}

function carryOut(task: Task, sender: Sender): Promise<Done> {
  switch (task.operation) {
    case 'create':
      return create(task, sender);
    case 'adopt':
      return adopt(task, targetOf(task), sender);
    case 'update':
    case 'reactivate':
      return write(task, sender);
    case 'deactivate':
      return deactivate(task, sender);
    case 'delete':
      return remove(task, sender);
  }
}

async function create(task: Task, sender: Sender): Promise<Done> {
  if (task.lookFirst || task.lost) {
    const found = await find(task, sender);
    // The reply was lost but the account is there with our own key: created, no second time (S23).
    if (found !== undefined && task.lost && found.externalId === externalIdOf(task.personId)) return joined(task, 'create', found.id, sender);
    if (found !== undefined) return await adopt(task, found.id, sender, wasOurs(task, found) ? 'create' : 'adopt');
  }
  try {
    const user = await sender.target.create(externalIdOf(task.personId), task.values, true, sender.turn);
    return joined(task, 'create', user.id, sender);
  } catch (fault) {
    if (!(fault instanceof TargetFault) || fault.error.next !== 'taken') throw fault;
    const found = await find(task, sender);
    // 409 is not always a duplicate: where nothing matches, the provider's own words are the error.
    if (found === undefined) throw fault;
    return await adopt(task, found.id, sender);
  }
}

/** The one account that carries the person's key, or else the matching value; never one of somebody else. */
async function find(task: Task, sender: Sender): Promise<TargetUser | undefined> {
  task.stage = 'look-up';
  const externalId = externalIdOf(task.personId);
  // Filters that are ignored answer anything: only what really matches counts.
  let found = (await lookUp('externalId', externalId, sender, true)).filter((user) => user.externalId === externalId);
  const { matching } = sender.settings;
  const match = task.values[matching];
  if (found.length === 0 && match !== undefined) {
    found = (await lookUp(matching, match, sender, false)).filter((user) => user.values[matching]?.toLowerCase() === match.toLowerCase());
  }
  const [only] = found;
  if (found.length > 1) throw new Unmatched('ambiguous', `Several accounts match: ${found.map((user) => user.id).join(', ')}.`);
  if (only !== undefined) {
    const owner = await sender.links.ownerOf(only.id);
    if (owner !== undefined && owner !== task.personId) throw new Unmatched('linked', `Account ${only.id} matches, but it belongs to ${owner}.`);
  }
  task.stage = 'write';
  return only;
}

/** Not every target can filter by `externalId`: such a refusal counts as "none". */
async function lookUp(attribute: string, value: string, sender: Sender, mayRefuse: boolean): Promise<readonly TargetUser[]> {
  try {
    return await sender.target.lookUp(attribute, value, sender.turn);
  } catch (fault) {
    if (mayRefuse && fault instanceof TargetFault && fault.error.next === 'refused') return [];
    throw fault;
  }
}

/** Created by a run that crashed before it heard the answer. */
function wasOurs(task: Task, found: TargetUser): boolean {
  return task.planned.account?.intent?.operation === 'create' && found.externalId === externalIdOf(task.personId);
}

async function adopt(task: Task, targetId: string, sender: Sender, as: 'adopt' | 'create' = 'adopt'): Promise<Done> {
  await sender.target.change(targetId, { set: task.values, clear: [], active: true, externalId: externalIdOf(task.personId) }, sender.turn);
  return joined(task, as, targetId, sender);
}

async function write(task: Task, sender: Sender): Promise<Done> {
  const set: Record<string, string> = {};
  const clear: string[] = [];
  for (const { attribute, after } of task.changes) {
    if (after === null) clear.push(attribute);
    else set[attribute] = after;
  }
  const wakes = task.operation === 'reactivate';
  const targetId = targetOf(task);
  await sender.target.change(targetId, wakes ? { set, clear, active: true } : { set, clear }, sender.turn);
  const at = sender.now();
  return {
    operation: task.operation,
    targetId,
    at,
    account: () => present(task, targetId, task.planned.account?.origin ?? 'created', sender.connectorId, at),
    changes: () => (wakes ? [...task.changes, activeChange('false', 'true')] : task.changes),
  };
}

async function deactivate(task: Task, sender: Sender): Promise<Done> {
  const targetId = targetOf(task);
  await sender.target.change(targetId, { set: {}, clear: [], active: false }, sender.turn);
  return removed(task, 'inactive', sender);
}

async function remove(task: Task, sender: Sender): Promise<Done> {
  const targetId = targetOf(task);
  await sender.target.remove(targetId, sender.turn);
  return removed(task, 'gone', sender);
}

function joined(task: Task, operation: 'create' | 'adopt', targetId: string, sender: Sender): Done {
  const at = sender.now();
  const account = (): Account => present(task, targetId, operation === 'create' ? 'created' : 'adopted', sender.connectorId, at);
  return { operation, targetId, at, account, changes: () => filled(task, operation) };
}

/** Every value of an account that the target did not have, or not from us. */
function filled({ values }: Task, operation: 'create' | 'adopt'): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const attribute in values) changes.push({ attribute, before: null, after: values[attribute] ?? null });
  if (operation === 'create') changes.push(activeChange(null, 'true'));
  return changes;
}

function present(task: Task, targetId: string, origin: Account['origin'], connectorId: string, at: Instant): Account {
  const base = task.planned.account ?? blankAccount(connectorId, task.personId);
  return {
    connectorId: base.connectorId,
    personId: base.personId,
    targetId,
    state: 'active',
    origin,
    pushed: { values: task.values, at },
    intent: null,
    generated: merged(base.generated, task.generated),
    deleteAt: null,
    timeline: timeline(base, at, 'active'),
  };
}

function removed(task: Task, state: 'inactive' | 'gone', sender: Sender): Done {
  const base = task.planned.account ?? blankAccount(sender.connectorId, task.personId);
  const at = sender.now();
  const { leavers } = sender.settings;
  const deleteAt = state === 'inactive' && leavers.are === 'deleted' ? at + leavers.afterDays * DAY : null;
  const { operation } = task;
  return {
    operation,
    targetId: base.targetId,
    at,
    account: () => ({ ...base, state, intent: null, deleteAt, timeline: timeline(base, at, state) }),
    changes: () => (operation === 'deactivate' ? [activeChange('true', 'false')] : []),
  };
}

function timeline(account: Account, at: Instant, state: AccountState): Account['timeline'] {
  return account.timeline.at(-1)?.[1] === state ? account.timeline : [...account.timeline, [at, state]];
}

function activeChange(before: string | null, after: string): AttributeChange {
  return { attribute: 'active', before, after };
}

function targetOf(task: Task): string {
  if (task.targetId === null) throw new Error(`a task to ${task.operation} has no target id`);
  return task.targetId;
}
