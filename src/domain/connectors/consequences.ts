import type { Outside } from '../../ports/outside.ts';
import { openAbout } from '../approvals/closing.ts';
import { openTasksOf } from '../enrollment/finished.ts';
import { isOpen, plansOf } from '../plans/closing.ts';
import { isStanding } from '../holds/hold.ts';
import { latestHold } from '../holds/standing.ts';
import { peopleAndAccounts } from '../projections/people-and-accounts.ts';
import { isUnderWay, type Run } from '../sync/run.ts';
import type { Connector, ConnectorId } from './connector.ts';

/** What a change of state would touch, computed when its dialog opens (C11). */
export interface Consequences {
  readonly connector: Connector;
  /** Accounts in the target that stay as they are. */
  readonly accounts: { readonly active: number; readonly inactive: number };
  readonly assignments: number;
  readonly running: Run | null;
  readonly subscriptions: number;
  /** Open requests about it: they close (C13). */
  readonly requests: number;
  /** Held removals that wait: they close too (C13). */
  readonly holds: number;
  /** Plans that wait to be applied: they close too (C13). */
  readonly plans: number;
  /** Open enrollment tasks: nobody enrolls by them any more (C13). */
  readonly enrollmentTasks: number;
  /** Rows that *delete* erases. */
  readonly runs: number;
  readonly scheduled: boolean;
  readonly secret: 'typed' | 'reference' | 'none';
}

/** Counts what hangs on a connector. Reads our own store only, at first all its accounts: for after the ack. */
export async function consequencesOf(outside: Pick<Outside, 'store' | 'breath'>, connector: Connector): Promise<Consequences> {
  const { active, inactive } = await peopleAndAccounts(outside).accountsOf(connector.id);
  let assignments = 0;
  for await (const page of outside.store.scan('assignment', { prefix: `${connector.id}/` }))
    assignments += page.filter(({ value }) => value.ended === null).length;
  const runs = await runsOf(outside, connector.id);
  let subscriptions = 0;
  for await (const page of outside.store.scan('subscription')) subscriptions += page.filter(({ value }) => value.connectorId === connector.id).length;
  return {
    connector,
    accounts: { active, inactive },
    assignments,
    subscriptions,
    holds: await standing(outside, connector.id),
    requests: (await openAbout(outside, connector.id)).length,
    plans: (await plansOf(outside, connector.id)).filter(isOpen).length,
    enrollmentTasks: (await openTasksOf(outside, connector.id)).length,
    runs: runs.length,
    running: runs.find(isUnderWay) ?? null,
    scheduled: connector.operating.schedule !== null,
    secret: secretOf(connector),
  };
}

async function standing({ store }: Pick<Outside, 'store'>, id: ConnectorId): Promise<number> {
  const hold = await latestHold(store, id);
  return hold !== undefined && isStanding(hold) ? hold.people.length : 0;
}

function secretOf({ inForce }: Connector): Consequences['secret'] {
  switch (inForce?.secret.is) {
    case 'sealed':
      return 'typed';
    case 'reference':
      return 'reference';
    case 'erased':
    case undefined:
      return 'none';
  }
}

/** Every run of a connector, oldest first. */
export async function runsOf(outside: Pick<Outside, 'store'>, id: ConnectorId): Promise<readonly Run[]> {
  const found: Run[] = [];
  for await (const page of outside.store.scan('run')) found.push(...page.filter(({ value }) => value.connectorId === id).map(({ value }) => value));
  return found.sort((a, b) => a.requestedAt - b.requestedAt);
}
