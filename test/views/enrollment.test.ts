import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MailGoes, OneTask, StatusCounts } from '../../src/domain/enrollment/shown.ts';
import type { EnrollmentStatus } from '../../src/domain/enrollment/enrollment.ts';
import { extendModal } from '../../views/enrollment/edit-modal.ts';
import { outstandingBlocks } from '../../views/enrollment/outstanding.ts';
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
  const under = { ...aTaskModel('none'), task: { ...aTask('none'), mailedTo: 'o…@okafor.example' } };
  expect(JSON.stringify(taskMessage(under).blocks)).toContain('last e-mailed to o…@okafor.example');
  for (const model of [under, { ...under, finished: true }, aTaskModel('max')]) expect(JSON.stringify(taskMessage(model, true))).not.toMatch(/okafor/i);
});

it('E7 a person’s page has of each task its requester, address, start, stop, status and authentication type; a way to it, and what fits the status, for who may manage it', () => {
  const told = (status: EnrollmentStatus, mayManage: boolean): string => {
    const entry = { ...anEntry('none', 0).entry, type: 'hardware-token' as const, mail: { is: 'accepted' as const, to: 'p…@example.org', at: 1 } };
    const task = { ...aTask('none'), start: Date.UTC(2026, 10, 21), timeZone: 'UTC' };
    const row = { ...anEntry('none', 0), status, entry: { ...entry, stop: Date.UTC(2026, 11, 2) } };
    return JSON.stringify(outstandingBlocks([{ row, task, connector: { id: 'zoom', name: 'Zoom' }, by: 'Ana Ruiz', mayManage }]));
  };
  for (const words of [
    'Task 1042 · Zoom',
    '○ active',
    'requested by Ana Ruiz',
    'e-mailed to p…@example.org',
    'start <!date^1795219200^',
    'stop 1 Dec 2026 (UTC)',
    'hardware token',
  ])
    expect(told('active', true)).toContain(words);
  const offered = (status: EnrollmentStatus, mayManage: boolean) => told(status, mayManage).match(/enroll\.(?:task|resend|reissue)/g);
  expect(offered('active', true)).toEqual(['enroll.task', 'enroll.resend']);
  expect([offered('locked', true), offered('expired', true)]).toEqual([
    ['enroll.task', 'enroll.reissue'],
    ['enroll.task', 'enroll.reissue'],
  ]);
  expect(offered('active', false)).toBeNull();
  expect(outstandingBlocks([])).toEqual([]);
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
