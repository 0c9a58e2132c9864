import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StatusCounts } from '../../src/domain/enrollment/shown.ts';
import { taskMessage } from '../../views/enrollment/task-card.ts';
import { countsLine, statusBar } from '../../views/enrollment/words.ts';
import { aTaskModel } from '../gallery/enrollment.ts';

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
