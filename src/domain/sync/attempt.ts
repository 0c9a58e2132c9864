import type { Target, TargetUser } from '../../ports/target.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import { MANAGER } from '../connectors/mapping.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { DAY, type Instant } from '../instant.ts';
import { type Account, isInvited } from './account.ts';
import type { AttributeChange } from './change.ts';
import { find, findByWalk, type Finder, Unmatched, wasOurs } from './find-account.ts';
import { keepsNoManager, keptOf, linking, refusesManager, withoutManager } from './manager-write.ts';
import { activeChange, awaiting, filled, present, standing, timeline, toldChanges, without, withoutEffect } from './outcome.ts';
import { externalIdOf } from './sightings.ts';
import { changed, settling } from './settle.ts';
import type { UserWish } from './surely.ts';
import { blankAccount, type Operation, type Task } from './task.ts';

/** What one attempt needs. */
export interface Sender extends Finder {
  readonly target: Target;
  readonly now: () => Instant;
  readonly connectorId: string;
  readonly settings: Pick<RehearsedSettings, 'matching' | 'leavers'>;
  /** The task's own. */
  readonly mark: { unsure: boolean };
  /** Makes durable what the task turned into, before it is sent (S13). */
  readonly intend: (task: Task) => Promise<void>;
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
  task.unsure = false;
  task.inherited = false;
  task.operation = 'create';
  task.targetId = null;
  await sender.intend(task);
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
  if (task.targetId !== null) return await adopt(task, task.targetId, sender, 'create');
  if (task.lookFirst || task.lost) {
    const found = await find(task, sender);
    if (found !== undefined && task.lost && found.externalId === externalIdOf(task.personId)) return await ourOwn(task, found.id, sender);
    if (found !== undefined) return await takeOver(task, found.id, sender, wasOurs(task, found) ? 'create' : 'adopt');
  }
  if (keepsNoManager(sender.tongue)) task.values = withoutManager(task.values);
  try {
    const user = await sender.target.create(externalIdOf(task.personId), task.values, !task.invited, sender.turn);
    const isAwake = task.invited && user.active === true && (await keepsAwake(task, user.id, sender));
    return joined(task, 'create', user.id, sender, user, task.invited && !isAwake);
  } catch (fault) {
    // A manager that it refuses keeps nobody from their account: the link is written by itself later.
    if (task.values[MANAGER] !== undefined && refusesManager(fault)) {
      task.values = withoutManager(task.values);
      return await create(task, sender);
    }
    if (!(fault instanceof TargetFault) || fault.error.next !== 'taken') throw fault;
    const found = (await find(task, sender)) ?? (await findByWalk(task, sender));
    // 409 is not always a duplicate: where nothing matches, the provider's own words are the error.
    if (found === undefined) throw fault;
    // With our own key it is a create of ours that the target finished late, after a crash and the walk that followed it (S13).
    return await takeOver(task, found.id, sender, found.externalId === externalIdOf(task.personId) ? 'create' : 'adopt');
  }
}

/** An account is there in the place of the one to be made: our own (`create`), or one that was there before, which whoever comes after a crash must be able to tell. */
async function takeOver(task: Task, targetId: string, sender: Sender, as: 'create' | 'adopt'): Promise<Done> {
  task.targetId = targetId;
  task.operation = as;
  if (as === 'adopt') await sender.intend(task);
  return await adopt(task, targetId, sender, as);
}

/**
 * After the last try of a create whose replies were lost: it came to be, or it is known that it did not. Otherwise it stays open,
 * and the next run walks the whole target for it (S13, S23). One that may still be under way is not asked about so early.
 */
export async function lastLook(task: Task, sender: Sender): Promise<Done | undefined> {
  if (!task.lost || task.late || task.stage === 'look-up' || task.targetId !== null) return undefined;
  try {
    const found = await find(task, sender);
    if (found === undefined) {
      const isKnown = sender.tongue.dialect.filter.externalId === 'works';
      task.unsure &&= !isKnown;
      task.inherited &&= !isKnown;
    } else if (found.externalId === externalIdOf(task.personId)) return await ourOwn(task, found.id, sender);
  } catch (fault) {
    // What the create met is what is told.
    if (!(fault instanceof TargetFault) && !(fault instanceof Unmatched)) throw fault;
  }
  task.stage = 'write';
  return undefined;
}

/** The reply was lost but the account is there with our own key: created, no second time (S23). */
function ourOwn(task: Task, targetId: string, sender: Sender): Promise<Done> | Done {
  return task.invited ? takeOver(task, targetId, sender, 'create') : joined(task, 'create', targetId, sender, null);
}

/** It was created active though it was to wait for its person (E10): told so once more. Whom the target leaves active all the same has the seat. */
async function keepsAwake(task: Task, targetId: string, sender: Sender): Promise<boolean> {
  task.lost = true;
  task.unsure = true;
  const { undone } = await settling(task, sender, targetId, { set: {}, clear: [], active: false });
  return undone.length > 0;
}

async function adopt(task: Task, targetId: string, sender: Sender, as: 'adopt' | 'create' = 'adopt'): Promise<Done> {
  const waits = as === 'create' && task.invited;
  const wish: UserWish = {
    set: keepsNoManager(sender.tongue) ? withoutManager(task.values) : task.values,
    clear: [],
    active: !waits,
    externalId: externalIdOf(task.personId),
  };
  const { user, undone } = await settling(task, sender, targetId, wish);
  if (undone.includes('active')) throw withoutEffect(['active']);
  // Of values that were there before nobody knows whose they are: what it shows instead of ours is its own. What it lacks is sent again.
  const lost = undone.filter((path) => user?.values[path] === undefined);
  return joined(lost.length === 0 ? task : { ...task, values: without(task.values, lost) }, as, user?.id ?? targetId, sender, user, waits);
}

async function write(task: Task, sender: Sender): Promise<Done> {
  const set: Record<string, string> = {};
  const clear: string[] = [];
  for (const { attribute, after } of task.changes) {
    if (after === null) clear.push(attribute);
    else set[attribute] = after;
  }
  const wakes = task.operation === 'reactivate';
  const account = task.planned.account;
  const before = account?.pushed?.values;
  const waits = task.operation === 'update' && account !== undefined && isInvited(account);
  // Of an unconfirmed write nobody knows what it left; a re-assertion without another change is of one that was switched on by hand (S20).
  const isPutBack = waits && task.changes.length === 0;
  const isSwitched = wakes || isPutBack || (waits && account.intent !== null);
  const base = { set, clear, ...(isSwitched ? { active: wakes } : {}) };
  // Of a write that nobody confirmed it is not known what it did.
  const wish: UserWish = before === undefined || account?.intent !== null ? base : { ...base, known: before };
  const { user, undone, missed } = await linking(sender.tongue, wish, (each) => changed(task, sender, targetOf(task), each));
  if (missed.length > 0 && (!wakes || missed.includes('active'))) {
    if (!wakes) task.standing = { values: standing(task, undone, user), settled: !missed.includes('active') };
    throw withoutEffect(missed);
  }
  const values = undone.length === 0 ? task.values : standing(task, undone, user);
  // Where the id is made of the user name, a rename gives another one.
  const targetId = user?.id ?? targetOf(task);
  const at = sender.now();
  // Of a switch that nobody confirmed it is not known what it was before.
  const woken = account?.state === 'active' && account.intent !== null ? null : 'false';
  const told: Task = values === task.values ? task : { ...task, values };
  return {
    operation: task.operation,
    targetId,
    at,
    account: () => {
      const written = present(told, targetId, account?.origin ?? 'created', sender.connectorId, at, user);
      return waits ? awaiting(written, account, at) : written;
    },
    changes: () => {
      const all = toldChanges(task);
      const made = undone.length === missed.length ? all : all.filter(({ attribute }) => attribute !== MANAGER);
      if (!isSwitched) return made;
      return [...made, wakes ? activeChange(woken, 'true') : activeChange(isPutBack ? 'true' : null, 'false')];
    },
  };
}

async function deactivate(task: Task, sender: Sender): Promise<Done> {
  const { undone } = await settling(task, sender, targetOf(task), { set: {}, clear: [], active: false });
  if (undone.length > 0) throw withoutEffect(undone);
  return removed(task, 'inactive', sender);
}

async function remove(task: Task, sender: Sender): Promise<Done> {
  const targetId = targetOf(task);
  await sender.target.remove(targetId, sender.turn);
  return removed(task, 'gone', sender);
}

function joined(task: Task, operation: 'create' | 'adopt', targetId: string, sender: Sender, user: TargetUser | null, waits = false): Done {
  const at = sender.now();
  const kept = operation === 'create' ? keptOf(task.values, user, sender.tongue) : task.values;
  const told = kept === task.values ? task : { ...task, values: kept };
  const active = (): Account => present(told, targetId, operation === 'create' ? 'created' : 'adopted', sender.connectorId, at, user);
  const account = waits ? (): Account => awaiting(active(), task.planned.account, at) : active;
  return { operation, targetId, at, account, changes: () => filled(told, operation, !waits) };
}

function removed(task: Task, state: 'inactive' | 'gone', sender: Sender): Done {
  const { invited, ...base } = task.planned.account ?? blankAccount(sender.connectorId, task.personId);
  const at = sender.now();
  const { leavers } = sender.settings;
  const deleteAt = state === 'inactive' && leavers.are === 'deleted' ? at + leavers.afterDays * DAY : null;
  const { operation } = task;
  return {
    operation,
    targetId: base.targetId,
    at,
    account: () => ({ ...base, state, intent: null, deleteAt, timeline: timeline(base, at, state) }),
    // Who was invited was inactive all along; whether an unconfirmed switch had let them in is not known.
    changes: () =>
      operation === 'deactivate' && invited === undefined ? [activeChange(base.state === 'inactive' && base.intent !== null ? null : 'true', 'false')] : [],
  };
}

function targetOf(task: Task): string {
  if (task.targetId === null) throw new Error(`a task to ${task.operation} has no target id`);
  return task.targetId;
}
