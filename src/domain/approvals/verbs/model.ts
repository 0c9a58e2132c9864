import type { Outside } from '../../../ports/outside.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import { waitingFor } from '../eligible.ts';
import { channelOf, MOST_COPIES } from '../copies.ts';
import type { ApprovalRequest } from '../request.ts';
import { electorateAt, register } from './register.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'workspace'>;

/** Everything that a request's card tells. */
export interface ApprovalModel {
  readonly request: ApprovalRequest;
  /** Plain names of Slack people, user groups and organizations, by id. */
  readonly names: (id: string) => string;
  /** Where it has its effect; null is everywhere. */
  readonly organization: string | null;
  readonly timeZone: string;
  /** False where nothing that could name somebody of the directory may stand (R3): counts only. */
  readonly mayName: boolean;
  /** Who may decide the waiting step now; none once it is over. */
  readonly waitingFor: readonly string[];
  /** So many more may decide than got a direct message of it. */
  readonly unasked: number;
}

/** What a card shows now; `channelId` where it stands in a channel, null in somebody's direct messages. Null where the request is gone. Asks Slack who reads along, and for names. */
export async function approvalModel(outside: Parts, requestId: string, channelId: string | null): Promise<ApprovalModel | null> {
  const request = (await outside.store.get('approval', requestId))?.value;
  if (request === undefined) return null;
  return shownRequest(outside, request, channelId === null || (await mayHoldNames(outside, request, channelId)));
}

/** A request with what is needed to tell of it. Asks Slack for names: for after the ack. */
export async function shownRequest(outside: Parts, request: ApprovalRequest, mayName: boolean): Promise<ApprovalModel> {
  const { organizationId } = request.described;
  const waiting = request.state.is === 'open' ? waitingFor(request, electorateAt(await register(outside), organizationId)) : [];
  const organization = organizationId === null ? undefined : (await outside.store.get('organization', organizationId))?.value;
  return {
    request,
    names: await namesIn(outside, [request]),
    organization: organizationId === null ? null : (organization?.name ?? organizationId),
    timeZone: organization?.timeZone ?? outside.settings.timeZone,
    mayName,
    waitingFor: waiting,
    unasked: channelOf(request) !== null ? 0 : Math.max(0, waiting.length - MOST_COPIES),
  };
}

/** Asked each time: guests come, and channels get shared. A channel holds names only where its policy says so; what Slack doesn't say is no. */
async function mayHoldNames(outside: Parts, { policyId }: ApprovalRequest, channelId: string): Promise<boolean> {
  const policy = policyId === null ? undefined : (await outside.store.get('policy', policyId))?.value;
  return policy?.mayNames === true && policy.channelId === channelId && (await outside.workspace.mayHoldNames(channelId).catch(() => false));
}

/** Plain names of everybody in these requests, or of these ids: Slack people, user groups, organizations. What is unknown keeps its id. */
export async function namesIn(outside: Parts, of: readonly (ApprovalRequest | string)[]): Promise<(id: string) => string> {
  const ids = new Set(of.flatMap((each) => (typeof each === 'string' ? [each] : idsOf(each))));
  const found = new Map<string, string>();
  const people: string[] = [];
  for (const id of ids) {
    const group = (await outside.store.get('userGroup', id))?.value;
    const person = (await outside.store.get('slackPerson', id))?.value;
    const organization = (await outside.store.get('organization', id))?.value;
    const name = group === undefined ? (person?.name ?? organization?.name) : `@${group.handle}`;
    if (name !== undefined) found.set(id, name);
    else people.push(id);
  }
  const others = await namesOf(outside, people);
  return (id) => found.get(id) ?? (id.startsWith('host:') ? `${id.slice(5)} on the host` : others(id));
}

function idsOf({ by, decisions, steps, state }: ApprovalRequest): readonly string[] {
  return [
    by.userId,
    ...decisions.flatMap(({ userId, insteadOf }) => (insteadOf === null ? [userId] : [userId, insteadOf])),
    ...steps.flatMap(({ approvers }) => [...approvers.groups, ...approvers.people]),
    ...(state.is === 'denied' || state.is === 'withdrawn' ? [state.by] : []),
  ];
}
