import { readFileSync } from 'node:fs';

/**
 * Prints one closing line for vitest's JSON reports of the same suite on several versions of Node: a test has passed when
 * it passed in all of them, failed when it failed in any. Ends with 1 where something failed or a report is missing.
 */
const tests = new Map();
for (const path of process.argv.slice(2)) {
  for (const { name: file, status, assertionResults } of report(path)) {
    if (status === 'failed' && assertionResults.length === 0) tests.set(file, 'failed');
    for (const { fullName, status: ended } of assertionResults) {
      const key = `${file} ${fullName}`;
      if (tests.get(key) !== 'failed') tests.set(key, ended);
    }
  }
}
const count = (wanted) => [...tests.values()].filter((status) => status === wanted).length;
const [passed, failed] = [count('passed'), count('failed')];
const skipped = tests.size - passed - failed;
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** A run that ended without its report (a crash) counts as one failure. */
function report(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return [{ name: path, status: 'failed', assertionResults: [] }];
  }
}
