import type { Outside } from '../../../ports/outside.ts';
import type { Stored } from '../../../ports/store.ts';
import { put } from '../../revise.ts';
import type { Instant } from '../../instant.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { reminderAt } from '../days.ts';
import { statusOf } from '../enrollment.ts';
import { isFinished, isUnfinished } from '../finished.ts';
import { including, type KeptOutlook, LOOKED, NOTHING_AHEAD, type Outlook } from '../outlook.ts';
import { type EnrollmentPolicy, type EnrollmentSwitch, namedSince } from '../policy.ts';
import { isMailing, policyOf, switchOf } from '../rules-in-force.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';
import { type BulkWork, entriesChanged, inBulk, type Step } from './bulk.ts';
import { addressOf, type Known, mailed } from './entries.ts';
import { type Gathering, gatherLeft } from './gather.ts';
import { clearLeft } from './leavers.ts';
import { clearRemoved } from './remove.ts';

type Due = Gathering & BulkWork & Pick<Outside, 'settings'>;

/**
 * Every minute (E8): people whom a crash left out of their task come in, reminders that are due are queued, cards show who
 * expired, and a task whose people are all through leaves the list. What is due is decided by the store: after downtime each
 * reminder comes once, two that are due together come as one, and none comes twice. Keeps each task's outlook; the people of a
 * task where nobody is active are not read again until that changes.
 */
export async function enrollmentDue(outside: Due): Promise<void> {
  await gatherLeft(outside);
  const now = outside.clock.now();
  const looked = await outside.store.get('counter', LOOKED);
  const unsettled: EnrollmentTask[] = [];
  for await (const page of outside.store.scan('task'))
    for (const { value } of page) if (value.state.is !== 'removed' && value.settledAt === undefined) unsettled.push(value);
  for (const task of unsettled) await lookAt(outside, task, { since: looked?.value.value ?? now, now });
  if (unsettled.length > 0 || looked !== undefined) await outside.store.transaction({ puts: [put('counter', LOOKED, { value: now }, looked?.version ?? 0)] });
}

/** At start: what a crash cut off of tasks that were closed, and people who left meanwhile. */
export async function takeUpTasks(outside: Due): Promise<void> {
  const connectors = new Set<string>();
  for await (const page of outside.store.scan('task')) {
    for (const { value } of page) {
      if (value.state.is === 'removed') await clearRemoved(outside, value);
      else if (value.settledAt === undefined) connectors.add(value.connectorId);
    }
  }
  for (const id of connectors) await clearLeft(outside, id);
  await gatherLeft(outside);
}

interface Look {
  /** The time of the look before: whoever's time ran out until then was seen then; cards of the others are drawn anew. */
  readonly since: Instant;
  readonly now: Instant;
}

async function lookAt(outside: Due, task: EnrollmentTask, { since, now }: Look): Promise<void> {
  const connector = (await outside.store.get('connector', task.connectorId))?.value;
  if (connector === undefined) return;
  const before = await outside.store.get('outlook', task.id);
  if (before?.value.seen?.quiet === true) return;
  const reminding = task.state.is === 'open' ? await remindingOf(outside, connector) : null;
  const due: PersonId[] = [];
  let outlook = NOTHING_AHEAD;
  let unfinished = false;
  let expired = false;
  for await (const page of outside.store.scan('enrollment', { prefix: `${task.id}/` })) {
    for (const { value: entry } of page) {
      outlook = including(outlook, entry, now);
      unfinished ||= isUnfinished(entry);
      expired ||= statusOf(entry, now) === 'expired' && entry.stop > since;
      if (reminding !== null && remindersOf(entry, task, reminding.policy, now).length > 0) due.push(entry.personId);
    }
    const pause = outside.breath.due();
    if (pause) await pause;
  }
  if (reminding !== null && due.length > 0)
    await inBulk(
      outside,
      task.id,
      due,
      (known) => reminded(outside, task, known, reminding),
      () => null,
    );
  if (expired) await entriesChanged(outside, task.id);
  // A task that is still gathered leaves no list. Of one that could not be settled nothing is kept: as quiet as it is, nobody would look again.
  if (task.state.is === 'open' && !unfinished) await settle(outside, task);
  else await keep(outside, task.id, before, outlook);
}

/** Not where anything changed it since, or where it says what is known: then it is looked at anew in a minute. */
async function keep({ store }: Pick<Outside, 'store'>, taskId: TaskId, before: Stored<KeptOutlook> | undefined, seen: Outlook): Promise<void> {
  const known = before?.value.seen ?? null;
  const isKnown = known?.quiet === seen.quiet && known.waiting === seen.waiting && known.soon === seen.soon && known.stop === seen.stop;
  if (!isKnown) await store.transaction({ puts: [put('outlook', taskId, { taskId, seen }, before?.version ?? 0)] });
}

interface Reminding {
  readonly policy: EnrollmentPolicy;
  readonly given: EnrollmentSwitch;
}

/** Null where nobody is mailed now: reminders that fall due meanwhile come when mail is on again, if there is time left. */
async function remindingOf(outside: Due, connector: Connector): Promise<Reminding | null> {
  if (!(await isMailing(outside, connector.id))) return null;
  return { policy: await policyOf(outside, connector), given: await switchOf(outside.store, connector.id) };
}

/** The reminders that are due and were not queued. One that was added to the policy after its moment had passed is not made up for. */
function remindersOf(entry: Known['entry'], task: EnrollmentTask, policy: EnrollmentPolicy, now: Instant): readonly string[] {
  if (statusOf(entry, now) !== 'active' || entry.waitingSince !== null) return [];
  return policy.reminders.filter((reminder) => {
    const at = reminderAt(reminder, task.start, entry.stop);
    return at <= now && at > Math.max(namedSince(policy, reminder), task.start) && !entry.reminded.includes(reminder);
  });
}

function reminded(outside: Due, task: EnrollmentTask, { entry, person }: Known, { policy, given }: Reminding): Step {
  const due = remindersOf(entry, task, policy, outside.clock.now());
  const address = addressOf(person);
  if (due.length === 0) return { is: 'skip', why: 'not due' };
  const next = { ...entry, reminded: [...entry.reminded, ...due] };
  // Without an address there is none to send; a letter that still waits says the same.
  if (address === null || entry.mail?.is === 'queued') return { is: 'change', entry: next };
  return { is: 'change', ...mailed(outside, next, 'reminder', given.testAddress ?? address) };
}

/** Everybody is at least enrolled, or removed: it leaves the list (E4). */
async function settle(outside: Due, task: EnrollmentTask): Promise<void> {
  const stored = await outside.store.get('task', task.id);
  if (stored === undefined || stored.value.state.is !== 'open' || !(await isFinished(outside, stored.value))) return;
  // Where people join in this moment the version is another one, and it stays.
  await outside.store.transaction({ puts: [put('task', task.id, { ...stored.value, settledAt: outside.clock.now() }, stored.version)] });
}
