import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Sheet, Sheets } from '../../ports/sheets.ts';
import { readSheet } from './sheet-reading.ts';
import { slipPage } from './slip-page.ts';

/**
 * `escape_formulas` puts an apostrophe before cells that a spreadsheet would run: those beginning with `= + - @`,
 * tab, CR and the full-width forms of the four (R2). CRLF and doubled quotes are RFC 4180's, the BOM is for Excel.
 */
export const CSV = { bom: true, record_delimiter: 'windows', escape_formulas: true } as const;

/**
 * The `Sheets` port: streamed into a file of the owner's alone (0600 in a 0700 folder of its own), removed whatever
 * happens. Rows are drawn only as fast as the disk takes them.
 */
export function createSheets(folder: string = tmpdir()): Sheets {
  async function made<T>(name: string, source: AsyncIterable<unknown>, written: Transform, use: (sheet: Sheet) => Promise<T>): Promise<T> {
    const own = await mkdtemp(join(folder, 'usher-sheet-'));
    const file = join(own, name);
    let count = 0;
    async function* counted() {
      for await (const row of source) {
        count += 1;
        yield row;
      }
    }
    try {
      // Opened before a row is drawn: where nothing can be written, nothing is read for it.
      const handle = await open(file, 'wx', 0o600);
      await pipeline(Readable.from(counted()), written, handle.createWriteStream());
      const { size } = await stat(file);
      const content: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => createReadStream(file)[Symbol.asyncIterator]() };
      return await use({ length: size, rows: count, content });
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }
  return {
    read: readSheet,
    // Without a row there is nothing that `columns` could stand above: the header is a record of its own.
    make: (header, rows, use) => made('sheet.csv', withHeader(header, rows), stringify(CSV), (sheet) => use({ ...sheet, rows: sheet.rows - 1 })),
    slips: ({ title, slips }, use) => made('slips.html', slips, slipPage(title), use),
    lines: (records, use) => made('lines.jsonl', records, jsonLines(), use),
  };
}

async function* withHeader(header: readonly string[], rows: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[]> {
  yield header;
  yield* rows;
}

/** One value a line. */
function jsonLines(): Transform {
  return new Transform({ writableObjectMode: true, transform: (value: unknown, _encoding, done) => done(null, `${JSON.stringify(value)}\n`) });
}
