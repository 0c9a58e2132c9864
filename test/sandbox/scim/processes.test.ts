import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { spawnScimTarget, spawnStub } from '../../../src/sandbox/scim/spawn.ts';
import { countsOf, resetCounts, startStub } from '../../../src/sandbox/scim/stub.ts';
import { CORE, Client } from './client.ts';

it('runs in its own process with its own token, and ends when it is closed', async () => {
  const target = await spawnScimTarget({ token: 'other token', seats: 12 });
  const scim = new Client(target.url, 'other token');
  expect(target.pid).not.toBe(process.pid);
  await scim.user('a');
  expect((await scim.call('GET', '/Seats')).body).toEqual({ total: 12, used: 1 });
  expect((await createAdmin(target.pageUrl).state()).users.total).toBe(1);
  await target.close();
  await expect(scim.call('GET', '/Seats')).rejects.toThrow();
  await scim.close();
});

it('says why when it can not start', async () => {
  const first = await spawnScimTarget({ token: 'secret' });
  const port = Number(new URL(first.url).port);
  await expect(spawnScimTarget({ token: 'secret', port })).rejects.toThrow('EADDRINUSE');
  await first.close();
});

it('ends with its parent, even when that is killed', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./parent.ts', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface({ input: parent.stdout }), 'line');
  const connection = connect(Number(new URL(String(url)).port), '127.0.0.1');
  await once(connection, 'connect');
  const ended = once(connection, 'close');
  parent.kill('SIGKILL');
  await ended;
  const scim = new Client(String(url));
  await expect(scim.call('GET', '/Seats')).rejects.toThrow(/ECONNRE(?:FUSED|SET)/);
  await scim.close();
});

it('the stub answers every create with its body and a new id, keeps nothing, and counts', async () => {
  const stub = await startStub();
  const scim = new Client(stub.url);
  const { status, body } = await scim.call('POST', '/Users', { schemas: [CORE], userName: 'a', externalId: 'e' });
  expect([status, body]).toEqual([201, { id: 's1', schemas: [CORE], userName: 'a', externalId: 'e' }]);
  expect((await scim.call('POST', '/Groups', {})).body).toEqual({ id: 's2' });
  expect((await scim.patch('/Users/s1', { op: 'replace', path: 'active', value: false })).body).toEqual({ schemas: [CORE], id: 's1' });
  expect((await scim.call('GET', '/Users/s1')).body).toEqual({ schemas: [CORE], id: 's1' });
  expect(await scim.list('/Users?startIndex=1&count=100')).toMatchObject({ totalResults: 0, Resources: [] });
  expect((await scim.call('DELETE', '/Users/s1')).status).toBe(204);
  expect(await resetCounts(stub.url)).toEqual({ total: 6, byMethod: { POST: 2, PATCH: 1, GET: 2, DELETE: 1 } });
  expect(await countsOf(stub.url)).toEqual({ total: 0, byMethod: {} });
  await scim.close();
  await stub.close();
});

it('the stub runs in its own process, with latency', async () => {
  const stub = await spawnStub({ latencyMs: 2 });
  const scim = new Client(stub.url);
  await scim.user('a');
  expect(await countsOf(stub.url)).toEqual({ total: 1, byMethod: { POST: 1 } });
  await scim.close();
  await stub.close();
});
