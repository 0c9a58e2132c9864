import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import type { Connector } from '../../connectors/connector.ts';
import { protectedIn } from '../../protected/protected-in.ts';
import type { StoredPlan } from '../../plans/plan.ts';
import { fillPlan, type Planning, startPlan } from '../../plans/verbs/make.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { MANAGER } from '../../connectors/mapping.ts';
import { accountKey } from '../../sync/account.ts';
import type { NameHolder } from '../../sync/change.ts';
import type { ProvisioningEvent } from '../../sync/event.ts';
import { Links } from '../../sync/links.ts';
import type { Planned } from '../../sync/plan.ts';
import type { Run, RunId } from '../../sync/run.ts';
import { requireSteering } from '../../sync/verbs/permit.ts';
import { seenRun } from '../../sync/verbs/seen-run.ts';
import { requireActive } from '../../sync/verbs/start.ts';
import { compensate, type Guard, notUndoneWords } from '../compensate.ts';

/**
 * Begins the plan that undoes a run (S19); `buildUndo` fills it, and it is applied like any plan. Refused without the right to
 * run what the run was about, while the run goes on, and where it changed nothing.
 */
export async function undoRun(
  outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'settings' | 'cards'>,
  actor: Actor,
  { runId, place }: { readonly runId: RunId; readonly place: Place },
): Promise<{ readonly plan: StoredPlan; readonly run: Run; readonly connector: Connector }> {
  const { run, visible } = await seenRun(outside, actor, runId);
  const { connector } = visible;
  await requireSteering(outside, actor, connector, run);
  requireActive(connector, 'undo');
  if (run.state.is !== 'ended')
    throw new Refusal({ is: 'running', connectorId: connector.id, connector: connector.name, runId: run.id, done: run.done, total: run.total, verb: 'undo' });
  const { created, adopted, updated, reactivated, deactivated, deleted } = run.counts;
  if (created + adopted + updated + reactivated + deactivated + deleted === 0) throw new Refusal({ is: 'nothing-to-do', detail: `${run.id} changed nothing.` });
  const plan = await startPlan(outside, connector, { origin: { is: 'undo', runId }, scope: run.scope, by: actor, place });
  return { plan, run, connector };
}

/** What of a run can't be undone, by reason: how many, and the first names. */
export interface LeftOver {
  readonly why: string;
  readonly count: number;
  readonly names: readonly string[];
}

const NAMES = 5;

/** Fills the plan from the run's events, streamed; called again after a crash it begins anew. */
export async function buildUndo(outside: Planning, plan: StoredPlan): Promise<{ readonly plan: StoredPlan; readonly left: readonly LeftOver[] }> {
  if (plan.origin.is !== 'undo') return { plan, left: [] };
  const left = new Map<string, { count: number; names: string[] }>();
  const filled = await fillPlan(outside, plan.id, compensations(outside, plan, plan.origin.runId, left));
  return { plan: filled ?? plan, left: [...left].map(([why, { count, names }]) => ({ why, count, names })) };
}

async function* compensations(
  outside: Pick<Outside, 'store' | 'breath'>,
  plan: StoredPlan,
  runId: RunId,
  left: Map<string, { count: number; names: string[] }>,
): AsyncGenerator<readonly Planned[]> {
  const { store } = outside;
  const shields = await protectedIn(store, plan.connectorId);
  const settings = (await store.get('connector', plan.connectorId))?.value.inForce;
  const tierAttribute = settings?.tierAttribute ?? null;
  const owners = new Links(store, plan.connectorId);
  // Newest first: of somebody whom the run changed twice the later change is taken back, and the earlier one reads as changed since.
  const seen = new Set<string>();
  // Who got a name last gives it back first.
  const given = new Map<string, NameHolder>();
  // But for a manager, who is linked in a second pass: that goes back with what was done in the first (S24).
  const links = new Map<string, ProvisioningEvent>();
  const undo = async (event: ProvisioningEvent): Promise<Planned> => {
    const before = event.changes.find(({ attribute }) => attribute === MANAGER)?.before ?? null;
    const managerGone = before !== null && (await owners.ownerOf(before)) === undefined;
    return await undoing(store, event, { shield: shields.get(event.subjectId), tierAttribute, managerGone }, left);
  };
  for await (const rows of store.rows('event', { partition: plan.connectorId, match: { runId, success: true }, order: 'newest' })) {
    const planned: Planned[] = [];
    for (const { row } of rows) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      if (seen.has(row.subjectId)) continue;
      const link = links.get(row.subjectId);
      if (link === undefined && isLink(row)) {
        links.set(row.subjectId, row);
        continue;
      }
      seen.add(row.subjectId);
      links.delete(row.subjectId);
      planned.push(inTurn(await undo(link === undefined ? row : together(row, link)), settings?.matching, given));
    }
    yield planned;
  }
  for (const link of links.values()) yield [await undo(link)];
}

/** Waits for who gives up the name that they get back; `given` are those given up so far, in lower case. */
function inTurn(planned: Planned, matching: string | undefined, given: Map<string, NameHolder>): Planned {
  const { change } = planned;
  const name = 'changes' in change ? change.changes.find(({ attribute }) => attribute === matching) : undefined;
  if (name === undefined || !('changes' in change)) return planned;
  const { personId, targetId } = change;
  const after = name.after === null ? undefined : given.get(name.after.toLowerCase());
  if (name.before !== null) given.set(name.before.toLowerCase(), { personId, targetId });
  return after === undefined ? planned : { ...planned, change: { ...change, after } };
}

function isLink({ type, changes }: ProvisioningEvent): boolean {
  return type === 'user_update_provision' && changes.length > 0 && changes.every(({ attribute }) => attribute === MANAGER);
}

/** What two events of one run did to an account, told as one. */
function together(first: ProvisioningEvent, link: ProvisioningEvent): ProvisioningEvent {
  const begun = first.changes.find(({ attribute }) => attribute === MANAGER);
  const linked = link.changes.map((change) => (begun === undefined ? change : { ...change, before: begun.before }));
  return { ...first, changes: [...first.changes.filter((change) => change !== begun), ...linked] };
}

async function undoing(
  store: Outside['store'],
  event: ProvisioningEvent,
  guard: Omit<Guard, 'offboarded'>,
  left: Map<string, { count: number; names: string[] }>,
): Promise<Planned> {
  const { subjectId: personId, subjectName: name } = event;
  const account = (await store.get('account', accountKey(event.connectorId, personId)))?.value;
  const offboarding = (await store.get('offboarding', personId))?.value;
  const offboarded = offboarding !== undefined && offboarding.released === null;
  const undone = compensate(event, account, { ...guard, offboarded });
  const of = { account, name, organizationId: (await store.get('person', personId))?.value.organizationId ?? null };
  if (undone.is === 'change') return { ...of, change: undone.change };
  const why = notUndoneWords(undone);
  const known = left.get(why) ?? { count: 0, names: [] };
  known.count += 1;
  if (known.names.length < NAMES) known.names.push(name);
  left.set(why, known);
  return { ...of, change: { is: 'frozen', personId, because: { is: 'changed-since-plan', now: why } } };
}

/** At start: undo plans whose making a crash cut off are made anew. */
export async function takeUpUndo(outside: Planning): Promise<void> {
  const left: StoredPlan[] = [];
  for await (const page of outside.store.scan('plan'))
    for (const { value } of page) if (value.state.is === 'making' && value.origin.is === 'undo') left.push(value);
  for (const plan of left) await buildUndo(outside, plan);
}
