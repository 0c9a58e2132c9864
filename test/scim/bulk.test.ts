import { describe, expect, it } from 'vitest';
import { type BulkOperation, readBulk } from '../../src/scim/bulk.ts';

const ASKED: readonly BulkOperation[] = [
  { method: 'POST', path: '/Users', bulkId: 'a', data: {} },
  { method: 'PATCH', path: '/Users/u%201', data: {} },
  { method: 'DELETE', path: '/Users/u2' },
];
const CREATED = { method: 'POST', bulkId: 'a', location: 'https://x.example/v2/Users/n1', status: '201' };
const CHANGED = { method: 'PATCH', location: 'https://x.example/v2/Users/u%201', status: '200', response: { id: 'u 1' } };
const REMOVED = { method: 'DELETE', location: 'https://x.example/v2/Users/u2', status: '204' };

function statuses(Operations: readonly unknown[]): unknown {
  return readBulk({ Operations }, ASKED)?.map((answer) => answer?.status ?? null);
}

describe('what a BulkResponse tells', () => {
  it('S23 finds each operation by its bulkId or location, in whatever order they are answered', () => {
    expect(readBulk({ Operations: [REMOVED, CHANGED, CREATED] }, ASKED)).toEqual([
      { status: 201, location: 'https://x.example/v2/Users/n1', text: '' },
      { status: 200, location: 'https://x.example/v2/Users/u%201', text: '{"id":"u 1"}' },
      { status: 204, location: 'https://x.example/v2/Users/u2', text: '' },
    ]);
  });

  it('S23 reads a status that is a number, or wrapped in an object; any other is none', () => {
    expect(
      statuses([
        { ...CREATED, status: 201 },
        { ...CHANGED, status: { code: '412' } },
        { ...REMOVED, status: 'fine' },
      ]),
    ).toEqual([201, 412, null]);
  });

  it('S23 what it tells of nobody is told of nobody: rows that are missing, of another method or without a bulkId create no link', () => {
    expect(statuses([CHANGED])).toEqual([null, 200, null]);
    expect(statuses([{ ...CREATED, bulkId: undefined }, CHANGED, REMOVED])).toEqual([null, 200, 204]);
    expect(statuses([CREATED, { method: 'PATCH', status: '200' }, { method: 'PATCH', status: '204' }])).toEqual([201, 200, null]);
    expect(statuses([CREATED, CREATED, REMOVED])).toEqual([201, null, 204]);
    expect(statuses([null, 7, 'x'])).toEqual([null, null, null]);
  });

  it.each([[undefined], [null], [{}], [{ Operations: {} }], ['Operations']])('S23 %j is no BulkResponse', (json) => {
    expect(readBulk(json, ASKED)).toBeNull();
  });
});
