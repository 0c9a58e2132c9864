/**
 * Fifty seeds of chaos against the stand-in, each with real kills: `npx tsc -p bench && node dist/benches/bench/chaos.js [--seeds 50] [--first 1] [--at-once 2] [--death killed]`.
 * A seed is a small district (15 to 30 people, two groups) that changes three times, while answers are lost, cut off,
 * refused (429, 5xx) or web pages, connections break, and the process is killed with -9 at drawn steps; then a calm day. Every
 * second one maps managers (S24), and in every third one accounts arrive invited (E10).
 * It is told well where the target then is what the directory says: no account twice, none unlinked, groups right,
 * nothing outside the plan written, each write told by an event, each event counted. `--death abandoned` gives up the
 * store and opens it again, in one process, in place of the kill.
 */
import { parseArgs } from 'node:util';
import { spawnScimTarget } from '../src/sandbox/scim/spawn.ts';
import { chaos, type Told } from '../test/domain/sync/chaos/story.ts';
import { TOKEN } from '../test/domain/sync/world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    first: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '2' },
    death: { type: 'string', default: 'killed' },
  },
});
const death = values.death === 'abandoned' ? 'abandoned' : 'killed';
const left = Array.from({ length: Number(values.seeds) }, (_, at) => Number(values.first) + at);

const began = performance.now();
const stories: Told[] = [];
async function lane(): Promise<void> {
  const target = await spawnScimTarget({ token: TOKEN });
  for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
    const told = await chaos(seed, target, death);
    stories.push(told);
    for (const problem of told.problems) console.log(`  seed ${seed}: ${problem}`);
  }
  await target.close();
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, lane));

const sum = (of: (told: Told) => number): string => stories.reduce((total, told) => total + of(told), 0).toLocaleString('en');
const struck = new Map<string, number>();
for (const told of stories) for (const [name, times] of Object.entries(told.struck)) struck.set(name, (struck.get(name) ?? 0) + times);
const bad = stories.filter(({ problems }) => problems.length > 0).length;
console.log(`${stories.length} seeds, ${death}, in ${((performance.now() - began) / 1_000).toFixed(0)} s: ${stories.length - bad} as planned, ${bad} not`);
console.log(`  ${sum(({ deaths }) => deaths)} deaths, ${sum(({ runs }) => runs)} runs, ${sum(({ requests }) => requests)} requests`);
console.log(`  faults that struck: ${[...struck].map(([name, times]) => `${name} ${times}`).join(', ')}`);
process.exitCode = bad === 0 ? 0 : 1;
