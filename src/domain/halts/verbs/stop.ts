import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put, revise } from '../../revise.ts';
import { type Actor, holds, holdsSomewhere } from '../../rights/grant.ts';
import { requireRight, requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';
import type { Halt } from '../halt.ts';
import { HALT, haltIn } from '../stopped.ts';

export type Stopping = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'work' | 'brake'>;

const LONGEST_WHY = 300;

/** What `/usher stop` would meet, or what it stopped. */
export interface Standstill {
  /** Null while writes go. */
  readonly halt: Halt | null;
  /** Runs that write, or wait for their turn to. */
  readonly underWay: readonly { readonly run: Run; readonly connector: string }[];
  /** Runs that go on when the writes do. */
  readonly waiting: number;
  readonly rehearsals: number;
  readonly mayStop: boolean;
  readonly mayResume: boolean;
}

/** Refuses whoever may not stop all writes: it takes the right to run syncs, at any organization. */
export async function requireStopper(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<void> {
  await requireRole(outside, actor);
  if (holdsSomewhere(actor, 'run')) return;
  throw new Refusal({ is: 'not-allowed', right: 'run', action: 'stop all writes', organization: null, ask: await whomToAsk(outside) });
}

/** How it stands: for the dialog, which counts when it opens (C11). Names of connectors only: whoever may stop is told what they stop. */
export async function standstill(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<Standstill> {
  await requireStopper(outside, actor);
  const { store } = outside;
  const names = new Map<string, string>();
  let rehearsals = 0;
  for await (const page of store.scan('connector')) {
    for (const { value } of page) {
      names.set(value.id, value.name);
      if (value.rehearsal?.verdict === 'running') rehearsals += 1;
    }
  }
  const underWay: { run: Run; connector: string }[] = [];
  let waiting = 0;
  for await (const run of runsUnderWay(store)) {
    if (run.state.is === 'paused' && run.state.halted === true) waiting += 1;
    else if (run.state.is !== 'paused') underWay.push({ run, connector: names.get(run.connectorId) ?? run.connectorId });
  }
  const mayResume = holds(actor, 'administer', null, await tree(outside));
  return { halt: (await haltIn(store)) ?? null, underWay, waiting, rehearsals, mayStop: true, mayResume };
}

/**
 * Stops all writes to all targets at once (N5): durable first, then the brake, then every run under way is asked to
 * pause. Resolves when no write is under way any more: after it none arrives at any target, whoever would send it.
 */
export async function stopEverything(outside: Stopping, actor: Actor, typed: string | null): Promise<{ readonly halt: Halt; readonly paused: number }> {
  await requireStopper(outside, actor);
  const why = typed === null || typed.trim() === '' ? null : typed.trim();
  if (why !== null && why.length > LONGEST_WHY) throw badInput('why', 'The reason is too long.', `Use at most ${LONGEST_WHY} characters.`);
  const halt: Halt = { by: actor.userId, at: outside.clock.now(), why };
  const row = audited(outside, actor, {
    ...{ action: 'halts.stop', subject: null, summary: `stopped all writes to all applications${why === null ? '' : `: ${why}`}` },
    before: null,
    after: why === null ? {} : { why },
  });
  for (;;) {
    const stored = await outside.store.get('halt', HALT);
    if (stored !== undefined)
      throw new Refusal({ is: 'nothing-to-do', detail: 'All writes are stopped already. An admin of everything resumes them: stop off.' });
    if ((await outside.store.transaction({ puts: [put('halt', HALT, halt, 0)], appends: [row] })) === 'committed') break;
  }
  outside.brake.pull(halt);
  const paused = await askToPause(outside, halt);
  await outside.brake.quiet();
  return { halt, paused };
}

/** Lets writes go again; runs that the stop paused go on in the same messages. Only an admin of everything. */
export async function resumeEverything(outside: Stopping, actor: Actor): Promise<{ readonly resumed: number }> {
  await requireRight(outside, actor, 'administer', null, 'let writes go on');
  const stored = await outside.store.get('halt', HALT);
  if (stored === undefined) throw new Refusal({ is: 'nothing-to-do', detail: 'Writes are not stopped.' });
  const { by, at, why } = stored.value;
  const row = audited(outside, actor, {
    ...{ action: 'halts.resume', subject: null, summary: 'let writes to all applications go on' },
    before: { by, at: new Date(at).toISOString(), ...(why === null ? {} : { why }) },
    after: null,
  });
  if ((await outside.store.transaction({ puts: [put('halt', HALT, null, stored.version)], appends: [row] })) === 'conflict')
    throw new Refusal({ is: 'changed-meanwhile', what: 'the stop' });
  outside.brake.release();
  return { resumed: await takeUpHalted(outside) };
}

/** Runs that a stop paused, and no stop holds any more: after the resumption, and once a minute for those that a crash left. */
export async function takeUpHalted(outside: Pick<Outside, 'store' | 'work'>): Promise<number> {
  if ((await haltIn(outside.store)) !== undefined) return 0;
  let resumed = 0;
  for await (const run of runsUnderWay(outside.store)) {
    if (!wasHalted(run)) continue;
    const next = await revise(outside.store, 'run', run.id, (present) => (wasHalted(present) ? goingOn(present) : null));
    if (next === undefined || wasHalted(next)) continue;
    resumed += 1;
    outside.work.run(run.id);
  }
  return resumed;
}

async function askToPause(outside: Stopping, halt: Halt): Promise<number> {
  let paused = 0;
  for await (const run of runsUnderWay(outside.store)) {
    if (run.state.is === 'paused') continue;
    await revise(outside.store, 'run', run.id, (present) =>
      isUnderWay(present) && present.state.is !== 'paused' && present.asked === null ? { ...present, asked: 'halt', askedBy: halt.by } : null,
    );
    paused += 1;
    outside.work.run(run.id);
  }
  return paused;
}

/** Paused by a stop, or asked to pause by one and not resting yet. */
function wasHalted(run: Run): boolean {
  return run.asked === 'halt' || (run.state.is === 'paused' && run.state.halted === true && run.asked === null);
}

function goingOn(run: Run): Run {
  if (run.state.is !== 'paused') {
    const { askedBy: _, ...rest } = run;
    return { ...rest, asked: null };
  }
  return { ...run, state: run.startedAt === null ? { is: 'queued' } : { is: 'running' } };
}

async function* runsUnderWay(store: Pick<Outside['store'], 'scan'>): AsyncGenerator<Run> {
  for await (const page of store.scan('run')) for (const { value } of page) if (isUnderWay(value)) yield value;
}
