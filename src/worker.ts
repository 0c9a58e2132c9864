import { type ScheduledTask, schedule as everyMinute } from 'node-cron';
import { takeUpApproved } from './domain/approvals/verbs/carry-out.ts';
import { approvalsDue } from './domain/approvals/verbs/due.ts';
import { alertAfterRun } from './domain/alerts/verbs/raise.ts';
import { escalateAlerts } from './domain/alerts/verbs/escalate.ts';
import { expirePlans, takeUpPlans } from './domain/plans/verbs/due.ts';
import { takeUpUndo } from './domain/undo/verbs/undo-run.ts';
import { watchSilence } from './domain/alerts/verbs/silence.ts';
import { performRehearsal } from './domain/connectors/verbs/rehearse.ts';
import { forgetDeliveries } from './domain/deliveries/verbs/remember.ts';
import { announceHolds } from './domain/holds/verbs/announce.ts';
import { holdsDue } from './domain/holds/verbs/due.ts';
import { importDue } from './domain/directory/verbs/import-schedule.ts';
import { activateGranted, activationsDue } from './domain/enrollment/verbs/activate.ts';
import { deliverLetters } from './domain/enrollment/verbs/deliver.ts';
import { enrollmentDue, takeUpTasks } from './domain/enrollment/verbs/due.ts';
import { taskAfterRun } from './domain/enrollment/verbs/leavers.ts';
import type { Connector, ConnectorId } from './domain/connectors/connector.ts';
import { pursueOffboardings } from './domain/halts/verbs/pursue.ts';
import { takeUpHalted } from './domain/halts/verbs/stop.ts';
import { executeRun } from './domain/sync/verbs/execute.ts';
import { SECOND } from './domain/instant.ts';
import { keepStandings } from './domain/rights/verbs/standings.ts';
import { isUnderWay, type Run, type RunId } from './domain/sync/run.ts';
import { startDueDeletions } from './domain/sync/verbs/due-deletions.ts';
import { startDueRuns } from './domain/sync/verbs/schedule.ts';
import type { Outside } from './ports/outside.ts';
import type { Work } from './ports/work.ts';

export interface WorkerParts {
  /** The world, known only after the worker was made: each is a port of the other. */
  readonly outside: () => Outside;
  /** Cron in the configuration's zone; null when imports are only asked for. */
  readonly importSchedule: string | null;
  readonly track: (work: Promise<unknown>) => void;
}

/** What the clock and the queue make Usher do, on one machine. All of it is in the store: a restart takes it up again. */
export class Worker implements Work {
  readonly #parts: WorkerParts;
  readonly #running = new Map<RunId, { again: boolean; wake: () => Promise<void> }>();
  readonly #interrupt = new AbortController();
  readonly #rehearsing = new Set<string>();
  #tick: ScheduledTask | null = null;
  #watch: ScheduledTask | null = null;
  #ticking: Promise<void> = Promise.resolve();
  #stopping = false;
  readonly #mailing = new Again(() => this.#track(() => deliverLetters(this.#parts.outside(), this.#interrupt.signal)));
  readonly #activating = new Map<ConnectorId, Again>();

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** Takes up what a crash or a stop left: runs that were queued or running, or paused with an end asked of them, and rehearsals; then listens to the clock. */
  async start(): Promise<void> {
    const { store } = this.#parts.outside();
    for await (const page of store.scan('run')) for (const { value } of page) if (isUnderWay(value) && !isResting(value)) this.run(value.id);
    for await (const page of store.scan('connector')) for (const { value } of page) if (value.rehearsal?.verdict === 'running') this.rehearse(value.id);
    const outside = this.#parts.outside();
    this.#parts.track(
      takeUpApproved(outside, { all: true }).catch((error: unknown) => outside.log.error({ err: error }, 'approved requests were not taken up')),
    );
    this.#parts.track(takeUpUndo(outside).catch((error: unknown) => outside.log.error({ err: error }, 'undo plans were not taken up')));
    this.#parts.track(takeUpPlans(outside).catch((error: unknown) => outside.log.error({ err: error }, 'plans were not taken up')));
    await activationsDue(outside);
    this.mail();
    this.#parts.track(takeUpTasks(outside).catch((error: unknown) => outside.log.error({ err: error }, 'enrollment tasks were not taken up')));
    this.#tick = everyMinute('* * * * *', () => this.tick(), { noOverlap: true });
    // Beside the tick: an import that hangs in it is just what this looks for (N5).
    this.#watch = everyMinute('* * * * *', () => this.#track(() => watchSilence(outside)), { noOverlap: true });
  }

  /** Once a minute; also called by tests that move the clock. What is due is decided by the store, so asking twice does nothing twice. */
  tick(): Promise<void> {
    this.#ticking = this.#ticking.then(() => this.#due());
    return this.#ticking;
  }

  run(runId: RunId): void {
    if (this.#stopping) return;
    const already = this.#running.get(runId);
    if (already === undefined) {
      this.#parts.track(this.#execute(runId));
      return;
    }
    // Asked for while it runs: it looks now; one that is just ending (a resume of a paused one) is looked at once more.
    already.again = true;
    this.#parts.track(already.wake());
  }

  rehearse(connectorId: string): void {
    if (this.#stopping || this.#rehearsing.has(connectorId)) return;
    this.#rehearsing.add(connectorId);
    const outside = this.#parts.outside();
    this.#parts.track(
      performRehearsal(outside, connectorId)
        .catch((error: unknown) => outside.log.error({ connectorId, err: error }, 'a rehearsal failed'))
        .finally(() => this.#rehearsing.delete(connectorId)),
    );
  }

  mail(): void {
    this.#mailing.ask();
  }

  activate(connectorId: string): void {
    const already = this.#activating.get(connectorId);
    const job = already ?? new Again(() => this.#track(() => activateGranted(this.#parts.outside(), connectorId)));
    this.#activating.set(connectorId, job);
    job.ask();
  }

  /** Why it isn't at work; null when it is. */
  problem(): string | null {
    if (this.#stopping) return 'stopping';
    return this.#tick === null ? 'not started' : null;
  }

  /** What this process works on now. */
  inHand(): { readonly runs: number; readonly rehearsals: number } {
    return { runs: this.#running.size, rehearsals: this.#rehearsing.size };
  }

  /** Begins nothing new; runs finish the requests under way, checkpoint, and are taken up by the next process (X8). */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#interrupt.abort();
    await this.#tick?.destroy();
    await this.#watch?.destroy();
    await this.#ticking;
  }

  async #execute(runId: RunId): Promise<void> {
    const outside = this.#parts.outside();
    const mark = { again: false, wake: () => Promise.resolve() };
    this.#running.set(runId, mark);
    try {
      do {
        mark.again = false;
        await executeRun(outside, runId, {
          interrupt: this.#interrupt.signal,
          listening: (wake) => {
            mark.wake = wake;
          },
          onEnded: (run, connector) => {
            if (run.state.is === 'ended') outside.metrics.runEnded(run.kind, run.state.result);
            return afterRun(outside, run, connector);
          },
        });
      } while (mark.again && !this.#stopping);
    } catch (error) {
      outside.log.error({ runId, err: error }, 'a run was interrupted; it is taken up again in a minute');
      await outside.clock.until(outside.clock.now() + 60 * SECOND, this.#interrupt.signal).catch(() => undefined);
      mark.again = true;
    } finally {
      this.#running.delete(runId);
    }
    if (mark.again) this.run(runId);
  }

  /** One job, of which shutting down waits for the end. */
  #track(job: () => Promise<void>): Promise<void> {
    if (this.#stopping) return Promise.resolve();
    const done = job().catch((error: unknown) => this.#parts.outside().log.error({ err: error }, 'a scheduled job failed'));
    this.#parts.track(done);
    return done;
  }

  async #due(): Promise<void> {
    if (this.#stopping) return;
    const outside = this.#parts.outside();
    const jobs = [
      () => keepStandings(outside),
      () => importDue(outside, this.#parts.importSchedule),
      () => startDueRuns(outside),
      () => startDueDeletions(outside),
      () => takeUpHalted(outside),
      () => pursueOffboardings(outside),
      () => watchSilence(outside),
      () => escalateAlerts(outside),
      () => approvalsDue(outside),
      () => holdsDue(outside),
      () => expirePlans(outside),
      () => enrollmentDue(outside),
      () => activationsDue(outside),
      () => forgetDeliveries(outside),
      async () => this.mail(),
    ];
    for (const job of jobs) await job().catch((error: unknown) => outside.log.error({ err: error }, 'a scheduled job failed'));
  }
}

/** A job that runs once at a time; asked for while it runs, it runs once more. */
export class Again {
  readonly #job: () => Promise<void>;
  #state: 'idle' | 'running' | 'again' = 'idle';

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  ask(): void {
    if (this.#state === 'idle') void this.#run();
    else this.#state = 'again';
  }

  async #run(): Promise<void> {
    do {
      this.#state = 'running';
      await this.#job();
    } while (this.#asked());
    this.#state = 'idle';
  }

  #asked(): boolean {
    return this.#state === 'again';
  }
}

/** What follows a run: alerts, the people of its enrollment task (E1), and what its targets confirmed of off-boardings (S25). */
async function afterRun(outside: Outside, run: Run, connector: Connector): Promise<void> {
  await alertAfterRun(outside, run, connector);
  await announceHolds(outside);
  await taskAfterRun(outside, run, connector);
  await pursueOffboardings(outside);
}

/** Paused, and nothing else is asked, nor anybody to be served at once: it rests until somebody resumes it. */
function isResting({ state, asked, expedite = [] }: Run): boolean {
  return state.is === 'paused' && asked === null && expedite.length === 0;
}
