import type { Outside } from '../../../ports/outside.ts';
import type { Described, Effect } from '../../approvals/request.ts';
import { type Organization, type OrganizationId, upwards } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { nameOf, notYetAssigned, reasonOf } from './assign.ts';
import { type AssignableGrouping, assignableConnector, chosenGroupings, requireConfigured } from './assignable.ts';
import { estimate } from './estimate.ts';
import { unassignPreview } from './unassign-preview.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'breath' | 'clock' | 'fingerprint'>;

/** What an assignment comes to, in the numbers of the form (A1). Refuses like `assign`. Reads every person and account: for after the ack. */
export async function describeAssign(outside: Parts, actor: Actor, effect: Extract<Effect, { is: 'assign' }>): Promise<Described> {
  const { connectorId, groupingIds } = effect;
  reasonOf(effect.why);
  const assignable = await assignableConnector(outside, actor, connectorId);
  requireConfigured(assignable.connector);
  const { name } = assignable.connector;
  const { fresh } = await notYetAssigned(outside, assignable.connector, await chosenGroupings(outside, actor, assignable, groupingIds));
  const numbers = await estimate(
    outside,
    actor,
    connectorId,
    fresh.map(({ grouping }) => grouping.id),
  );
  const { people, assigned, create, adopt, reactivate, frozen, seatsLeft } = numbers;
  const accounts = numbers.listed ? [counted(create, 'new account'), ...some(adopt, 'adopted')] : [`${counted(create + adopt, 'account')} to create or adopt`];
  const organizations = [...new Set(fresh.map(({ organization }) => organization.id))];
  return {
    title: `assign ${name} to ${listed(fresh)}`,
    lines: [
      `${counted(people, 'person', 'people')}, of whom ${count(assigned)} ${assigned === 1 ? 'is' : 'are'} covered already.`,
      `${[...accounts, ...some(reactivate, 'coming back'), ...some(frozen, 'left without: a value is missing or the match is not clear')].join(', ')}.`,
      ...(seatsLeft === null
        ? []
        : [seatsLeft < 0 ? `${counted(-seatsLeft, 'seat')} short once everybody is active.` : `${counted(seatsLeft, 'seat')} left after.`]),
    ],
    size: people - assigned,
    organizationId: commonOf(organizations, await tree(outside)),
    organizations,
    connectorId,
  };
}

/** What ending an assignment comes to; refuses like `unassign`, also where other people than those agreed to would lose their account (A3). */
export async function describeUnassign(outside: Parts, actor: Actor, effect: Extract<Effect, { is: 'unassign' }>): Promise<Described> {
  reasonOf(effect.why);
  const preview = await unassignPreview(outside, actor, effect.assignmentId);
  if (preview.agreed !== effect.agreed) throw new Refusal({ is: 'changed-meanwhile', what: 'Who would lose an account' });
  const { losing, staying, without } = preview;
  return {
    title: `un-assign ${preview.connector.name} from ${preview.grouping} (${preview.organization})`,
    lines: [
      losing.length === 0
        ? 'Nobody loses an account.'
        : `${counted(losing.length, 'person loses their account', 'people lose their account')} with the next run, and exactly they pass the fuse.`,
      ...(staying === 0 ? [] : [`${count(staying)} in it ${staying === 1 ? 'keeps theirs' : 'keep theirs'}: another assignment covers them.`]),
      ...(without === 0 ? [] : [`${count(without)} in it ${without === 1 ? 'has' : 'have'} none yet.`]),
    ],
    size: losing.length,
    organizationId: preview.assignment.organizationId,
    connectorId: preview.connector.id,
  };
}

/** The nearest organization that all of them are in or below; null where they share none. */
function commonOf(ids: readonly OrganizationId[], all: ReadonlyMap<OrganizationId, Organization>): OrganizationId | null {
  const [first, ...rest] = ids.map((id) => upwards(all, id).map((organization) => organization.id));
  return first?.find((id) => rest.every((line) => line.includes(id))) ?? null;
}

const NAMED = 3;

function listed(groupings: readonly AssignableGrouping[]): string {
  const names = groupings.slice(0, NAMED).map(nameOf);
  return groupings.length > NAMED ? `${names.join(', ')} and ${groupings.length - NAMED} more` : names.join(', ');
}

function some(number: number, words: string): readonly string[] {
  return number === 0 ? [] : [`${count(number)} ${words}`];
}

function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
