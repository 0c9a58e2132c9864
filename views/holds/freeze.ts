import type { FreezeRow } from '../../src/domain/holds/verbs/freezes.ts';
import { actions, button, context, datePicker, externalSelect, input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { readDate, readOption, readText } from '../state.ts';
import { SIGNS } from '../signs.ts';

const PAGE = 10;

/** The freeze calendar (S21): what is in force and what comes, ten a page. */
export function freezesModal(rows: readonly FreezeRow[], mayAdd: boolean, at: number): ModalView {
  const page = pageOf(rows, at, PAGE);
  return modal({
    callbackId: 'freeze.list',
    title: 'Freeze calendar',
    metadata: { page: page.page },
    blocks: [
      section(
        rows.length === 0
          ? 'No freeze is set. In a freeze nobody is removed; joins and changes go on.'
          : 'In a freeze nobody is removed; joins and changes go on.',
      ),
      ...page.items.map((row) =>
        section(freezeLine(row), {
          accessory:
            row.mayRemove &&
            button({
              text: 'Remove…',
              action: 'freeze.remove',
              value: row.freeze.id,
              accessibilityLabel: `Remove ${row.freeze.id}`,
              confirm: {
                title: 'Remove this freeze?',
                text: 'What it holds goes with the next sync; the fuse counts as usual.',
                confirm: 'Remove the freeze',
                deny: 'Keep it',
                style: 'danger',
              },
            }),
        }),
      ),
      actions([...pager('freeze.list', page.page, page.pages), mayAdd && button({ text: 'New freeze', action: 'freeze.add', style: 'primary' })]),
      context('To remove somebody in spite of it: release them from the hold, which takes a second person.'),
    ],
  });
}

/** `F-1 Exams · all connectors · 1 Jun to 20 Jun (Europe/Madrid)`. */
export function freezeLine({ freeze, connector, timeZone, isNow }: FreezeRow): Mrkdwn {
  const days = md`${date(freeze.from, timeZone, 'date')} to ${date(freeze.until - 1, timeZone, 'date')} (${timeZone})`;
  return md`${isNow ? `${SIGNS.disabled.sign} in force` : 'to come'} · ${bold(freeze.name)} · ${connector?.name ?? 'all connectors'} · ${days} · ${freeze.id}`;
}

/** The option that stands for all connectors. */
export const ALL_CONNECTORS = { text: 'All connectors', value: '*' } as const;

/** Sets a period (S21): name, first and last day, one connector or all. */
export function freezeModal(isGlobal: boolean): ModalView {
  return modal({
    callbackId: 'freeze.add',
    title: 'New freeze',
    submit: 'Freeze removals',
    blocks: [
      input('Name', plainInput({ action: 'name', max: 80, placeholder: 'Exams' })),
      input('First day', datePicker({ action: 'from' })),
      input('Last day', datePicker({ action: 'until' }), { hint: 'Until the end of that day, in the zone of the connector’s organization.' }),
      input('Connector', externalSelect({ action: 'freeze.connector', placeholder: 'Name of a connector', initial: isGlobal ? ALL_CONNECTORS : null }), {
        blockId: 'connector',
      }),
      context('In a freeze nobody is removed. Joins and changes go on; off-boarding goes ahead of it.'),
    ],
  });
}

export function readFreeze(state: unknown): { readonly name: string; readonly from: string; readonly until: string; readonly connector: string } {
  return {
    name: readText(state, 'name') ?? '',
    from: readDate(state, 'from') ?? '',
    until: readDate(state, 'until') ?? '',
    connector: readOption(state, 'connector', 'freeze.connector') ?? '',
  };
}
