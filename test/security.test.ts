import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const DOCS = 'docs';

/** The links of a page that lead to tests: the title, and the file. */
async function namedTests(page: string): Promise<readonly { readonly title: string; readonly file: string }[]> {
  const text = await readFile(join(DOCS, page), 'utf8');
  return [...text.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, title = '', file = '']) => ({ title, file }));
}

async function isThere({ title, file }: { readonly title: string; readonly file: string }): Promise<boolean> {
  const source = await readFile(file, 'utf8').catch(() => '');
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
}

it('docs/security.md names only tests that there are, and each of its threats names one', async () => {
  const named = await namedTests('security.md');
  expect(named.length).toBeGreaterThan(40);
  const missing: string[] = [];
  for (const one of named) if (!(await isThere(one))) missing.push(`${one.file}: ${one.title}`);
  expect(missing).toEqual([]);
  const threats = (await readFile(join(DOCS, 'security.md'), 'utf8')).split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));
  expect(threats.filter((line) => !line.includes('](../test/'))).toEqual([]);
});

it('would notice a test that is gone, renamed or in another file', async () => {
  const file = 'test/security.test.ts';
  expect(await isThere({ title: 'would notice a test that is gone, renamed or in another file', file })).toBe(true);
  expect(await isThere({ title: ['X3', 'never was'].join(' '), file })).toBe(false);
  expect(await isThere({ title: 'would notice a test that is gone, renamed or in another file', file: 'test/nowhere.test.ts' })).toBe(false);
});
