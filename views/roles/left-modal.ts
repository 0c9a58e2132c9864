import type { Leaver } from '../../src/domain/rights/verbs/left.ts';
import type { Owned } from '../../src/domain/rights/verbs/owned.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, listed, plural } from '../words.ts';
import { placeOf } from './words.ts';

const PAGE = 10;

/** People who left Slack, what was theirs, and *Re-assign…* (X11). */
export function leftModal(leavers: readonly Leaver[], at: number, timeZone: string): ModalView {
  const page = pageOf(leavers, at, PAGE);
  return modal({
    callbackId: 'roles.left',
    title: 'People who left',
    blocks: [
      section(
        leavers.length === 0 ? 'Nobody who left Slack holds a role or owns anything in Usher.' : `${plural(leavers.length, 'person', 'people')} left Slack.`,
      ),
      leavers.length > 0 && context('Their roles are suspended at once. What they own goes on; somebody else has to look after it.'),
      ...page.items.map((leaver) =>
        section(leaverLines(leaver, timeZone), {
          accessory:
            isMovable(leaver.owned) &&
            button({ text: 'Re-assign…', action: 'roles.reassign', value: leaver.person.id, accessibilityLabel: `Re-assign what ${leaver.person.name} owns` }),
        }),
      ),
      actions([...pager('roles.left-page', page.page, page.pages), button({ text: '‹ Roles', action: 'roles.list' })]),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
    ],
  });
}

/** Requests stay their requester's, and expire (P3); all else can be moved. */
function isMovable({ connectors, subscriptions, policies, delegations }: Owned): boolean {
  return connectors.length + subscriptions.length + policies.length + delegations.length > 0;
}

function leaverLines({ person, roles, owned }: Leaver, timeZone: string): Mrkdwn {
  const left = person.deactivated === null ? md`` : md` · left ${date(person.deactivated, timeZone, 'date')}`;
  const held = roles.length === 0 ? [] : [md`Suspended: ${listed(roles.map((grant) => `${grant.role} of ${placeOf(grant)}`))}`];
  return joined([md`${bold(person.name)}${left}`, ...held, ...ownedLines(owned)], '\n');
}

/** What somebody owns, a line a kind; *owns nothing* where it is nothing. */
export function ownedLines({ connectors, schedules, subscriptions, requests, policies, delegations }: Owned): readonly Mrkdwn[] {
  const lines = [
    connectors.length > 0 &&
      md`Owns ${listed(connectors.map(({ name }) => name))}${schedules.length === 0 ? '' : `, ${plural(schedules.length, 'of them with a schedule', 'of them with a schedule')}`}`,
    subscriptions.length > 0 && md`${plural(subscriptions.length, 'alert subscription')}`,
    policies.length > 0 && md`Approver in ${listed(policies.map(({ id }) => id))}`,
    delegations.length > 0 && md`${plural(delegations.length, 'delegation')}`,
    requests.length > 0 && md`${plural(requests.length, 'open request')}, which can’t be moved: ${listed(requests.map(({ id }) => id))}`,
  ].filter((line) => line !== false);
  return lines.length === 0 ? [md`Owns nothing.`] : lines;
}
