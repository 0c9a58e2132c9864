import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListingEnd } from '../../src/ports/target.ts';
import { type FetchPage, type ListPage, readListPage, walkPages } from '../../src/scim/listing.ts';

interface Row {
  readonly id: string;
}
const rows = (count: number): readonly Row[] => Array.from({ length: count }, (_, index) => ({ id: String(index + 1) }));
const page = (of: readonly Row[], total: number | null, unreadable = 0): ListPage<Row> => ({ rows: of, unreadable, total });

async function walk(fetchPage: FetchPage<Row>): Promise<{ ids: readonly string[]; requests: number; end: ListingEnd }> {
  let requests = 0;
  const pages = walkPages(fetchPage, async () => {
    requests += 1;
    if (requests > 1_000) throw new Error('the walk does not end');
  });
  const ids: string[] = [];
  for (;;) {
    const step = await pages.next();
    if (step.done === true) return { ids, requests, end: step.value };
    ids.push(...step.value.map((row) => row.id));
  }
}

describe('a page walk', () => {
  it('S8 reads everybody once from an honest server, whatever its cap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(400), fc.integer({ min: 1, max: 150 }), async (size, cap) => {
        const all = rows(size);
        const { ids, requests, end } = await walk(async (start, count) => page(all.slice(start - 1, start - 1 + Math.min(cap, count)), size));
        expect(ids).toEqual(all.map((row) => row.id));
        expect(end).toEqual({ complete: true, reason: null });
        expect(requests).toBe(Math.ceil(size / Math.min(cap, 100)) + 1);
      }),
    );
  });

  it('S23 goes on where totalResults is only the page size, and then does not call the listing complete', async () => {
    const all = rows(31);
    const { ids, end } = await walk(async (start) => {
      const some = all.slice(start - 1, start + 6);
      return page(some, some.length);
    });
    expect(ids).toHaveLength(31);
    expect(end).toEqual({ complete: false, reason: expect.stringContaining('listed 31') });
  });

  it('S23 ends, incomplete, on a server that ignores startIndex', async () => {
    const { ids, end } = await walk(async () => page(rows(50), 50));
    expect(ids).toHaveLength(50);
    expect(end).toEqual({ complete: false, reason: expect.stringContaining('repeated') });
  });

  it('is complete on a server that starts over past its end, once it showed that it honours startIndex', async () => {
    const all = rows(130);
    const { ids, end } = await walk(async (start, count) => page(start > 130 ? all.slice(0, count) : all.slice(start - 1, start - 1 + count), 130));
    expect(ids).toHaveLength(130);
    expect(end).toEqual({ complete: true, reason: null });
  });

  it('S23 gives each row once and is incomplete when rows repeat across pages', async () => {
    const { ids, end } = await walk(async (start) => page(start === 1 ? rows(100) : start === 101 ? [{ id: '100' }, { id: 'new' }] : [], 101));
    expect(ids).toHaveLength(101);
    expect(new Set(ids).size).toBe(101);
    expect(end.complete).toBe(false);
  });

  it.each<[string, FetchPage<Row>, string]>([
    ['fewer rows came than the server says it holds', async (start) => page(start === 1 ? rows(60) : [], 100), 'holds 100, but listed 60'],
    ['more rows came than the server says it holds', async (start) => page(start === 1 ? rows(60) : [], 59), 'holds 59, but listed 60'],
    ['rows had no id', async (start) => page(start === 1 ? rows(2) : [], 2, start === 1 ? 1 : 0), '1 rows had no id'],
    ['the server does not say how many there are', async (start) => page(start === 1 ? rows(2) : [], null), 'does not say'],
    ['an empty first page claims rows', async () => page([], 7), 'holds 7, but listed 0'],
  ])('S23 is incomplete when %s', async (_case, fetchPage, reason) => {
    expect((await walk(fetchPage)).end).toEqual({ complete: false, reason: expect.stringContaining(reason) });
  });

  it('does not hear a last, empty page that says 0', async () => {
    const { end } = await walk(async (start) => (start === 1 ? page(rows(3), 3) : page([], 0)));
    expect(end.complete).toBe(true);
  });
});

describe('a list response', () => {
  const readRow = (json: unknown): Row | null => (typeof json === 'object' && json !== null && 'id' in json ? { id: String(json.id) } : null);

  it('may leave Resources out when it is empty', () => {
    expect(readListPage({ totalResults: 0 }, readRow)).toEqual({ rows: [], unreadable: 0, total: 0 });
  });
  it('takes totalResults as a string, and counts rows that it cannot read', () => {
    expect(readListPage({ totalResults: '2', Resources: [{ id: 1 }, 'x'] }, readRow)).toEqual({ rows: [{ id: '1' }], unreadable: 1, total: 2 });
  });
  it('is none of anything else', () => {
    for (const json of [null, undefined, [], 'x', {}, { Resources: {} }]) expect(readListPage(json, readRow)).toBeNull();
  });
});
