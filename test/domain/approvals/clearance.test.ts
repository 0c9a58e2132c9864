import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url).pathname;

async function sources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => join(entry.parentPath, entry.name));
}

async function importing(what: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of [...(await sources('src')), ...(await sources('commands'))])
    if (what.test(await readFile(file, 'utf8'))) found.push(file.slice(ROOT.length));
  return found.sort();
}

it('P1 P3 only approvals make a clearance, and only their registry calls the verbs that take one', async () => {
  expect(await importing(/import \{[^}]*\bclear\b[^}]*\} from '[^']*clearance\.ts'/)).toEqual([
    'src/domain/approvals/verbs/carry-out.ts',
    'src/domain/approvals/verbs/submit.ts',
  ]);
  const verbs = /import \{[^}]*\b(assign|unassign|disconnect|deleteConnector|giveRole|takeRole|applyProtected|applyPolicyChange)\b[^}]*\} from/;
  expect(await importing(verbs)).toEqual(['src/domain/approvals/verbs/actions.ts']);
});
