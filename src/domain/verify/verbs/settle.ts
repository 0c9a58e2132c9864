import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { Place } from '../../cards/card.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Account, accountKey, holdsSeat } from '../../sync/account.ts';
import type { Run } from '../../sync/run.ts';
import { createRun, runUnderWay } from '../../sync/verbs/create-run.ts';
import { requireActive, type Starting } from '../../sync/verbs/start.ts';
import { switchedIn, valuesIn } from '../drift.ts';
import type { Drift } from '../verification.ts';
import { standingDrift, type StandingDrift } from './drift.ts';
import { wholeConnector } from './permit.ts';

/** Rows of the last reading, by number; `all` of those that stand. */
export type Ticked = 'all' | readonly number[];

const NOBODY = new Refusal({ is: 'nothing-to-do', detail: 'Nothing that still differs is ticked.' });

/**
 * *Re-assert* (S20): a run that writes to exactly the ticked people what they were last pushed. Refused as a verification is.
 * What it would deactivate is counted by the fuse like any removal.
 */
export async function reassertDrift(
  outside: Starting,
  actor: Actor,
  { connectorId, ticked, place }: { readonly connectorId: ConnectorId; readonly ticked: Ticked; readonly place?: Place | undefined },
): Promise<Run> {
  const connector = await wholeConnector(outside, actor, connectorId);
  requireActive(connector, 're-assert');
  const { some, ids } = await chosen(outside, connectorId, ticked);
  if (!some) throw NOBODY;
  const scope = ids === null ? ({ is: 'all' } as const) : ({ is: 'people', ids } as const);
  return await createRun(outside, { connector, kind: 'reassert', scope, by: actor.userId, way: actor.way, verb: 're-assert', place });
}

async function chosen(
  outside: Pick<Outside, 'store'>,
  connectorId: ConnectorId,
  ticked: Ticked,
): Promise<{ readonly some: boolean; readonly ids: readonly string[] | null }> {
  if (ticked !== 'all') {
    const rows = await tickedRows(outside, connectorId, ticked);
    return { some: rows.length > 0, ids: rows.map(({ row }) => row.drift.personId) };
  }
  for await (const _ of standingDrift(outside, connectorId, null)) return { some: true, ids: null };
  return { some: false, ids: null };
}

async function tickedRows(outside: Pick<Outside, 'store'>, connectorId: ConnectorId, ticked: readonly number[]): Promise<readonly StandingDrift[]> {
  const wanted = new Set(ticked);
  const found: StandingDrift[] = [];
  const first = Math.min(...wanted);
  if (wanted.size === 0) return found;
  for await (const each of standingDrift(outside, connectorId, first - 1)) {
    if (wanted.delete(each.seq)) found.push(each);
    if (wanted.size === 0) break;
  }
  return found;
}

/**
 * *Accept* (S20): what the target has is taken for what it was told, without a request. Values stay accepted until the
 * directory changes them; an account that is missing or switched is noted as it is, and the next sync decides about it.
 * Refused while a run is under way, which writes these accounts.
 */
export async function acceptDrift(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>,
  actor: Actor,
  { connectorId, ticked }: { readonly connectorId: ConnectorId; readonly ticked: readonly number[] },
): Promise<{ readonly connector: Connector; readonly accepted: number }> {
  const connector = await wholeConnector(outside, actor, connectorId);
  const under = await runUnderWay(outside.store, connectorId);
  if (under !== undefined)
    throw new Refusal({ is: 'running', connectorId, connector: connector.name, runId: under.id, done: under.done, total: under.total, verb: 'accept' });
  let accepted = 0;
  for (const { row } of await tickedRows(outside, connectorId, ticked)) if (await acceptOne(outside, actor, connector, row.drift)) accepted += 1;
  if (accepted === 0) throw NOBODY;
  return { connector, accepted };
}

async function acceptOne(outside: Pick<Outside, 'store' | 'clock' | 'chance'>, actor: Actor, connector: Connector, drift: Drift): Promise<boolean> {
  const key = accountKey(connector.id, drift.personId);
  const stored = await outside.store.get('account', key);
  if (stored === undefined) return false;
  const account = accepting(stored.value, drift, outside.clock.now());
  const row = audited(outside, actor, {
    ...{ action: 'sync.accept', connectorId: connector.id, subject: drift.personId },
    summary: `accepted in ${connector.name} what it has of ${drift.name}`,
    before: told(drift, 'after'),
    after: told(drift, 'before'),
  });
  // Seats are counted anew before another one is given out (E12): no run follows that would.
  const recount = holdsSeat(account) === holdsSeat(stored.value) ? [] : [put('seatBook', connector.instanceId, null)];
  return (await outside.store.transaction({ puts: [put('account', key, account, stored.version), ...recount], appends: [row] })) === 'committed';
}

/** The account as the books have it after its drift was accepted. Pure. */
function accepting(account: Account, drift: Drift, now: number): Account {
  const { invited: _, ...uninvited } = account;
  switch (drift.is) {
    case 'missing':
      return { ...uninvited, state: 'gone', timeline: [...account.timeline, [now, 'gone']] };
    case 'active':
      return switched(account, !drift.wanted, now);
    case 'changed': {
      const { pushed } = account;
      if (pushed === null) return account;
      const made: Record<string, string> = { ...pushed.made };
      // The empty text stands for no value: what was taken away stays away.
      for (const { attribute, before } of valuesIn(drift.changes)) made[attribute] = before ?? '';
      const accepted: Account = { ...account, pushed: { ...pushed, made, at: now } };
      return switchedIn(drift.changes) ? switched(accepted, false, now) : accepted;
    }
  }
}

function switched({ invited: _, ...account }: Account, active: boolean, now: number): Account {
  const state = active ? 'active' : 'inactive';
  return { ...account, state, deleteAt: null, timeline: [...account.timeline, [now, state]] };
}

/** What the audit says: what was pushed (`after`), or what the target has (`before`). */
function told(drift: Drift, side: 'before' | 'after'): Readonly<Record<string, string>> {
  switch (drift.is) {
    case 'missing':
      return { account: side === 'after' ? 'active' : 'missing' };
    case 'active':
      return { active: String((side === 'after') === drift.wanted) };
    case 'changed':
      return Object.fromEntries(drift.changes.flatMap((change) => (change[side] === null ? [] : [[change.attribute, change[side]]])));
  }
}
