import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import type { Asking } from '../../../src/domain/approvals/action.ts';
import type { Approvable, Policy, Step } from '../../../src/domain/approvals/policy.ts';
import type { ApprovalRequest, Effect } from '../../../src/domain/approvals/request.ts';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import type { AuditRow } from '../../../src/domain/audit/audit.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Actor, Grant, Role } from '../../../src/domain/rights/grant.ts';
import { knownActor } from '../../../src/domain/rights/verbs/who.ts';
import type { Documents, Kind, Store, Transaction } from '../../../src/ports/store.ts';
import type { WorkspaceMember } from '../../../src/ports/workspace.ts';
import { manualClock } from '../../clock.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { connector, organization, person, STAFF, TEACHERS } from '../sync/world.ts';

export const TEAM = 'T1';
/** Asks; a global admin. */
export const ANA = 'U0ANA';
export const SAM = 'U0SAM';
export const LEE = 'U0LEE';
export const MIA = 'U0MIA';
/** Holds nothing. */
export const BOB = 'U0BOB';
export const LEADS = 'S0LEADS';
export const CHANNEL = 'C0APPROVE';
const NAMES: Readonly<Record<string, string>> = { [ANA]: 'Ana Ruiz', [SAM]: 'Sam O’Neil', [LEE]: 'Lee Okafor', [MIA]: 'Mia Sørensen', [BOB]: 'Bob' };

export const DISCONNECT: Effect = { is: 'disconnect', connectorId: 'c1' };
export const ANYBODY: Step = { approvers: { people: [], groups: [] }, count: 1 };

/** Whoever is named, so many of them. */
export function of(people: readonly string[], count = 1, groups: readonly string[] = []): Step {
  return { approvers: { people, groups }, count };
}

export interface WorldOptions {
  /** Global roles of the configuration. */
  readonly roles?: Readonly<Record<string, Role>>;
}

/** Approvals over a real store; time stands still until the test moves it, and Slack is what the test says it is. */
export async function approvalsWorld({ roles = { [ANA]: 'admin', [SAM]: 'approver', [LEE]: 'approver' } }: WorldOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'usher-approvals-'));
  const clock = manualClock();
  const log = { info() {}, warn() {}, error() {} };
  const open = () => openJsonStore({ folder, clock, log });
  let store: Store & { close(): Promise<void> } = await open();
  const grants: Grant[] = Object.entries(roles).map(([userId, role]) => ({ teamId: TEAM, userId, role, organizationId: null }));
  const slack = {
    deactivated: new Set<string>(),
    groups: new Map<string, readonly string[]>([[LEADS, [SAM]]]),
    mute: new Set<string>(),
    shared: new Set<string>(),
  };
  const drawn: string[] = [];
  const member = (id: string): WorkspaceMember | undefined =>
    NAMES[id] === undefined && !/^U[0-9]/.test(id)
      ? undefined
      : { id, teamId: TEAM, name: NAMES[id] ?? id, timeZone: 'UTC', guest: false, foreign: false, deleted: slack.deactivated.has(id) };
  const group = (id: string) => {
    const members = slack.groups.get(id);
    return members === undefined ? undefined : { id, teamId: TEAM, handle: 'it-leads', name: 'IT leads', members };
  };
  const workspace = quietWorkspace({
    member: async (id) => member(id),
    group: async (id) => group(id),
    postingProblem: async (id) => (slack.mute.has(id) ? { problem: 'Usher is not in that channel.', remedy: 'Invite it.' } : null),
    mayHoldNames: async (id) => !slack.shared.has(id),
  });
  const parts = {
    settings: { name: 'usher', timeZone: 'Europe/Berlin', grants, importThreshold: { people: 10, percent: 10 } },
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    work: { run: () => {}, rehearse: () => {}, mail: () => {}, activate: () => {} },
    cards: { changed: (ids: readonly string[]) => void drawn.push(...ids) },
    workspace,
    sources: [],
    log,
  };
  const outside = (): Asking => ({ ...parts, store });
  const close = async (): Promise<void> => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  await store.transaction({
    puts: [
      put('organization', 'csv:district', organization('csv:district', 'District', null)),
      put('organization', 'csv:school', organization('csv:school', 'North School', 'csv:district')),
      put('organization', 'csv:other', organization('csv:other', 'South School', 'csv:district')),
      ...[TEACHERS, STAFF].map((id) =>
        put('grouping', id, { id, organizationId: 'csv:school', kind: 'role', sourceId: 'x', name: id === TEACHERS ? 'Teachers' : 'Staff' }),
      ),
      put('grouping', 'csv:other/role/teacher', {
        id: 'csv:other/role/teacher',
        organizationId: 'csv:other',
        kind: 'role',
        sourceId: 'teacher',
        name: 'Teachers',
      }),
      ...['lee', 'mia'].map((id) => put('person', `csv:${id}`, person(id))),
      put('connector', 'c1', connector('https://target.example/scim')),
      put('instance', 'i1', { id: 'i1', application: 'Portal', name: 'Portal', organizationId: 'csv:district', seats: { is: 'unlimited' } }),
    ],
  });
  const world = {
    get outside() {
      return outside();
    },
    clock,
    grants,
    slack,
    drawn,
    close,
    /** With the roles that Usher knows them to hold now. */
    actor: (userId: string, way: Actor['way'] = 'button'): Promise<Actor> => knownActor(outside(), TEAM, userId, way),
    put: async <K extends Kind>(kind: K, key: string, value: Documents[K] | null): Promise<void> => {
      await store.transaction({ puts: [put(kind, key, value)] });
    },
    all: async <K extends Kind>(kind: K): Promise<readonly Documents[K][]> => {
      const found: Documents[K][] = [];
      for await (const page of store.scan(kind)) found.push(...page.map(({ value }) => value));
      return found;
    },
    async audit(): Promise<readonly AuditRow[]> {
      const found: AuditRow[] = [];
      for await (const page of store.rows('audit', { order: 'oldest' })) found.push(...page.map(({ row }) => row));
      return found;
    },
    async policy(action: Approvable, steps: readonly Step[] = [ANYBODY], changes: Partial<Policy> = {}): Promise<Policy> {
      const policy: Policy = { id: 'P-1', action, organizationId: null, from: 0, steps, channelId: null, hours: 72, by: ANA, at: clock.now(), ...changes };
      await world.put('policy', policy.id, policy);
      return policy;
    },
    /** Asks for it and gives the request; fails where it was done at once. */
    async asked(effect: Effect = DISCONNECT, why: string | null = 'contract ends', by = ANA): Promise<ApprovalRequest> {
      const submitted = await submit(outside(), await world.actor(by, 'submission'), effect, why);
      if (submitted.is !== 'asked') throw new Error('it was done at once');
      return submitted.request;
    },
    async request(id = 'Q-1'): Promise<ApprovalRequest> {
      const stored = await store.get('approval', id);
      if (stored === undefined) throw new Error(`there is no request ${id}`);
      return stored.value;
    },
    async connectorState(): Promise<string> {
      return (await store.get('connector', 'c1'))?.value.state.is ?? 'deleted';
    },
    /** As after a crash: what was not durable is gone. */
    async restart(): Promise<void> {
      await store.close();
      store = await open();
    },
  };
  return world;
}
export type ApprovalsWorld = Awaited<ReturnType<typeof approvalsWorld>>;

/** The same, closed with the test. */
export async function worldOfTest(options: WorldOptions = {}): Promise<ApprovalsWorld> {
  const world = await approvalsWorld(options);
  onTestFinished(world.close);
  return world;
}

/** A process that is killed before the transaction that fits is written. */
export function dyingAt({ outside }: ApprovalsWorld, fits: (change: Transaction) => boolean): Asking {
  const transaction = async (change: Transaction) => {
    if (fits(change)) throw new Error('killed');
    return outside.store.transaction(change);
  };
  const store = new Proxy(outside.store, {
    get: (target, name) => {
      const value: unknown = name === 'transaction' ? transaction : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...outside, store };
}
