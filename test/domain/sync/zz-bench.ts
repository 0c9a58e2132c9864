import { Pool } from 'undici';
import { spawnStub } from '/work/main/src/sandbox/scim/spawn.ts';
import { connector, people, world, ended } from '/work/main/test/domain/sync/world.ts';
const N = Number(process.argv[2] ?? 20000), C = Number(process.argv[3] ?? 16), delay = Number(process.argv[4] ?? 2);
const stub = await spawnStub({ latencyMs: delay });
console.log(stub.url);
const host = new URL(stub.url).host;
for (let round = 0; round < 2; round++) {
  const home = await world({ allow: [host] });
  await home.seed(connector(stub.url, { operating: { concurrency: C } , connector: { listing: { at: 1, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } }}), people(N));
  const t0 = performance.now();
  const run = await home.sync();
  const ours = performance.now() - t0;
  console.log(ended(run), run.counts.created, run.counts.failed);
  const [event] = await home.events(run.id);
  const body = JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User','urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'], externalId: 'csv:p00001', userName: 'p00001', name: { givenName: 'p0001', familyName: 'Example' }, displayName: 'p00001 Example', active: true, emails: [{ type: 'work', primary: true, value: 'p00001@example.org' }], 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { organization: 'North School' } });
  const pool = new Pool(new URL(stub.url).origin, { connections: C });
  const t1 = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: C }, async () => { while (next < N) { next++; const r = await pool.request({ method: 'POST', path: new URL(stub.url).pathname.replace(/\/$/, '') + '/Users', headers: { 'content-type': 'application/scim+json', authorization: 'Bearer sandbox-token' }, body: body.replaceAll('p00001', 'q' + round + next) }); if (r.statusCode >= 300) throw new Error(String(r.statusCode)); await r.body.json(); } }));
  const raw = performance.now() - t1;
  await pool.close();
  const t2 = performance.now();
  const again = await home.sync();
  console.log(`ours ${(N / ours * 1000).toFixed(0)}/s raw ${(N / raw * 1000).toFixed(0)}/s ratio ${(raw / ours).toFixed(3)} unchanged sync ${(performance.now() - t2).toFixed(0)} ms`, again.counts.unchanged, 'rss', (process.memoryUsage().rss/1e6).toFixed(0));
  await home.close();
}
await stub.close();
