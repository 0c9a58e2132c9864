import type { Turn } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { Halted } from '../halts/halted.ts';
import { put } from '../revise.ts';
import type { PushedGroup } from './account.ts';
import type { Gear, Stop } from './apply.ts';
import { causeOf } from './cause.ts';
import type { AttributeChange } from './change.ts';
import type { EventType } from './event.ts';
import { type Breakage, isBroken, MembersRefused } from './group-refusals.ts';
import type { PlanSource } from './plan-source.ts';
import { eventRow } from './record.ts';
import { judge } from './retry.ts';

/** What a push of groups needs. */
export interface GroupPush {
  readonly gear: Gear;
  readonly source: PlanSource;
  /** False while the fuse holds: nobody is taken out of a group and no group is removed. */
  readonly removals: boolean;
  readonly breakage: Breakage;
  readonly stopped: () => boolean;
}

/** Ends the push: the run was stopped, by somebody or by the target. */
export class PushStopped extends Error {
  readonly stop: Stop | undefined;
  constructor(stop: Stop | undefined) {
    super('stopped');
    this.stop = stop;
  }
}

/** One group's way to the target; `attempts` counts its requests for the event. */
export interface Work {
  readonly push: GroupPush;
  readonly subject: { readonly id: string; readonly name: string; readonly organizationId: string };
  attempts: number;
}

/** Members that an event names. */
const MOST_NAMED = 20;

/** The provider's words, and whom they are about: it may not have said. */
function wordsOf(fault: TargetFault): string {
  if (!(fault instanceof MembersRefused)) return fault.message;
  const more = fault.members.length - MOST_NAMED;
  return `${fault.message} (${fault.members.slice(0, MOST_NAMED).join(', ')}${more > 0 ? `, ${more} more` : ''})`;
}

/** Turns a target's fault into the group's failure. */
export async function guarded<T>(work: Work, type: EventType, act: () => Promise<T>): Promise<T | undefined> {
  work.attempts = 0;
  try {
    return await act();
  } catch (fault) {
    if (!(fault instanceof TargetFault) || fault instanceof Halted) throw fault;
    failed(work, type, fault);
    return undefined;
  }
}

/** Tells of the group's failure with the attempts so far; a group that is gone is forgotten, and made anew by the next run. */
export function failed(work: Work, type: EventType, fault: TargetFault): void {
  const { gear } = work.push;
  const { error } = fault;
  const cause = causeOf(error, gear.outside.fingerprint);
  const event = eventRow(gear.scribe, {
    ...subjectOf(work),
    type,
    targetId: null,
    success: false,
    errorCode: error.scimType ?? (error.status === null ? 'connection' : `http-${error.status}`),
    errorMessage: wordsOf(fault),
    httpStatus: error.status,
    attempts: work.attempts,
    cause: cause.key,
    changes: [],
  });
  const forgotten = error.next === 'gone' ? [put('pushedGroup', `${gear.connector.id}/${work.subject.id}`, null)] : [];
  gear.ledger.record({ puts: forgotten, appends: [event], count: 'failed', cause });
  work.attempts = 0;
}

/** Tells what was done to the group, and keeps it as it is now. */
export function done(work: Work, type: EventType, group: PushedGroup, changes: readonly AttributeChange[]): void {
  const { gear } = work.push;
  const event = eventRow(gear.scribe, {
    ...subjectOf(work),
    type,
    targetId: group.targetId,
    success: true,
    errorCode: null,
    errorMessage: null,
    httpStatus: null,
    attempts: work.attempts,
    cause: null,
    changes,
  });
  gear.ledger.record({ puts: [put('pushedGroup', keyOf(group), type === 'group_delete_provision' ? null : group)], appends: [event] });
}

/** Keeps the group as it is now, where there is nothing to tell. */
export function keep({ push }: Work, group: PushedGroup): void {
  push.gear.ledger.record({ puts: [put('pushedGroup', keyOf(group), group)] });
}

function subjectOf(work: Work): { subjectId: string; subjectName: string; organizationId: string } {
  return { subjectId: work.subject.id, subjectName: work.subject.name, organizationId: work.subject.organizationId };
}

/** Key of a `PushedGroup`. */
export function keyOf(group: PushedGroup): string {
  return `${group.connectorId}/${group.groupingId}`;
}

async function permitted(work: Work): Promise<void> {
  await work.push.gear.pace.permit();
  if (work.push.stopped()) throw new PushStopped(undefined);
  work.attempts += 1;
}

/** The first request of a call has its permit; a GET before a PUT makes another one. */
function turnAfter(work: Work): Turn {
  let requests = 0;
  return {
    take: () => {
      requests += 1;
      return requests === 1 ? undefined : permitted(work);
    },
    free: () => undefined,
  };
}

/** One request with its retries (S12); `once` means none where the target breaks at it. Throws the last `TargetFault`, or `PushStopped`. */
export async function request<T>(work: Work, send: (turn: Turn) => Promise<T>, limit?: 'once'): Promise<T> {
  const { pace, outside } = work.push.gear;
  const tries = { errors: 0, throttled: 0 };
  for (;;) {
    await permitted(work);
    try {
      return await send(turnAfter(work));
    } catch (fault) {
      if (!(fault instanceof TargetFault) || fault instanceof Halted) throw fault;
      const verdict = judge(fault.error, tries, pace, outside.chance, outside.clock.now());
      const refusal = await work.push.gear.probe.refusal(fault.error);
      if (refusal !== undefined) throw new PushStopped({ ending: 'credentials', error: refusal });
      if (verdict.is === 'stop') throw new PushStopped({ ending: verdict.ending, error: fault.error });
      if (verdict.is === 'failed' || (limit === 'once' && isBroken(fault))) throw fault;
      await outside.clock.until(verdict.at);
    }
  }
}
