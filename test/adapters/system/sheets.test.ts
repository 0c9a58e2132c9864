import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import type { Sheet } from '../../../src/ports/sheets.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-sheets-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function* stream(rows: readonly (readonly string[])[]) {
  yield* rows;
}

async function textOf(sheet: Sheet): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of sheet.content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const made = (header: readonly string[], rows: readonly (readonly string[])[]) => createSheets(folder).make(header, stream(rows), textOf);

describe('a sheet', () => {
  it('R2 is RFC 4180 with a BOM and CRLF, quoted only where it must be', async () => {
    const text = await made(
      ['Name', 'Since'],
      [
        ['O"Neil, Zoë', '2026-03-02T09:00:00Z'],
        ['two\r\nlines', ''],
      ],
    );
    expect(text).toBe('\uFEFFName,Since\r\n"O""Neil, Zoë",2026-03-02T09:00:00Z\r\n"two\r\nlines",\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('R2 does not let a spreadsheet run %j', async (cell) => {
    const [, row] = parse(await made(['Cell'], [[cell]]), { bom: true });
    expect(row).toEqual([`'${cell}`]);
  });

  it('R2 is read back as it was written, but for the apostrophes', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (rows) => {
        const safe = (text: string) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);
        const read = parse(await made(['One', 'Two'], rows), { bom: true, record_delimiter: '\r\n' });
        expect(read).toEqual([['One', 'Two'], ...rows.map((row) => row.map(safe))]);
      }),
      { numRuns: 50 },
    );
  });

  it('R1 tells its exact length and rows, and can be sent twice', async () => {
    await createSheets(folder).make(['Name'], stream([['Zoë'], ['東京']]), async (sheet) => {
      const text = await textOf(sheet);
      expect(sheet.length).toBe(Buffer.byteLength(text));
      expect(sheet.rows).toBe(2);
      expect(await textOf(sheet)).toBe(text);
    });
  });

  it('X6 lies in a file of its owner alone while it is used, and is gone afterwards', async () => {
    await createSheets(folder).make(['Name'], stream([['Zoë']]), async () => {
      const [own] = await readdir(folder);
      const path = join(folder, own ?? '');
      expect((await stat(path)).mode & 0o777).toBe(0o700);
      expect((await stat(join(path, 'sheet.csv'))).mode & 0o777).toBe(0o600);
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is gone when its rows or its use fail, and says why', async () => {
    const failing = async function* () {
      yield ['one'];
      throw new Error('the store is away');
    };
    await expect(createSheets(folder).make(['Name'], failing(), textOf)).rejects.toThrow('the store is away');
    await expect(createSheets(folder).make(['Name'], stream([]), () => Promise.reject(new Error('Slack is away')))).rejects.toThrow('Slack is away');
    expect(await readdir(folder)).toEqual([]);
  });

  it('R1 draws rows no faster than the disk takes them, so that any number needs the same memory', async () => {
    const row = ['x'.repeat(199)];
    const lines = 201;
    let furthestAhead = 0;
    async function* many() {
      for (let drawn = 0; drawn < 20_000; drawn += 1) {
        yield row;
        if (drawn % 1_000 > 0) continue;
        const [own] = await readdir(folder);
        const { size } = await stat(join(folder, own ?? '', 'sheet.csv'));
        furthestAhead = Math.max(furthestAhead, drawn * lines - size);
      }
    }
    const sheet = await createSheets(folder).make(['Text'], many(), async ({ length, rows }) => ({ length, rows }));
    expect(sheet).toEqual({ length: 3 + 'Text\r\n'.length + 20_000 * lines, rows: 20_000 });
    expect(furthestAhead).toBeLessThan(500_000);
  });
});
