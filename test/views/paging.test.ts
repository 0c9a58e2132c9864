import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageOf, pager, readPager } from '../../views/paging.ts';

it('shows every item on exactly one page', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (items, size) => {
      const { pages } = pageOf(items, 1, size);
      const shown = Array.from({ length: pages }, (_, index) => pageOf(items, index + 1, size));
      expect(shown.flatMap((page) => page.items)).toEqual(items);
      for (const page of shown) expect(page.to - page.from + 1).toBe(items.length === 0 ? 1 : page.items.length);
    }),
  );
});

it('takes a page that is gone for the nearest one', () => {
  const items = [1, 2, 3, 4, 5];
  expect(pageOf(items, 9, 2)).toEqual({ items: [5], page: 3, pages: 3, from: 5, to: 5, total: 5 });
  expect(pageOf(items, -1, 2)).toMatchObject({ page: 1, from: 1, to: 2 });
  expect(pageOf([], 1, 10)).toEqual({ items: [], page: 1, pages: 1, from: 0, to: 0, total: 0 });
});

it('offers only the ways that lead somewhere, and reads them back', () => {
  expect(pager('connectors.list', 1, 1)).toEqual([]);
  const [previous, next] = pager('connectors.list', 2, 3, 'csv:org/1');
  expect([previous?.text.text, previous?.action_id, next?.text.text, next?.action_id]).toEqual([
    '‹ Previous',
    'connectors.list:previous',
    'Next ›',
    'connectors.list:next',
  ]);
  expect(readPager(next?.value)).toEqual({ page: 3, value: 'csv:org/1' });
  expect(readPager(undefined)).toEqual({ page: 1, value: '' });
  expect(readPager('zoom')).toEqual({ page: 1, value: '' });
});
