import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startChild } from './child.ts';
import { newFolder, openIn, removeFolder } from './home.ts';
import type { LogLine } from './home.ts';

const Full = z.object({ number: z.number(), refused: z.array(z.string()), counters: z.array(z.number()), people: z.number() });
const Unfolded = z.object({ fault: z.string(), people: z.number() });

/** A real limit of the system stands in for a full disk: no file grows over 256 KiB until `prlimit` lifts it. */
const SHELL = 'ulimit -S -f 256;';
const canLift = (() => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('The tests of a full disk are skipped: this machine has no prlimit.\n');
    return false;
  }
})();

describe.skipIf(!canLift)('A full disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => removeFolder(folder));

  it('S13 refuses what it can not keep, changes nothing, and goes on when there is space', async () => {
    const child = startChild(folder, 'fill', { shell: SHELL });
    expect((await child.said.next()).value).toBe('open');
    const full = Full.parse((await child.said.next()).value);
    expect(full.refused).toHaveLength(3);
    for (const reason of full.refused) expect(reason).toMatch(/^StoreFault: Nothing was saved: .*journal\/1\.ndjson can't be written: EFBIG.* raise it/);
    expect(full.counters).toEqual([full.number - 1, full.number - 1, full.number - 1]);
    expect(full.people).toBe(3 * (full.number - 1));
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
    child.tell('there is space');
    expect((await child.said.next()).value).toBe('went on');
    await child.kill();

    const store = await openIn(folder);
    expect((await store.get('counter', 'a'))?.value.value).toBe(full.number);
    expect(await store.count('person')).toBe(3 * full.number);
    await store.close();
  });

  it('S13 loses nothing that was refused or reported when the process is killed on the full disk', async () => {
    const child = startChild(folder, 'fill', { shell: SHELL });
    await child.said.next();
    const full = Full.parse((await child.said.next()).value);
    await child.kill();
    const lines: LogLine[] = [];
    const store = await openIn(folder, {}, lines);
    expect((await store.get('counter', 'c'))?.value.value).toBe(full.number - 1);
    expect(await store.count('person')).toBe(full.people);
    expect(lines.map(({ level }) => level)).toEqual(['info']);
    await store.close();
  });

  it('S13 keeps working on the journal when a snapshot does not fit', async () => {
    const child = startChild(folder, 'compact', { shell: SHELL });
    await child.said.next();
    const unfolded = Unfolded.parse((await child.said.next()).value);
    expect(unfolded.fault).toMatch(/nothing is lost, but it grows: EFBIG/);
    await child.kill();
    const store = await openIn(folder);
    expect(await store.count('person')).toBe(unfolded.people);
    expect(await store.count('counter', 'after')).toBe(1);
    await store.close();
  });
});
