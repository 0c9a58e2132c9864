import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Sheets } from '../../ports/sheets.ts';

/**
 * `escape_formulas` puts an apostrophe before cells that a spreadsheet would run: those beginning with `= + - @`,
 * tab, CR and the full-width forms of the four (R2). CRLF and doubled quotes are RFC 4180's, the BOM is for Excel.
 */
const FORMAT = { bom: true, record_delimiter: 'windows', escape_formulas: true } as const;

/**
 * The `Sheets` port: streamed into a file of the owner's alone (0600 in a 0700 folder of its own), removed whatever
 * happens. Rows are drawn only as fast as the disk takes them.
 */
export function createSheets(folder: string = tmpdir()): Sheets {
  return {
    async make(header, rows, use) {
      const own = await mkdtemp(join(folder, 'usher-sheet-'));
      const file = join(own, 'sheet.csv');
      let count = 0;
      async function* records() {
        yield header;
        for await (const row of rows) {
          count += 1;
          yield row;
        }
      }
      try {
        await pipeline(Readable.from(records()), stringify(FORMAT), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        const { size } = await stat(file);
        const content: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => createReadStream(file)[Symbol.asyncIterator]() };
        return await use({ length: size, rows: count, content });
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
  };
}
