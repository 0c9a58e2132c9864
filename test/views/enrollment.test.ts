import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MailGoes, OneTask, StatusCounts } from '../../src/domain/enrollment/shown.ts';
import { extendModal } from '../../views/enrollment/edit-modal.ts';
import { removePeopleModal } from '../../views/enrollment/remove-modal.ts';
import { reissueModal, resendModal } from '../../views/enrollment/resend-modal.ts';
import { summaryMessage } from '../../views/enrollment/summary.ts';
import { taskMessage } from '../../views/enrollment/task-card.ts';
import { countsLine, statusBar } from '../../views/enrollment/words.ts';
import { anEntry, aTask, aTaskModel } from '../gallery/enrollment.ts';

const NOBODY: StatusCounts = { active: 0, enrolled: 0, completed: 0, locked: 0, expired: 0, removed: 0 };
const number = fc.nat({ max: 100_000 });

it('E11 the bar is full only when everybody is enrolled, leaves nobody out for being few, and says the same in words', () => {
  expect(statusBar({ ...NOBODY, enrolled: 240, completed: 11, active: 58, expired: 8, locked: 3 })).toBe('▓▓▓▓▓▓▓▓▓▒▒░');
  expect(statusBar({ ...NOBODY, enrolled: 320 })).toBe('▓'.repeat(12));
  expect(statusBar({ ...NOBODY, enrolled: 9_999, locked: 1 })).toBe(`${'▓'.repeat(11)}░`);
  expect(statusBar({ ...NOBODY, removed: 4 })).toBe('');
  expect(countsLine({ ...NOBODY, enrolled: 251, active: 58, expired: 8, locked: 3 })).toBe('251 enrolled · 58 active · 8 expired · 3 locked');
});

it('E11 the bar is twelve wide for any numbers', () => {
  fc.assert(
    fc.property(number, number, number, (enrolled, active, locked) => {
      const bar = statusBar({ ...NOBODY, enrolled, active, locked });
      const signs = [
        ['▓', enrolled],
        ['▒', active],
        ['░', locked],
      ] as const;
      return enrolled + active + locked === 0 ? bar === '' : bar.length === 12 && signs.every(([sign, of]) => bar.includes(sign) === of > 0);
    }),
  );
});

it('E11 R3 the card of a task has no buttons once it is over, and never names anybody in it', () => {
  const over = taskMessage({ ...aTaskModel('none'), counts: { ...NOBODY, enrolled: 320 }, finished: true });
  expect(JSON.stringify(over.blocks)).not.toContain('button');
  expect(over.text).toBe('Task 1042 · Zoom: everybody is enrolled. 320 enrolled.');
  expect(JSON.stringify(taskMessage(aTaskModel('max')).blocks)).not.toContain('Okafor');
});

it('E13 a form promises a mail only where one goes out, names test mode, and the summary counts whom no mail told', () => {
  const seen = (mail: MailGoes): OneTask => ({ ...aTaskModel('more'), may: { run: true, administer: true }, mail });
  const [off, people, test] = [seen({ is: 'nowhere' }), seen({ is: 'people' }), seen({ is: 'test', to: 'i…@example.org' })];
  const active = anEntry('max', 0);
  const without = { ...active, email: null };
  const told = (of: OneTask, rows: readonly (typeof active)[]): string =>
    JSON.stringify(removePeopleModal({ seen: of, removing: { are: 'chosen', people: rows.map(({ personId }) => personId) }, rows }));
  expect(told(people, [active])).toContain('E-mail them that their enrollment is cancelled');
  expect(told(people, [active, without])).toContain('About 1 person without an e-mail address none goes out.');
  expect(told(test, [active])).toContain('every mail goes to i…@example.org');
  for (const [of, rows, why] of [
    [off, [active], 'mail is off'],
    [people, [without], 'they have no address'],
  ] as const) {
    expect(told(of, rows)).toContain(why);
    expect(told(of, rows)).not.toContain('notify');
  }
  const all = removePeopleModal({ seen: people, removing: { are: 'unfinished' }, rows: [] });
  expect(JSON.stringify(all)).toContain('About who has no e-mail address none goes out.');
  expect(JSON.stringify(extendModal(off, null))).toContain('Nobody is told by e-mail');
  expect(JSON.stringify(extendModal(test, null))).toContain('go to the test address');
  const address = active.email ?? '';
  expect(JSON.stringify(reissueModal(people, active, 1))).toContain(`A new link goes to ${address}.`);
  expect(JSON.stringify(reissueModal(test, active, 1))).toContain(`goes to i…@example.org, and none to ${address}`);
  expect(JSON.stringify(resendModal(test, active, 1))).toContain('the mail goes to i…@example.org');
  const untold = { why: 'no-address', count: 2 } as const;
  expect(summaryMessage({ task: aTask('none'), done: { is: 'removed' }, summary: { done: 3, skipped: [], untold } }).text).toBe(
    '3 people of task 1042 removed. 2 people not told by e-mail: no e-mail address.',
  );
});
