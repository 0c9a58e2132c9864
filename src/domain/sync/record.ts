import type { Chance } from '../../ports/chance.ts';
import type { Fingerprint } from '../../ports/fingerprint.ts';
import type { Append } from '../../ports/store.ts';
import type { Connector } from '../connectors/connector.ts';
import type { TargetError } from '../connectors/target-error.ts';
import type { Instant } from '../instant.ts';
import { put } from '../revise.ts';
import { type Account, accountKey } from './account.ts';
import type { Done } from './attempt.ts';
import { causeOf } from './cause.ts';
import type { AttributeChange } from './change.ts';
import type { Entry, Written } from './entry.ts';
import { Unmatched } from './find-account.ts';
import type { EventType, ProvisioningEvent } from './event.ts';
import { stoodChanges, withoutOne } from './outcome.ts';
import { frozenReason, type Planned } from './plan.ts';
import type { FailureCause, Run, RunCounts } from './run.ts';
import { EVENT_OF, merged, type Operation, type Task, undone } from './task.ts';

/** What every event of a run has in common (S5). */
export interface Scribe {
  readonly run: Pick<Run, 'id' | 'by'>;
  readonly connector: Pick<Connector, 'id' | 'organizationId'>;
  readonly application: string;
  readonly now: () => Instant;
  readonly chance: Chance;
  readonly fingerprint: Fingerprint;
}

const COUNTED: Readonly<Record<Operation, keyof RunCounts>> = {
  create: 'created',
  adopt: 'adopted',
  update: 'updated',
  reactivate: 'reactivated',
  deactivate: 'deactivated',
  delete: 'deleted',
};

type Specific = Omit<ProvisioningEvent, 'id' | 'at' | 'runId' | 'connectorId' | 'application' | 'by'>;

export function eventRow(scribe: Scribe, specific: Specific, at = scribe.now()): Append {
  const { run, connector } = scribe;
  const row: ProvisioningEvent = {
    id: scribe.chance.id(),
    at,
    runId: run.id,
    connectorId: connector.id,
    application: scribe.application,
    by: run.by,
    ...specific,
  };
  return { log: 'event', partition: connector.id, row };
}

/** A finished operation: the account as it is now, its event, one more in the counts. */
export function doneEntry(task: Task, done: Done, scribe: Scribe): Entry {
  return { count: COUNTED[done.operation], later: () => doneRecord(task, done, scribe) };
}

function doneRecord(task: Task, done: Done, scribe: Scribe): Written {
  const { connector } = scribe;
  const { targetId } = done;
  // Written out in one literal: this is the hottest allocation of a run.
  const row: ProvisioningEvent = {
    id: scribe.chance.id(),
    at: done.at,
    type: EVENT_OF[done.operation],
    runId: scribe.run.id,
    connectorId: connector.id,
    application: scribe.application,
    organizationId: task.planned.organizationId ?? connector.organizationId,
    by: scribe.run.by,
    subjectId: task.personId,
    subjectName: task.planned.name,
    targetId,
    success: true,
    errorCode: null,
    errorMessage: null,
    httpStatus: null,
    attempts: task.attempts,
    cause: null,
    changes: done.changes(),
  };
  const account = put('account', accountKey(connector.id, task.personId), done.account());
  const adopted = targetId !== null && (done.operation === 'adopt' || task.lookFirst);
  const puts = adopted ? [account, put('sighting', `${connector.id}/${targetId}`, null)] : [account];
  const told = done.operation === 'adopt' ? { ...row, adopted: true as const } : row;
  return { puts, appends: [{ log: 'event', partition: connector.id, row: told }] };
}

/** An operation that failed for good: the account as it was, or as gone, and the provider's own words. */
export function failedEntry(task: Task, error: TargetError | Unmatched, scribe: Scribe): Entry {
  const words = told(error, scribe);
  const type: EventType = task.stage === 'look-up' && !(error instanceof Unmatched) ? 'user_lookup_provision' : EVENT_OF[task.operation];
  const { cause, ...shown } = words;
  const gone = goneIn(task, error);
  const key = accountKey(scribe.connector.id, task.personId);
  return {
    puts: gone === undefined ? undone(task, scribe.connector.id) : [put('account', key, withoutOne(gone, scribe.now()))],
    appends: [failure(scribe, task.planned, type, { ...shown, targetId: task.targetId, attempts: task.attempts, cause: cause.key }, stoodChanges(task))],
    count: 'failed',
    cause,
  };
}

/**
 * The account that the target has no more, and refused another in the place of. Not where it answered 404 to that one too, as a wrong
 * address does, and not while its name is taken: the account may be there, hidden (S23).
 */
function goneIn(task: Task, error: TargetError | Unmatched): Account | undefined {
  const { account } = task.planned;
  const isOpen = !task.converted || task.unsure || task.inherited;
  if (isOpen || account === undefined || (account.state !== 'active' && account.state !== 'inactive')) return undefined;
  if (error instanceof Unmatched || error.next !== 'refused' || task.stage === 'look-up' || error.status === 404 || error.status === 410) return undefined;
  return { ...account, generated: merged(account.generated, task.generated) };
}

function told(error: TargetError | Unmatched, scribe: Scribe): { errorCode: string; errorMessage: string; httpStatus: number | null; cause: FailureCause } {
  if (error instanceof Unmatched) {
    const cause = causeOf({ status: null, scimType: error.code, message: error.message }, scribe.fingerprint);
    return { errorCode: error.code === 'linked' ? 'ambiguous' : error.code, errorMessage: error.message, httpStatus: null, cause };
  }
  const errorCode = error.scimType ?? (error.status === null ? 'connection' : `http-${error.status}`);
  return { errorCode, errorMessage: error.message, httpStatus: error.status, cause: causeOf(error, scribe.fingerprint) };
}

/** A person left as they were: no request, no cause to retry; the directory or the target must be mended first (D4, S8). */
export function frozenEntry(planned: Planned, scribe: Scribe): Entry {
  const { change } = planned;
  if (change.is !== 'frozen') return {};
  const { because } = change;
  const errorCode = because.is === 'ambiguous-match' || because.is === 'linked-to-another' ? 'ambiguous' : because.is;
  const error = {
    errorCode,
    errorMessage: `${planned.name} ${frozenReason(change)}.`,
    httpStatus: null,
    cause: null,
    targetId: planned.account?.targetId ?? null,
    attempts: 0,
  };
  return { appends: [failure(scribe, planned, 'user_lookup_provision', error)] };
}

const DISCONNECTED = 'The connector was disconnected before this was done.';

/** An operation that a disconnect cut off (C13). `task` is absent where it was only planned. */
export function disconnectedEntry(planned: Planned, task: Task | undefined, scribe: Scribe): Entry {
  const { change } = planned;
  if (change.is === 'frozen') return {};
  const cause = causeOf({ status: null, scimType: 'disconnected', message: DISCONNECTED }, scribe.fingerprint);
  const error = {
    errorCode: 'disconnected',
    errorMessage: DISCONNECTED,
    httpStatus: null,
    cause: cause.key,
    targetId: planned.account?.targetId ?? null,
    attempts: task?.attempts ?? 0,
  };
  return {
    puts: task === undefined ? [] : undone(task, scribe.connector.id),
    appends: [failure(scribe, planned, EVENT_OF[change.is], error)],
    count: 'failed',
    cause,
  };
}

function failure(
  scribe: Scribe,
  planned: Planned,
  type: EventType,
  error: Pick<ProvisioningEvent, 'errorCode' | 'errorMessage' | 'httpStatus' | 'cause' | 'targetId' | 'attempts'>,
  changes: readonly AttributeChange[] = [],
): Append {
  return eventRow(scribe, { type, ...subjectOf(planned, scribe.connector.organizationId), success: false, changes, ...error });
}

function subjectOf(planned: Planned, organizationId: string): Pick<ProvisioningEvent, 'subjectId' | 'subjectName' | 'organizationId'> {
  return { subjectId: planned.change.personId, subjectName: planned.name, organizationId: planned.organizationId ?? organizationId };
}
