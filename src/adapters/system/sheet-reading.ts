import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type ReadSheet, SheetFault, type SheetReading, type SheetRow } from '../../ports/sheets.ts';

/** Bytes of one row; reached where a quote was opened and never closed. */
const ROW_LIMIT = 64 * 1_024;
const CELL_LIMIT = 4_096;

type Columns = Parameters<SheetReading['read']>[1];

/** A `Sheets` half: rows as csv-parse reads them, drawn only as fast as they are used. */
export async function readSheet(content: AsyncIterable<Uint8Array>, columns: Columns): Promise<ReadSheet> {
  const records = recordsOf(content);
  const first = await records.next();
  if (first.done === true) throw new SheetFault('The file is empty: it has not even a header. Export it again.');
  const names = headerOf(first.value.cells, columns);
  const known = new Set([...columns.required, ...columns.optional]);
  return { ignored: names.filter((name) => name !== '' && !known.has(name)), rows: rowsOf(records, names, known) };
}

interface Numbered {
  readonly line: number;
  readonly cells: readonly string[];
}

async function* recordsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Numbered> {
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true, max_record_size: ROW_LIMIT, record_delimiter: ['\r\n', '\n', '\r'] });
  const source = Readable.from(utf8(content));
  // An error of the source reaches the reader through the parser.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let line = 1;
  try {
    for await (const record of parser) {
      // Without `columns`, csv-parse gives every record as an array of strings.
      const cells = record as readonly string[];
      yield { line, cells };
      line += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    }
  } catch (error) {
    throw error instanceof CsvError ? asFault(error) : error;
  } finally {
    source.destroy();
  }
}

async function* utf8(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun = false;
  try {
    for await (const chunk of content) {
      if (!begun && chunk[0] === 0x50 && chunk[1] === 0x4b) throw new SheetFault('That is an Excel workbook. Save it as “CSV UTF-8” and try again.');
      begun = true;
      decoder.decode(chunk, { stream: true });
      yield chunk;
    }
    decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new SheetFault('The file is not UTF-8. Save it as “CSV UTF-8” and try again.', { cause: error }) : error;
  }
}

function headerOf(record: readonly string[], { required, optional }: Columns): readonly string[] {
  const known = new Map([...required, ...optional].map((name) => [name.toLowerCase(), name]));
  const names = record.map((cell) => known.get(cell.trim().toLowerCase()) ?? cell.trim().slice(0, 100));
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new SheetFault(`The header lacks ${missing.join(', ')}. The first line must name the columns, separated by commas: ${required.join(',')}`);
  const twice = [...known.values()].find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) throw new SheetFault(`The header names the column ${twice} twice. Leave one.`);
  return names;
}

async function* rowsOf(records: AsyncIterable<Numbered>, names: readonly string[], known: ReadonlySet<string>): AsyncGenerator<SheetRow> {
  for await (const { line, cells: record } of records) {
    if (record.every((cell) => cell.trim() === '')) continue;
    const cells = new Map<string, string>();
    for (const [index, name] of names.entries()) {
      const value = (record[index] ?? '').slice(0, CELL_LIMIT).normalize('NFC').trim();
      if (known.has(name) && value !== '') cells.set(name, value);
    }
    yield { line, cells };
  }
}

function asFault(error: CsvError): SheetFault {
  const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE';
  return new SheetFault(
    unclosed ? 'A quote in the file is never closed, or it is cut off. Export it again, and copy it whole.' : `The file can’t be read as CSV: ${error.message}`,
    {
      cause: error,
    },
  );
}
