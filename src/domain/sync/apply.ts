import type { Outside } from '../../ports/outside.ts';
import type { Pace } from '../../ports/pace.ts';
import type { Target } from '../../ports/target.ts';
import type { Connector, RehearsedSettings } from '../connectors/connector.ts';
import { type TargetError, TargetFault } from '../connectors/target-error.ts';
import { put } from '../revise.ts';
import { accountKey } from './account.ts';
import { attempt, type Sender, Unmatched } from './attempt.ts';
import { type Driver, Lanes, type Next, OVER } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import { Links } from './links.ts';
import type { Planned } from './plan.ts';
import { doneEntry, failedEntry, type Scribe } from './record.ts';
import { judge } from './retry.ts';
import type { RunEnding } from './run.ts';
import { intended, type Task, taskOf } from './task.ts';

/** What a run writes with. */
export interface Gear {
  readonly outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'fingerprint' | 'breath'>;
  readonly connector: Connector;
  readonly settings: RehearsedSettings;
  readonly target: Target;
  readonly pace: Pace;
  readonly ledger: Ledger;
  readonly scribe: Scribe;
  /** One person now: every request goes first. */
  readonly first: boolean;
  /** The target could not be listed: look before every create. */
  readonly careful: boolean;
}

/** Why the target itself ended the run. */
export interface Stop {
  readonly ending: Extract<RunEnding, 'credentials' | 'failed'>;
  readonly error: TargetError;
}

/** Applies what it is fed, in lanes; `stopped()` tells what made it stop. */
export interface Application {
  readonly lanes: Lanes;
  /** The target's own reason; undefined where it gave none. */
  readonly stopped: () => Stop | undefined;
  /** An error of ours (the store, a bug) that ended the lanes. */
  readonly fault: () => unknown;
}

export function application(gear: Gear): Application {
  let stop: Stop | undefined;
  let fault: unknown;
  const driver = driverOf(
    gear,
    (reason) => {
      stop ??= reason;
      lanes.stop();
    },
    (error) => {
      fault ??= error;
    },
  );
  const lanes = new Lanes(driver, gear.pace, gear.connector.operating.concurrency);
  return { lanes, stopped: () => stop, fault: () => fault ?? gear.ledger.fault };
}

function driverOf(gear: Gear, onStop: (stop: Stop) => void, onFault: (fault: unknown) => void): Driver {
  const { outside, connector, ledger } = gear;
  const links = new Links(outside.store, connector.id);
  const sender: Omit<Sender, 'turn'> = {
    target: gear.target,
    now: outside.clock.now,
    connectorId: connector.id,
    settings: gear.settings,
    links,
  };
  return {
    taskOf: (planned, first) => taskFor(planned, first || gear.first, gear.careful),
    intents: (task) => intended(task, connector.id, ledger.run.id),
    journal: async (puts) => {
      await outside.store.transaction({ puts });
    },
    beforeBlock: async () => {
      await outside.breath.turn();
      await ledger.refresh();
    },
    attempt: (task, turn) => attemptOnce(task, { ...sender, turn }, gear, onStop),
    until: (instant, signal) => outside.clock.until(instant, signal),
    now: () => outside.clock.now(),
    onFault,
  };
}

function taskFor(planned: Planned, first: boolean, careful: boolean): Task | undefined {
  return planned.change.is === 'frozen' ? undefined : taskOf(planned, planned.change, { first, careful });
}

/** One attempt and what becomes of it. */
async function attemptOnce(task: Task, sender: Sender, gear: Gear, onStop: (stop: Stop) => void): Promise<Next> {
  task.stage = 'write';
  if (task.operation === 'delete' && (await wasCancelled(task, gear))) return OVER;
  try {
    const done = await attempt(task, sender);
    if (done.targetId !== null) sender.links.add(done.targetId, task.personId);
    gear.ledger.step();
    gear.ledger.record(doneEntry(task, done, gear.scribe));
    return OVER;
  } catch (fault) {
    if (fault instanceof Unmatched) return fail(task, fault, gear);
    if (!(fault instanceof TargetFault)) throw fault;
    const { error } = fault;
    if (error.maybeWritten && task.operation === 'create' && task.stage === 'write') task.lost = true;
    const verdict = judge(error, task, gear.pace, gear.outside.chance, sender.now());
    switch (verdict.is) {
      case 'again':
        return verdict;
      case 'failed':
        return fail(task, error, gear);
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

function fail(task: Task, error: TargetError | Unmatched, gear: Gear): Next {
  gear.ledger.step();
  gear.ledger.record(failedEntry(task, error, gear.scribe));
  return OVER;
}
