import type { Outside } from '../../../ports/outside.ts';
import { SecretFault } from '../../../ports/secrets.ts';
import type { Target } from '../../../ports/target.ts';
import type { Person } from '../../directory/person.ts';
import type { RehearsedSettings } from '../connector.ts';
import { complaintAbout } from '../attribute-complaint.ts';
import type { ScimValues } from '../mapping.ts';
import { evaluate } from '../mapping-evaluate.ts';
import type { Rehearsal, RehearsalStepName, StepOutcome } from '../rehearsal.ts';
import { type TargetError, TargetFault } from '../target-error.ts';

export type StepResult = Exclude<StepOutcome, { is: 'waiting' } | { is: 'skipped' }>;

/** A step that began or ended, and what is left over in the target from then on. */
export interface StepNews {
  readonly name: RehearsalStepName;
  readonly outcome: StepResult;
  readonly leftOver?: Rehearsal['leftOver'];
}

export interface RehearsalParts {
  readonly settings: RehearsedSettings;
  readonly connectorId: string;
  readonly host: string;
  readonly outside: Pick<Outside, 'targets' | 'secrets' | 'paces' | 'clock'>;
  readonly requestsPerSecond: number | null;
  readonly leftOver: Rehearsal['leftOver'];
}

/** Deleting is refused in so many ways: these mean "not here", and the test user is deactivated already (C7). */
const CANNOT_DELETE = new Set([400, 403, 404, 405, 501]);

/** Performs the rehearsal step by step; ends at the first failure, after trying to remove what it made. */
export async function* rehearsalSteps(parts: RehearsalParts): AsyncGenerator<StepNews> {
  const { settings } = parts;
  const leftOver = { ...parts.leftOver };
  const values = testValues(settings);
  const matchValue = values[settings.matching] ?? settings.testEmail;
  let running: RehearsalStepName = 'look up';
  let target: Target | null = null;
  try {
    yield { name: running, outcome: { is: 'running' } };
    const token = await parts.outside.secrets.reveal(settings.secret, parts.connectorId, parts.host);
    target = parts.outside.targets.open(settings.baseUrl, token, 1);
    const send = paced(parts);
    const open = target;
    const found = await send(() => open.lookUp(settings.matching, matchValue));
    const ours = found.find(({ id }) => id === leftOver.userId);
    if (found.length > 0 && ours === undefined) throw new TargetFault(alreadyThere(matchValue));
    yield { name: running, outcome: { is: 'passed' } };

    running = 'create';
    yield { name: running, outcome: { is: 'running' } };
    const userId = ours === undefined ? (await send(() => open.create(TEST_EXTERNAL_ID, values, true))).id : ours.id;
    if (ours !== undefined) await send(() => open.change(userId, { set: values, clear: [], active: true }));
    leftOver.userId = userId;
    yield { name: running, outcome: { is: 'passed' }, leftOver: { ...leftOver } };

    running = 'update';
    yield { name: running, outcome: { is: 'running' } };
    await send(() => open.change(userId, { set: changed(values), clear: [] }));
    yield { name: running, outcome: { is: 'passed' } };

    if (settings.manageGroups) {
      for await (const step of groupSteps(open, send, userId, leftOver, (name) => {
        running = name;
      }))
        yield step;
    }

    running = 'deactivate';
    yield { name: running, outcome: { is: 'running' } };
    await send(() => open.change(userId, { set: {}, clear: [], active: false }));
    yield { name: running, outcome: { is: 'passed' } };

    running = 'delete';
    yield { name: running, outcome: { is: 'running' } };
    const kept = await refusedToDelete(() => send(() => open.remove(userId)));
    if (kept === null) leftOver.userId = null;
    yield {
      name: running,
      outcome: kept === null ? { is: 'passed' } : { is: 'passed-clean-up', detail: `The test user ${settings.testEmail} was deactivated.` },
      leftOver: { ...leftOver },
    };
  } catch (error) {
    const fault = asTargetError(error);
    yield {
      name: running,
      outcome: { is: 'failed', error: fault, attribute: complaintAbout(fault.message)?.attribute ?? null },
      leftOver: target === null ? leftOver : await cleanedUp(target, leftOver),
    };
  }
}

async function* groupSteps(
  target: Target,
  send: Send,
  userId: string,
  leftOver: { groupId: string | null; userId: string | null },
  began: (name: RehearsalStepName) => void,
): AsyncGenerator<StepNews> {
  const step = async <T>(work: () => Promise<T>): Promise<T> => send(work);
  began('create group');
  yield { name: 'create group', outcome: { is: 'running' } };
  const found = (await step(() => target.findGroups(TEST_GROUP))).find(({ id }) => id === leftOver.groupId);
  const groupId = found?.id ?? (await step(() => target.createGroup(TEST_GROUP, TEST_EXTERNAL_ID))).id;
  leftOver.groupId = groupId;
  yield { name: 'create group', outcome: { is: 'passed' }, leftOver: { ...leftOver } };

  began('add member');
  yield { name: 'add member', outcome: { is: 'running' } };
  await step(() => target.changeMembers(groupId, [userId], []));
  yield { name: 'add member', outcome: { is: 'passed' } };

  began('remove member');
  yield { name: 'remove member', outcome: { is: 'running' } };
  await step(() => target.changeMembers(groupId, [], [userId]));
  yield { name: 'remove member', outcome: { is: 'passed' } };

  began('delete group');
  yield { name: 'delete group', outcome: { is: 'running' } };
  const kept = await refusedToDelete(() => step(() => target.removeGroup(groupId)));
  if (kept === null) leftOver.groupId = null;
  yield {
    name: 'delete group',
    outcome: kept === null ? { is: 'passed' } : { is: 'passed-clean-up', detail: `The test group "${TEST_GROUP}" is still there.` },
    leftOver: { ...leftOver },
  };
}

const TEST_EXTERNAL_ID = 'usher-rehearsal';
const TEST_GROUP = 'Usher rehearsal';

type Send = <T>(work: () => Promise<T>) => Promise<T>;

/** Under the same rate limit as the runs (S1). */
function paced(parts: RehearsalParts): Send {
  const pace = parts.outside.paces.of(parts.settings.baseUrl, parts.requestsPerSecond);
  return async (work) => {
    await pace.permit();
    return work();
  };
}

/** The values a person of the test address would have. */
function testValues(settings: RehearsedSettings): ScimValues {
  const person: Person = {
    id: TEST_EXTERNAL_ID,
    source: 'usher',
    sourceId: 'rehearsal',
    organizationId: '',
    groupings: [],
    status: 'active',
    attributes: {
      userName: settings.testEmail,
      email: settings.testEmail,
      givenName: 'Usher',
      familyName: 'Rehearsal',
      displayName: 'Usher Rehearsal',
      identifier: 'usher-rehearsal',
      employeeNumber: 'usher-rehearsal',
      title: 'Test user',
      locale: 'en-US',
    },
  };
  const { values } = evaluate(settings.mapping, person, { organizationName: 'Usher', kept: {}, taken: () => false });
  // The user name may come from something the test person lacks; the address always serves.
  return { ...values, userName: values.userName ?? settings.testEmail };
}

/** The same values with one of them different: what an update writes. */
function changed(values: ScimValues): ScimValues {
  const path = ['displayName', 'name.familyName', 'name.givenName', 'title'].find((candidate) => values[candidate] !== undefined) ?? 'displayName';
  return { [path]: `${values[path] ?? 'Usher'} (updated)` };
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

/** Null when it was deleted; the error where the target does not delete. Anything else is thrown. */
async function refusedToDelete(remove: () => Promise<void>): Promise<TargetError | null> {
  try {
    await remove();
    return null;
  } catch (error) {
    if (error instanceof TargetFault && error.error.status !== null && CANNOT_DELETE.has(error.error.status)) return error.error;
    throw error;
  }
}

/** What stays behind when the test user and group were removed as far as the target lets us. */
async function cleanedUp(target: Target, leftOver: Rehearsal['leftOver']): Promise<Rehearsal['leftOver']> {
  const gone = async (remove: () => Promise<void>): Promise<boolean> =>
    remove().then(
      () => true,
      () => false,
    );
  const groupId = leftOver.groupId !== null && (await gone(() => target.removeGroup(leftOver.groupId ?? ''))) ? null : leftOver.groupId;
  const userId = leftOver.userId !== null && (await gone(() => target.remove(leftOver.userId ?? ''))) ? null : leftOver.userId;
  return { userId, groupId };
}

function asTargetError(error: unknown): TargetError {
  if (error instanceof TargetFault) return error.error;
  if (error instanceof SecretFault) return { next: 'credentials', status: null, scimType: null, message: error.message, maybeWritten: false, retryAfter: null };
  throw error;
}
