import { describe, expect, it } from 'vitest';
import { type BulkOperation, readBulk } from '../../src/scim/bulk.ts';
import { readAnnounced } from '../../src/scim/discovery.ts';

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
    expect(statuses([CREATED, { method: 'PATCH', status: '200' }, { method: 'PATCH', status: '204' }])).toEqual([201, null, null]);
    expect(statuses([CREATED, CREATED, REMOVED])).toEqual([201, null, 204]);
    expect(statuses([null, 7, 'x'])).toEqual([null, null, null]);
  });

  it('S23 what names nobody is told of those who are left only where all of it says the same: its place proves nothing', () => {
    const three: readonly BulkOperation[] = ['a', 'b', 'c'].map((id) => ({ method: 'PATCH', path: `/Users/${id}`, data: {} }));
    const told = (Operations: readonly unknown[]): unknown => readBulk({ Operations }, three)?.map((answer) => answer?.status ?? null);
    const located = (id: string, status: string) => ({ method: 'PATCH', location: `https://x.example/v2/Users/${id}`, status });
    const bare = (status: string, more = {}) => ({ method: 'PATCH', status, ...more });
    expect(told([bare('404'), located('b', '200'), bare('409')])).toEqual([null, 200, null]);
    expect(told([located('b', '200'), bare('404'), located('a', '200')])).toEqual([200, 200, 404]);
    expect(told([bare('404'), bare('200'), bare('200')])).toEqual([null, null, null]);
    expect(told([bare('200'), bare('204'), bare('200')])).toEqual([200, 204, 200]);
    expect(told([bare('429'), bare('429'), bare('429')])).toEqual([429, 429, 429]);
    expect(told([located('a', '200'), located('z', '404'), located('c', '200')])).toEqual([200, null, 200]);
    expect(told([located('a', '200'), bare('404', { bulkId: 'z' }), located('c', '200')])).toEqual([200, null, 200]);
    expect(told([bare('200', { response: { id: 'c' } }), bare('200'), bare('200', { response: { id: 'a' } })])).toEqual([200, 200, 200]);
    expect(told([bare('200', { response: { id: 'z' } }), bare('200'), bare('200')])).toEqual([null, null, null]);
  });

  it.each([[undefined], [null], [{}], [{ Operations: {} }], ['Operations']])('S23 %j is no BulkResponse', (json) => {
    expect(readBulk(json, ASKED)).toBeNull();
  });
});

it.each([
  [
    { maxOperations: 1_000, maxPayloadSize: 4_096 },
    { maxOperations: 100, maxPayloadSize: 4_096 },
  ],
  [{ maxOperations: 20 }, { maxOperations: 20 }],
  [{}, { maxOperations: 100 }],
  [{ maxOperations: 0 }, null],
] as const)('C20 S7 of a Bulk that is announced with %j no more is taken than can be done within the time of one request', (announced, bulk) => {
  expect(readAnnounced({ bulk: { supported: true, ...announced } })?.bulk).toEqual(bulk);
});
