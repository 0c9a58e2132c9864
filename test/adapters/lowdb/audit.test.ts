import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyStoppedAudit } from '../../../src/adapters/lowdb/audit-files.ts';
import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import { verdict } from '../../../src/domain/audit/verification.ts';
import { audit, event } from '../../contracts/store.ts';
import { crashImage, newFolder, openIn, removeFolder } from './home.ts';
import type { LogLine } from './home.ts';

const PARTITIONS = ['c-1', 'c-2', '-'];
const append = (store: JsonStore, number: number) =>
  store.transaction({
    puts: [{ kind: 'counter', key: 'run', value: { value: number } }],
    appends: [{ log: 'audit', partition: PARTITIONS[number % 3] ?? '-', row: audit(number, { by: `U${number}`, at: Date.UTC(2026, 0, number) }) }],
  });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Folders of twelve rows, a1 to a12: all in segments of a stopped store, or all in the journal of one that was killed. */
describe('X2 the audit of a stopped store, tampered with on the disk', () => {
  const folders: string[] = [];
  let stopped: string;
  let killed: string;
  let head: string;
  beforeEach(async () => {
    stopped = await newFolder();
    const store = await openIn(stopped);
    for (let number = 1; number <= 12; number++) await append(store, number);
    head = (await store.auditHead())?.hash ?? '';
    killed = await crashImage(stopped);
    await store.close();
    folders.push(stopped, killed);
  });
  afterEach(async () => {
    for (const folder of folders.splice(0)) await removeFolder(folder);
  });

  const read = async (folder: string, noted: string | null = null) => verifyStoppedAudit(folder, noted);
  const said = async (folder: string, noted: string | null = null) => verdict(await read(folder, noted))[0];
  const journal = () => join(killed, 'journal', '1.ndjson');
  /** The segment of rows 3, 6, 9 and 12, in which row 6 is the second line. */
  const segment = async () => {
    for (const name of await readdir(join(stopped, 'segments'))) {
      const path = join(stopped, 'segments', name);
      if ((await readFile(path, 'utf8')).includes('"id":"a-6"')) return { path, name: join('segments', name) };
    }
    throw new Error('no segment holds row 6');
  };
  async function change(path: string, how: (lines: string[]) => readonly string[]): Promise<void> {
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    await writeFile(path, `${how(lines).join('\n')}\n`);
  }
  /** As somebody does who knows the store: segments are named with their size and checksum in the manifest. */
  async function reseal(path: string): Promise<void> {
    const content = await readFile(path);
    const manifest = JSON.parse(await readFile(join(stopped, 'manifest.json'), 'utf8'));
    for (const { segments } of manifest.logs)
      for (const one of segments) if (path.endsWith(one.name)) Object.assign(one, { bytes: content.length, crc: crc32(content) });
    await writeFile(join(stopped, 'manifest.json'), JSON.stringify(manifest));
  }
  /** A journal line with its checksum made right again. */
  const recounted = (line: string) => {
    const body = line.slice(0, line.lastIndexOf(',"crc":'));
    return `${body},"crc":"${crc32(Buffer.from(body)).toString(16).padStart(8, '0')}"}`;
  };

  it('X2 is intact when nobody touched it, and shows the head', async () => {
    for (const folder of [stopped, killed]) expect(await said(folder)).toBe(`12 rows, intact, head ${head}`);
    expect(verdict(await read(stopped, head))).toContain('The hash you noted is row 12.');
  });

  it('X2 names a row of a segment in which a byte was changed, its checksum mended or not', async () => {
    const { path, name } = await segment();
    await change(path, (lines) => lines.map((line) => line.replace('"by":"U6"', '"by":"U7"')));
    const sentence = `Row 6 was altered: its text is not what was written. ${name}, line 2. It says: a-6, sync.start, 2026-01-06T00:00:00.000Z, by U7.`;
    expect(await said(stopped)).toBe(sentence);
    await reseal(path);
    expect(await said(stopped)).toBe(sentence);
    expect((await read(stopped)).rows).toBe(5);
  });

  it('X2 names a row of the journal in which a byte was changed, its checksum mended or not, the last line too', async () => {
    for (const row of [6, 12]) {
      const whole = await readFile(journal(), 'utf8');
      const forge = (line: string) => line.replace(`"by":"U${row}"`, '"by":"U0"');
      await change(journal(), (lines) => lines.map(forge));
      expect(await read(killed)).toMatchObject({ rows: row - 1, fault: { is: 'altered', seq: row, place: { file: join('journal', '1.ndjson'), line: row } } });
      await change(journal(), (lines) => lines.map(recounted));
      expect(await read(killed)).toMatchObject({ fault: { is: 'altered', seq: row, row: { id: `a-${row}`, by: 'U0' } } });
      await writeFile(journal(), whole);
    }
  });

  it('X2 names a changed line of the journal where the damage is not in the row itself', async () => {
    await change(journal(), (lines) => lines.map((line) => line.replace('{"value":6}', '{"value":7}')));
    expect(await read(killed)).toMatchObject({ rows: 6, fault: { is: 'damaged', place: { line: 6 } } });
  });

  it('X2 names a changed salt, digest, hash or number', async () => {
    const { path } = await segment();
    const whole = await readFile(path, 'utf8');
    const line = whole.split('\n')[1] ?? '';
    const [number = '', salt = '', digest = '', hash = ''] = line.slice(1).split(',');
    for (const [part, other] of [
      [salt, `"${'0'.repeat(32)}"`],
      [digest, `"${'0'.repeat(64)}"`],
      [hash, `"${'0'.repeat(64)}"`],
    ] as const) {
      await change(path, (lines) => lines.map((one) => (one === line ? one.replace(part, other) : one)));
      expect((await read(stopped)).fault).toMatchObject({ is: 'altered', seq: 6, place: { line: 2 } });
      await writeFile(path, whole);
    }
    await change(path, (lines) => lines.map((one) => (one === line ? one.replace(`[${number},`, '[66,') : one)));
    expect((await read(stopped)).fault).toMatchObject({ is: 'missing', seq: 6 });
  });

  it('X2 names a missing row, and the row that stands in its place', async () => {
    const { path } = await segment();
    await change(path, (lines) => lines.filter((line) => !line.includes('"id":"a-6"')));
    await reseal(path);
    expect(await said(stopped)).toMatch(/^Row 6 is missing\. segments\/\S+, line 3\. The row that stands there says: a-7, /);
    await change(journal(), (lines) => lines.toSpliced(4, 2));
    expect(await said(killed)).toMatch(/^Rows 5 to 6 are missing\. journal\/1\.ndjson, line 5\. The row that stands there says: a-7, /);
  });

  it('X2 names a reordered row in a segment and in the journal', async () => {
    const swap = (lines: string[]) => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)];
    const { path, name } = await segment();
    await change(path, swap);
    await reseal(path);
    expect(await said(stopped)).toMatch(new RegExp(`^Row 6 is not where it was written\\. ${name}, line 3\\. It says: a-6, `));
    await change(journal(), swap);
    expect(await read(killed)).toMatchObject({ rows: 1, fault: { is: 'reordered', seq: 2, place: { line: 3 } } });
  });

  it('X2 notices an end that was cut off, and one cut off the journal by the head that was noted', async () => {
    const { path } = await segment();
    await change(path, (lines) => lines.slice(0, -1));
    await reseal(path);
    expect(await said(stopped)).toBe('Row 12 is missing at the end: the log was cut off.');
    await change(journal(), (lines) => lines.slice(0, -1));
    expect((await read(killed)).fault).toBeNull();
    expect(await said(killed, head)).toBe(`No row has the hash ${head}: the log was cut off before it, or rewritten.`);
  });

  it('X2 notices a missing file', async () => {
    const { path, name } = await segment();
    await removeFolder(path);
    expect(await said(stopped)).toBe(`The file is missing, where row 3 should come. ${name}, line 1.`);
  });

  it('X2 names a forged row behind the end, its hash and checksums made right', async () => {
    const { path } = await segment();
    const text = JSON.stringify(audit(13, { by: 'U666' }));
    const digest = sha256(`${'0'.repeat(32)}${text}`);
    await appendFile(path, `[13,"${'0'.repeat(32)}","${digest}","${sha256(`${head}13${digest}`)}",${text}]\n`);
    await reseal(path);
    expect(await read(stopped)).toMatchObject({ rows: 12, fault: { is: 'forged', seq: 13, row: { by: 'U666' } } });
  });

  it('X2 names a row forged into the middle, and one that replaced another together with its own hash', async () => {
    const { path } = await segment();
    const whole = await readFile(path, 'utf8');
    const previous = sha256('x');
    const text = JSON.stringify(audit(6, { by: 'U666' }));
    const digest = sha256(`${'0'.repeat(32)}${text}`);
    const forged = `[6,"${'0'.repeat(32)}","${digest}","${sha256(`${previous}6${digest}`)}",${text}]`;
    await change(path, (lines) => lines.toSpliced(1, 0, forged));
    await reseal(path);
    expect((await read(stopped)).fault).toMatchObject({ is: 'altered', seq: 6, row: { by: 'U666' } });
    await writeFile(path, whole);
    await change(path, (lines) => lines.toSpliced(2, 0, lines[1] ?? ''));
    await reseal(path);
    expect((await read(stopped)).fault).toMatchObject({ is: 'reordered', seq: 6, place: { line: 3 } });
  });

  it('X2 notices a log that was rewritten as a whole, by the head in the manifest', async () => {
    const { path } = await segment();
    const text = JSON.stringify(audit(12, { by: 'U666' }));
    const digest = sha256(`${'0'.repeat(32)}${text}`);
    const before = await hashOfRow(11);
    await change(path, (lines) => [...lines.slice(0, -1), `[12,"${'0'.repeat(32)}","${digest}","${sha256(`${before}12${digest}`)}",${text}]`]);
    await reseal(path);
    expect((await read(stopped)).fault).toMatchObject({ is: 'altered', seq: 12, because: 'its hash is not the one recorded for the end of the log' });
  });

  async function hashOfRow(seq: number): Promise<string> {
    const store = await openIn(stopped);
    let hash = '';
    for await (const page of store.rows('audit', { order: 'oldest' })) for (const row of page) if (row.seq === seq) hash = row.link?.hash ?? '';
    await store.close();
    return hash;
  }

  it('X2 X12 lets a row be sealed: another text, no salt, and the chain still holds', async () => {
    const { path } = await segment();
    await change(path, (lines) =>
      lines.map((line) => (line.includes('"id":"a-6"') ? line.replace(/,"[0-9a-f]{32}",/, ',null,').replace('"by":"U6"', '"by":"erased"') : line)),
    );
    await reseal(path);
    const found = await read(stopped);
    expect(found).toMatchObject({ rows: 12, fault: null, head: { hash: head }, sealed: { count: 1, first: [6] } });
    expect(verdict(found)).toContain('1 row has a replaced text (6): compare them with the erasures on record.');
    const store = await openIn(stopped);
    for await (const page of store.rows('audit', { order: 'oldest', match: { id: 'a-6' } }))
      expect(page).toMatchObject([{ seq: 6, row: { by: 'erased' }, link: { salt: null } }]);
    await store.close();
  });

  it('X2 refuses to read the files while an Usher owns them', async () => {
    const store = await openIn(stopped);
    await expect(verifyStoppedAudit(stopped, null)).rejects.toThrow(`is in use by process ${process.pid}`);
    await store.close();
  });

  it('X2 writes the head into the log when it opens and when it closes', async () => {
    const lines: LogLine[] = [];
    const store = await openIn(stopped, {}, lines);
    await store.close();
    expect(lines.map(({ message, fields }) => [message, fields.auditHead])).toEqual([
      ['The store is open.', { first: 1, seq: 12, hash: head }],
      ['The store is closed.', { first: 1, seq: 12, hash: head }],
    ]);
  });

  it('X2 reads what is on the disk while the store is in use, and is right about its end', async () => {
    const store = await openIn(killed);
    expect(await store.verifyAudit()).toMatchObject({ rows: 12, fault: null });
    await change(journal(), (lines) => lines.slice(0, -1));
    expect((await store.verifyAudit()).fault).toEqual({ is: 'cut', seq: 12, until: 12 });
    await store.close();
  });

  it('X2 begins the chain at the next row of a store that an earlier version wrote, and raises its format', async () => {
    const unlinked = (line: string) => line.replace(/,"[0-9a-f]{32}","[0-9a-f]{64}","[0-9a-f]{64}"/, '');
    for (const name of await readdir(join(stopped, 'segments'))) {
      const path = join(stopped, 'segments', name);
      await change(path, (lines) => lines.map(unlinked));
      await reseal(path);
    }
    const manifest = JSON.parse(await readFile(join(stopped, 'manifest.json'), 'utf8'));
    delete manifest.head;
    await writeFile(join(stopped, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(stopped, 'store.json'), '{"format":1}');
    const store = await openIn(stopped);
    expect(JSON.parse(await readFile(join(stopped, 'store.json'), 'utf8'))).toEqual({ format: 2 });
    expect(verdict(await store.verifyAudit())).toEqual([
      '0 rows, intact, head none',
      '12 rows at the beginning are older than the chain; nothing vouches for them.',
    ]);
    await append(store, 13);
    expect(await store.auditHead()).toMatchObject({ first: 13, seq: 13 });
    await store.close();
    expect(await read(stopped)).toMatchObject({ rows: 1, unchained: 12, fault: null, head: { first: 13 } });
    const last = (await readdir(join(stopped, 'segments'))).map((name) => join(stopped, 'segments', name));
    for (const path of last) {
      await change(path, (lines) => lines.map(unlinked));
      await reseal(path);
    }
    expect((await read(stopped)).fault).toMatchObject({ is: 'altered', seq: 13, because: 'its link in the chain was removed' });
  });

  it('X2 keeps the chain through many compactions, other logs and restarts', async () => {
    const folder = await newFolder();
    folders.push(folder);
    for (let round = 0; round < 3; round++) {
      const store = await openIn(folder, { tail: 1 });
      for (let number = 1; number <= 20; number++) {
        await append(store, number);
        await store.transaction({
          appends: [{ log: 'event', partition: 'c-1', row: event(number) }],
          erase: number % 7 === 0 ? [{ log: 'event', partition: 'c-1' }] : [],
        });
      }
      expect(await store.verifyAudit()).toMatchObject({ rows: 20 * (round + 1), fault: null });
      await store.close();
    }
    expect(await read(folder)).toMatchObject({ rows: 60, fault: null });
  });
});
