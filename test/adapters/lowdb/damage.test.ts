import { appendFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import { StoreFault } from '../../../src/ports/store.ts';
import { event, person } from '../../contracts/store.ts';
import { crashImage, newFolder, openIn, removeFolder } from './home.ts';
import type { LogLine } from './home.ts';

const put = (store: JsonStore, number: number) => store.transaction({ puts: [{ kind: 'person', key: person(number).id, value: person(number) }] });

async function people(folder: string, lines: LogLine[] = []): Promise<number> {
  const store = await openIn(folder, {}, lines);
  const count = await store.count('person');
  await store.close();
  return count;
}

describe('A data folder after a crash', () => {
  let folder: string;
  let store: JsonStore;
  /** Ten transactions, each flushed alone, and the folder as it would be found afterwards. */
  let image: string;
  let journal: string;
  beforeEach(async () => {
    folder = await newFolder();
    store = await openIn(folder);
    for (let number = 0; number < 10; number++) await put(store, number);
    image = await crashImage(folder);
    journal = join(image, 'journal', '1.ndjson');
  });
  afterEach(async () => {
    await store.close();
    await removeFolder(folder);
    await removeFolder(image);
  });

  /** Changes one character within a line, counted from 1. */
  async function damage(path: string, line: number): Promise<void> {
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[line - 1] = (lines[line - 1] ?? '').replace("O'N", "O'M");
    await writeFile(path, lines.join('\n'));
  }

  it('drops a last line that was cut off anywhere, and goes on from there', async () => {
    const whole = await readFile(journal);
    const start = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (const cut of [start + 1, start + 20, Math.floor((start + whole.length) / 2), whole.length - 1]) {
      await writeFile(journal, whole);
      await truncate(journal, cut);
      const again = await crashImage(image);
      const lines: LogLine[] = [];
      const reopened = await openIn(again, {}, lines);
      expect(await reopened.count('person')).toBe(9);
      expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
      expect((await stat(join(again, 'journal', '1.ndjson'))).size).toBe(start);
      await put(reopened, 10);
      const later = await crashImage(again);
      expect(await people(later)).toBe(10);
      await removeFolder(later);
      await reopened.close();
      expect(await people(again)).toBe(10);
      await removeFolder(again);
    }
  });

  it('drops a last line whose checksum does not match', async () => {
    await damage(journal, 10);
    expect(await people(image)).toBe(9);
  });

  it('drops garbage after the last line', async () => {
    await appendFile(journal, Buffer.alloc(5_000));
    expect(await people(image)).toBe(10);
  });

  it('refuses damage before the end, naming file and line', async () => {
    await damage(journal, 4);
    await expect(openIn(image)).rejects.toThrow(`${journal} line 4 is damaged (its checksum does not match). Restore the data folder from a backup.`);
  });

  it('refuses a journal with a line missing', async () => {
    const lines = (await readFile(journal, 'utf8')).split('\n');
    await writeFile(journal, lines.toSpliced(5, 1).join('\n'));
    await expect(openIn(image)).rejects.toThrow(/1\.ndjson line 6 is transaction 7, but 6 should follow/);
  });

  it('drops the last block from its first damaged line on: a power cut may keep its end and lose its beginning', async () => {
    await Promise.all([20, 21, 22, 23].map((number) => put(store, number)));
    const torn = await crashImage(folder);
    await damage(join(torn, 'journal', '1.ndjson'), 12);
    expect(await people(torn)).toBe(11);
    await put(store, 30);
    const later = await crashImage(folder);
    await damage(join(later, 'journal', '1.ndjson'), 12);
    await expect(openIn(later)).rejects.toThrow(/1\.ndjson line 12 is damaged/);
    await removeFolder(torn);
    await removeFolder(later);
  });

  it('refuses a damaged or missing snapshot, segment, journal file, manifest or version, naming the file', async () => {
    await store.transaction({ appends: [{ log: 'event', partition: 'c-1', row: event(1) }], puts: [{ kind: 'counter', key: 'run', value: { value: 1 } }] });
    await store.compact();
    await put(store, 11);
    const cases: [string, (path: string) => Promise<void>, RegExp][] = [
      ['documents/person.1.ndjson', (path) => damage(path, 3), /person\.1\.ndjson is damaged/],
      ['documents/person.1.ndjson', (path) => truncate(path, 100), /person\.1\.ndjson is damaged/],
      ['documents/person.1.ndjson', (path) => rm(path), /person\.1\.ndjson can't be read: ENOENT/],
      ['documents/counter.1.1.json', (path) => truncate(path, 10), /counter\.1\.1\.json is damaged/],
      ['journal/2.ndjson', (path) => rm(path), /journal\/2\.ndjson is missing/],
      ['manifest.json', (path) => truncate(path, 10), /manifest\.json is damaged/],
      ['store.json', (path) => truncate(path, 5), /store\.json can't be read/],
      ['store.json', (path) => rm(path), /store\.json is missing/],
    ];
    for (const [name, harm, message] of cases) {
      const harmed = await crashImage(folder);
      await harm(join(harmed, name));
      await expect(openIn(harmed), name).rejects.toThrow(message);
      await expect(openIn(harmed), name).rejects.toThrow(StoreFault);
      await removeFolder(harmed);
    }
    const harmed = await crashImage(folder);
    await truncate(join(harmed, 'segments', 'event.1.1.ndjson'), 20);
    const reopened = await openIn(harmed);
    await expect(reopened.rows('event', { order: 'oldest' })[Symbol.asyncIterator]().next()).rejects.toThrow(/event\.1\.1\.ndjson is damaged/);
    await reopened.close();
    await removeFolder(harmed);
  });
});
