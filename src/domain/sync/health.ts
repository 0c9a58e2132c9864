import type { Health, QuarantineHours } from '../connectors/connector.ts';
import { HOUR, type Instant } from '../instant.ts';
import type { Run, RunCounts, RunEnding, RunResult } from './run.ts';

/** Operations that tell enough of a target to quarantine it by one run (S17). */
const ENOUGH = 20;
/** Runs in a row that came to nothing. */
const MOST_BAD = 3;

type Told = Pick<Run, 'kind' | 'by' | 'counts'>;

/**
 * The connector's health after a run (C18, S17). A run that somebody cancelled, that was for one person, activated some, or only read, says nothing
 * of it. A run is bad where a critical problem stopped it, or where operations failed and none succeeded; people left as
 * they were and removals held back are no failures. Any other run is good, and ends a quarantine. Only the schedule's own
 * runs slow it down further: trying by hand costs nothing.
 */
export function healthAfter(before: Health, run: Told, ending: RunEnding, result: RunResult, now: Instant): Health {
  if (ending === 'credentials') return before.is === 'needs-credentials' ? before : { is: 'needs-credentials', since: now };
  if (ending === 'cancelled' || ending === 'disconnected' || run.kind === 'person' || run.kind === 'activate' || run.kind === 'verify') return before;
  const bad = isBad(run.counts, result);
  const failures = mostFailed(run.counts);
  if (before.is === 'quarantined' && (bad || failures)) return run.by === 'schedule' ? further(before, now) : before;
  const inRow = bad ? badBefore(before) + 1 : 0;
  if (failures) return { is: 'quarantined', since: now, hours: 1, until: now + HOUR, why: 'failures' };
  if (inRow >= MOST_BAD) return { is: 'quarantined', since: now, hours: 1, until: now + HOUR, why: 'runs' };
  const row = inRow === 0 ? {} : { bad: inRow };
  switch (result) {
    case 'success':
      return { is: 'ok' };
    case 'partial':
      return { is: 'degraded', since: before.is === 'degraded' ? before.since : now, ...row };
    case 'failure':
      return { is: 'failing', since: before.is === 'failing' ? before.since : now, ...row };
  }
}

const FURTHER: Readonly<Record<QuarantineHours, QuarantineHours>> = { 1: 4, 4: 12, 12: 24, 24: 24 };

function further(before: Extract<Health, { is: 'quarantined' }>, now: Instant): Health {
  const hours = FURTHER[before.hours];
  return { ...before, hours, until: now + hours * HOUR };
}

function badBefore(before: Health): number {
  return before.is === 'degraded' || before.is === 'failing' ? (before.bad ?? 0) : 0;
}

function succeeded({ created, adopted, updated, reactivated, deactivated, deleted }: RunCounts): number {
  return created + adopted + updated + reactivated + deactivated + deleted;
}

function isBad(counts: RunCounts, result: RunResult): boolean {
  return result === 'failure' || (counts.failed > 0 && succeeded(counts) === 0);
}

function mostFailed(counts: RunCounts): boolean {
  const all = counts.failed + succeeded(counts);
  return all >= ENOUGH && counts.failed * 2 > all;
}
