import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWire, type WireOptions } from '../../../src/adapters/undici/sockets.ts';
import type { Answer, Line, Wire, WireFault, WireRequest } from '../../../src/adapters/undici/wire.ts';
import { createWireThread } from '../../../src/adapters/undici/wire-thread.ts';
import { scim, type Stub, startStub } from './stub.ts';

type Options = Omit<WireOptions, 'resolve'>;

const errors: unknown[] = [];
const log = { error: (...told: unknown[]) => void errors.push(told) };

/** Against hanging only. */
const WAIT = { timeout: 60_000, interval: 5 };

const GET: WireRequest = { method: 'GET', path: '/scim/v2/Users/1', body: null, ifMatch: null };

function post(name: string): WireRequest {
  return { method: 'POST', path: '/scim/v2/Users', body: JSON.stringify({ userName: name }), ifMatch: null };
}

type End = { readonly is: 'answered'; readonly answer: Answer } | { readonly is: 'failed'; readonly fault: WireFault } | { readonly is: 'returned' };

/** What one request came to, and when among others. */
function send(line: Line, request: WireRequest, { patient = false, order = [] as string[] } = {}): Promise<End> {
  const name = request.body ?? request.path;
  return new Promise((resolve) => {
    const over = (end: End) => {
      order.push(`${end.is} ${name}`);
      resolve(end);
    };
    line.send(request, patient, {
      answered: (answer) => over({ is: 'answered', answer }),
      failed: (fault) => over({ is: 'failed', fault }),
      returned: () => over({ is: 'returned' }),
    });
  });
}

describe.each([
  ['in the same thread', (options: Options): Wire => createWire(options)],
  ['in a thread of its own', (options: Options): Wire => createWireThread({ ...options, log })],
])('the wire %s', (_where, create) => {
  function wire(options: Options): Wire {
    const made = create(options);
    onTestFinished(() => made.close());
    return made;
  }

  function lineTo(stub: Stub, concurrency = 2, options: Partial<Options> = {}): Line {
    return wire({ allow: [stub.host], ...options }).open({ url: new URL(`${stub.origin}/scim/v2`), token: 'the-very-token', concurrency });
  }

  /** A stub whose answers wait to be given. */
  async function holding(): Promise<{ readonly stub: Stub; readonly held: ServerResponse[] }> {
    const held: ServerResponse[] = [];
    const stub = await startStub((response) => void held.push(response));
    return { stub, held };
  }

  it('sends a request as it is, and hands the answer over whole', async () => {
    const stub = await startStub(scim(201, { id: 'Zoë 東京' }, { 'retry-after': '7', location: '/Users/1', etag: 'W/"3"' }));
    const line = lineTo(stub);
    const end = await send(line, { ...post('zoë'), ifMatch: 'W/"2"' });
    expect(end).toEqual({
      is: 'answered',
      answer: { status: 201, retryAfter: '7', location: '/Users/1', etag: 'W/"3"', text: '{"id":"Zoë 東京"}' },
    });
    await send(line, GET);
    const [first, second] = stub.heard;
    expect(first).toMatchObject({ method: 'POST', url: '/scim/v2/Users', body: '{"userName":"zoë"}' });
    expect(first?.headers).toMatchObject({ authorization: 'Bearer the-very-token', 'content-type': 'application/scim+json', 'if-match': 'W/"2"' });
    expect(second).toMatchObject({ method: 'GET', body: '' });
    expect(second?.headers).not.toHaveProperty('content-type');
    expect(second?.headers).not.toHaveProperty('if-match');
  });

  it('S12 what is patient follows a success, in the order given, with never more under way than the line may have', async () => {
    const { stub, held } = await holding();
    const made = wire({ allow: [stub.host] });
    const to = { url: new URL(`${stub.origin}/scim/v2`), token: 'the-very-token' };
    // The sockets are shared with a line that may have more of them.
    const other = made.open({ ...to, concurrency: 6 });
    const line = made.open({ ...to, concurrency: 2 });
    void send(other, GET);
    await someHeld(held);
    const ends = ['a', 'b', 'c', 'd', 'e'].map((name) => send(line, post(name), { patient: true }));
    for (const underWay of [2, 2, 2, 2, 1]) {
      await vi.waitUntil(() => held.length === 1 + underWay, WAIT);
      const [response] = held.splice(1, 1);
      if (response !== undefined) scim(200, {})(response);
    }
    expect(await Promise.all(ends)).toMatchObject(Array.from({ length: 5 }, () => ({ is: 'answered', answer: { status: 200 } })));
    scim(200, {})(shifted(held));
    expect(stub.heard.slice(1).map(({ body }) => JSON.parse(body).userName)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('S12 what lies ready comes back unsent, after the answer that it came back for, where that is no success', async () => {
    const { stub, held } = await holding();
    const line = lineTo(stub, 1);
    const order: string[] = [];
    const ends = ['a', 'b', 'c'].map((name) => send(line, post(name), { patient: true, order }));
    await someHeld(held);
    scim(429, undefined, { 'retry-after': '9' })(shifted(held));
    expect(await Promise.all(ends)).toMatchObject([{ is: 'answered', answer: { status: 429, retryAfter: '9' } }, { is: 'returned' }, { is: 'returned' }]);
    expect(order).toEqual(['answered {"userName":"a"}', 'returned {"userName":"b"}', 'returned {"userName":"c"}']);
    const next = send(line, post('d'), { patient: true });
    await someHeld(held);
    scim(201, {})(shifted(held));
    expect(await next).toMatchObject({ is: 'answered' });
    expect(stub.heard.map(({ body }) => JSON.parse(body).userName)).toEqual(['a', 'd']);
  });

  it('S3 S12 what lies ready comes back when it is recalled; what is under way is answered', async () => {
    const { stub, held } = await holding();
    const line = lineTo(stub, 1);
    const first = send(line, post('a'), { patient: true });
    const second = send(line, post('b'), { patient: true });
    line.recall();
    expect(await second).toEqual({ is: 'returned' });
    await someHeld(held);
    scim(201, { id: '1' })(shifted(held));
    expect(await first).toMatchObject({ is: 'answered', answer: { status: 201 } });
    expect(stub.heard).toHaveLength(1);
  });

  it('S23 tells a request that was sent and not answered from one that never left', async () => {
    const stub = await startStub((response) => response.destroy());
    const line = lineTo(stub);
    expect(await send(line, post('a'))).toMatchObject({ is: 'failed', fault: { sent: true, words: { next: 'again', limit: null } } });
    await stub.close();
    const end = await send(line, post('b'));
    expect(end).toMatchObject({ is: 'failed', fault: { sent: false, words: { next: 'again' } } });
    expect(end.is === 'failed' && end.fault.words.message).toContain('connection refused');
  });

  it('S23 gives up an answer that takes too long or grows too large, and says which', async () => {
    const late = await startStub(() => undefined);
    expect(await send(lineTo(late, 2, { limits: { time: 50 } }), post('a'))).toMatchObject({ is: 'failed', fault: { sent: true, words: { limit: 'time' } } });
    const large = await startStub((response) => response.end('x'.repeat(3_000)));
    const line = lineTo(large, 2, { limits: { size: 2_000 } });
    expect(await send(line, GET)).toMatchObject({ is: 'failed', fault: { words: { next: 'unusable', limit: 'size' } } });
  });

  it('X5 goes to no address inside, whatever its name is', async () => {
    const line = wire({ allow: [] }).open({ url: new URL('https://localhost:1/scim'), token: 'the-very-token', concurrency: 1 });
    const end = await send(line, GET);
    expect(end).toMatchObject({ is: 'failed', fault: { sent: false, words: { next: 'unusable' } } });
    expect(end.is === 'failed' && end.fault.words.message).toContain('not a public address');
  });

  it('X8 lets what is under way finish when it is closed, and sends nothing after', async () => {
    const { stub, held } = await holding();
    const open = create({ allow: [stub.host] });
    const line = open.open({ url: new URL(`${stub.origin}/scim/v2`), token: 'the-very-token', concurrency: 2 });
    const first = send(line, post('a'));
    await someHeld(held);
    const closed = open.close();
    expect(await send(line, post('b'))).toMatchObject({ is: 'failed', fault: { sent: false, words: { next: 'again' } } });
    scim(201, {})(shifted(held));
    expect(await first).toMatchObject({ is: 'answered' });
    await closed;
    expect(stub.heard).toHaveLength(1);
  });
});

describe('a thread of the wire that ends', () => {
  it('S13 fails what was under way as perhaps written, says so in the log, and the next request is sent by another', async () => {
    const held: ServerResponse[] = [];
    const stub = await startStub((response) => void held.push(response));
    const wire = createWireThread({ allow: [stub.host], log });
    onTestFinished(() => wire.close());
    const line = wire.open({ url: new URL(`${stub.origin}/scim/v2`), token: 'the-very-token', concurrency: 2 });
    const started = once(process, 'worker') as Promise<[Worker]>;
    const first = send(line, post('a'));
    const [thread] = await started;
    await someHeld(held);
    await thread.terminate();
    expect(await first).toMatchObject({ is: 'failed', fault: { sent: true, words: { next: 'again' } } });
    expect(errors).toContainEqual([{ requests: 1 }, expect.stringContaining('under way')]);
    held.length = 0;
    const second = send(line, post('b'));
    await someHeld(held);
    scim(201, {})(shifted(held));
    expect(await second).toMatchObject({ is: 'answered', answer: { status: 201 } });
  });
});

function someHeld(held: readonly ServerResponse[]): Promise<boolean> {
  return vi.waitUntil(() => held.length > 0, WAIT);
}

function shifted(held: ServerResponse[]): ServerResponse {
  const response = held.shift();
  if (response === undefined) throw new Error('nothing was asked');
  return response;
}
