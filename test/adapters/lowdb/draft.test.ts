import { expect, it } from 'vitest';
import { Draft } from '../../../src/adapters/lowdb/draft.ts';
import { Memory } from '../../../src/adapters/lowdb/memory.ts';
import { Slices } from '../../../src/adapters/lowdb/slices.ts';

it('spares, when an erasure is repeated from the journal, the segments of rows that were appended after it', async () => {
  const memory = new Memory();
  const rows = memory.log('event');
  const segment = { partition: 'c-1', earliest: 0, latest: 0, bytes: 0, crc: 0 };
  rows.last = 9;
  rows.flushed = 9;
  rows.segments.set('c-1', [
    { ...segment, name: 'before', first: 1, last: 5 },
    { ...segment, name: 'after', first: 6, last: 9 },
  ]);
  const draft = new Draft(memory);
  await draft.apply({ erase: [{ log: 'event', partition: 'c-1' }], puts: [], rows: [] }, { event: 5 }, [], new Slices(5));
  draft.install();
  expect(rows.segments.get('c-1')?.map(({ name }) => name)).toEqual(['after']);
  expect(rows.last).toBe(9);
});
