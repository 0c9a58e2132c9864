import type { Outside } from '../../ports/outside.ts';
import type { Pace } from '../../ports/pace.ts';
import type { Put } from '../../ports/store.ts';
import type { Target } from '../../ports/target.ts';
import type { Connector, RehearsedSettings } from '../connectors/connector.ts';
import { operationsPerRequest } from '../connectors/dialect.ts';
import { type TargetError, TargetFault } from '../connectors/target-error.ts';
import { Halted } from '../halts/halted.ts';
import { put } from '../revise.ts';
import { accountKey } from './account.ts';
import { attempt, type Done, lastLook, type Sender } from './attempt.ts';
import { Unmatched } from './find-account.ts';
import { type Driver, type Next, OVER } from './driver.ts';
import { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { KeptOut } from './kept-out.ts';
import { Links } from './links.ts';
import { isRemoval, type Planned } from './plan.ts';
import type { Probe } from './probe.ts';
import { keepingGrants } from './grants.ts';
import { doneEntry, failedEntry, type Scribe } from './record.ts';
import { judge } from './retry.ts';
import type { Tongue } from './tongue.ts';
import { Walked } from './walked.ts';
import type { RunEnding } from './run.ts';
import { intended, type Task, taskOf } from './task.ts';

/** What a run writes with. */
export interface Gear {
  readonly outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'fingerprint' | 'breath'>;
  readonly connector: Connector;
  readonly settings: RehearsedSettings;
  readonly target: Target;
  /** The target's dialect, and what the run learns of it (C20). */
  readonly tongue: Tongue;
  readonly pace: Pace;
  readonly ledger: Ledger;
  /** Whose a 403 is (C18). */
  readonly probe: Probe;
  readonly scribe: Scribe;
  /** One person now: every request goes first. */
  readonly first: boolean;
  /** The target could not be listed: look before every create. */
  readonly careful: boolean;
  /** Whom nothing gives an account any more, also where the plan is older than that (S25). */
  readonly keptOut: KeptOut;
  /** Accounts that are created wait inactive for their people (E10). */
  readonly invites: boolean;
}

/** Why the target itself ended the run. */
export interface Stop {
  readonly ending: Extract<RunEnding, 'credentials' | 'failed'>;
  readonly error: TargetError;
}

/** Applies what it is fed, in lanes; `stopped()` tells what made it stop. */
export interface Application {
  readonly lanes: Lanes;
  /** All writes to all targets were stopped, and one of this run met that (N5). */
  readonly halted: () => boolean;
  /** The target's own reason; undefined where it gave none. */
  readonly stopped: () => Stop | undefined;
  /** An error of ours (the store, a bug) that ended the lanes. */
  readonly fault: () => unknown;
}

export function application(gear: Gear): Application {
  let stop: Stop | undefined;
  let fault: unknown;
  let halted = false;
  const driver = driverOf(
    gear,
    (reason) => {
      stop ??= reason;
      lanes.stop();
    },
    (error) => {
      fault ??= error;
    },
    () => {
      halted = true;
      lanes.stop();
    },
  );
  const lanes = new Lanes(driver, gear.pace, gear.connector.operating.concurrency);
  return { lanes, halted: () => halted, stopped: () => stop, fault: () => fault ?? gear.ledger.fault };
}

function driverOf(gear: Gear, onStop: (stop: Stop) => void, onFault: (fault: unknown) => void, onHalt: () => void): Driver {
  const { outside, connector, ledger } = gear;
  const links = new Links(outside.store, connector.id);
  const journal = async (puts: readonly Put[]): Promise<void> => {
    while ((await outside.store.transaction({ puts: await keepingGrants(outside.store, puts) })) === 'conflict') await outside.breath.turn();
  };
  const sender: Omit<Sender, 'turn' | 'mark'> = {
    target: gear.target,
    tongue: gear.tongue,
    walked: new Walked(outside, { connector, matching: gear.settings.matching, target: gear.target, pace: gear.pace, stopped: () => ledger.asked !== null }),
    now: outside.clock.now,
    connectorId: connector.id,
    settings: gear.settings,
    links,
    intend: (task) => journal(intended(task, connector.id, ledger.run.id)),
  };
  return {
    taskOf: (planned, first) => taskFor(planned, first || gear.first, gear),
    intents: (task) => intended(task, connector.id, ledger.run.id),
    journal,
    beforeBlock: async () => {
      await outside.breath.turn();
      await ledger.refresh();
      await gear.keptOut.again();
    },
    attempt: (task, turn) => attemptOnce(task, { ...sender, turn, mark: task }, gear, { onStop, onHalt }),
    until: (instant, signal) => outside.clock.until(instant, signal),
    now: () => outside.clock.now(),
    together: () => operationsPerRequest(connector.operating, gear.tongue.dialect),
    onFault,
  };
}

/** Undefined where nothing is sent for them. */
function taskFor(planned: Planned, first: boolean, { careful, invites, keptOut, ledger }: Gear): Task | undefined {
  const { change } = planned;
  if (change.is === 'frozen') return undefined;
  if (keptOut.people.has(change.personId) && !isRemoval(change)) {
    ledger.step();
    return undefined;
  }
  return taskOf(planned, change, { first, careful, invites });
}

/** One attempt and what becomes of it. */
async function attemptOnce(
  task: Task,
  sender: Sender,
  gear: Gear,
  { onStop, onHalt }: { readonly onStop: (stop: Stop) => void; readonly onHalt: () => void },
): Promise<Next> {
  task.stage = 'write';
  if (task.operation === 'delete' && (await wasCancelled(task, gear))) return OVER;
  try {
    const done = await attempt(task, sender);
    if (gear.tongue.isUnsaved) await gear.tongue.save(gear.outside.store, gear.connector);
    return finish(task, done, sender, gear);
  } catch (fault) {
    if (gear.tongue.isUnsaved) await gear.tongue.save(gear.outside.store, gear.connector);
    if (fault instanceof Unmatched) return fail(task, fault, gear);
    if (!(fault instanceof TargetFault)) throw fault;
    if (fault instanceof Halted) {
      onHalt();
      return { is: 'stopped' };
    }
    const { error } = fault;
    const refusal = await gear.probe.refusal(error);
    if (refusal !== undefined) {
      onStop({ ending: 'credentials', error: refusal });
      return { is: 'stopped' };
    }
    if (error.maybeWritten && task.stage === 'write') {
      task.unsure = true;
      const isLost = task.operation === 'create' && task.targetId === null;
      task.lost ||= isLost;
      task.late ||= isLost && mayBeLate(error);
    }
    const verdict = judge(error, task, gear.pace, gear.outside.chance, sender.now());
    switch (verdict.is) {
      case 'again':
        return verdict;
      case 'failed': {
        const done = await lastLook(task, sender);
        if (gear.tongue.isUnsaved) await gear.tongue.save(gear.outside.store, gear.connector);
        return done === undefined ? fail(task, error, gear) : finish(task, done, sender, gear);
      }
      case 'stop':
        // Nobody's failure: the task stays unfinished, like all that wait behind it (S24).
        onStop({ ending: verdict.ending, error });
        return { is: 'stopped' };
    }
  }
}

/** Somebody cancelled the deletion since it was planned (S10): the account stays as it is. */
async function wasCancelled(task: Task, gear: Gear): Promise<boolean> {
  const key = accountKey(gear.connector.id, task.personId);
  const stored = await gear.outside.store.get('account', key);
  if (stored === undefined || stored.value.deleteAt !== null) return false;
  gear.ledger.step();
  gear.ledger.record({ puts: [put('account', key, { ...stored.value, intent: null })] });
  return true;
}

/** No answer, or a gateway's: whoever was asked may still be at work. */
function mayBeLate({ status }: TargetError): boolean {
  return status === null || status > 500;
}

function finish(task: Task, done: Done, { links }: Sender, gear: Gear): Next {
  if (done.targetId !== null) links.add(done.targetId, task.personId);
  gear.ledger.step();
  gear.ledger.record(doneEntry(task, done, gear.scribe));
  return OVER;
}

function fail(task: Task, error: TargetError | Unmatched, gear: Gear): Next {
  gear.ledger.step();
  gear.ledger.record(failedEntry(task, error, gear.scribe));
  return OVER;
}
