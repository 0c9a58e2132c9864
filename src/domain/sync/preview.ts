import type { Outside } from '../../ports/outside.ts';
import { SecretFault } from '../../ports/secrets.ts';
import type { Instance } from '../catalog/catalog.ts';
import { type Connector, type ConnectorId, isAdopting, type RehearsedSettings } from '../connectors/connector.ts';
import { operationsPerRequest } from '../connectors/dialect.ts';
import { sealedFor } from '../connectors/settings.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { PersonId } from '../directory/person.ts';
import type { HoldReason } from '../holds/hold.ts';
import { type Standing, standingOf } from '../holds/standing.ts';
import { type ChangeKind, waitsFor } from './change.ts';
import { fuse, shownRemovals } from './fuse.ts';
import { neverFree, stranded } from './handovers.ts';
import { listTarget } from './listing.ts';
import { isRemoval, type Planned, plan, sparedOf } from './plan.ts';
import { type PlanSource, planSource } from './plan-source.ts';
import type { RunScope } from './run.ts';
import { seatEffect } from './seat-effect.ts';
import { type Survey, survey } from './survey.ts';
import { Tongue } from './tongue.ts';

/** What a run would do now. */
export interface Preview {
  readonly connectorId: ConnectorId;
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly unchanged: number;
  /** The first names of each kind. */
  readonly names: Readonly<Record<ChangeKind, readonly string[]>>;
  /** Requests that it takes at least, and the seconds that the rate limit makes of them; null without a limit. */
  readonly requests: number;
  readonly seconds: number | null;
  /** Active accounts in the target, hand-made ones included (E12); `after` once everything is done. `total` null: unlimited or unknown. */
  readonly seats: { readonly total: number | null; readonly before: number; readonly after: number };
  /** Removals that would be held back, and of how many accounts: by the fuse or an open hold (S14), or by a freeze (S21). `by` is absent for none. */
  readonly held: { readonly removals: number; readonly accounts: number; readonly by?: HoldReason };
  /** People whom it would spare since they are protected (A7); those whose account stays as it is are counted as frozen too. */
  readonly protected: { readonly count: number; readonly names: readonly string[] };
  /** Null: the target's accounts are known. Otherwise why they are not: "create" may turn out to be "adopt". */
  readonly unlisted: string | null;
}

const NAMES = 10;

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'breath' | 'secrets' | 'targets' | 'paces'>;

/**
 * Plans without doing anything. Where the target was never listed it is listed first: read only (S6, S8). Undefined
 * where the connector is unknown or has no settings in force.
 */
export async function preview(outside: World, connectorId: ConnectorId, scope: RunScope = { is: 'all' }): Promise<Preview | undefined> {
  const stored = await outside.store.get('connector', connectorId);
  const settings = stored?.value.inForce ?? null;
  if (stored === undefined || settings === null) return undefined;
  const unlisted = stored.value.listing === null ? await listFirst(outside, stored.value, settings) : null;
  const connector = (await outside.store.get('connector', connectorId))?.value ?? stored.value;
  const source = await planSource(outside, connector, settings, outside.clock.now());
  const surveyed = await survey(source.everybody);
  const instance = await outside.store.get('instance', connector.instanceId);
  const standing = await standingOf(outside.store, connectorId, outside.clock.now());
  return await tally({ connector, source, survey: surveyed, instance: instance?.value, unlisted, scope, standing });
}

/** Lists a target that never was, read only; null when all of it was seen, otherwise why not. */
export async function listFirst(outside: World, connector: Connector, settings: RehearsedSettings): Promise<string | null> {
  try {
    const { host } = new URL(settings.baseUrl);
    const token = await outside.secrets.reveal(settings.secret, sealedFor(connector.id, host), host);
    const target = outside.targets.open(settings.baseUrl, token, connector.operating.concurrency, new Tongue(connector.dialect));
    const pace = outside.paces.of(settings.baseUrl, connector.operating.requestsPerSecond);
    const { complete, reason } = await listTarget(outside, { connector, matching: settings.matching, target, pace });
    return complete ? null : (reason ?? 'The listing was not complete.');
  } catch (fault) {
    if (fault instanceof TargetFault || fault instanceof SecretFault) return fault.message;
    throw fault;
  }
}

/** What a tally is made of. */
export interface Basis {
  readonly connector: Connector;
  readonly source: PlanSource;
  readonly survey: Survey;
  readonly instance: Instance | undefined;
  readonly unlisted: string | null;
  readonly scope: RunScope;
  /** Holds, releases and freezes as they stand. */
  readonly standing: Standing;
  /** Told of every change as it is counted. */
  readonly each?: (planned: Planned) => void;
}

/** Counts a plan: what a run of it would do. */
export async function tally({ connector, source, survey: surveyed, instance, unlisted, scope, standing, each }: Basis): Promise<Preview> {
  const counts: Record<ChangeKind, number> = { create: 0, adopt: 0, update: 0, reactivate: 0, deactivate: 0, delete: 0, frozen: 0 };
  const names: Record<ChangeKind, string[]> = { create: [], adopt: [], update: [], reactivate: [], deactivate: [], delete: [], frozen: [] };
  const removals: Planned[] = [];
  const waiting: Planned[] = [];
  const spared = { count: 0, names: [] as string[] };
  // Where nothing is managed yet a run only makes a plan, which holds the adoptions too: then that is what is counted (S26).
  const keepsAdoptions = surveyed.managed > 0 && !isAdopting(connector);
  const stuck: PersonId[] = [];
  const { breath, matching } = source.everybody;
  let unchanged = 0;
  let seats = 0;
  const count = (planned: Planned): void => {
    const { change } = planned;
    each?.(planned);
    counts[change.is] += 1;
    if (names[change.is].length < NAMES) names[change.is].push(planned.name);
    if (sparedOf(change) !== undefined) {
      spared.count += 1;
      if (spared.names.length < NAMES) spared.names.push(planned.name);
    }
    // What the fuse may hold back is looked at when all removals are counted.
    if (isRemoval(change)) removals.push(planned);
    else seats += seatEffect(change, planned.account, isAsleep(source, planned));
  };
  for await (const page of plan(source.of(scope), surveyed)) {
    unchanged += page.unchanged;
    for (const planned of page.planned) {
      const isKeptBack = keepsAdoptions && planned.change.is === 'adopt';
      if (isKeptBack) stuck.push(planned.change.personId);
      if (isKeptBack || waitsFor(planned.change) === undefined) count(planned);
      else waiting.push(planned);
    }
  }
  const { held, reason } = fuse(removals, connector.operating.fuse, surveyed.accounts, shownRemovals(source.assignments), {
    standing,
    whole: scope.is === 'all',
  });
  for (const { change } of waiting.length === 0 ? [] : held) stuck.push(change.personId);
  const left = await stranded(waiting, stuck, breath);
  for (const planned of waiting) {
    const pause = breath.due();
    if (pause !== undefined) await pause;
    const { personId } = planned.change;
    const because = left.has(personId) ? neverFree(planned.change, matching) : undefined;
    count(because === undefined ? planned : { ...planned, change: { is: 'frozen', personId, because } });
  }
  const writes = counts.create + counts.adopt + counts.update + counts.reactivate + removals.length - held.length;
  const requests = Math.ceil(writes / operationsPerRequest(connector.operating, connector.dialect));
  const rate = connector.operating.requestsPerSecond;
  const before = surveyed.seats + (connector.listing?.unmanagedActive ?? 0);
  const kept = new Set(held);
  for (const removal of removals) if (!kept.has(removal)) seats += seatEffect(removal.change, removal.account, false);
  return {
    connectorId: connector.id,
    counts,
    unchanged,
    names,
    requests,
    seconds: rate === null ? null : Math.ceil(requests / rate),
    seats: { total: seatTotal(instance), before, after: before + seats },
    held: { removals: held.length, accounts: surveyed.accounts, ...(reason === null ? {} : { by: reason }) },
    protected: spared,
    unlisted,
  };
}

/** Whether the account to adopt is inactive in the target: adopting it takes a seat. */
export function isAsleep(source: PlanSource, { change }: Planned): boolean {
  if (change.is !== 'adopt') return false;
  const { sightings, matching } = source.everybody;
  const seen = [...sightings.byExternalId(change.personId), ...sightings.byMatch(change.values[matching] ?? '')];
  return seen.some((sighting) => sighting.targetId === change.targetId && !sighting.active);
}

export function seatTotal(instance: Instance | undefined): number | null {
  return instance === undefined || instance.seats.is === 'unlimited' ? null : instance.seats.total;
}
