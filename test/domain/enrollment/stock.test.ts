import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { available, type StockImport } from '../../../src/domain/enrollment/stock.ts';
import { importStock, type StockRow } from '../../../src/domain/enrollment/verbs/stock-import.ts';
import { releasePuts, reservePuts, takePuts } from '../../../src/domain/enrollment/verbs/stock-reserve.ts';
import { sendStockLog, stockOf, stockProblems } from '../../../src/domain/enrollment/verbs/stock.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { Put, Store } from '../../../src/ports/store.ts';
import { MORNING } from '../../clock.ts';
import { actor, ANA, reportWorld } from '../reports/report-world.ts';
import { watched } from '../sync/watched-store.ts';

type World = Awaited<ReturnType<typeof reportWorld>>;
type Storing = { readonly outside: { readonly store: Store } };
const DISTRICT = 'csv:district';
const NORTH = 'csv:north';
const SOUTH = 'csv:south';
const admin = actor('admin');

function rows(serials: readonly string[]): AsyncIterable<StockRow> {
  return Readable.from(serials.map((serial, index) => ({ line: index + 2, serial })));
}

function take({ outside }: World, organizationId: string, serials: readonly string[], name = 'tokens.csv'): Promise<StockImport> {
  return importStock(outside, admin, organizationId, { name, ignored: [], rows: rows(serials) });
}

async function counts({ outside }: World, organizationId: string): Promise<readonly number[]> {
  const stock = (await outside.store.get('stock', organizationId))?.value;
  return stock === undefined ? [] : [stock.total, stock.used, stock.reserved];
}

/** As the callers do: until it holds. */
async function committed({ outside }: Storing, puts: () => Promise<readonly Put[]>): Promise<void> {
  while ((await outside.store.transaction({ puts: await puts() })) === 'conflict');
}

async function reserve(world: Storing, organizationId: string, wanted: number): Promise<readonly string[]> {
  let from: readonly string[] = [];
  await committed(world, async () => {
    const reserved = await reservePuts(world.outside, organizationId, wanted);
    from = reserved.from;
    return reserved.puts;
  });
  return from;
}

async function enroll(world: Storing, organizationId: string, serial: string, reserved: string | null): Promise<string> {
  for (;;) {
    const answer = await takePuts(world.outside, { organizationId, serial, by: { taskId: 'T-1', personId: 'csv:p1', at: MORNING }, reserved });
    if (answer.is === 'not-free') return answer.why;
    if ((await world.outside.store.transaction({ puts: answer.puts })) === 'committed') return answer.serial;
  }
}

it('E9 imports serials, tells what was added, already there or invalid by line, and adds nothing the second time', async () => {
  const world = await reportWorld();
  const file = ['1000-0001', '1000 0002', '', '10000002', '1,00E+09', 'x'.repeat(65), '=cmd()', 'ab-c1'];
  expect(await take(world, NORTH, file)).toMatchObject({ added: 3, there: 1, invalid: 4, state: 'done', file: 'tokens.csv', by: ANA });
  expect(await counts(world, NORTH)).toEqual([3, 0, 0]);
  expect((await world.outside.store.get('hardwareToken', 'ABC1'))?.value).toMatchObject({ organizationId: NORTH, used: null });

  const { rows: sent } = await sendStockLog(world.outside, actor('viewer'), NORTH);
  expect(sent).toBe(8);
  const log: readonly Record<string, string>[] = parse(world.text(), { bom: true, columns: true });
  expect(log.map(({ line, serial, outcome }) => [line, serial, outcome])).toEqual([
    ['2', '10000001', 'added'],
    ['3', '10000002', 'added'],
    ['4', '', 'invalid'],
    ['5', '10000002', 'already there'],
    ['6', '1,00E+09', 'invalid'],
    ['7', 'X'.repeat(65), 'invalid'],
    // Not for a spreadsheet to run (R2).
    ['8', "'=CMD()", 'invalid'],
    ['9', 'ABC1', 'added'],
  ]);
  expect(log[4]?.why).toContain('spreadsheet');

  expect(await take(world, NORTH, file)).toMatchObject({ added: 0, there: 4, invalid: 4 });
  expect(await counts(world, NORTH)).toEqual([3, 0, 0]);
});

it('E9 keeps a serial in one stock only, says that it is elsewhere without saying where, and keeps the log of the last import', async () => {
  const world = await reportWorld();
  const first = await take(world, NORTH, ['A1', 'A2']);
  expect(await take(world, SOUTH, ['A2', 'A3'])).toMatchObject({ added: 1, there: 1 });
  const again = await take(world, NORTH, ['A4']);
  expect(await stockProblems(world.outside, NORTH, first.id, 10)).toEqual([]);
  expect(await stockProblems(world.outside, NORTH, again.id, 10)).toEqual([]);
  await sendStockLog(world.outside, actor('viewer'), SOUTH);
  expect(world.text()).toContain('already there,in the stock of another organization');
  expect(world.text()).not.toContain('north');
});

it('E9 takes thousands of serials as a stream, and two files at once', async () => {
  const world = await reportWorld();
  const serials = Array.from({ length: 1_500 }, (_, at) => `S${at}`);
  const [one, two] = await Promise.all([take(world, DISTRICT, serials), take(world, DISTRICT, [...serials].reverse())]);
  expect(one.added + two.added).toBe(1_500);
  expect(one.there + two.there).toBe(1_500);
  expect(await counts(world, DISTRICT)).toEqual([1_500, 0, 0]);
});

it('E9 X2 keeps what came before a file broke off, says so in the audit, and takes the whole file later', async () => {
  const world = await reportWorld();
  async function* broken(): AsyncGenerator<StockRow> {
    for (let line = 2; line < 302; line += 1) yield { line, serial: `B${line}` };
    throw new Error('cut');
  }
  await expect(importStock(world.outside, admin, NORTH, { name: 'cut.csv', ignored: [], rows: broken() })).rejects.toThrow('cut');
  expect(await counts(world, NORTH)).toEqual([200, 0, 0]);
  await take(
    world,
    NORTH,
    Array.from({ length: 300 }, (_, at) => `B${at + 2}`),
  );
  expect(await counts(world, NORTH)).toEqual([300, 0, 0]);
  const audited: string[] = [];
  for await (const page of world.outside.store.rows('audit', { order: 'oldest', match: { action: 'enroll.stock-import' } }))
    audited.push(...page.map(({ row }) => row.summary));
  expect(audited).toEqual([
    'begins to import cut.csv into the stock of North High',
    'importing cut.csv into the stock of North High broke off',
    'begins to import tokens.csv into the stock of North High',
    'imported 100 tokens into the stock of North High',
  ]);
});

it('E9 X1 shows the stock where somebody may see, and lets admins import there', async () => {
  const world = await reportWorld();
  await take(world, NORTH, ['A1']);
  await take(world, SOUTH, ['A2']);
  expect((await stockOf(world.outside, actor('viewer', NORTH))).map(({ organization, mayImport }) => [organization.name, mayImport])).toEqual([
    ['North High', false],
  ]);
  expect((await stockOf(world.outside, actor('admin', DISTRICT))).map(({ organization, mayImport }) => [organization.name, mayImport])).toEqual([
    ['North High', true],
    ['South High', true],
  ]);
  const refused = importStock(world.outside, actor('operator'), NORTH, { name: 'x.csv', ignored: [], rows: rows(['A9']) });
  await expect(refused).rejects.toBeInstanceOf(Refusal);
  await expect(sendStockLog(world.outside, actor('admin', SOUTH), NORTH)).rejects.toBeInstanceOf(Refusal);
  expect(await counts(world, NORTH)).toEqual([1, 0, 0]);
});

it('E9 reserves from the owner’s stock first, then from the one above, as far as they go, and releases exactly that', async () => {
  const world = await reportWorld();
  await take(world, NORTH, ['N1', 'N2']);
  await take(world, DISTRICT, ['D1', 'D2', 'D3']);
  const from = await reserve(world, NORTH, 4);
  expect(from).toEqual([NORTH, NORTH, DISTRICT, DISTRICT]);
  expect(await reserve(world, SOUTH, 4)).toEqual([DISTRICT]);
  expect([await counts(world, NORTH), await counts(world, DISTRICT)]).toEqual([
    [2, 0, 2],
    [3, 0, 3],
  ]);
  await committed(world, () => releasePuts(world.outside, [NORTH, DISTRICT, null]));
  expect([await counts(world, NORTH), await counts(world, DISTRICT)]).toEqual([
    [2, 0, 1],
    [3, 0, 2],
  ]);
});

it('E9 promises and takes tokens without reading the whole organization tree', async () => {
  const world = await reportWorld();
  await take(world, DISTRICT, ['D1', 'D2']);
  const scan = (): never => {
    throw new Error('a list was read');
  };
  const narrow = { outside: { store: { ...watched(world.outside.store, {}), scan } } };
  expect(await reserve(narrow, NORTH, 1)).toEqual([DISTRICT]);
  expect(await enroll(narrow, NORTH, 'D2', DISTRICT)).toBe('D2');
  expect(await counts(world, DISTRICT)).toEqual([2, 1, 0]);
});

it('E9 turns a reservation into the token that was typed: in the stock, free, and of the owner or above', async () => {
  const world = await reportWorld();
  await take(world, NORTH, ['N-1', 'N-2']);
  await take(world, SOUTH, ['S-1']);
  await take(world, DISTRICT, ['D-1']);
  const [mine = ''] = await reserve(world, NORTH, 1);
  expect(await enroll(world, NORTH, 'n 1', mine)).toBe('N1');
  expect(await counts(world, NORTH)).toEqual([2, 1, 0]);
  expect(await enroll(world, NORTH, 'N-1', null)).toBe('used');
  expect(await enroll(world, NORTH, 'S-1', null)).toBe('unknown');
  expect(await enroll(world, NORTH, 'nonsense', null)).toBe('unknown');
  expect(await enroll(world, NORTH, '', null)).toBe('unknown');

  // Another token than the reserved one gives the reservation back.
  const [other = ''] = await reserve(world, NORTH, 1);
  expect([other, await enroll(world, NORTH, 'D-1', other)]).toEqual([NORTH, 'D1']);
  expect([await counts(world, NORTH), await counts(world, DISTRICT)]).toEqual([
    [2, 1, 0],
    [1, 1, 0],
  ]);

  // What is promised to others is not taken from them.
  const [theirs] = await reserve(world, NORTH, 1);
  expect([theirs, await enroll(world, NORTH, 'N-2', null)]).toEqual([NORTH, 'promised']);
});

type Step =
  | { readonly is: 'import'; readonly at: string; readonly count: number }
  | { readonly is: 'reserve'; readonly at: string; readonly count: number }
  | { readonly is: 'release'; readonly count: number }
  | { readonly is: 'enroll'; readonly at: string; readonly serial: number };

const place = fc.constantFrom(DISTRICT, NORTH, SOUTH);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ is: fc.constant('import' as const), at: place, count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ is: fc.constant('reserve' as const), at: place, count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ is: fc.constant('release' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ is: fc.constant('enroll' as const), at: place, serial: fc.integer({ min: 0, max: 20 }) }),
);

/** Checks each stock against its tokens, and adds up what is reserved. */
async function reservedInAll({ outside: { store } }: World): Promise<number> {
  const tokens = new Map<string, { total: number; used: number }>();
  for await (const page of store.scan('hardwareToken')) {
    for (const { value } of page) {
      const { total, used } = tokens.get(value.organizationId) ?? { total: 0, used: 0 };
      tokens.set(value.organizationId, { total: total + 1, used: used + (value.used === null ? 0 : 1) });
    }
  }
  let reserved = 0;
  for await (const page of store.scan('stock')) {
    for (const { key, value } of page) {
      expect({ total: value.total, used: value.used }).toEqual(tokens.get(key));
      expect(Math.min(value.used, value.reserved, available(value)), `${key}: ${JSON.stringify(value)}`).toBeGreaterThanOrEqual(0);
      expect(value.reserved + available(value)).toBeLessThanOrEqual(value.total);
      reserved += value.reserved;
    }
  }
  return reserved;
}

it('E9 keeps reserved and available within the stock, whatever happens in whatever order, even at once', async () => {
  const world = await reportWorld();
  const promised: string[] = [];
  let next = 0;
  const run = async (wanted: Step): Promise<void> => {
    switch (wanted.is) {
      case 'import':
        await take(
          world,
          wanted.at,
          Array.from({ length: wanted.count }, () => `P${next++}`),
        );
        return;
      case 'reserve':
        promised.push(...(await reserve(world, wanted.at, wanted.count)));
        return;
      case 'release': {
        const given = promised.splice(0, wanted.count);
        await committed(world, () => releasePuts(world.outside, given));
        return;
      }
      case 'enroll': {
        const own = promised.pop() ?? null;
        const answer = await enroll(world, wanted.at, `P${wanted.serial}`, own);
        if (!/^P\d+$/.test(answer) && own !== null) promised.push(own);
      }
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (rounds) => {
      for (const round of rounds) {
        await Promise.all(round.map(run));
        // Exactly what the unfinished entries were promised.
        expect(await reservedInAll(world)).toBe(promised.length);
      }
    }),
    { numRuns: 25 },
  );
});
