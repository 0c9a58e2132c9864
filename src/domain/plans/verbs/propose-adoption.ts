import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import { type Connector, ownerOf } from '../../connectors/connector.ts';
import { revise } from '../../revise.ts';
import { redraw } from '../../cards/show.ts';
import { cardShowing } from '../../sync/ledger.ts';
import type { Run } from '../../sync/run.ts';
import { planCard, type StoredPlan } from '../plan.ts';
import { buildPlan, type Planning, startPlan } from './make.ts';

/**
 * The plan by which the first adoption on a target is approved (S26), made for a run that met accounts which it would adopt. It
 * takes the place of an earlier one that still waits. Gives the run's words.
 */
export async function proposeAdoption(outside: Planning, run: Run): Promise<string> {
  const connector = (await outside.store.get('connector', run.connectorId))?.value;
  if (connector === undefined) return 'The connector is gone.';
  const before = await waiting(outside, run.connectorId);
  const begun = await startPlan(outside, connector, {
    origin: { is: 'first-adoption' },
    scope: run.scope,
    by: { userId: run.by, way: 'job' },
    place: await placeOf(outside, run, connector),
  });
  const made = (await buildPlan(outside, begun.id)) ?? begun;
  for (const old of before) await overtaken(outside, old, made);
  const accounts = `${made.counts.adopt} ${made.counts.adopt === 1 ? 'account' : 'accounts'}`;
  return `${accounts} in ${connector.name} exist already and are not managed yet. Nothing is adopted on a target before somebody approves it: ${made.id} waits for that.`;
}

/** Where the run's own message stands; a scheduled run's plan goes to whoever answers for the connector. */
async function placeOf(outside: Pick<Outside, 'store'>, run: Run, connector: Connector): Promise<Place> {
  const place = (await outside.store.get('card', cardShowing(run)))?.value.place;
  if (place !== undefined && place.is !== 'view') return place;
  return { is: 'person', userId: ownerOf(connector) };
}

async function waiting(outside: Pick<Outside, 'store'>, connectorId: string): Promise<readonly StoredPlan[]> {
  const found: StoredPlan[] = [];
  for await (const page of outside.store.scan('plan'))
    for (const { value } of page)
      if (value.connectorId === connectorId && value.origin.is === 'first-adoption' && (value.state.is === 'open' || value.state.is === 'making'))
        found.push(value);
  return found;
}

async function overtaken(outside: Pick<Outside, 'store' | 'clock' | 'cards'>, old: StoredPlan, made: StoredPlan): Promise<void> {
  await revise(outside.store, 'plan', old.id, (present) =>
    present.state.is === 'open' || present.state.is === 'making'
      ? { ...present, state: { is: 'voided', at: outside.clock.now(), because: `${made.id} of a later sync took its place.` } }
      : null,
  );
  await redraw(outside.store, planCard(old.id), true);
  outside.cards.changed([planCard(old.id)]);
}
