import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPaces } from '../../../src/adapters/bottleneck/pace.ts';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { type JsonStore, openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import type { Assignment } from '../../../src/domain/assignments/assignment.ts';
import { type Connector, DEFAULT_OPERATING, type OperatingSettings, type RehearsedSettings } from '../../../src/domain/connectors/connector.ts';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import type { Grouping } from '../../../src/domain/directory/grouping.ts';
import type { Organization } from '../../../src/domain/directory/organization.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import { TargetBrake } from '../../../src/domain/halts/brake.ts';
import { MINUTE } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Actor, Grant, Role } from '../../../src/domain/rights/grant.ts';
import type { Account } from '../../../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../../../src/domain/sync/event.ts';
import { executeRun, type RunHooks } from '../../../src/domain/sync/verbs/execute.ts';
import type { Run, RunScope } from '../../../src/domain/sync/run.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Pace } from '../../../src/ports/pace.ts';
import type { Documents, Kind, Put, Store } from '../../../src/ports/store.ts';
import type { Targets } from '../../../src/ports/target.ts';
import { type ManualClock, MORNING } from '../../clock.ts';

export const TOKEN = 'sandbox-token';
export const CONNECTOR = 'c1';
export const TEACHERS = 'csv:school/role/teacher';
export const STAFF = 'csv:school/role/staff';

export function person(id: string, changes: Partial<Omit<Person, 'attributes'>> & { readonly attributes?: Person['attributes'] } = {}): Person {
  const attributes = { userName: id, email: `${id}@example.org`, givenName: id, familyName: 'Example' };
  return {
    id: `csv:${id}`,
    source: 'csv',
    sourceId: id,
    organizationId: 'csv:school',
    groupings: [TEACHERS],
    status: 'active',
    ...changes,
    attributes: { ...attributes, ...changes.attributes },
  };
}

export function people(count: number, changes: Parameters<typeof person>[1] = {}): Person[] {
  return Array.from({ length: count }, (_, at) => person(`p${String(at).padStart(5, '0')}`, changes));
}

export function assignment(number: number, groupingId = TEACHERS, changes: Partial<Assignment> = {}): Assignment {
  const base = { id: `${CONNECTOR}/${number}`, connectorId: CONNECTOR, organizationId: 'csv:school', groupingId, by: 'U1', why: null };
  return { ...base, requestedAt: MORNING - 60 * MINUTE, effectiveAt: MORNING - 60 * MINUTE, ended: null, ...changes };
}

export function organization(id: string, name: string, parentId: string | null): Organization {
  return { id, source: 'csv', sourceId: id.slice(4), name, kind: 'school', parentId, timeZone: null };
}

function grouping(id: string, name: string, organizationId = 'csv:school'): Grouping {
  return { id, organizationId, kind: 'role', sourceId: id.slice(id.lastIndexOf('/') + 1), name };
}

export function connector(
  baseUrl: string,
  changes: { readonly settings?: Partial<RehearsedSettings>; readonly operating?: Partial<OperatingSettings>; readonly connector?: Partial<Connector> } = {},
): Connector {
  const settings: RehearsedSettings = {
    baseUrl,
    testEmail: 'test@example.org',
    manageGroups: false,
    matching: 'userName',
    mapping: defaultMapping(),
    tierAttribute: null,
    leavers: { are: 'deactivated' },
    secret: { is: 'reference', name: 'env:USHER_SECRET_TEST' },
    ...changes.settings,
  };
  return {
    id: CONNECTOR,
    name: 'Portal',
    entryId: 'custom',
    instanceId: 'i1',
    organizationId: 'csv:district',
    state: { is: 'active', since: MORNING - 60 * MINUTE },
    health: { is: 'unknown' },
    inForce: settings,
    draft: null,
    operating: { ...DEFAULT_OPERATING, ...changes.operating },
    rehearsal: null,
    lastAssign: null,
    lastProvision: null,
    listing: null,
    // The first adoption is a matter of its own (test/domain/plans): here it was approved.
    adoption: { at: MORNING - 60 * MINUTE, by: 'U1', baseUrl },
    createdAt: MORNING,
    createdBy: 'U1',
    ...changes.connector,
  };
}

export function actor(role: Role = 'operator', organizationId: string | null = null, userId = 'U1'): Actor {
  const grant: Grant = { teamId: 'T1', userId, role, organizationId };
  return { teamId: 'T1', userId, way: 'command', grants: [grant] };
}

/** The sync engine over a real store and the real wire; `work` and `cards` only remember what they were told. */
export async function world({
  clock = createClock(),
  allow = [],
  targets,
  pace = (present) => present,
  folder: given,
  around = (store) => store,
}: {
  readonly clock?: Clock;
  readonly allow?: readonly string[];
  readonly targets?: Targets;
  readonly pace?: (pace: Pace) => Pace;
  /** Where the store is, made by somebody else; without it a folder of its own, which goes with the world. */
  readonly folder?: string;
  /** What the engine has for a store. */
  readonly around?: (store: Store) => Store;
} = {}) {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'usher-sync-')));
  const log = { info() {}, warn() {}, error() {} };
  const open = (): Promise<JsonStore> => openJsonStore({ folder, clock, log });
  let store = await open();
  // One and the same until a restart: turns and memories are kept by it.
  let engines = around(store);
  const wire = createTargets({ allow, clock });
  const paces = createPaces({ clock });
  const brake = new TargetBrake();
  const handed: string[] = [];
  const drawn: string[] = [];
  const wakers = new Map<string, () => Promise<void>>();
  const listening = (runId: string) => ({ listening: (wake: () => Promise<void>) => void wakers.set(runId, wake) });
  const outside = () => ({
    settings: { name: 'usher', timeZone: 'Europe/Berlin', grants: [], importThreshold: { people: 10, percent: 10 } },
    store: engines,
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    calendar: createCalendar(),
    secrets: {
      keyId: 'k1',
      sealedWith: () => 'k1',
      seal: () => ({ is: 'sealed' as const, box: '' }),
      reseal: () => ({ is: 'sealed' as const, box: '' }),
      references: () => [],
      reveal: async () => TOKEN,
    },
    targets: brake.before(targets ?? wire),
    brake,
    paces: { of: (baseUrl: string, limit: number | null) => pace(paces.of(baseUrl, limit)) },
    cards: { changed: (ids: readonly string[]) => void drawn.push(...ids) },
    work: { run: (id: string) => void handed.push(id), rehearse: () => {}, mail: () => {}, activate: () => {} },
    log,
  });
  const all = async <K extends Kind>(kind: K, prefix = ''): Promise<Documents[K][]> => {
    const rows: Documents[K][] = [];
    for await (const page of store.scan(kind, { prefix })) for (const { value } of page) rows.push(value);
    return rows;
  };
  const write = async (puts: readonly Put[]): Promise<void> => {
    for (let at = 0; at < puts.length; at += 1_000) await store.transaction({ puts: puts.slice(at, at + 1_000) });
  };
  return {
    get outside() {
      return outside();
    },
    folder,
    handed,
    drawn,
    all,
    write,
    put: async <K extends Kind>(kind: K, key: string, value: Documents[K] | null): Promise<void> => write([put(kind, key, value)]),
    seed: async (given: Connector, folk: readonly Person[], assignments: readonly Assignment[] = [assignment(1)]): Promise<void> => {
      const organizations = [
        organization('csv:district', 'District', null),
        organization('csv:school', 'North School', 'csv:district'),
        organization('csv:other', 'South School', 'csv:district'),
      ];
      await write([
        put('connector', given.id, given),
        put('instance', 'i1', { id: 'i1', application: 'Portal', name: 'Portal', organizationId: 'csv:district', seats: { is: 'unlimited' } }),
        ...organizations.map((each) => put('organization', each.id, each)),
        ...[grouping(TEACHERS, 'Teachers'), grouping(STAFF, 'Staff')].map((each) => put('grouping', each.id, each)),
        ...assignments.map((each) => put('assignment', each.id, each)),
        ...folk.map((each) => put('person', each.id, each)),
      ]);
    },
    people: async (folk: readonly Person[]): Promise<void> => write(folk.map((each) => put('person', each.id, each))),
    /** Starts a run as an operator and carries it out. */
    sync: async (scope: RunScope = { is: 'all' }, hooks: RunHooks = {}): Promise<Run> => {
      const run = await startSync(outside(), actor(), { connectorId: CONNECTOR, scope });
      return await finished(await executeRun(outside(), run.id, { ...listening(run.id), ...hooks }));
    },
    execute: async (runId: string, hooks: RunHooks = {}): Promise<Run> => await finished(await executeRun(outside(), runId, { ...listening(runId), ...hooks })),
    /** What the worker does when a running run is handed to it again; resolves when the run has read what was asked. */
    wake: async (runId: string): Promise<void> => {
      await wakers.get(runId)?.();
    },
    accounts: (): Promise<Account[]> => all('account', `${CONNECTOR}/`),
    account: async (id: string): Promise<Account | undefined> => (await store.get('account', `${CONNECTOR}/csv:${id}`))?.value,
    events: async (runId?: string): Promise<ProvisioningEvent[]> => {
      const rows: ProvisioningEvent[] = [];
      const query = { partition: CONNECTOR, order: 'oldest' as const, ...(runId === undefined ? {} : { match: { runId } }) };
      for await (const page of store.rows('event', query)) rows.push(...page.map(({ row }) => row));
      return rows;
    },
    connector: async (): Promise<Connector> => {
      const stored = await store.get('connector', CONNECTOR);
      if (stored === undefined) throw new Error('the connector is gone');
      return stored.value;
    },
    /** Closes the store and opens it again, as a restart does. */
    restart: async (): Promise<void> => {
      await store.close();
      store = await open();
      engines = around(store);
    },
    close: async (): Promise<void> => {
      paces.close();
      await wire.close();
      await store.close();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
export type World = Awaited<ReturnType<typeof world>>;

async function finished(run: Run | undefined): Promise<Run> {
  if (run === undefined) throw new Error('there was no such run');
  return run;
}

/** Lets time pass, whenever something waits for it, until the work is over. */
export async function patiently<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let over = false;
  const watched = work.finally(() => {
    over = true;
  });
  watched.catch(() => {});
  while (!over) {
    await Promise.race([watched.catch(() => {}), clock.waited()]);
    if (!over) await clock.advanceToNext();
  }
  return await watched;
}

export function ended(run: Run): Extract<Run['state'], { is: 'ended' }> {
  if (run.state.is !== 'ended') throw new Error(`the run is ${run.state.is}`);
  return run.state;
}
