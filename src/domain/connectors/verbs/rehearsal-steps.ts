import type { Outside } from '../../../ports/outside.ts';
import { SecretFault } from '../../../ports/secrets.ts';
import type { TargetUser, Turn } from '../../../ports/target.ts';
import { complaintAbout } from '../attribute-complaint.ts';
import type { RehearsedSettings } from '../connector.ts';
import type { ScimValues } from '../mapping.ts';
import type { LeftOver, RehearsalStepName, StepOutcome } from '../rehearsal.ts';
import { changed, testValues } from '../rehearsal-user.ts';
import { changeMembers } from '../../sync/group-batches.ts';
import type { Tongue } from '../../sync/tongue.ts';
import { sealedFor } from '../settings.ts';
import { type TargetError, TargetFault } from '../target-error.ts';
import { type ProbeBench, probeUser, surelySent, turnOf } from './rehearsal-probes.ts';
import { NotWanted, sending } from './rehearsal-send.ts';

export type StepResult = Exclude<StepOutcome, { is: 'waiting' } | { is: 'skipped' }>;

/** A step that began or ended, and what is left over in the target from then on. The next request waits until this was taken in. */
export interface StepNews {
  readonly name: RehearsalStepName;
  readonly outcome: StepResult;
  readonly leftOver: LeftOver;
}

export interface RehearsalParts {
  readonly settings: RehearsedSettings;
  readonly connectorId: string;
  readonly host: string;
  readonly outside: Pick<Outside, 'targets' | 'secrets' | 'paces' | 'clock'>;
  readonly requestsPerSecond: number | null;
  readonly leftOver: LeftOver;
  /** Learns the target's dialect on the way (C20). */
  readonly tongue: Tongue;
  /** Unguessable: the external id of a test user that this rehearsal makes. */
  readonly marker: string;
  /** Asked before each request. */
  readonly isWanted: () => Promise<boolean>;
}

/** A rehearsal under way: what its steps share. */
interface Bench extends ProbeBench {
  readonly values: ScimValues;
  readonly left: { -readonly [K in keyof LeftOver]: LeftOver[K] };
  readonly marker: string;
  readonly groupName: string;
  running: RehearsalStepName;
}

/** Performs the rehearsal step by step; ends at the first failure, after trying to remove what it made, and without a word where it is not wanted any more. */
export async function* rehearsalSteps(parts: RehearsalParts): AsyncGenerator<StepNews> {
  const left = { ...parts.leftOver };
  let bench: Bench | null = null;
  try {
    bench = await laidOut(parts, left);
    yield* joining(bench);
    if (parts.settings.manageGroups) yield* group(bench);
    yield* leaving(bench);
  } catch (error) {
    if (error instanceof NotWanted) return;
    const fault = asTargetError(error);
    if (bench !== null) await cleanUp(bench, fault);
    const attribute = complaintAbout(fault.message)?.attribute ?? null;
    yield { name: bench?.running ?? 'look up', outcome: { is: 'failed', error: fault, attribute }, leftOver: { ...left } };
  }
}

async function laidOut(parts: RehearsalParts, left: Bench['left']): Promise<Bench> {
  const { settings, outside, connectorId, host } = parts;
  const token = await outside.secrets.reveal(settings.secret, sealedFor(connectorId, host), host);
  return {
    settings,
    left,
    outside,
    requestsPerSecond: parts.requestsPerSecond,
    tongue: parts.tongue,
    target: outside.targets.open(settings.baseUrl, token, 1, parts.tongue),
    send: sending(parts),
    values: testValues(settings),
    marker: parts.marker,
    // Nobody else gives a group this name: one that has it is an earlier rehearsal's.
    groupName: `Usher rehearsal ${connectorId}`,
    running: 'look up',
  };
}

async function* step(bench: Bench, name: RehearsalStepName, work: () => Promise<StepResult | undefined>): AsyncGenerator<StepNews> {
  bench.running = name;
  yield { name, outcome: { is: 'running' }, leftOver: { ...bench.left } };
  const outcome = (await work()) ?? { is: 'passed' };
  yield { name, outcome, leftOver: { ...bench.left } };
}

async function* joining(bench: Bench): AsyncGenerator<StepNews> {
  const { left, values } = bench;
  let known: string | null = null;
  let externalId: string | null = null;
  yield* step(bench, 'look up', async () => {
    known = await knownUser(bench);
    // Stored with this step, before anything is made.
    if (known === null) left.attempt ??= bench.marker;
    return undefined;
  });
  yield* step(bench, 'create', async () => {
    left.userId = await made(bench, known);
    externalId = left.attempt;
    left.attempt = null;
    return undefined;
  });
  yield* step(bench, 'update', async () => {
    const id = left.userId ?? '';
    const set = changed(values);
    await surelySent(bench, id, { set, clear: [], known: values });
    await probeUser(bench, { id, externalId, values: { ...values, ...set } });
    return undefined;
  });
}

/** The test user of an earlier rehearsal, by its target id. Refuses an address that is anybody else's (C7). */
async function knownUser({ settings, values, left, send, target }: Bench): Promise<string | null> {
  const ours = (user: TargetUser): boolean => user.id === left.userId || (left.attempt !== null && user.externalId === left.attempt);
  const wanted = values[settings.matching] ?? settings.testEmail;
  const lookUps = [[settings.matching, wanted] as const, ...(settings.matching === 'userName' ? [] : [['userName', values.userName ?? wanted] as const])];
  for (const [attribute, value] of lookUps) {
    const found = await send(() => target.lookUp(attribute, value));
    if (found.some((user) => !ours(user))) throw new TargetFault(alreadyThere(value));
    const [user] = found;
    if (user !== undefined) return user.id;
  }
  // Some targets do not find a deactivated user, and it may have had another address.
  return left.userId;
}

/** The test user's target id: the earlier one brought back, or a new one. */
async function made(bench: Bench, known: string | null): Promise<string> {
  const { send, target, values, left, settings } = bench;
  if (known !== null && (await broughtBack(bench, known))) return known;
  const attempt = left.attempt ?? bench.marker;
  left.attempt = attempt;
  try {
    return (await send(() => target.create(attempt, values, true), 'once')).id;
  } catch (fault) {
    if (!(fault instanceof TargetFault)) throw fault;
    if (!fault.error.maybeWritten) {
      left.attempt = null;
      throw fault;
    }
    const found = await send(() => target.lookUp(settings.matching, values[settings.matching] ?? settings.testEmail)).catch(() => []);
    const written = found.find(({ externalId }) => externalId === attempt);
    if (written === undefined) throw fault;
    return written.id;
  }
}

async function broughtBack({ send, target, values }: Bench, userId: string): Promise<boolean> {
  try {
    await send(() => target.change(userId, { set: values, clear: [], active: true }));
    return true;
  } catch (fault) {
    // Removed by hand meanwhile.
    if (fault instanceof TargetFault && fault.error.next === 'gone') return false;
    throw fault;
  }
}

async function* group(bench: Bench): AsyncGenerator<StepNews> {
  const { left, send, target, groupName } = bench;
  const userId = left.userId ?? '';
  let groupId = '';
  yield* step(bench, 'create group', async () => {
    const [found] = await send(() => target.findGroups(groupName));
    groupId = found?.id ?? (await send(() => target.createGroup(groupName, groupName), 'once')).id;
    left.groupId = groupId;
    return undefined;
  });
  const present = new Set<string>();
  const members = {
    ...{ groupId, present, target },
    tongue: bench.tongue,
    request: <T>(work: (turn: Turn) => Promise<T>) => send(() => work(turnOf(bench))),
    moved: () => undefined,
  };
  yield* step(bench, 'add member', async () => {
    await changeMembers({ ...members, groupId }, [userId], []);
    return undefined;
  });
  yield* step(bench, 'remove member', async () => {
    await changeMembers({ ...members, groupId }, [], [userId]);
    return undefined;
  });
  yield* step(bench, 'delete group', async () => {
    if (!(await removed(() => send(() => target.removeGroup(groupId)))))
      return { is: 'passed-clean-up', detail: `The test group “${groupName}” is still there.` };
    left.groupId = null;
    return undefined;
  });
}

async function* leaving(bench: Bench): AsyncGenerator<StepNews> {
  const { left, send, target, settings } = bench;
  const userId = left.userId ?? '';
  yield* step(bench, 'deactivate', async () => {
    const { undone } = await surelySent(bench, userId, { set: {}, clear: [], active: false });
    if (undone.length > 0) throw new TargetFault(staysActive());
    bench.tongue.prove(['active']);
    return undefined;
  });
  yield* step(bench, 'delete', async () => {
    if (!(await removed(() => send(() => target.remove(userId)))))
      return { is: 'passed-clean-up', detail: `The test user ${settings.testEmail} can’t be deleted here; it was deactivated.` };
    left.userId = null;
    return undefined;
  });
}

function alreadyThere(value: string): TargetError {
  return {
    next: 'refused',
    status: null,
    scimType: 'uniqueness',
    message: `The application already has an account for ${value}. Use a test address that nobody has.`,
    maybeWritten: false,
    retryAfter: null,
  };
}

/** A leaver would keep the account (S10). */
function staysActive(): TargetError {
  const message = 'It answered that the test user was deactivated, but the test user is still active.';
  return { next: 'refused', status: 200, scimType: 'no-effect', message, maybeWritten: false, retryAfter: null };
}

/** Deleting is refused in so many ways: these mean "not here". */
const CANNOT_DELETE = new Set([400, 403, 404, 405, 501]);

/** False where the target does not delete. Any other fault is thrown. */
async function removed(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (error instanceof TargetFault && error.error.status !== null && CANNOT_DELETE.has(error.error.status)) return false;
    throw error;
  }
}

/** Removes the test user and group as far as the target lets us; deactivates a user that it keeps. What stays is remembered. */
async function cleanUp({ left, target, send }: Bench, fault: TargetError): Promise<void> {
  const isDeaf = fault.next === 'credentials' || fault.next === 'unusable' || (fault.next === 'again' && fault.status === null);
  if (isDeaf) return;
  const did = (work: () => Promise<unknown>): Promise<boolean> =>
    send(work).then(
      () => true,
      () => false,
    );
  const { groupId, userId } = left;
  if (groupId !== null && (await did(() => target.removeGroup(groupId)))) left.groupId = null;
  if (userId === null) return;
  if (await did(() => target.remove(userId))) left.userId = null;
  else await did(() => target.change(userId, { set: {}, clear: [], active: false }));
}

function asTargetError(error: unknown): TargetError {
  if (error instanceof TargetFault) return error.error;
  if (error instanceof SecretFault) return { next: 'credentials', status: null, scimType: null, message: error.message, maybeWritten: false, retryAfter: null };
  throw error;
}
