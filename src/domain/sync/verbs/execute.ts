import type { Outside } from '../../../ports/outside.ts';
import { SecretFault } from '../../../ports/secrets.ts';
import { StoreFault } from '../../../ports/store.ts';
import type { Connector, RehearsedSettings } from '../../connectors/connector.ts';
import { sealedFor } from '../../connectors/settings.ts';
import { readSeats } from '../../catalog/verbs/read-seats.ts';
import { activationKey } from '../../enrollment/verbs/seating.ts';
import { seatsAfterRun } from '../../enrollment/verbs/seats.ts';
import { haltIn } from '../../halts/stopped.ts';
import { SECOND } from '../../instant.ts';
import { proposeAdoption } from '../../plans/verbs/propose-adoption.ts';
import { guarded } from '../../protected/verbs/guard.ts';
import type { Gear } from '../apply.ts';
import { conduct } from '../conduct.ts';
import type { Outcome } from '../work.ts';
import { type Ending, endRun, pauseRun } from '../ending.ts';
import { Probe } from '../probe.ts';
import { Ledger, type Progress } from '../ledger.ts';
import type { Run, RunId } from '../run.ts';
import { Tongue } from '../tongue.ts';
import { Refusal } from '../../refusal.ts';
import { createRun } from './create-run.ts';
import { redrawTraces } from '../retrace.ts';

/** The ports a run needs. */
export type Engine = Pick<
  Outside,
  'store' | 'clock' | 'calendar' | 'chance' | 'breath' | 'fingerprint' | 'secrets' | 'targets' | 'paces' | 'cards' | 'log' | 'settings' | 'work'
>;

export interface RunHooks {
  /** Told at most once a second, or every 500 operations. */
  readonly progress?: Progress;
  /**
   * Given out once the run listens: to be called when the run is to be woken (`Work.run`). Resolves when what was asked
   * was read; without it that is noticed within a second.
   */
  readonly listening?: (wake: () => Promise<void>) => void;
  /** Usher shuts down (X8): the requests under way finish, the run stays `running` in the store, and the next call resumes it. */
  readonly interrupt?: AbortSignal;
  /** After the run's end is durable: alerts follow from here. Its errors are logged, never the run's. */
  readonly onEnded?: (run: Run, connector: Connector) => Promise<void>;
}

/**
 * The whole life of a run: queued, running, ended (S3); or from where a pause, a crash or a restart left it (S13):
 * whatever was begun is settled first, then a new plan covers what is left. Resolves with the run as it stands; it is
 * paused or ended then. Undefined where there is no such run. Throws only where the store can't be written: the run is
 * still running in the store then, and calling again resumes it. Never call it twice at a time for one run.
 */
export async function executeRun(outside: Engine, runId: RunId, hooks: RunHooks = {}): Promise<Run | undefined> {
  const ledger = await Ledger.open(outside, runId, hooks.progress);
  if (ledger === undefined) return undefined;
  const found = ledger.run;
  const rests = found.state.is === 'paused' && found.asked === null;
  if (found.state.is === 'ended' || (rests && (found.expedite ?? []).length === 0)) return found;
  const halt = await haltIn(outside.store);
  if (halt !== undefined && found.asked === null) return rests ? found : await pauseRun(outside, ledger, halt.by, true);
  const heart = new AbortController();
  const outcome = await workOut(outside, ledger, heart, hooks, rests);
  heart.abort();
  if (outcome.is === 'interrupted') return ledger.run;
  if (outcome.is === 'paused') return await rest(outside, ledger, found, outcome.halted === true);
  const run = await endRun(outside, ledger, outcome.adoption === true ? { ...outcome, detail: await proposeAdoption(outside, ledger.run) } : outcome);
  await afterwards(outside, run, hooks);
  return run;
}

/** What was stopped with all writes goes on with them; what somebody paused by hand waits for a hand. */
async function rest(outside: Engine, ledger: Ledger, found: Run, metHalt: boolean): Promise<Run> {
  const before = found.state.is === 'paused' ? found.state : undefined;
  const halt = metHalt ? await haltIn(outside.store) : undefined;
  const by = ledger.run.askedBy ?? before?.by ?? halt?.by ?? found.by;
  return await pauseRun(outside, ledger, by, metHalt || before?.halted === true);
}

/** Errors of ours end the run as crashed; those of the store are thrown, since nothing can be written down then. */
async function workOut(outside: Engine, ledger: Ledger, heart: AbortController, hooks: RunHooks, rests: boolean): Promise<Outcome> {
  try {
    const gear = await outfit(outside, ledger);
    if ('ending' in gear) return { is: 'ended', ...gear };
    const { startedAt } = ledger.run;
    if (!rests) ledger.amend({ state: { is: 'running' }, startedAt: startedAt ?? outside.clock.now() });
    await ledger.flush();
    void beat(outside, ledger, heart.signal);
    hooks.listening?.(() => readNews(ledger));
    const outcome = await conduct(outside, gear, hooks.interrupt ?? heart.signal, rests);
    await ledger.flush();
    return outcome;
  } catch (fault) {
    heart.abort();
    if (fault instanceof StoreFault || ledger.fault !== undefined) throw fault;
    const reference = outside.chance.reference();
    outside.log.error({ reference, runId: ledger.run.id, error: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }, 'a run crashed');
    return { is: 'ended', ending: 'crashed', detail: `Something went wrong inside Usher (reference ${reference}).` };
  }
}

/** While a run waits for its target: what was asked is read, and its card is kept fresh. */
async function beat(outside: Engine, ledger: Ledger, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await outside.clock.until(outside.clock.now() + SECOND, signal);
      await readNews(ledger);
      await ledger.draw();
    }
  } catch (end) {
    if (!signal.aborted) outside.log.warn({ runId: ledger.run.id, error: String(end) }, 'a run lost its heartbeat');
  }
}

async function readNews(ledger: Ledger): Promise<void> {
  await ledger.flush();
  await ledger.refresh();
}

/** Opens the target; or says why the run ends before it begins. */
async function outfit(outside: Engine, ledger: Ledger): Promise<Omit<Gear, 'careful' | 'keptOut' | 'invites'> | Ending> {
  const { run } = ledger;
  const stored = await outside.store.get('connector', run.connectorId);
  const connector = stored?.value;
  // A disconnected connector keeps its settings, so that the unfinished operations can be told (C13); nothing is sent.
  const settings = connector?.inForce ?? null;
  if (connector === undefined || settings === null) return { ending: 'failed', detail: 'The connector is not configured.' };
  // A run that never began has no operations to tell of.
  if (run.startedAt === null && (run.asked === 'disconnect' || connector.state.is === 'disconnected')) return { ending: 'disconnected', detail: null };
  if (run.startedAt === null && run.asked === 'cancel') return { ending: 'cancelled', detail: null };
  const instance = await outside.store.get('instance', connector.instanceId);
  const token = await reveal(outside, connector, settings, run);
  if (typeof token !== 'string') return token;
  const tongue = new Tongue(connector.dialect);
  const opened = outside.targets.open(settings.baseUrl, token, connector.operating.concurrency, tongue);
  const target = guarded(opened, outside.store, connector.id, settings);
  const pace = outside.paces.of(settings.baseUrl, connector.operating.requestsPerSecond);
  const scribe = {
    run,
    connector,
    application: instance?.value.application ?? connector.name,
    now: () => outside.clock.now(),
    chance: outside.chance,
    fingerprint: outside.fingerprint,
  };
  const probe = new Probe({ target, pace, clock: outside.clock, settings });
  return { outside, connector, settings, target, tongue, pace, probe, ledger, scribe, first: run.kind === 'person' || run.kind === 'activate' };
}

/** The token; a disconnect has erased it already, and nothing is sent then. */
async function reveal(outside: Engine, connector: Connector, settings: RehearsedSettings, run: Run): Promise<string | Ending> {
  if (run.asked === 'disconnect' || connector.state.is === 'disconnected') return '';
  try {
    const { host } = new URL(settings.baseUrl);
    return await outside.secrets.reveal(settings.secret, sealedFor(connector.id, host), host);
  } catch (fault) {
    if (!(fault instanceof SecretFault)) throw fault;
    return { ending: 'credentials', detail: fault.message };
  }
}

async function afterwards(outside: Engine, run: Run, hooks: RunHooks): Promise<void> {
  hooks.progress?.(run);
  await redrawTraces(outside, run.id);
  const connector = await outside.store.get('connector', run.connectorId);
  if (connector === undefined) return;
  try {
    await seatsAfterRun(outside, connector.value);
    await readTotal(outside, run);
    await serveLate(outside, run, connector.value);
    await activatesLeft(outside, connector.value.id);
    await hooks.onEnded?.(run, connector.value);
  } catch (fault) {
    outside.log.error({ runId: run.id, error: String(fault) }, 'what follows a run failed');
  }
}

/** The seat total follows the target where it is read from there (E12). */
async function readTotal(outside: Engine, { id, connectorId, state }: Run): Promise<void> {
  if (state.is !== 'ended' || state.result === 'failure') return;
  const reading = await readSeats(outside, connectorId);
  if (reading.is === 'failed') outside.log.warn({ runId: id, connectorId, why: reading.why }, 'the seat total could not be read');
}

/** Who was granted a seat while it ran, and was not served by it, is looked at again (E10). */
async function activatesLeft({ store, work }: Engine, connectorId: string): Promise<void> {
  if ((await store.get('counter', activationKey(connectorId))) !== undefined) work.activate(connectorId);
}

/** People asked for in the run's last moment get a run of their own (S1). */
async function serveLate(outside: Engine, run: Run, connector: Connector): Promise<void> {
  const ids = run.expedite ?? [];
  if (ids.length === 0 || connector.state.is !== 'active') return;
  try {
    await createRun(outside, { connector, kind: 'person', scope: { is: 'people', ids }, by: run.by, way: 'job', verb: 'provision' });
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
  }
}
