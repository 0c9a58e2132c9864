import type { Outside } from '../../../ports/outside.ts';
import type { Append } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import type { Place } from '../../cards/card.ts';
import { newCard, redraw } from '../../cards/show.ts';
import { type Connector, type ConnectorId, isAdopting, type RehearsedSettings } from '../../connectors/connector.ts';
import { operationsPerRequest } from '../../connectors/dialect.ts';
import { SECOND } from '../../instant.ts';
import { put, revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import type { ChangeKind } from '../../sync/change.ts';
import { isAsleep, listFirst, seatTotal } from '../../sync/preview.ts';
import { type Planned, plan } from '../../sync/plan.ts';
import { type PlanSource, planSource } from '../../sync/plan-source.ts';
import type { RunScope } from '../../sync/run.ts';
import { seatEffect } from '../../sync/seat-effect.ts';
import { type Survey, survey } from '../../sync/survey.ts';
import { connectorOf, permittedScope } from '../../sync/verbs/permit.ts';
import { requireActive } from '../../sync/verbs/start.ts';
import { type Digest, digestOf } from '../digest.ts';
import { changesIn, type PlanId, type PlanOrigin, type PlannedChange, planCard, type StoredPlan, VALID } from '../plan.ts';
import { Risks } from '../risk.ts';

export type Planning = Pick<Outside, 'store' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'secrets' | 'targets' | 'paces' | 'cards'>;

/** Rows stored in one transaction. */
const BLOCK = 256;

const NO_CHANGES: Readonly<Record<ChangeKind, number>> = { create: 0, adopt: 0, update: 0, reactivate: 0, deactivate: 0, delete: 0, frozen: 0 };

/**
 * Begins a plan of what a sync would do (S6): its card stands at once, `buildPlan` fills it. Refused like a sync; made also while
 * one runs, since it writes nothing to the target.
 */
export async function makePlan(
  outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'settings' | 'cards'>,
  actor: Actor,
  wanted: { readonly connectorId: ConnectorId; readonly scope?: RunScope; readonly place: Place },
): Promise<StoredPlan> {
  const connector = await connectorOf(outside, actor, wanted.connectorId);
  const scope = await permittedScope(outside, actor, connector, wanted.scope ?? { is: 'all' });
  requireActive(connector, 'plan');
  return await startPlan(outside, connector, { origin: { is: 'sync' }, scope, by: actor, place: wanted.place });
}

/** The empty plan with its number, its card and its audit row, in one transaction. With no place it has no card and no row: it is not shown yet (`showPlan`). */
export async function startPlan(
  outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>,
  connector: Pick<Connector, 'id' | 'name'>,
  of: { readonly origin: PlanOrigin; readonly scope: RunScope; readonly by: Pick<Actor, 'userId' | 'way'>; readonly place: Place | null },
): Promise<StoredPlan> {
  for (;;) {
    const counter = await outside.store.get('counter', 'plan');
    const number = (counter?.value.value ?? 0) + 1;
    const now = outside.clock.now();
    const made: StoredPlan = {
      ...{ id: `L-${number}`, connectorId: connector.id, origin: of.origin, scope: of.scope, by: of.by.userId, madeAt: now, validUntil: now + VALID },
      ...{ hash: '', counts: NO_CHANGES, unchanged: 0, seconds: null, seats: { total: null, before: 0, after: 0 }, accounts: 0, risky: [] },
      ...{ state: { is: 'making' }, requestId: null, cardId: planCard(`L-${number}`) },
    };
    const outcome = await outside.store.transaction({
      puts: [
        put('counter', 'plan', { value: number }, counter?.version ?? 0),
        put('plan', made.id, made, 0),
        ...(of.place === null ? [] : [newCard(planCard(made.id), of.place, { is: 'plan', planId: made.id })]),
      ],
      appends: of.place === null ? [] : [madeRow(outside, connector, of.by, made.id)],
    });
    if (outcome === 'conflict') continue;
    if (of.place !== null) outside.cards.changed([planCard(made.id)]);
    return made;
  }
}

/** Puts up the card of a plan that was made without one. */
export async function showPlan(
  outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>,
  connector: Pick<Connector, 'id' | 'name'>,
  { plan: { id }, by, place }: { readonly plan: Pick<StoredPlan, 'id'>; readonly by: Pick<Actor, 'userId' | 'way'>; readonly place: Place },
): Promise<void> {
  const puts = [newCard(planCard(id), place, { is: 'plan', planId: id })];
  await outside.store.transaction({ puts, appends: [madeRow(outside, connector, by, id)] });
  outside.cards.changed([planCard(id)]);
}

function madeRow(
  outside: Pick<Outside, 'clock' | 'chance'>,
  connector: Pick<Connector, 'id' | 'name'>,
  by: Pick<Actor, 'userId' | 'way'>,
  planId: PlanId,
): Append {
  return audited(outside, by, { action: 'sync.plan', connectorId: connector.id, subject: planId, summary: `made plan ${planId} of ${connector.name}` });
}

/**
 * Fills a plan that is being made: every change goes into the log as it is decided, nobody is kept in memory. Writes nothing to
 * the target, which is listed first where it never was. Gives the plan as it stands afterwards: open, or void with the reason.
 * Called again after a crash it begins anew.
 */
export async function buildPlan(outside: Planning, planId: PlanId): Promise<StoredPlan | undefined> {
  const begun = (await outside.store.get('plan', planId))?.value;
  if (begun === undefined || begun.state.is !== 'making') return begun;
  const found = (await outside.store.get('connector', begun.connectorId))?.value;
  const settings = found?.inForce ?? null;
  if (found === undefined || settings === null || found.state.is !== 'active')
    return await settle(outside, planId, voided(outside, 'The connector is not active.'));
  const unlisted = found.listing === null ? await listFirst(outside, found, settings) : null;
  if (unlisted !== null) return await settle(outside, planId, voided(outside, `The accounts of ${found.name} could not be listed: ${unlisted}`));
  const connector = (await outside.store.get('connector', begun.connectorId))?.value ?? found;
  const source = await planSource(outside, connector, settings, outside.clock.now());
  const surveyed = await survey(source.everybody);
  const writer = new Writer(outside, begun, connector, settings, source);
  await writer.begin();
  for await (const page of plan(source.of(begun.scope), surveyed)) {
    writer.unchanged += page.unchanged;
    for (const planned of page.planned) await writer.add(planned);
  }
  return await settle(outside, planId, await writer.end(surveyed));
}

/** Stores exactly these changes as the plan, in the order given: for a plan that is not the planner's, like an undo (S19). */
export async function fillPlan(outside: Planning, planId: PlanId, changes: AsyncIterable<readonly Planned[]>): Promise<StoredPlan | undefined> {
  const begun = (await outside.store.get('plan', planId))?.value;
  if (begun === undefined || begun.state.is !== 'making') return begun;
  const connector = (await outside.store.get('connector', begun.connectorId))?.value;
  const settings = connector?.inForce ?? null;
  if (connector === undefined || settings === null) return await settle(outside, planId, voided(outside, 'The connector is not configured.'));
  const source = await planSource(outside, connector, settings, outside.clock.now());
  const surveyed = await survey(source.everybody);
  const writer = new Writer(outside, begun, connector, settings, source);
  await writer.begin();
  for await (const page of changes) for (const planned of page) await writer.add(planned);
  return await settle(outside, planId, await writer.end(surveyed));
}

type Settling = (plan: StoredPlan) => StoredPlan;

function voided(outside: Pick<Outside, 'clock'>, because: string): Settling {
  return (plan) => ({ ...plan, state: { is: 'voided', at: outside.clock.now(), because } });
}

/** The last word of its making; somebody may have cancelled it meanwhile. */
async function settle(outside: Pick<Outside, 'store' | 'cards'>, planId: PlanId, change: Settling): Promise<StoredPlan | undefined> {
  const plan = await revise(outside.store, 'plan', planId, (present) => (present.state.is === 'making' ? change(present) : null));
  await redraw(outside.store, planCard(planId), true);
  outside.cards.changed([planCard(planId)]);
  return plan;
}

/** Counts and stores a plan's changes as they come. */
class Writer {
  unchanged = 0;
  readonly #outside: Planning;
  readonly #plan: StoredPlan;
  readonly #connector: Connector;
  readonly #source: PlanSource;
  readonly #counts: Record<ChangeKind, number> = { ...NO_CHANGES };
  readonly #digest: Digest;
  readonly #risks: Risks;
  #seats = 0;
  #rows: PlannedChange[] = [];
  #told: number;

  constructor(outside: Planning, begun: StoredPlan, connector: Connector, settings: RehearsedSettings, source: PlanSource) {
    this.#outside = outside;
    this.#plan = begun;
    this.#connector = connector;
    this.#source = source;
    this.#digest = digestOf(outside.fingerprint, settings);
    this.#risks = new Risks(settings.matching);
    this.#told = outside.clock.now();
  }

  /** Rows of an attempt that a crash cut off go. */
  async begin(): Promise<void> {
    await this.#outside.store.transaction({ erase: [{ log: 'plan', partition: this.#plan.id }] });
  }

  async add(planned: Planned): Promise<void> {
    const { change, name, organizationId } = planned;
    this.#counts[change.is] += 1;
    this.#risks.add(planned);
    if (change.is === 'frozen') return;
    this.#seats += seatEffect(change, planned.account, isAsleep(this.#source, planned));
    const row: PlannedChange = { id: this.#outside.chance.id(), at: this.#plan.madeAt, personId: change.personId, name, organizationId, change };
    this.#digest.add(row);
    this.#rows.push(row);
    if (this.#rows.length >= BLOCK) await this.#store();
  }

  async end({ accounts, seats }: Pick<Survey, 'accounts' | 'seats'>): Promise<Settling> {
    await this.#store();
    const counts = { ...this.#counts };
    const { operating, dialect } = this.#connector;
    const { requestsPerSecond } = operating;
    const instance = (await this.#outside.store.get('instance', this.#connector.instanceId))?.value;
    const before = seats + (this.#connector.listing?.unmanagedActive ?? 0);
    const after = before + this.#seats;
    const changes = changesIn({ counts });
    const requests = Math.ceil(changes / operationsPerRequest(operating, dialect));
    const now = this.#outside.clock.now();
    return (plan) => ({
      ...plan,
      origin: plan.origin.is === 'sync' && counts.adopt > 0 && !isAdopting(this.#connector) ? { is: 'first-adoption' } : plan.origin,
      hash: this.#digest.value(),
      counts,
      unchanged: this.unchanged,
      seconds: requestsPerSecond === null ? null : Math.ceil(requests / requestsPerSecond),
      seats: { total: seatTotal(instance), before, after },
      accounts,
      risky: this.#risks.shown(),
      madeAt: now,
      validUntil: now + VALID,
      state: changes === 0 ? { is: 'voided', at: now, because: 'There is nothing to change.' } : { is: 'open' },
    });
  }

  async #store(): Promise<void> {
    const { store, clock, cards } = this.#outside;
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) await store.transaction({ appends: rows.map((row) => ({ log: 'plan', partition: this.#plan.id, row })) });
    if (clock.now() - this.#told < SECOND) return;
    this.#told = clock.now();
    const told = { counts: { ...this.#counts }, unchanged: this.unchanged };
    await revise(store, 'plan', this.#plan.id, (present) => (present.state.is === 'making' ? { ...present, ...told } : null));
    await redraw(store, planCard(this.#plan.id), false);
    cards.changed([planCard(this.#plan.id)]);
  }
}
