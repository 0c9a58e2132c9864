import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, count, duration, eitherOf, listed, moment, percent, plural } from '../../views/words.ts';

it('writes numbers with their unit', () => {
  expect(count(5110)).toBe('5,110');
  expect(plural(1, 'person', 'people')).toBe('1 person');
  expect(plural(5110, 'person', 'people')).toBe('5,110 people');
  expect(plural(0, 'account')).toBe('0 accounts');
});

it('writes shares without claiming all or nothing', () => {
  expect(percent(14, 412)).toBe('3.4 %');
  expect(percent(180, 412)).toBe('44 %');
  expect(percent(412, 412)).toBe('100 %');
  expect(percent(9_999, 10_000)).toBe('99.9 %');
  expect(percent(1, 100_000)).toBe('under 0.1 %');
  expect(percent(0, 0)).toBe('–');
});

it.each([
  [0, '0 s'],
  [400, 'under 1 s'],
  [41_000, '41 s'],
  [59_700, '1 min'],
  [90_000, '1 min 30 s'],
  [5_400_000, '1 h 30 min'],
  [86_399_900, '1 d'],
  [180_000_000, '2 d 2 h'],
])('writes %d ms as %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

it('writes durations in at most two units', () => {
  fc.assert(
    fc.property(fc.double({ min: 1_000, max: 1e12, noNaN: true }), (milliseconds) => /^\d+ (d|h|min|s)( \d+ (h|min|s))?$/.test(duration(milliseconds))),
  );
});

it('names the zone of a time, and takes an unknown zone for UTC', () => {
  expect(moment(1_763_701_800_000, 'Europe/Madrid')).toBe('21 Nov 2025, 06:10 (Europe/Madrid)');
  expect(moment(1_763_701_800_000, 'Nowhere', 'time')).toBe('05:10 (UTC)');
  expect(moment(1_763_701_800_000, 'Europe/Madrid', 'date')).toBe('21 Nov 2025');
  expect(moment(Number.NaN, 'UTC')).toBe('–');
});

describe('lists', () => {
  it('reads like a sentence', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
    expect(eitherOf(['a', 'b', 'c'])).toBe('a, b or c');
    expect(listed([])).toBe('–');
  });
});

it('fills the bar only when all is done', () => {
  expect(bar(0, 0)).toBe('░░░░░░░░░░░░');
  expect(bar(359, 360)).toBe('▓▓▓▓▓▓▓▓▓▓▓░');
  expect(bar(360, 360)).toBe('▓▓▓▓▓▓▓▓▓▓▓▓');
});
