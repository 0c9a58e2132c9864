import type { Outside } from '../../../ports/outside.ts';
import type { Store } from '../../../ports/store.ts';
import type { AuditRow } from '../../audit/audit.ts';
import type { Connector } from '../../connectors/connector.ts';
import { requireNoHalt } from '../../halts/stopped.ts';
import { Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { isUnderWay, type Run, type RunId } from '../run.ts';
import { requireSteering } from './permit.ts';
import { seenRun } from './seen-run.ts';

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'work' | 'settings'>;

/** Stops the run after the requests under way; it rests until resumed. */
export async function pauseRun(outside: World, actor: Actor, runId: RunId): Promise<Run> {
  return await steer(outside, actor, runId, 'pause', (run) => {
    if (run.state.is === 'paused') throw new Refusal({ is: 'nothing-to-do', detail: `${run.id} is paused already.` });
    if (run.asked === 'cancel' || run.asked === 'disconnect') throw new Refusal({ is: 'nothing-to-do', detail: `${run.id} is ending already.` });
    return { ...run, asked: 'pause', askedBy: actor.userId };
  });
}

/** A paused run goes on: what is left is planned anew. Refused while all writes are stopped (N5). */
export async function resumeRun(outside: World, actor: Actor, runId: RunId): Promise<Run> {
  await requireNoHalt(outside.store);
  return await steer(outside, actor, runId, 'resume', (run) => {
    if (run.asked === 'pause') return withoutAsked(run);
    if (run.state.is !== 'paused') throw new Refusal({ is: 'nothing-to-do', detail: `${run.id} is not paused.` });
    return { ...run, state: run.startedAt === null ? { is: 'queued' } : { is: 'running' } };
  });
}

/** Ends the run after the requests under way. What was done stays done. */
export async function cancelRun(outside: World, actor: Actor, runId: RunId): Promise<Run> {
  return await steer(outside, actor, runId, 'cancel', (run) => ({
    ...run,
    asked: run.asked === 'disconnect' ? 'disconnect' : 'cancel',
    askedBy: actor.userId,
  }));
}

async function steer(outside: World, actor: Actor, runId: RunId, verb: 'pause' | 'resume' | 'cancel', next: (run: Run) => Run): Promise<Run> {
  const { run, visible } = await seenRun(outside, actor, runId);
  const { connector } = visible;
  await requireSteering(outside, actor, connector, run);
  const changed = await change(outside.store, runId, next, auditOf(outside, actor, connector, run, verb));
  outside.work.run(runId);
  return changed;
}

async function change(store: Store, runId: RunId, next: (run: Run) => Run, row?: AuditRow): Promise<Run> {
  const apply = (run: Run): Run => {
    if (!isUnderWay(run)) throw new Refusal({ is: 'nothing-to-do', detail: `${run.id} is over.` });
    return next(run);
  };
  const appends = row === undefined ? [] : [{ log: 'audit' as const, partition: row.connectorId ?? '-', row }];
  const changed = await revise(store, 'run', runId, apply, () => ({ appends }));
  if (changed === undefined) throw new Refusal({ is: 'not-found', what: 'run', typed: runId, near: [] });
  return changed;
}

function withoutAsked(run: Run): Run {
  const { askedBy: _, ...rest } = run;
  return { ...rest, asked: null };
}

const DONE = { pause: 'paused', resume: 'resumed', cancel: 'cancelled' } as const;

function auditOf(outside: World, actor: Actor, connector: Connector, run: Run, verb: keyof typeof DONE): AuditRow {
  return {
    id: outside.chance.id(),
    at: outside.clock.now(),
    by: actor.userId,
    way: actor.way,
    action: `sync.${verb}`,
    connectorId: connector.id,
    subject: run.id,
    summary: `${DONE[verb]} run ${run.id} of ${connector.name}`,
    before: { state: run.state.is },
    after: { state: DONE[verb] },
  };
}
