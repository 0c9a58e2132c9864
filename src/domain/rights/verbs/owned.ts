import type { Outside } from '../../../ports/outside.ts';
import type { Documents } from '../../../ports/store.ts';
import type { Subscription } from '../../alerts/alert.ts';
import type { Delegation, Policy } from '../../approvals/policy.ts';
import type { ApprovalRequest } from '../../approvals/request.ts';

import { type Connector, ownerOf } from '../../connectors/connector.ts';

/** What hangs on one person: listed for re-assignment when they leave (X11). */
export interface Owned {
  /** Those they own: made, or were given. */
  readonly connectors: readonly Connector[];
  /** Of these, those with a schedule: it goes on without them, and moves with the connector. */
  readonly schedules: readonly Connector[];
  /** Alerts of channels that they subscribed, or that escalate to them. */
  readonly subscriptions: readonly Subscription[];
  /** Requests of theirs that still wait. They can't be moved: a request is its requester's (P3). */
  readonly requests: readonly ApprovalRequest[];
  /** Policies that name them as approver. */
  readonly policies: readonly Policy[];
  /** Who decides in their place, or in whose place they decide. */
  readonly delegations: readonly Delegation[];
}

/** Lists what somebody owns, by Slack user id. Reads our own store. */
export async function ownedBy(outside: Pick<Outside, 'store'>, userId: string): Promise<Owned> {
  const connectors = await found(outside, 'connector', (connector) => ownerOf(connector) === userId);
  return {
    connectors,
    schedules: connectors.filter(({ operating }) => operating.schedule !== null),
    subscriptions: await found(outside, 'subscription', ({ by, escalation }) => by === userId || escalation?.to === userId),
    requests: await found(outside, 'approval', ({ by, state }) => by.userId === userId && state.is === 'open'),
    policies: await found(outside, 'policy', ({ steps }) => steps.some(({ approvers }) => approvers.people.includes(userId))),
    delegations: await found(outside, 'delegation', ({ userId: absent, to }) => absent === userId || to === userId),
  };
}

/** `3 connectors`, `1 alert subscription`; empty where they own nothing. */
export function ownedWords({ connectors, schedules, subscriptions, requests, policies, delegations }: Owned): readonly string[] {
  const counted = (items: readonly unknown[], one: string, many = `${one}s`): readonly string[] =>
    items.length === 0 ? [] : [`${items.length} ${items.length === 1 ? one : many}`];
  return [
    ...counted(connectors, 'connector'),
    ...counted(schedules, 'schedule'),
    ...counted(subscriptions, 'alert subscription'),
    ...counted(requests, 'open request'),
    ...counted(policies, 'approval policy', 'approval policies'),
    ...counted(delegations, 'delegation'),
  ];
}

async function found<K extends 'connector' | 'subscription' | 'approval' | 'policy' | 'delegation'>(
  outside: Pick<Outside, 'store'>,
  kind: K,
  fits: (value: Documents[K]) => boolean,
): Promise<readonly Documents[K][]> {
  const all: Documents[K][] = [];
  for await (const page of outside.store.scan(kind)) for (const { value } of page) if (fits(value)) all.push(value);
  return all;
}
