import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import { redraw } from '../../cards/show.ts';
import { type Connector, ownerOf } from '../../connectors/connector.ts';
import { put, revise } from '../../revise.ts';
import { cardShowing } from '../../sync/run-card.ts';
import type { Run } from '../../sync/run.ts';
import { plansOf } from '../closing.ts';
import { endPlan } from '../over.ts';
import { type PlanId, planCard, type StoredPlan } from '../plan.ts';
import { buildPlan, type Planning, showPlan, startPlan } from './make.ts';

/**
 * The plan by which the first adoption on a target is approved (S26), made for a run that met accounts which it would adopt. It
 * takes the place of an earlier one that still waits; one that says the same goes on waiting instead, in the message that is there, also
 * where its day was over. Gives the run's words.
 */
export async function proposeAdoption(outside: Planning, run: Run): Promise<string> {
  const connector = (await outside.store.get('connector', run.connectorId))?.value;
  if (connector === undefined) return 'The connector is gone.';
  const by = { userId: run.by, way: 'job' } as const;
  const before = (await plansOf(outside, run.connectorId)).filter(isAdoption);
  const begun = await startPlan(outside, connector, { origin: { is: 'first-adoption' }, scope: run.scope, by, place: null });
  const made = (await buildPlan(outside, begun.id)) ?? begun;
  const same = await renewed(outside, before, made);
  const plan = same ?? made;
  // One that is there already may have been made by this run before a crash, and never shown.
  if ((await outside.store.get('card', planCard(plan.id))) === undefined)
    await showPlan(outside, connector, { plan, by, place: await placeOf(outside, run, connector) });
  for (const old of before) if (old.id !== same?.id) await overtaken(outside, old.id, plan);
  const accounts = `${made.counts.adopt} ${made.counts.adopt === 1 ? 'account' : 'accounts'}`;
  return `${accounts} in ${connector.name} exist already and are not managed yet. Nothing is adopted on a target before somebody approves it: ${plan.id} waits for that.`;
}

/** Where the run's own message stands; a scheduled run's plan goes to whoever answers for the connector. */
async function placeOf(outside: Pick<Outside, 'store'>, run: Run, connector: Connector): Promise<Place> {
  const place = (await outside.store.get('card', cardShowing(run)))?.value.place;
  if (place !== undefined && place.is !== 'view') return place;
  return { is: 'person', userId: ownerOf(connector) };
}

/** One that waits, or whose day is over without a word; what somebody cancelled is asked for anew. */
function isAdoption({ origin, state }: StoredPlan): boolean {
  return origin.is === 'first-adoption' && (state.is === 'open' || state.is === 'making' || state.is === 'expired');
}

/** The latest of them, where it holds exactly the same changes under the same settings: it is valid for another day, and the plan that was made for comparing goes. */
async function renewed(outside: Planning, before: readonly StoredPlan[], made: StoredPlan): Promise<StoredPlan | undefined> {
  const latest = before.toSorted((a, b) => b.madeAt - a.madeAt)[0];
  if (latest === undefined || made.state.is !== 'open' || latest.hash !== made.hash || latest.scope.is !== made.scope.is) return undefined;
  const { madeAt, validUntil } = made;
  let isRenewed = false;
  const plan = await revise(outside.store, 'plan', latest.id, (present) => {
    isRenewed = isAdoption(present) && present.hash === made.hash;
    const requestId = present.state.is === 'expired' ? null : present.requestId;
    return isRenewed ? { ...present, madeAt, validUntil, requestId, state: { is: 'open' } } : null;
  });
  if (plan === undefined || !isRenewed) return undefined;
  await outside.store.transaction({ puts: [put('plan', made.id, null)], erase: [{ log: 'plan', partition: made.id }] });
  await redraw(outside.store, planCard(plan.id), true);
  outside.cards.changed([planCard(plan.id)]);
  return plan;
}

async function overtaken(outside: Planning, old: PlanId, made: StoredPlan): Promise<void> {
  const because = `${made.id} of a later sync took its place.`;
  await endPlan(outside, old, because, (present) =>
    present.state.is === 'open' || present.state.is === 'making' ? { ...present, state: { is: 'voided', at: outside.clock.now(), because } } : null,
  );
}
