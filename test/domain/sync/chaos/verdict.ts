import { createTargets } from '../../../../src/adapters/undici/targets.ts';
import type { Connector } from '../../../../src/domain/connectors/connector.ts';
import { evaluate } from '../../../../src/domain/connectors/mapping-evaluate.ts';
import type { Person } from '../../../../src/domain/directory/person.ts';
import { MANAGER, type ScimValues } from '../../../../src/domain/connectors/mapping.ts';
import { type Account, isInvited, isPresent, type PushedGroup, toldState } from '../../../../src/domain/sync/account.ts';
import type { EventType, ProvisioningEvent } from '../../../../src/domain/sync/event.ts';
import type { Run, RunCounts } from '../../../../src/domain/sync/run.ts';
import type { TargetUser } from '../../../../src/ports/target.ts';
import { createAdmin } from '../../../../src/sandbox/scim/admin-client.ts';
import type { AdminRequest, AdminUser } from '../../../../src/sandbox/scim/admin-shapes.ts';
import { manualClock } from '../../../clock.ts';
import { STAFF, TEACHERS, TOKEN } from '../world.ts';

/** All that is known of a story at its end. */
export interface Evidence {
  readonly place: { readonly url: string; readonly pageUrl: string };
  /** Accounts of the target that were there before. */
  readonly before: readonly AdminUser[];
  /** What the target heard in each phase, and the runs there were at its end. */
  readonly phases: readonly { readonly requests: readonly AdminRequest[]; readonly runs: ReadonlySet<string> }[];
  readonly directory: readonly Person[];
  /** Accounts arrive inactive, until their people are granted a seat (E10). */
  readonly invites: boolean;
  /** Target ids whose people were granted one. */
  readonly granted: ReadonlySet<string>;
  readonly connector: Connector;
  readonly accounts: readonly Account[];
  readonly pushed: readonly PushedGroup[];
  readonly runs: readonly Run[];
  /** Oldest first. */
  readonly events: readonly ProvisioningEvent[];
}

const NAMES: Readonly<Record<string, string>> = { [TEACHERS]: 'Teachers', [STAFF]: 'Staff' };

/** What is not as it must be, in words. */
export async function problemsOf(evidence: Evidence): Promise<readonly string[]> {
  const users = await usersOf(evidence.place.url);
  return [
    ...accountsTwice(users),
    ...unlinked(evidence, users),
    ...notAsPlanned(evidence, users),
    ...notAsInvited(evidence),
    ...(await groupsNotAsPlanned(evidence)),
    ...(await touchedStrangers(evidence)),
    ...untold(evidence),
    ...miscounted(evidence),
    ...groupsMistold(evidence),
    ...retold(evidence, users),
  ];
}

/** The target's users as Usher's own adapter reads them over the wire. */
async function usersOf(url: string): Promise<readonly TargetUser[]> {
  const targets = createTargets({ allow: [new URL(url).host], clock: manualClock() });
  const users: TargetUser[] = [];
  for await (const page of targets.open(url, TOKEN, 1).list(async () => undefined)) users.push(...page);
  await targets.close();
  return users;
}

function accountsTwice(users: readonly TargetUser[]): readonly string[] {
  const names = users.map(({ values }) => values.userName?.toLowerCase() ?? '');
  const keys = users.flatMap(({ externalId }) => (externalId === null ? [] : [externalId]));
  return [...names, ...keys].filter((each, at, all) => all.indexOf(each) !== at).map((each) => `two accounts of ${each}`);
}

function unlinked({ accounts, before }: Evidence, users: readonly TargetUser[]): readonly string[] {
  const linked = new Map(accounts.map((account) => [account.targetId, account]));
  const there = new Set(users.map(({ id }) => id));
  const old = new Set(before.map(({ id }) => id));
  return [
    ...users.filter(({ id }) => !linked.has(id) && !old.has(id)).map(({ id, values }) => `${values.userName} (${id}) is nobody’s`),
    ...accounts.filter(({ intent }) => intent !== null).map(({ personId, intent }) => `${personId} is left with an intent to ${intent?.operation}`),
    ...accounts.filter(({ state }) => state === 'pending').map(({ personId }) => `${personId} is left pending`),
    ...accounts
      .filter(({ state, targetId }) => state !== 'gone' && !there.has(targetId ?? ''))
      .map(({ personId, state }) => `${personId} is ${state} here, and not in the target`),
    ...accounts
      .filter(({ state, targetId }) => state === 'gone' && targetId !== null && there.has(targetId))
      .map(({ personId }) => `${personId} is gone here, and still in the target`),
  ];
}

function isCovered({ status, groupings }: Person): boolean {
  return status === 'active' && groupings.some((grouping) => grouping in NAMES);
}

/** Everybody in scope has exactly what the mapping gives, active or as somebody who is invited; everybody else nothing that is active. */
function notAsPlanned(evidence: Evidence, users: readonly TargetUser[]): readonly string[] {
  const { directory, accounts } = evidence;
  const problems: string[] = [];
  const covered = new Set(directory.filter(isCovered).map(({ id }) => id));
  for (const person of directory.filter(isCovered)) {
    const account = accounts.find(({ personId }) => personId === person.id);
    const user = users.find(({ id }) => id === account?.targetId);
    const values = mapped(evidence, person, user);
    if (user === undefined || account === undefined || user.externalId !== person.id || !isPresent(account) || user.active !== !isInvited(account))
      problems.push(`${person.id} has no account as it should be: ${account && toldState(account)} ${JSON.stringify(user)}`);
    else if (sorted(user.values) !== sorted(values)) problems.push(`${person.id} is ${sorted(user.values)} instead of ${sorted(values)}`);
  }
  for (const { personId, targetId, state, invited } of accounts) {
    const user = users.find(({ id }) => id === targetId);
    if (!covered.has(personId) && (state === 'active' || invited !== undefined || user?.active === true))
      problems.push(`${personId} left, and is ${state} here, ${user?.active} there`);
  }
  return problems;
}

/** What the mapping gives; the manager by the id of their account (S24). While they have none, the link before may stay, to an account that is there. */
function mapped({ connector, accounts }: Evidence, person: Person, user: TargetUser | undefined): ScimValues {
  const mapping = connector.inForce?.mapping ?? [];
  const { values } = evaluate(mapping, person, { organizationName: 'North School', kept: {}, taken: () => false });
  const { [MANAGER]: reference, ...rest } = values;
  if (reference === undefined || `csv:${reference}` === person.id) return rest;
  const linked = accounts.filter(({ state }) => state === 'active' || state === 'inactive');
  const before = linked.find(({ targetId }) => targetId === user?.values[MANAGER]);
  const manager = linked.find(({ personId }) => personId === `csv:${reference}`) ?? before;
  return manager?.targetId == null ? rest : { ...rest, [MANAGER]: manager.targetId };
}

/** Nobody is let in who was not granted a seat: but for who was there before, or came back (E10). */
function notAsInvited({ invites, granted, before, accounts, events }: Evidence): readonly string[] {
  return accounts.flatMap(({ personId, targetId, state, invited }) => {
    if (!invites) return invited === undefined ? [] : [`${personId} is invited`];
    const cameBack = events.some(({ type, success, ...event }) => success && type === 'user_deprovision' && event.targetId === targetId);
    const mayEnter = cameBack || granted.has(targetId ?? '') || before.some(({ id }) => id === targetId);
    if (state === 'active' && !mayEnter) return [`${personId} was let in without a seat`];
    return invited === undefined || invited.granted === null ? [] : [`${personId} was granted a seat, and is not active`];
  });
}

function sorted(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))));
}

async function groupsNotAsPlanned({ place, directory, accounts, pushed }: Evidence): Promise<readonly string[]> {
  const problems: string[] = [];
  const groups = await createAdmin(place.pageUrl).groups();
  for (const grouping of [TEACHERS, STAFF]) {
    const wanted = directory
      .filter((person) => isCovered(person) && person.groupings.includes(grouping))
      .flatMap(({ id }) => accounts.find(({ personId, state }) => personId === id && state === 'active')?.targetId ?? [])
      .sort();
    const found = groups.filter(({ displayName }) => displayName === NAMES[grouping]);
    if (found.length > 1) problems.push(`${found.length} groups ${NAMES[grouping]}`);
    const members = [...(found[0]?.members ?? [])].sort();
    const known = pushed.find(({ groupingId }) => groupingId === grouping)?.members ?? [];
    if (members.join() !== wanted.join()) problems.push(`${NAMES[grouping]} holds ${members.length} members instead of ${wanted.length}`);
    if (known.join() !== wanted.join()) problems.push(`${NAMES[grouping]} is known with ${known.length} members instead of ${wanted.length}`);
  }
  for (const { displayName } of groups) if (!Object.values(NAMES).includes(displayName)) problems.push(`a group ${displayName} outside the plan`);
  return problems;
}

/** Accounts that are nobody's are as they were, and nothing was written to them (S26). */
async function touchedStrangers({ place, before, accounts, phases }: Evidence): Promise<readonly string[]> {
  const now = await createAdmin(place.pageUrl).users({ size: 1_000 });
  const strangers = before.filter(({ id }) => accounts.every(({ targetId }) => targetId !== id));
  const writes = phases.flatMap(({ requests }) => requests.filter(hadEffect).map(({ path }) => path));
  return strangers.flatMap((stranger) => {
    const same = JSON.stringify(now.users.find(({ id }) => id === stranger.id)) === JSON.stringify(stranger);
    const untouched = writes.every((path) => !path.endsWith(`/Users/${stranger.id}`));
    return same && untouched ? [] : [`${stranger.userName} was changed, and is not managed`];
  });
}

/** Whether the target did what it was asked, as far as its answer or the fault that struck tells. */
function hadEffect({ method, status, faults }: AdminRequest): boolean {
  if (method === 'GET') return false;
  return status === null ? faults.includes('lost-reply') || faults.includes('truncated-body') : status < 300 && !faults.includes('html-body');
}

function keyIn(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'externalId' in body && typeof body.externalId === 'string' ? body.externalId : undefined;
}

/** Writes that took effect and are told by no event of their subject, then or later (S5). */
function untold({ phases, events, accounts, pushed }: Evidence): readonly string[] {
  const owners = new Map<string | null, string>([
    ...events.map(({ targetId, subjectId }) => [targetId, subjectId] as const),
    ...accounts.map(({ targetId, personId }) => [targetId, personId] as const),
    ...pushed.map(({ targetId, groupingId }) => [targetId, groupingId] as const),
  ]);
  const phaseOf = new Map<string, number>();
  phases.forEach(({ runs }, phase) => {
    for (const id of runs) if (!phaseOf.has(id)) phaseOf.set(id, phase);
  });
  return phases.flatMap(({ requests }, phase) =>
    requests.filter(hadEffect).flatMap(({ method, path, body }) => {
      const subject = keyIn(body) ?? owners.get(path.split('/').at(-1) ?? '');
      const told = events.some(({ subjectId, runId }) => subjectId === subject && (phaseOf.get(runId) ?? 0) >= phase);
      return told ? [] : [`${method} ${path} of ${subject} in phase ${phase} is told by no event`];
    }),
  );
}

const COUNTED: readonly (readonly [readonly (keyof RunCounts)[], EventType])[] = [
  [['created'], 'user_create_provision'],
  [['adopted', 'updated', 'reactivated'], 'user_update_provision'],
  [['deactivated'], 'user_deprovision'],
  [['deleted'], 'user_delete_provision'],
];

/** Every operation that a run counts has its event, and every event is counted. */
function miscounted({ runs, events }: Evidence): readonly string[] {
  return runs.flatMap(({ id, counts, state }) => {
    const mine = events.filter(({ runId }) => runId === id);
    const problems = state.is === 'ended' ? [] : [`${id} is left ${state.is}`];
    for (const [fields, type] of COUNTED) {
      const count = fields.reduce((sum, field) => sum + counts[field], 0);
      const told = mine.filter((event) => event.success && event.type === type).length;
      if (count !== told) problems.push(`${id} counts ${count} ${fields.join('+')}, and has ${told} events ${type}`);
    }
    const failed = mine.filter(({ success, cause }) => !success && cause !== null).length;
    return failed === counts.failed ? problems : [...problems, `${id} counts ${counts.failed} failures, and has ${failed} events of failure`];
  });
}

/** Each group was made by us, and is told as made once (S5). */
function groupsMistold({ events, pushed }: Evidence): readonly string[] {
  return pushed.flatMap(({ groupingId, name }) => {
    const made = events.filter(({ subjectId, type, success }) => success && subjectId === groupingId && type === 'group_create_provision').length;
    return made === 1 ? [] : [`${name} is told as made ${made} times`];
  });
}

/** What a person's events tell, one after the other. */
function story(mine: readonly ProvisioningEvent[]): { readonly made: number; readonly active: boolean; readonly values: Readonly<Record<string, string>> } {
  let values: Record<string, string> = {};
  let active = false;
  let made = 0;
  let ours = false;
  for (const { type, changes, success } of mine) {
    // What failed tells nothing but the values that stand all the same.
    const told = success ? type : 'user_lookup_provision';
    if (told === 'user_create_provision') made += 1;
    if (told === 'user_create_provision' || told === 'user_delete_provision') ours = told === 'user_create_provision';
    if (told === 'user_delete_provision') made -= 1;
    if (told === 'user_create_provision' || told === 'user_delete_provision') values = {};
    const switched = changes.find(({ attribute }) => attribute === 'active');
    if (told === 'user_deprovision' || told === 'user_delete_provision') active = false;
    else if (switched !== undefined) active = switched.after === 'true';
    // Adopted: that makes everybody active.
    else if (success && !ours) active = true;
    for (const { attribute, after } of changes) {
      if (attribute === 'active') continue;
      if (after === null) delete values[attribute];
      else values[attribute] = after;
    }
  }
  return { made, active, values };
}

/** What the events tell of each person is what the target holds: each account was made once, and once again each time after it was deleted. */
function retold({ events, accounts, before }: Evidence, users: readonly TargetUser[]): readonly string[] {
  return accounts.flatMap((account) => {
    const { personId, targetId, state } = account;
    const mine = events.filter(({ subjectId, success, changes }) => subjectId === personId && (success || changes.length > 0));
    const { made, active, values } = story(mine);
    const user = users.find(({ id }) => id === targetId);
    const problems: string[] = [];
    const wasThere = before.some(({ id }) => mine.some((event) => event.targetId === id)) ? 1 : 0;
    if (made + wasThere !== (user === undefined ? 0 : 1))
      problems.push(`${personId} is told as made ${made + wasThere} times, and is ${state}: ${mine.map(({ type, runId }) => `${runId} ${type}`).join(', ')}`);
    if (user !== undefined && user.active !== active) problems.push(`${personId} is told as ${active ? 'active' : 'inactive'}, and is not`);
    if (user !== undefined && isPresent(account) && sorted(user.values) !== sorted(values))
      problems.push(`${personId} is told as ${sorted(values)}, and is ${sorted(user.values)}`);
    return problems;
  });
}
