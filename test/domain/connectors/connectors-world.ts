import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createPaces } from '../../../src/adapters/bottleneck/pace.ts';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { createSecrets } from '../../../src/adapters/system/secrets.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import type { Assignment } from '../../../src/domain/assignments/assignment.ts';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import { saveDraft } from '../../../src/domain/connectors/verbs/configure.ts';
import { createConnector } from '../../../src/domain/connectors/verbs/create.ts';
import { performRehearsal, startRehearsal } from '../../../src/domain/connectors/verbs/rehearse.ts';
import { saveSecret } from '../../../src/domain/connectors/verbs/secret.ts';
import { activate } from '../../../src/domain/connectors/verbs/states.ts';
import type { Organization } from '../../../src/domain/directory/organization.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Actor, Grant, Role } from '../../../src/domain/rights/grant.ts';
import type { Account } from '../../../src/domain/sync/account.ts';
import { executeRun } from '../../../src/domain/sync/verbs/execute.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Documents, Kind, Log, Logs } from '../../../src/ports/store.ts';
import type { Admin } from '../../../src/sandbox/scim/admin-client.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import { manualClock, MORNING } from '../../clock.ts';
import { patiently } from '../sync/world.ts';

export { patiently };

export const TOKEN = 'sandbox-token';
export const REFERENCE = 'env:USHER_SECRET_TARGET';
export const TEST_EMAIL = 'usher-test@riverside.example';

const TEAM = 'T1';
const ORGANIZATIONS = [organization('district', null), organization('north', 'district'), organization('south', 'district'), organization('lab', 'north')];

function organization(id: string, parentId: string | null): Organization {
  return { id, source: 'csv', sourceId: id, name: id, kind: 'school', parentId, timeZone: null };
}

/** Somebody with a role at an organization and below; null is everywhere. */
export function actor(role: Role, organizationId: string | null = null, userId = 'U1'): Actor {
  return { teamId: TEAM, userId, way: 'command', grants: [{ teamId: TEAM, userId, role, organizationId }] };
}

export const ANA = actor('admin', null, 'U0ANA');

export function person(id: string, organizationId: string, groupings: readonly string[], status: Person['status'] = 'active'): Person {
  const attributes = { userName: id, email: `${id}@riverside.example`, givenName: id, familyName: 'Example' };
  return { id: `csv:${id}`, source: 'csv', sourceId: id, organizationId, groupings, status, attributes };
}

export function account(connectorId: string, personId: string, state: Account['state'], targetId: string | null = `t-${personId}`): Account {
  return { connectorId, personId, targetId, state, origin: 'created', pushed: null, intent: null, generated: {}, deleteAt: null, timeline: [[MORNING, state]] };
}

export function assignment(connectorId: string, number: number, organizationId: string, groupingId: string, ended: Assignment['ended'] = null): Assignment {
  const at = MORNING - 60_000;
  return { id: `${connectorId}/${number}`, connectorId, organizationId, groupingId, by: 'U0ANA', why: null, requestedAt: at, effectiveAt: at, ended };
}

export interface WorldOptions {
  readonly target: ScimTarget;
  readonly admin: Admin;
  /** Whose secret the reference is; the target's own token unless told otherwise. */
  readonly token?: string;
}

/** Connectors over a real store and a real SCIM service, ended with the test. Time stands still until the test moves it. */
export async function connectorsWorld({ target, admin, token = TOKEN }: WorldOptions) {
  await admin.reset();
  const folder = await mkdtemp(join(tmpdir(), 'usher-connectors-'));
  const clock = manualClock();
  const logged: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[] = [];
  const take = (fields: Readonly<Record<string, unknown>>, message: string): void => void logged.push({ fields, message });
  const log = { info: take, warn: take, error: take };
  const host = new URL(target.url).host;
  const targets = createTargets({ allow: [host, 'other.example:443', 'localhost:1'], clock });
  const paces = createPaces({ clock });
  const rehearsing: string[] = [];
  const running: string[] = [];
  const drawn: string[] = [];
  const open = () => openJsonStore({ folder, clock, log });
  let store = await open();
  const grants: readonly Grant[] = ANA.grants;
  const parts = {
    settings: { name: 'usher', timeZone: 'Europe/Berlin', grants, importThreshold: { people: 10, percent: 10 } },
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    calendar: createCalendar(),
    secrets: createSecrets({
      key: { id: 'k1', key: Buffer.alloc(32, 'k') },
      olderKeys: [],
      references: [
        { name: REFERENCE, hosts: [host] },
        { name: 'env:USHER_SECRET_OTHER', hosts: ['other.example'] },
      ],
      environment: { USHER_SECRET_TARGET: token, USHER_SECRET_OTHER: 'another-token' },
      folder: null,
    }),
    targets,
    paces,
    cards: { changed: (ids: readonly string[]) => void drawn.push(...ids) },
    work: { run: (id: string) => void running.push(id), rehearse: (id: string) => void rehearsing.push(id), mail: () => {}, activate: () => {} },
    log,
  };
  const outside = () => ({ ...parts, store });
  onTestFinished(async () => {
    paces.close();
    await targets.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  await store.transaction({ puts: ORGANIZATIONS.map((one) => put('organization', one.id, one)) });

  const connector = async (id = 'zoom'): Promise<Connector> => {
    const stored = await store.get('connector', id);
    if (stored === undefined) throw new Error(`there is no connector ${id}`);
    return stored.value;
  };
  const all = async <K extends Kind>(kind: K, prefix = ''): Promise<readonly Documents[K][]> => {
    const found: Documents[K][] = [];
    for await (const page of store.scan(kind, { prefix })) found.push(...page.map(({ value }) => value));
    return found;
  };
  const rows = async <L extends Log>(kind: L, partition = 'zoom'): Promise<readonly Logs[L][]> => {
    const found: Logs[L][] = [];
    for await (const page of store.rows(kind, { partition, order: 'oldest' })) found.push(...page.map(({ row }) => row));
    return found;
  };
  const rehearse = async (id = 'zoom'): Promise<Connector> => {
    await startRehearsal(outside(), ANA, id, { is: 'person', userId: ANA.userId });
    await patiently(clock, performRehearsal(outside(), id));
    return connector(id);
  };
  const created = async (name = 'Zoom', organizationId = 'district'): Promise<Connector> =>
    createConnector(outside(), ANA, { name, application: '', entryId: 'custom-scim', organizationId });
  /** A draft with everything a rehearsal needs. */
  const configured = async (name = 'Zoom', organizationId = 'district'): Promise<Connector> => {
    const { id } = await created(name, organizationId);
    await saveDraft(outside(), ANA, id, { baseUrl: target.url, testEmail: TEST_EMAIL });
    return saveSecret(outside(), ANA, id, { reference: REFERENCE });
  };
  return {
    get outside() {
      return outside();
    },
    folder,
    clock,
    logged,
    drawn,
    rehearsing,
    running,
    host,
    connector,
    all,
    rows,
    created,
    configured,
    rehearse,
    async activated(name = 'Zoom', organizationId = 'district'): Promise<Connector> {
      const { id } = await configured(name, organizationId);
      await rehearse(id);
      return activate(outside(), ANA, id);
    },
    put: async <K extends Kind>(kind: K, key: string, value: Documents[K] | null): Promise<void> => {
      await store.transaction({ puts: [put(kind, key, value)] });
    },
    async people(folk: readonly Person[]): Promise<void> {
      await store.transaction({ puts: folk.map((one) => put('person', one.id, one)) });
    },
    async groupings(of: Readonly<Record<string, string>>): Promise<void> {
      await store.transaction({
        puts: Object.entries(of).map(([id, organizationId]) => put('grouping', id, { id, organizationId, kind: 'role', sourceId: id, name: id })),
      });
    },
    async sync(id = 'zoom') {
      const run = await startSync(outside(), ANA, { connectorId: id });
      return patiently(clock, executeRun(outside(), run.id));
    },
    async restart(): Promise<void> {
      await store.close();
      store = await open();
    },
    compact: () => store.compact(),
    /** Every byte of the store's folder, as text. */
    async onDisk(): Promise<string> {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      const texts = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
      return texts.join('\n');
    },
  };
}
export type ConnectorsWorld = Awaited<ReturnType<typeof connectorsWorld>>;
