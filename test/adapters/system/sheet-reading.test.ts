import { expect, it } from 'vitest';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import { SheetFault } from '../../../src/ports/sheets.ts';

const COLUMNS = { required: ['serial'], optional: ['note'] };

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Uint8Array, size = 3): Promise<readonly (readonly [number, Record<string, string>])[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const found: (readonly [number, Record<string, string>])[] = [];
  const { rows } = await createSheets().read(chunks(bytes, size), COLUMNS);
  for await (const { line, cells } of rows) found.push([line, Object.fromEntries(cells)]);
  return found;
}

async function fault(text: string | Uint8Array): Promise<string> {
  const error: unknown = await read(text).catch((thrown: unknown) => thrown);
  if (error instanceof SheetFault) return error.message;
  throw new Error(`no fault: ${String(error)}`);
}

it('E9 R2 reads a CSV as it is written: BOM, quotes, line ends, letter case, blank lines, with the line of each row', async () => {
  expect(await read('\uFEFFSERIAL,batch,Note\r\n 1 ,x,"a\r\nb"\n\n"2",y\r3,z, é\n')).toEqual([
    [2, { serial: '1', note: 'a\r\nb' }],
    [5, { serial: '2' }],
    [6, { serial: '3', note: 'é' }],
  ]);
  const { ignored } = await createSheets().read(chunks(Buffer.from('serial,batch,note\n'), 100), COLUMNS);
  expect(ignored).toEqual(['batch']);
});

it('E9 says what is wrong with a file as a whole, and what to do', async () => {
  expect(await fault('')).toContain('empty');
  expect(await fault('1000\n1001\n')).toContain('lacks serial');
  expect(await fault('serial;note\n1;x\n')).toContain('separated by commas');
  expect(await fault('serial,Serial\n1,2\n')).toContain('twice');
  expect(await fault('PK\u0003\u0004…')).toContain('Excel workbook');
  expect(await fault(Buffer.from('serial\n\xe9\n', 'latin1'))).toContain('UTF-8');
  expect(await fault('serial\n"1\n2\n')).toContain('never closed');
});
