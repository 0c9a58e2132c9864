import type { Reassignable, Reassigned } from '../../src/domain/rights/verbs/reassign.ts';
import { listed, plural } from '../words.ts';

export type ReassignKind = Reassignable;

/** What can be moved, as a person chooses it. */
export const REASSIGNABLE_WORDS: Readonly<Record<ReassignKind, string>> = {
  connectors: 'Connectors, with their schedules',
  subscriptions: 'Alert subscriptions and escalations',
  policies: 'Places in approval policies',
  delegations: 'Delegations',
};

/** `2 connectors and 1 alert subscription moved to Ana Ruiz.` */
export function reassignedLine(moved: Reassigned, to: string): string {
  const parts = [
    moved.connectors > 0 && plural(moved.connectors, 'connector'),
    moved.subscriptions > 0 && plural(moved.subscriptions, 'alert subscription'),
    moved.policies > 0 && plural(moved.policies, 'place in approval policies', 'places in approval policies'),
    moved.delegations > 0 && plural(moved.delegations, 'delegation'),
  ].filter((part) => part !== false);
  return `${listed(parts)} moved to ${to}.`;
}
