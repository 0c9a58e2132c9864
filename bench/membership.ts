/**
 * Requests that a change of members takes, against ⌈k / batch⌉: `npx tsc -p bench && node dist/benches/bench/membership.js [--people 5000]`.
 * People who have their accounts join a group, half of them make room for others, and then all leave it, over the wire; the target takes no more than `batch`
 * members in one request, as its rehearsal learnt. All requests of the run are counted, and all target ids that it journals.
 */
import { parseArgs } from 'node:util';
import { changeMembership } from '../test/domain/sync/membership.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '5000' } } });
const all = Number(values.people);
let missed = 0;
console.log('     k   batch             requests   ⌈k / batch⌉       ids       ms');
for (const [count, batch] of [
  [1, 100],
  [100, 100],
  [1_000, 100],
  [Math.floor(all / 2), 100],
  [Math.floor(all / 2), 1_000],
  [1_000, 20],
] as const) {
  for (const { kind, people, requests, others, limit, members, kept, time } of await changeMembership(all, count, batch)) {
    const isMet = requests + others === limit && members[0] === members[1];
    if (!isMet) missed += 1;
    console.log(
      `${String(people).padStart(6)}  ${String(batch).padStart(6)}  ${kind.padEnd(9)}  ${String(requests + others).padStart(8)}      ${String(limit).padStart(8)}  ${String(kept).padStart(8)} ${time.toFixed(0).padStart(8)}${isMet ? '' : '  not reached'}`,
    );
  }
}
process.exitCode = missed === 0 ? 0 : 1;
