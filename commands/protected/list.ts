import { protectedPeople, requireProtector } from '../../src/domain/protected/verbs/list.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { loading } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { protectedModal } from '../../views/protected/list-modal.ts';
import type { Answer, Ask, Command } from '../command.ts';

/** Whom nothing removes or downgrades (A7). */
export const listProtected: Command = {
  typed: [
    {
      topic: 'protected',
      verb: '',
      right: 'administer',
      everywhere: true,
      usage: 'protected [page=2]',
      summary: 'Whom no sync removes or downgrades, and why',
      run: (ask, words) => list(ask, Number(words.options.page ?? 1)),
    },
    {
      topic: 'protected',
      verb: 'list',
      right: 'administer',
      everywhere: true,
      usage: 'protected list [page=2]',
      summary: 'The same',
      run: (ask, words) => list(ask, Number(words.options.page ?? 1)),
    },
  ],
  presses: {
    'protected.list': (ask) => list(ask, 1),
    'protected.page': (ask, press) => list(ask, readPager(press.value ?? undefined).page),
  },
};

async function list(ask: Ask, page: number): Promise<Answer> {
  const { outside, actor } = ask;
  await requireProtector(outside, actor);
  return {
    is: 'modal',
    view: loading('Protected people', 'Reading the list…'),
    later: async () => {
      const rows = await protectedPeople(outside, actor);
      const names = await namesOf(
        outside,
        rows.flatMap(({ entry }) => [entry.by, ...entry.approvedBy]),
      );
      return protectedModal({ rows, names, timeZone: outside.settings.timeZone }, page);
    },
  };
}
