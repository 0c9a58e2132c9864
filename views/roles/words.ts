import type { Role } from '../../src/domain/rights/grant.ts';
import type { ListedGrant } from '../../src/domain/rights/verbs/role-grants.ts';
import { signed } from '../signs.ts';
import { plural } from '../words.ts';

/** What each role lets somebody do, in one sentence (X1); a menu shows 75 characters. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Sees connectors, people and runs, and makes reports.',
  operator: 'The same, and syncs, retries and extends.',
  approver: 'Decides on requests, and sees nothing else.',
  admin: 'Configures, assigns, disconnects, deletes, decides and gives roles.',
  partner: 'Sees who uses that partner’s own catalog entries.',
};

/** What a role holds for. */
export function placeOf({ organization }: Pick<ListedGrant, 'organization'>): string {
  return organization ?? 'everything';
}

/** Who holds it: a person, or a user group with how many are in it. */
export function holderOf({ holder, holderName, people }: ListedGrant): string {
  return holder.is === 'group' ? `${holderName} (${plural(people, 'person', 'people')})` : holderName;
}

const SUSPENDED: Readonly<Record<NonNullable<ListedGrant['suspended']>, string>> = {
  deactivated: 'suspended: left Slack',
  guest: 'suspended: a guest in Slack',
  foreign: 'suspended: of another workspace',
};

/** `⏸ suspended: left Slack`; empty where it is in effect. */
export function suspensionOf({ suspended }: Pick<ListedGrant, 'suspended'>): string {
  return suspended === null ? '' : signed({ sign: '⏸', word: SUSPENDED[suspended] });
}
