import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { countedStore, countedTargets } from '../../../src/adapters/operation/counted.ts';
import { createMetrics } from '../../../src/adapters/operation/metrics.ts';
import { type Part, startOperation } from '../../../src/adapters/operation/server.ts';
import { writable } from '../../../src/adapters/operation/writable.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { type Store, StoreFault } from '../../../src/ports/store.ts';
import { manualClock } from '../../clock.ts';
import { faultOf } from '../../contracts/target.ts';
import { scim, startStub } from '../undici/stub.ts';

async function serving(parts: readonly Part[] = []) {
  const metrics = createMetrics();
  const operation = await startOperation({ host: '127.0.0.1', port: 0, parts, metrics });
  onTestFinished(() => operation.stop());
  return { metrics, at: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${operation.port}${path}`, init), port: operation.port };
}

const part = (name: Part['name'], check: Part['check']): Part => ({ name, check });

describe('the endpoints of operation', () => {
  it('X8 /healthz answers as long as the process does', async () => {
    const { at } = await serving([part('store', async () => 'gone')]);
    const answer = await at('/healthz');
    expect([answer.status, await answer.json()]).toEqual([200, { alive: true }]);
  });

  it('X8 /readyz is 200 when every part works, and 503 with the part that does not', async () => {
    let slack: string | null = null;
    const { at } = await serving([part('store', async () => null), part('slack', async () => slack), part('worker', async () => null)]);
    expect((await at('/readyz')).status).toBe(200);
    slack = 'no socket is connected';
    const answer = await at('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, parts: { store: 'ok', slack: 'no socket is connected', worker: 'ok' } });
  });

  it('X8 E3 /readyz tells of mail that does not go, and is ready all the same: mail waits', async () => {
    const { at } = await serving([part('store', async () => null), { name: 'mail', check: async () => 'the mail server can’t be used', informs: true }]);
    const answer = await at('/readyz');
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, parts: { store: 'ok', mail: 'the mail server can’t be used' } }]);
  });

  it('X8 /readyz tells of a part whose check fails without saying how, since anybody may read it', async () => {
    const { at } = await serving([part('store', () => Promise.reject(new Error('/secret/folder')))]);
    const answer = await at('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('folder');
  });

  it('X8 take nothing but GET, and know no other path', async () => {
    const { at, port } = await serving();
    expect((await at('/metrics', { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await at('/../etc/passwd')).status).toBe(404);
    expect((await at('/')).status).toBe(404);
    const odd = await new Promise<number | undefined>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '//%00' }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(odd).toBe(404);
  });

  it('X8 /metrics counts acks, asks, runs, commits and requests, by kinds only', async () => {
    const { at, metrics } = await serving();
    metrics.acked('command', 0.004);
    metrics.acked('submission', 0.2);
    metrics.unacked('other');
    metrics.asked('refused');
    metrics.runEnded('sync', 'partial');
    metrics.targetAnswered(429, 0.3);
    metrics.targetAnswered(null, 30);
    metrics.committed('conflict', 0.002);
    metrics.watch({
      runs: () => 2,
      rehearsals: () => 1,
      inFlight: () => 3,
      cards: () => ({ posts: 0, edits: 7, views: 0 }),
      sockets: () => ({ wanted: 2, connected: 1 }),
    });
    const answer = await at('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    for (const line of [
      'usher_ack_seconds_bucket{le="0.005",kind="command"} 1',
      'usher_ack_seconds_count{kind="submission"} 1',
      'usher_unacked_total{kind="other"} 1',
      'usher_asks_total{outcome="refused"} 1',
      'usher_runs_total{kind="sync",result="partial"} 1',
      'usher_target_request_seconds_count{status="4xx"} 1',
      'usher_target_request_seconds_count{status="none"} 1',
      'usher_store_commit_seconds_count{outcome="conflict"} 1',
      'usher_runs_in_hand 2',
      'usher_rehearsals_in_hand 1',
      'usher_work_in_flight 3',
      'usher_cards_waiting{lane="edits"} 7',
      'usher_slack_sockets 1',
      'usher_slack_sockets_wanted 2',
    ])
      expect(text).toContain(line);
    for (const name of ['nodejs_eventloop_lag_seconds', 'process_resident_memory_bytes']) expect(text).toContain(name);
  });
});

describe('what is counted on its way', () => {
  it('X8 a transaction with its outcome, a failed one too', async () => {
    const metrics = createMetrics();
    const outcomes = [async () => 'committed' as const, async () => 'conflict' as const, () => Promise.reject(new StoreFault('full'))];
    const transaction: Store['transaction'] = () => outcomes.shift()?.() ?? Promise.reject(new Error('asked too often'));
    // Only transactions are asked for here.
    const store = countedStore({ transaction } as Store, metrics);
    expect([await store.transaction({}), await store.transaction({})]).toEqual(['committed', 'conflict']);
    await expect(store.transaction({})).rejects.toThrow(StoreFault);
    const text = await metrics.text();
    for (const outcome of ['committed', 'conflict', 'failed']) expect(text).toContain(`usher_store_commit_seconds_count{outcome="${outcome}"} 1`);
  });

  it('C1 who watches a store is told through the counted one too, or the list of connectors would read everybody each time', () => {
    const told: unknown[] = [];
    const watch: Store['watch'] = (listener) => listener({ puts: [] });
    countedStore({ watch } as Store, createMetrics()).watch((change) => told.push(change));
    expect(told).toEqual([{ puts: [] }]);
  });

  it('X8 a request to a target by the class of its status: each page of a listing is one', async () => {
    const metrics = createMetrics();
    const users = (ids: readonly string[]) => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 150,
      Resources: ids.map((id) => ({ id, userName: id })),
    });
    const stub = await startStub((response, { url }) => {
      const start = Number(new URL(url, 'http://x').searchParams.get('startIndex') ?? 1);
      const ids = Array.from({ length: Math.max(0, Math.min(100, 151 - start)) }, (_, index) => `u${start + index}`);
      scim(url.includes('/Users/') ? 404 : 200, url.includes('/Users/') ? {} : users(ids))(response);
    });
    const targets = createTargets({ allow: [stub.host], clock: manualClock() });
    onTestFinished(targets.close);
    const target = countedTargets(targets, metrics).open(stub.origin, 'tok', 1);
    const seen: string[] = [];
    const pages = target.list(async () => undefined);
    let page = await pages.next();
    for (; page.done !== true; page = await pages.next()) seen.push(...page.value.map(({ id }) => id));
    expect(page.value.complete).toBe(true);
    expect(seen).toHaveLength(150);
    await faultOf(target.read('1'));
    await stub.close();
    await faultOf(target.read('1'));
    const text = await metrics.text();
    expect(text).toContain(`usher_target_request_seconds_count{status="2xx"} ${stub.heard.length - 1}`);
    expect(text).toContain('usher_target_request_seconds_count{status="4xx"} 1');
    expect(text).toContain('usher_target_request_seconds_count{status="none"} 1');
  });

  it('X8 a store that can’t be written is not ready, and asking often writes once', async () => {
    let writes = 0;
    const transaction: Store['transaction'] = () => {
      writes += 1;
      return Promise.reject(new StoreFault('no space left in /secret/folder'));
    };
    const check = writable({ transaction });
    expect(await check()).toBe('it can’t be written');
    await Promise.all([check(), check(), check()]);
    expect(writes).toBe(1);
    expect(await writable({ transaction: async () => 'committed' })()).toBeNull();
  });
});
