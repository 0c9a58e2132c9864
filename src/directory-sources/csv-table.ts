import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { SourceFault } from '../ports/directory-source.ts';

/** Longest cell, in UTF-16 code units; a longer one breaks its row. */
const CELL_LIMIT = 4_096;
/** Longest row, in bytes. Reached only where a quote was opened and never closed. */
const ROW_LIMIT = 256 * 1_024;
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const LINE_BREAK = /\r\n|\r|\n/g;

/** The columns of one file. `key` names the column that says whom a row is about. */
export interface TableShape {
  readonly file: string;
  readonly required: readonly string[];
  /** Further columns that are read; like the required ones they are found whatever their letter case. */
  readonly optional: readonly string[];
  readonly key: string;
}

/** A row by column name; empty cells are absent, the others trimmed and in Unicode form NFC. */
export type TableRow =
  | { readonly is: 'row'; readonly line: number; readonly cells: ReadonlyMap<string, string> }
  | { readonly is: 'broken'; readonly line: number; readonly reason: string; readonly key: string | null };

/** Comes last: how many data rows the file has, blank lines not counted. */
export interface TableEnd {
  readonly is: 'end';
  readonly rows: number;
}

/**
 * Streams a CSV file (RFC 4180, UTF-8 with or without BOM, any line ends) row by row. Throws a `SourceFault` where the file as a whole can't be trusted: missing, unreadable, not
 * UTF-8, without a required column, cut off, or with a quote that swallows rows.
 */
export async function* readTable(folder: string, shape: TableShape): AsyncGenerator<TableRow | TableEnd> {
  const { file } = shape;
  const end = { newline: true };
  let header: Header | undefined;
  let line = 1;
  let rows = 0;
  let wrongLine = 0;
  let wrongRows = 0;
  try {
    for await (const record of parsedRows(join(folder, file), file, end)) {
      const at = line;
      line += 1 + lineBreaks(record);
      if (record.length === 1 && record[0] === '') continue;
      if (header === undefined) {
        header = readHeader(record, shape);
        continue;
      }
      rows += 1;
      refuseSwallowedRows(record, header, file, at);
      const row = readRow(record, header, at);
      if (record.length !== header.names.length) {
        wrongLine = line;
        wrongRows += 1;
      }
      yield row;
    }
  } catch (error) {
    throw asFault(error, file);
  }
  if (header === undefined) throw new SourceFault(`${file} is empty: it has not even a header. Export it again.`);
  if (wrongLine === line && !end.newline) throw new SourceFault(`${file} is cut off in its last line (${line - 1}). Export it again, and copy it whole.`);
  if (rows > 1 && wrongRows === rows) throw new SourceFault(`No row of ${file} has as many cells as its header (${header.names.length}). Export it again.`);
  yield { is: 'end', rows };
}

interface Header {
  readonly names: readonly string[];
  readonly keyIndex: number;
}

function readHeader(record: readonly string[], { file, required, optional, key }: TableShape): Header {
  const known = new Map([...required, ...optional].map((name) => [name.toLowerCase(), name]));
  const names = record.map((cell) => known.get(cell.trim().toLowerCase()) ?? cell.trim());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new SourceFault(`The header of ${file} lacks ${missing.join(', ')}. It must be a line of column names separated by commas: ${required.join(',')}`);
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw new SourceFault(`The header of ${file} names the column ${twice} twice. Leave one.`);
  return { names, keyIndex: names.indexOf(key) };
}

/** The key of a row with too many or too few cells is believed only in the first column: what stands after the fault may have moved. */
function readRow(record: readonly string[], { names, keyIndex }: Header, line: number): TableRow {
  if (record.length !== names.length) {
    const key = keyIndex === 0 ? cleaned(record[0] ?? '') : '';
    return { is: 'broken', line, reason: `${record.length} cells where the header has ${names.length}`, key: key === '' ? null : key };
  }
  const cells = new Map<string, string>();
  let reason: string | null = null;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? '';
    const cell = record[index] ?? '';
    if (cell === '') continue;
    if (cell.length > CELL_LIMIT) reason ??= `${name} is longer than ${CELL_LIMIT} characters`;
    else if (CONTROL.test(cell)) reason ??= `${name} holds a control character`;
    else {
      const value = cleaned(cell);
      if (value !== '') cells.set(name, value);
    }
  }
  return reason === null ? { is: 'row', line, cells } : { is: 'broken', line, reason, key: cells.get(names[keyIndex] ?? '') ?? null };
}

/** Trimmed, line breaks as spaces, and in one Unicode form, so that a source that changes its own form changes nobody. */
function cleaned(cell: string): string {
  return PLAIN.test(cell) ? cell : cell.replace(LINE_BREAK, ' ').trim().normalize('NFC');
}

function lineBreaks(record: readonly string[]): number {
  let count = 0;
  for (const cell of record) if (cell.includes('\n') || cell.includes('\r')) count += cell.match(LINE_BREAK)?.length ?? 0;
  return count;
}

/**
 * A stray quote can make one cell of several rows, whose people would then look like leavers. Such a cell runs over
 * lines and either stands in a row of the wrong length, or starts with the quote that closed nothing, or holds at least
 * the commas of one whole row.
 */
function refuseSwallowedRows(record: readonly string[], { names }: Header, file: string, line: number): void {
  if (lineBreaks(record) === 0) return;
  const broken = record.filter((cell) => /[\r\n]/.test(cell));
  const commas = broken.reduce((sum, cell) => sum + cell.split(',').length - 1, 0);
  if (record.length === names.length && commas < names.length - 1 && !broken.some((cell) => cell.startsWith('"'))) return;
  throw new SourceFault(`${file} has a quote that is not closed, at or just before line ${line}. Mend it and export again.`);
}

/** The file's rows as csv-parse reads them: arrays of cells, quotes inside a cell tolerated, any number of cells. */
async function* parsedRows(path: string, file: string, end: { newline: boolean }): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: ROW_LIMIT,
  });
  // The callback only keeps an error from being unhandled: it reaches the reader through the parser, which it destroys.
  pipeline(createReadStream(path), checkedUtf8(file, end), parser, () => undefined);
  // Without `columns`, csv-parse gives every record as an array of strings.
  for await (const record of parser) yield record as readonly string[];
}

/** Passes the bytes on unchanged, refuses invalid UTF-8, and notes whether the file ends with a line end. */
function checkedUtf8(file: string, end: { newline: boolean }): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk: Uint8Array, stream: boolean): Error | null => {
    try {
      decoder.decode(chunk, { stream });
      return null;
    } catch {
      return new SourceFault(`${file} is not UTF-8. Save it as "CSV UTF-8" and import again.`);
    }
  };
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      const last = chunk.at(-1);
      end.newline = last === 0x0a || last === 0x0d;
      done(decode(chunk, true), chunk);
    },
    flush(done) {
      done(decode(new Uint8Array(), false));
    },
  });
}

function asFault(error: unknown, file: string): unknown {
  if (error instanceof SourceFault || !(error instanceof Error)) return error;
  if (error instanceof CsvError) {
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      return new SourceFault(`${file} is cut off, or a quote in it is never closed. Export it again, and copy it whole.`, { cause: error });
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      return new SourceFault(`${file} has a row of more than ${ROW_LIMIT / 1_024} KB: a quote before line ${String(error.lines)} is not closed.`, {
        cause: error,
      });
    return new SourceFault(`${file} can't be read as CSV: ${error.message}`, { cause: error });
  }
  const code = 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new SourceFault(`${file} is missing from the folder. Export it with the others.`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') return new SourceFault(`${file} may not be read by Usher. Give its user the right to read it.`, { cause: error });
  if (code === 'EISDIR') return new SourceFault(`${file} is a folder, not a file.`, { cause: error });
  if (typeof code === 'string') return new SourceFault(`${file} can't be read (${code}). Look at the disk it is on.`, { cause: error });
  return error;
}
