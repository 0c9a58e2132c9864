import { readdir, readFile } from 'node:fs/promises';

/** What can be measured by hand, never inside `npm test`: the first line of each file's opening comment. */
const folder = new URL('./', import.meta.url);
const NO_BENCHES: ReadonlySet<string> = new Set(['list.ts', 'loops.ts', 'mail-seed.ts', 'pauses.ts']);
const lines: string[] = [];
for (const name of (await readdir(folder)).sort()) {
  if (!name.endsWith('.ts') || NO_BENCHES.has(name)) continue;
  const about = /^(?: \* |\/\*\* |\/\/ )([A-Z][^\n]*)$/m.exec(await readFile(new URL(name, folder), 'utf8'))?.[1] ?? '';
  lines.push(`  dist/benches/bench/${name.replace(/ts$/, 'js').padEnd(12)} ${about.replace(/\s*\*\/$/, '')}`);
}
process.stdout.write(`Compile with npx tsc -p bench, then node …\n${lines.join('\n')}\n`);
