import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import { countsOf, resetCounts } from '../src/sandbox/scim/stub.ts';
import { spawnStub } from '../src/sandbox/scim/spawn.ts';
import { connector, people, person, TOKEN, world } from '../test/domain/sync/world.ts';
import { evaluate } from '../src/domain/connectors/mapping-evaluate.ts';
import { defaultMapping } from '../src/domain/connectors/default-mapping.ts';
import { userJson } from '../src/scim/user.ts';
const COUNT = Number(process.argv[2] ?? 20000), LAT = Number(process.argv[3] ?? 2), MODE = process.argv[4] ?? 'both';
const folk = people(COUNT);
const stub = await spawnStub({ latencyMs: LAT });
const u = (c: NodeJS.CpuUsage) => ((c.user + c.system) / COUNT).toFixed(1);
async function raw() {
  const bodies = folk.map((one) => JSON.stringify(userJson(one.id, evaluate(defaultMapping(), one, { organizationName: 'North School', kept: {}, taken: () => false }).values, true)));
  const base = new URL(stub.url);
  const pool = new Pool(base.origin, { connections: 16 });
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json', accept: 'application/scim+json' };
  let next = 0;
  const c0 = process.cpuUsage(), e0 = performance.eventLoopUtilization(), t = performance.now();
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) { const a = await pool.request({ path: `${base.pathname}/Users`, method: 'POST', headers, body }); await a.body.text(); }
  }));
  const s = performance.now() - t;
  console.log(`raw    ${(COUNT / s * 1000).toFixed(0)}/s cpu µs/op ${u(process.cpuUsage(c0))} elu ${performance.eventLoopUtilization(e0).utilization.toFixed(2)}`);
  await pool.close();
}
async function engine() {
  const here = await world({ allow: [new URL(stub.url).host] });
  await here.seed(connector(stub.url, { operating: { concurrency: 16 } }), folk);
  const seen: string[] = [];
  const c0 = process.cpuUsage(), e0 = performance.eventLoopUtilization(), t = performance.now();
  const poll = setInterval(async () => { const { total } = await countsOf(stub.url); seen.push(`${(performance.now() - t).toFixed(0)}:${total}`); }, 250);
  if (process.env.NOPOLL) clearInterval(poll);
  const run = await here.sync();
  const s = performance.now() - t;
  clearInterval(poll);
  console.log(`engine ${(COUNT / s * 1000).toFixed(0)}/s cpu µs/op ${u(process.cpuUsage(c0))} elu ${performance.eventLoopUtilization(e0).utilization.toFixed(2)} ${run.counts.created}`);
  if (!process.env.NOPOLL) console.log(seen.join(' '));
  await here.close(); await resetCounts(stub.url);
}
for (let i = 0; i < 2; i++) { if (MODE !== 'engine') await raw(); if (MODE !== 'raw') await engine(); }
await stub.close();
