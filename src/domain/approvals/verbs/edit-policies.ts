import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { refreshGroup } from '../../rights/verbs/refresh.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Asking } from '../action.ts';
import type { Clearance } from '../clearance.ts';
import { canBeApproved } from '../eligible.ts';
import { APPROVABLE, type Policy, type PolicyChange, type PolicyDraft, type Step } from '../policy.ts';
import type { Described } from '../request.ts';
import { electorateAt, register } from './register.ts';

const LONGEST_HOURS = 720;
const MOST_STEPS = 5;
const MOST_OF_A_STEP = 10;

/** Refuses all but global admins (X1). */
export async function requirePolicyMaker(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<void> {
  await requireRight(outside, actor, 'administer', null, 'set approval policies');
}

/** What a change of policies comes to; refuses like `applyPolicyChange`. Asks Slack about groups and the channel: for after the ack. */
export async function describePolicyChange(outside: Asking, actor: Actor, change: PolicyChange): Promise<Described> {
  await requirePolicyMaker(outside, actor);
  const everywhere = { size: 0, organizationId: null, connectorId: null };
  if (change.is === 'remove') {
    const { id, action, organizationId } = (await policyById(outside, change.policyId)).value;
    const lines = [`${words(action)} ${await placeName(outside, organizationId)} then needs what other policies ask, or no approval.`];
    return { title: `remove the approval policy ${id}`, lines, ...everywhere };
  }
  const draft = change.policy;
  await checkPolicy(outside, draft);
  const people = draft.steps.reduce((sum, step) => sum + step.count, 0);
  return {
    title: draft.id === null ? `set an approval policy for “${draft.action}”` : `change the approval policy ${draft.id}`,
    lines: [
      `${words(draft.action)} ${await placeName(outside, draft.organizationId)}${draft.from > 0 ? `, from ${draft.from} people on,` : ''} then needs ${people === 1 ? 'one person' : `${people} people`} within ${draft.hours} hours.`,
    ],
    ...everywhere,
  };
}

/** Sets or removes a policy. Requests that wait go on by the terms that they were asked under. */
export async function applyPolicyChange(
  outside: Asking,
  actor: Actor,
  change: PolicyChange,
  clearance: Clearance,
): Promise<{ readonly is: 'set' | 'removed'; readonly policy: Policy }> {
  await requirePolicyMaker(outside, actor);
  return change.is === 'set'
    ? { is: 'set', policy: await set(outside, actor, change.policy, clearance) }
    : { is: 'removed', policy: await remove(outside, actor, change.policyId, clearance) };
}

async function set(outside: Asking, actor: Actor, draft: PolicyDraft, clearance: Clearance): Promise<Policy> {
  await checkPolicy(outside, draft);
  for (;;) {
    const before = draft.id === null ? null : await policyById(outside, draft.id);
    const counter = await outside.store.get('counter', 'policy');
    const number = (counter?.value.value ?? 0) + 1;
    await refuseTwin(outside, draft);
    const policy: Policy = { ...draft, id: draft.id ?? `P-${number}`, by: actor.userId, at: outside.clock.now() };
    const outcome = await outside.store.transaction({
      // The counter is compared also where none is made: policies are changed one after the other.
      puts: [
        put('counter', 'policy', { value: draft.id === null ? number : number - 1 }, counter?.version ?? 0),
        put('policy', policy.id, policy, before?.version ?? 0),
      ],
      appends: [
        audited(outside, actor, {
          action: 'policies.set',
          subject: policy.id,
          summary: `${before === null ? 'set' : 'changed'} the approval policy ${policy.id} for ${policy.action}`,
          before: before === null ? null : asRow(before.value),
          after: asRow(policy),
          ...clearance.row,
        }),
      ],
    });
    if (outcome === 'committed') return policy;
  }
}

async function remove(outside: Asking, actor: Actor, id: string, clearance: Clearance): Promise<Policy> {
  for (;;) {
    const { value: policy, version } = await policyById(outside, id);
    const row = {
      action: 'policies.remove',
      subject: id,
      summary: `removed the approval policy ${id} for ${policy.action}`,
      before: asRow(policy),
      ...clearance.row,
    };
    const outcome = await outside.store.transaction({ puts: [put('policy', id, null, version)], appends: [audited(outside, actor, row)] });
    if (outcome === 'committed') return policy;
  }
}

async function policyById(outside: Pick<Outside, 'store'>, id: string) {
  const stored = await outside.store.get('policy', id);
  if (stored === undefined) throw new Refusal({ is: 'not-found', what: 'policy', typed: id, near: [] });
  return stored;
}

/** Two for the same action, place and size would leave open which one counts. */
async function refuseTwin(outside: Pick<Outside, 'store'>, draft: PolicyDraft): Promise<void> {
  for await (const page of outside.store.scan('policy'))
    for (const { value } of page)
      if (value.id !== draft.id && value.action === draft.action && value.organizationId === draft.organizationId && value.from === draft.from)
        throw badInput('from', `${value.id} is for exactly that already.`, 'Change that one, or choose another place or size.');
}

/** Refuses a policy that nobody could follow: numbers out of range, approvers without the right, a channel where Usher can't post. */
async function checkPolicy(outside: Asking, draft: PolicyDraft): Promise<void> {
  const { action, organizationId, from, hours, steps, channelId } = draft;
  if (!APPROVABLE.includes(action)) throw badInput('action', 'That action takes no approval.', `Choose one of ${APPROVABLE.join(', ')}.`);
  if (organizationId !== null && (await outside.store.get('organization', organizationId)) === undefined)
    throw badInput('organization', 'That organization is not in the directory.', 'Choose another one.');
  if (!Number.isInteger(from) || from < 0) throw badInput('from', 'The size is a number of people.', 'Type 0 for always.');
  if (!Number.isInteger(hours) || hours < 1 || hours > LONGEST_HOURS)
    throw badInput('hours', `A request waits from 1 to ${LONGEST_HOURS} hours.`, 'Type a number in between; 72 is three days.');
  if (steps.length === 0 || steps.length > MOST_STEPS) throw badInput('steps', `A policy has from 1 to ${MOST_STEPS} steps.`, 'Add or remove steps.');
  for (const [index, step] of steps.entries()) await checkStep(outside, draft, step, index);
  const electorate = electorateAt(await register(outside), organizationId);
  if (!canBeApproved({ steps, decisions: [], by: { userId: '' } }, electorate)) {
    const people = steps.reduce((sum, step) => sum + step.count, 0);
    const problem = `The steps take ${people} different people, and those named who may approve ${await placeName(outside, organizationId)} are fewer.`;
    throw badInput('steps', problem, 'Ask for fewer, name more, or give more people the role approver there.');
  }
  const posting = channelId === null ? null : await outside.workspace.postingProblem(channelId);
  if (posting !== null && channelId !== null) throw new Refusal({ is: 'cannot-post', channelId, ...posting });
}

/** Each person named, and somebody of each group, must hold *decide* there: a name that can't approve would only look like a guard. */
async function checkStep(outside: Asking, { organizationId }: PolicyDraft, { approvers, count }: Step, index: number): Promise<void> {
  const field = `step-${index + 1}`;
  if (!Number.isInteger(count) || count < 1 || count > MOST_OF_A_STEP)
    throw badInput(field, `A step takes from 1 to ${MOST_OF_A_STEP} people.`, 'Type how many.');
  const handles = new Map<string, string>();
  for (const id of approvers.groups) {
    const group = await refreshGroup(outside, id);
    if (group === undefined || group.members.length === 0)
      throw badInput(field, 'One of the user groups is gone, disabled or empty.', 'Choose another one, or add people to it in Slack.');
    handles.set(id, group.handle);
  }
  const { holders, groups } = electorateAt(await register(outside), organizationId);
  const where = await placeName(outside, organizationId);
  for (const id of approvers.people) {
    if (holders.has(id)) continue;
    const name = (await outside.store.get('slackPerson', id))?.value.name ?? (await outside.workspace.member(id).catch(() => undefined))?.name ?? id;
    throw badInput(field, `${name} may not approve ${where}.`, 'Give them the role approver there first, or name somebody else.');
  }
  for (const [id, handle] of handles)
    if (!(groups.get(id) ?? []).some((member) => holders.has(member)))
      throw badInput(field, `Nobody in @${handle} may approve ${where}.`, 'Give the group the role approver there first, or name another one.');
}

async function placeName(outside: Pick<Outside, 'store'>, organizationId: string | null): Promise<string> {
  if (organizationId === null) return 'everywhere';
  return `at ${(await outside.store.get('organization', organizationId))?.value.name ?? 'an organization that is gone'}`;
}

function words(action: Policy['action']): string {
  return `“${action}”`;
}

function asRow({ action, organizationId, from, steps, channelId, hours, mayNames }: Policy): Readonly<Record<string, string>> {
  const approvers = steps.map(({ approvers: { people, groups }, count }) => `${count} of ${[...groups, ...people].join(', ') || 'whoever may approve there'}`);
  return {
    action,
    organization: organizationId ?? 'everywhere',
    from: String(from),
    steps: approvers.join('; then '),
    channel: channelId ?? 'direct messages',
    hours: String(hours),
    names: mayNames === true ? 'yes' : 'no',
  };
}
