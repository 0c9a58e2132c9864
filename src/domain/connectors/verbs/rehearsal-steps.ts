import { SecretFault } from '../../../ports/secrets.ts';
import type { Turn } from '../../../ports/target.ts';
import { changeMembers } from '../../sync/group-batches.ts';
import { Breakage } from '../../sync/group-refusals.ts';
import { complaintAbout } from '../attribute-complaint.ts';
import type { LeftOver, RehearsalStepName, StepOutcome } from '../rehearsal.ts';
import { changed } from '../rehearsal-user.ts';
import { type TargetError, TargetFault } from '../target-error.ts';
import { knownUser, made } from './rehearsal-account.ts';
import { type Bench, laidOut, type RehearsalParts } from './rehearsal-bench.ts';
import { probeUser, surelySent, turnOf } from './rehearsal-probes.ts';
import { cleanUp, removed } from './rehearsal-removal.ts';
import { NotWanted } from './rehearsal-send.ts';

export type StepResult = Exclude<StepOutcome, { is: 'waiting' } | { is: 'skipped' }>;

/** A step that began or ended, and what is left over in the target from then on. The next request waits until this was taken in. */
export interface StepNews {
  readonly name: RehearsalStepName;
  readonly outcome: StepResult;
  readonly leftOver: LeftOver;
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
  const members = {
    target,
    tongue: bench.tongue,
    present: new Set<string>(),
    breakage: new Breakage(),
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

/** A leaver would keep the account (S10). */
function staysActive(): TargetError {
  const message = 'It answered that the test user was deactivated, but the test user is still active.';
  return { next: 'refused', status: 200, scimType: 'no-effect', message, maybeWritten: false, retryAfter: null };
}

function asTargetError(error: unknown): TargetError {
  if (error instanceof TargetFault) return error.error;
  if (error instanceof SecretFault) return { next: 'credentials', status: null, scimType: null, message: error.message, maybeWritten: false, retryAfter: null };
  throw error;
}
