import type { ListedGrant } from '../../src/domain/rights/verbs/role-grants.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, joined, md } from '../mrkdwn.ts';
import { givenLines } from './list.ts';
import { holderOf, placeOf, ROLE_WORDS, suspensionOf } from './words.ts';

export interface ShownRole {
  readonly grant: ListedGrant;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** One role: who holds it, through what, what it lets them do, from whom and why. */
export function roleModal(of: ShownRole): ModalView {
  const { grant } = of;
  const why = grant.given?.why ?? null;
  return modal({
    callbackId: 'roles.open',
    title: 'Role',
    blocks: [
      section(md`${bold(holderOf(grant))} · ${bold(grant.role)} of ${placeOf(grant)}`),
      section(`${ROLE_WORDS[grant.role]}${grant.organization === null || grant.role === 'partner' ? '' : ' There and below.'}`),
      section(joined(givenLines(of.grant, of), '\n')),
      why !== null && section(`Why: “${why}”`),
      suspensionOf(grant) !== '' && context('A suspended role lets nobody do anything. It is back in effect when Slack says so; it can be taken meanwhile.'),
      grant.from === 'configuration' && context('It stands in USHER_FIRST_ADMINS: whoever runs Usher changes it there.'),
      grant.holder.is === 'group' && context('Whoever is in the user group holds it; who leaves the group loses it.'),
      actions([
        grant.mayTake && button({ text: 'Take it away…', action: 'roles.take', value: grant.id, style: 'danger' }),
        button({ text: '‹ Roles', action: 'roles.list' }),
      ]),
      context(grant.id),
    ],
  });
}
