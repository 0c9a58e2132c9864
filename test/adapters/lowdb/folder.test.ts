import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settleFormat } from '../../../src/adapters/lowdb/format.ts';
import { StoreFault } from '../../../src/ports/store.ts';
import { event, person } from '../../contracts/store.ts';
import { startChild } from './child.ts';
import { crashImage, newFolder, openIn, removeFolder } from './home.ts';
import type { LogLine } from './home.ts';

/** Every file below a folder that is no socket, with its permissions. */
async function filesOf(folder: string): Promise<readonly { readonly path: string; readonly mode: number; readonly size: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (path) => {
      const { mode, size } = await stat(path);
      return { path, mode: mode & 0o777, size };
    }),
  );
}

describe('The data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await newFolder(), 'data');
  });
  afterEach(() => removeFolder(join(folder, '..')));

  it('X6 is readable for its user only', async () => {
    const store = await openIn(folder);
    await store.transaction({ puts: [{ kind: 'person', key: '1', value: person(1) }], appends: [{ log: 'event', partition: 'c-1', row: event(1) }] });
    await store.compact();
    await store.transaction({ puts: [{ kind: 'counter', key: 'run', value: { value: 1 } }] });
    for (const part of ['', 'journal', 'documents', 'segments']) expect((await stat(join(folder, part))).mode & 0o777).toBe(0o700);
    const files = await filesOf(folder);
    expect(files.length).toBeGreaterThan(4);
    for (const { path, mode } of files) expect(mode, path).toBe(0o600);
    expect((await stat(join(folder, 'owner.sock'))).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('X9 refuses a store that a newer Usher wrote, and leaves it as it was', async () => {
    await (await openIn(folder)).close();
    await writeFile(join(folder, 'store.json'), JSON.stringify({ format: 3 }));
    const opening = openIn(folder);
    await expect(opening).rejects.toThrow(StoreFault);
    await expect(opening).rejects.toThrow(
      `${folder} was written by a newer Usher (format 3; this one knows up to 2). Start the newer version, or restore a backup made before the upgrade.`,
    );
    expect(JSON.parse(await readFile(join(folder, 'store.json'), 'utf8'))).toEqual({ format: 3 });
  });

  it('X9 migrates an older store step by step, each step once', async () => {
    await (await openIn(folder)).close();
    await writeFile(join(folder, 'store.json'), JSON.stringify({ format: 1 }));
    const steps: number[] = [];
    const migrations = [2, 3].map((to) => ({ to, migrate: async () => void steps.push(to) }));
    await settleFormat(folder, 3, migrations);
    await settleFormat(folder, 3, migrations);
    expect(steps).toEqual([2, 3]);
    expect(JSON.parse(await readFile(join(folder, 'store.json'), 'utf8'))).toEqual({ format: 3 });
  });

  it('has one owner: a second is refused with the pid of the first, until that has closed', async () => {
    const store = await openIn(folder);
    await expect(openIn(folder)).rejects.toThrow(
      `The data folder ${folder} is in use by process ${process.pid}. Stop that Usher first, or give this one its own folder.`,
    );
    await store.transaction({ puts: [{ kind: 'counter', key: 'run', value: { value: 1 } }] });
    await store.close();
    expect((await readdir(folder)).filter((name) => name.startsWith('owner'))).toEqual([]);
    const again = await openIn(folder);
    expect((await again.get('counter', 'run'))?.value).toEqual({ value: 1 });
    await again.close();
  });

  it('has at most one owner when many want it at once', async () => {
    for (let round = 0; round < 5; round++) {
      const opened = await Promise.allSettled(Array.from({ length: 8 }, () => openIn(folder)));
      const stores = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(stores.length).toBeLessThanOrEqual(1);
      for (const store of stores) await store.close();
    }
    await (await openIn(folder)).close();
  });

  it('has its owner even in another process, and is taken over at once when that was killed', async () => {
    const child = startChild(folder, 'write');
    await child.said.next();
    await expect(openIn(folder)).rejects.toThrow(`is in use by process ${child.pid}.`);
    await child.kill();
    const store = await openIn(folder);
    expect((await readdir(folder)).filter((name) => name.startsWith('owner'))).toHaveLength(2);
    await store.close();
  });

  it('refuses a path that is too long for its socket', async () => {
    await expect(openIn(join(folder, 'x'.repeat(100)))).rejects.toThrow(/is too long: use one of at most \d+ bytes/);
  });

  it('C14 holds nothing of what was erased once it is compacted', async () => {
    const store = await openIn(folder);
    const marked = person(1, { attributes: { givenName: 'Xylophonia' } });
    await store.transaction({
      puts: [{ kind: 'person', key: 'gone/1', value: marked }],
      appends: [{ log: 'event', partition: 'gone', row: event(1, { subjectName: 'Xylophonia' }) }],
    });
    await store.compact();
    await store.transaction({
      puts: [{ kind: 'person', key: 'gone/2', value: marked }],
      appends: [{ log: 'event', partition: 'gone', row: event(2, { subjectName: 'Xylophonia' }) }],
    });
    await store.transaction({
      erase: [
        { kind: 'person', prefix: 'gone/' },
        { log: 'event', partition: 'gone' },
      ],
    });
    await store.compact();
    for (const { path } of await filesOf(folder)) expect(await readFile(path, 'utf8'), path).not.toMatch(/Xylophonia|gone/);
    await store.close();
  });

  it('C14 removes what was erased even when the process ended before a compaction could', async () => {
    const lines: LogLine[] = [];
    const store = await openIn(folder, {}, lines);
    await store.transaction({ puts: [{ kind: 'person', key: 'gone/1', value: person(1) }] });
    // No compaction can succeed here.
    await rm(join(folder, 'documents'), { recursive: true });
    await store.transaction({ erase: [{ kind: 'person', prefix: 'gone/' }] });
    await expect(store.compact()).rejects.toThrow(/nothing is lost, but it grows: ENOENT/);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: 'A compaction failed.' });
    const image = await crashImage(folder);
    const reopened = await openIn(image);
    const isLeft = async () => {
      const names = (await readdir(image, { recursive: true })).filter((name) => !name.startsWith('owner'));
      const texts = await Promise.all(names.map((name) => readFile(join(image, name), 'utf8').catch(() => '')));
      return texts.some((text) => text.includes('gone/1'));
    };
    while (await isLeft());
    await reopened.close();
    await store.close();
    await removeFolder(image);
  });

  it('moves rows into segments of a bounded size, and reads them back in order', async () => {
    const store = await openIn(folder, { tail: 100_000 });
    for (let from = 0; from < 6_000; from += 200) {
      const numbers = Array.from({ length: 200 }, (_, index) => from + index);
      await store.transaction({ appends: numbers.map((number) => ({ log: 'event', partition: `c-${number % 3}`, row: event(number) })) });
    }
    await store.compact();
    const segments = (await filesOf(join(folder, 'segments'))).map(({ size }) => size);
    expect(segments.length).toBeGreaterThan(5);
    expect(Math.max(...segments)).toBeLessThanOrEqual(1024 * 1024);
    for (const order of ['oldest', 'newest'] as const) {
      const ids: string[] = [];
      for await (const page of store.rows('event', { order })) ids.push(...page.map(({ row }) => row.id));
      const expected = Array.from({ length: 6_000 }, (_, number) => `e-${number}`);
      expect(ids).toEqual(order === 'oldest' ? expected : expected.reverse());
    }
    await store.close();
  });

  it('splits small documents so that none of its JSON files is over 1 MB', async () => {
    const store = await openIn(folder);
    const members = Array.from({ length: 500 }, (_, index) => `target-${index}`.padEnd(40, 'x'));
    for (let number = 0; number < 100; number++) {
      await store.transaction({
        puts: [{ kind: 'pushedGroup', key: `c-1/${number}`, value: { connectorId: 'c-1', groupingId: String(number), targetId: 't', name: 'n', members } }],
      });
    }
    await store.close();
    const documents = await filesOf(join(folder, 'documents'));
    expect(documents.length).toBeGreaterThan(3);
    expect(Math.max(...documents.map(({ size }) => size))).toBeLessThan(1_000_000);
    const again = await openIn(folder);
    expect(await again.count('pushedGroup')).toBe(100);
    await again.close();
  });

  it('refuses transactions once it is closed', async () => {
    const store = await openIn(folder);
    const last = store.transaction({ puts: [{ kind: 'counter', key: 'run', value: { value: 1 } }] });
    expect(await last).toBe('committed');
    await Promise.all([store.close(), store.close()]);
    await expect(store.transaction({ puts: [{ kind: 'counter', key: 'run', value: { value: 2 } }] })).rejects.toThrow(StoreFault);
  });
});
