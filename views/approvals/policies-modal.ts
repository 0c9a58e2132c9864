import type { Policy } from '../../src/domain/approvals/policy.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, channelMention, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, plural } from '../words.ts';
import { ACTION_WORDS } from './action-words.ts';
import { stepWords } from './request-words.ts';

/** Policies on one page. */
const PAGE = 10;

export interface PolicyRow {
  readonly policy: Policy;
  /** Name of the organization where it holds; null everywhere. */
  readonly organization: string | null;
}

export interface PoliciesPage {
  readonly rows: readonly PolicyRow[];
  readonly page: number;
  /** Plain names of people and user groups, by Slack id. */
  readonly names: (id: string) => string;
  /** The viewer may change them. */
  readonly editable: boolean;
}

/** What needs approval, from which size, by whom (P1). */
export function policiesModal(of: PoliciesPage): ModalView {
  const page = pageOf(of.rows, of.page, PAGE);
  return modal({
    callbackId: 'approvals.policies',
    title: 'Approval policies',
    blocks: [
      section(
        of.rows.length === 0
          ? 'No policies: everything is done at once, but edits of protected people, which always take two.'
          : md`${bold(plural(of.rows.length, 'policy', 'policies'))}`,
      ),
      ...page.items.map((row) =>
        section(policyLine(row, of.names), {
          accessory:
            of.editable && button({ text: 'Edit', action: 'approvals.policy', value: row.policy.id, accessibilityLabel: `Edit policy ${row.policy.id}` }),
        }),
      ),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
      context('Of several that fit, the one of the nearest organization counts, and there the largest size that is reached.'),
      actions([
        ...pager('approvals.policies-page', page.page, page.pages),
        of.editable && button({ text: 'New policy…', action: 'approvals.policy', style: 'primary' }),
        button({ text: '‹ Approvals', action: 'approvals.inbox' }),
      ]),
    ],
  });
}

/** `Assign from 100 people, at North High: 1 of: IT leads; then 1 of: …; in #approvals; 72 h`. */
function policyLine({ policy, organization }: PolicyRow, names: (id: string) => string): Mrkdwn {
  const from = policy.from === 0 ? 'always' : `from ${plural(policy.from, 'person', 'people')}`;
  const where = organization === null ? 'everywhere' : `at ${organization} and below`;
  const steps = joined(
    policy.steps.map((step) => md`${stepWords(step, { names, organization })}`),
    ', then ',
  );
  const card = policy.channelId === null ? md`asked by direct message` : md`asked in ${channelMention(policy.channelId)}`;
  return md`${bold(policy.id)} ${bold(ACTION_WORDS[policy.action].name)} ${from}, ${where}\nneeds ${steps} · ${card} · expires after ${plural(policy.hours, 'hour')}`;
}
