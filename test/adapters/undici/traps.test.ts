import { EventEmitter, once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { manualClock } from '../../clock.ts';
import { faultOf } from '../../contracts/target.ts';
import { playing, TOKEN } from './playing.ts';
import { scim, startStub } from './stub.ts';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
describe('a request to a target', () => {
  it('speaks SCIM both ways, names itself, and sends the token', async () => {
    const { target, stub } = await playing(scim(201, { id: '1' }));
    await target.create('csv:1', { userName: 'zoë' }, true);
    expect(stub.heard[0]).toMatchObject({
      method: 'POST',
      url: '/scim/v2/Users',
      headers: {
        accept: 'application/scim+json',
        'content-type': 'application/scim+json',
        authorization: `Bearer ${TOKEN}`,
        'user-agent': expect.stringContaining('usher'),
      },
    });
    expect(JSON.parse(stub.heard[0]?.body ?? '')).toMatchObject({ userName: 'zoë', externalId: 'csv:1', active: true });
  });

  it('encodes filters and ids, so that no value leaves its place', async () => {
    const { target, stub } = await playing((response, { method }) => scim(200, method === 'GET' ? { totalResults: 0 } : undefined)(response));
    await target.lookUp('userName', 'a"b\\c&count=0#é');
    await target.remove('../Groups/1?x=é');
    const [lookUp, removal] = stub.heard;
    expect(new URL(lookUp?.url ?? '', stub.origin).searchParams.get('filter')).toBe('userName eq "a\\"b\\\\c&count=0#é"');
    expect(removal?.url).toBe('/scim/v2/Users/..%2FGroups%2F1%3Fx%3D%C3%A9');
  });

  it.each(['', '.', '..'])('refuses the id “%s”, which would name another resource, and sends nothing', async (id) => {
    const { target, stub } = await playing(scim(204, undefined));
    expect((await faultOf(target.remove(id))).next).toBe('refused');
    expect((await faultOf(target.change(id, { set: {}, clear: [], active: false }))).next).toBe('refused');
    expect(stub.heard).toEqual([]);
  });

  it('reuses connections, shares them between targets of one origin, and opens no more than asked for', async () => {
    const { stub, open } = await playing(scim(201, { id: '1' }));
    const [one, other] = [open(2), open(3)];
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).create(`csv:${index}`, { userName: 'x' }, true)));
    await one.create('csv:20', { userName: 'x' }, true);
    expect(stub.heard).toHaveLength(21);
    expect(stub.connections()).toBeLessThanOrEqual(4);
  });

  it('X5 does not follow a redirect, so the token stays where it belongs', async () => {
    const elsewhere = await playing(scim(200, { id: '1' }));
    const { target } = await playing(scim(302, undefined, { location: `${elsewhere.stub.origin}/scim/v2/Users/1` }));
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'unusable', status: 302, message: expect.stringContaining(elsewhere.stub.origin) });
    expect(elsewhere.stub.heard).toEqual([]);
  });

  it('says that a token which cannot be sent must be entered again, without showing it', async () => {
    const stub = await startStub(scim(200, {}));
    const targets = createTargets({ allow: [stub.host], clock: manualClock() });
    onTestFinished(targets.close);
    for (const token of ['', 'with\nbreak', 'with space', 'schlüssel']) {
      const error = await faultOf(targets.open(stub.origin, token, 1).read('1'));
      expect(error.next).toBe('credentials');
      if (token !== '') expect(error.message).not.toContain(token);
    }
    expect(stub.heard).toEqual([]);
  });
});

describe('an answer of a target', () => {
  it('S12 brings Retry-After as seconds, or as a date against the clock', async () => {
    const headers = ['7', 'Mon, 02 Mar 2026 09:00:30 GMT'];
    const { target, clock } = await playing((response) => scim(429, undefined, { 'retry-after': headers.shift() ?? '' })(response));
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'again', status: 429, retryAfter: 7_000 });
    await clock.advance(10_000);
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'again', status: 429, retryAfter: 20_000 });
  });

  it('takes JSON under any content type', async () => {
    const { target } = await playing(scim(200, { id: '1', userName: 'zoe' }, { 'content-type': 'text/html' }));
    expect((await target.read('1')).values).toEqual({ userName: 'zoe' });
  });

  it('takes JSON after a byte order mark', async () => {
    const { target } = await playing((response) => response.end('\uFEFF{"id":"1"}'));
    expect((await target.read('1')).id).toBe('1');
  });

  it('is an error with status 200 where its body says so', async () => {
    const { target } = await playing(scim(200, { schemas: [ERROR], status: '404', detail: 'User not found' }));
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'gone', status: 404, message: 'User not found' });
  });

  it('S23 without a body is accepted to a change, and found by Location after a create', async () => {
    const { target } = await playing((response, { method }) => {
      if (method === 'POST') scim(201, undefined, { location: '/scim/v2/Users/a%2Fb' })(response);
      else scim(204, undefined)(response);
    });
    expect(await target.change('1', { set: { title: 'x' }, clear: [] })).toBeNull();
    expect(await target.create('csv:1', { userName: 'x' }, true)).toEqual({ id: 'a/b', externalId: null, active: null, values: {} });
    expect((await target.createGroup('Teachers', 'g:1')).id).toBe('a/b');
  });

  it('S23 to a create that names nobody may have been written', async () => {
    const { target } = await playing(scim(201, undefined));
    expect(await faultOf(target.create('csv:1', { userName: 'x' }, true))).toMatchObject({ next: 'again', maybeWritten: true });
  });

  it('is unusable when it is a web page or no SCIM', async () => {
    const { target } = await playing((response, { url }) => response.end(url.endsWith('/page') ? '<html><title>Sign in</title></html>' : '[1, 2'));
    expect(await faultOf(target.read('page'))).toMatchObject({ next: 'unusable', message: expect.stringContaining('Sign in') });
    expect(await faultOf(target.read('other'))).toMatchObject({ next: 'unusable', message: expect.stringContaining('[1, 2') });
  });

  it('X5 of more than 10 MiB is cut off', async () => {
    const { target } = await playing((response) => {
      const piece = Buffer.alloc(1_048_576, ' ');
      response.on('error', () => undefined);
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', more);
      more();
    });
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'unusable', maybeWritten: false, message: '127.0.0.1 answered with more than 10 MiB.' });
    expect(await faultOf(target.create('csv:1', { userName: 'x' }, true))).toMatchObject({ next: 'unusable', maybeWritten: true });
  });

  it('X6 that repeats the token shows it nowhere', async () => {
    const { target } = await playing((response, { headers }) => scim(400, { detail: `bad header ${headers.authorization}, that is ${TOKEN}` })(response));
    const { message } = await faultOf(target.read('1'));
    expect(message).not.toContain(TOKEN);
    expect(message).toContain('bad header');
  });

  it('from a server that ignores the filter leads to nobody, instead of a stranger', async () => {
    const { target } = await playing(scim(200, { totalResults: 1, Resources: [{ id: '1', userName: 'stranger' }] }));
    expect(await faultOf(target.lookUp('userName', 'zoe'))).toMatchObject({ next: 'refused', message: expect.stringContaining('ignored the filter') });
  });

  it('finds the same name in another letter case', async () => {
    const { target } = await playing(scim(200, { totalResults: 1, Resources: [{ id: '1', userName: 'Zoe@Example.org' }] }));
    expect(await target.lookUp('userName', 'zoe@example.org')).toHaveLength(1);
  });

  it('gives a look-up no more than ten rows', async () => {
    const { target } = await playing(scim(200, { totalResults: 30, Resources: Array.from({ length: 30 }, (_, id) => ({ id, userName: 'zoe' })) }));
    expect(await target.lookUp('userName', 'zoe')).toHaveLength(10);
  });
});

describe('a connection that fails', () => {
  it('S23 when it is reset after the request, a write may have happened and a read has not', async () => {
    const { target, stub } = await playing((response) => response.destroy());
    expect(await faultOf(target.create('csv:1', { userName: 'x' }, true))).toMatchObject({ next: 'again', status: null, maybeWritten: true });
    expect(await faultOf(target.change('1', { set: {}, clear: [], active: false }))).toMatchObject({ next: 'again', maybeWritten: true });
    expect(await faultOf(target.remove('1'))).toMatchObject({ next: 'again', maybeWritten: true });
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'again', maybeWritten: false });
    expect(stub.heard).toHaveLength(4);
  });

  it('S23 in the middle of the answer, too', async () => {
    const { target } = await playing((response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    });
    expect(await faultOf(target.create('csv:1', { userName: 'x' }, true))).toMatchObject({ next: 'again', maybeWritten: true });
  });

  it('S23 when no answer comes in time, a write may have happened', async () => {
    const { target } = await playing(() => undefined, { limits: { time: 200 } });
    expect(await faultOf(target.create('csv:1', { userName: 'x' }, true))).toMatchObject({
      next: 'again',
      maybeWritten: true,
      message: "127.0.0.1 didn't answer within 0.2 s.",
    });
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'again', maybeWritten: false });
  });

  it('X5 an answer that drips for ever ends at the time limit', async () => {
    const { target } = await playing(
      (response) => {
        const drip = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(drip));
      },
      { limits: { time: 200 } },
    );
    expect((await faultOf(target.read('1'))).message).toContain("didn't answer within");
  });

  it('while it waits for a free connection, nothing was written', async () => {
    const busy = new Set<number>();
    const heard = new EventEmitter();
    const full = once(heard, 'full');
    const { open } = await playing(
      (_response, { body }) => {
        busy.add(Number(JSON.parse(body).externalId.slice(4)));
        if (busy.size === 4) heard.emit('full');
      },
      { limits: { time: 200 } },
    );
    const target = open(1);
    const asked = Array.from({ length: 6 }, (_, index) => faultOf(target.create(`csv:${index}`, { userName: 'x' }, true)));
    await full;
    // Every limit passes while nothing else happens: no connection is freed in between.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    const faults = await Promise.all(asked);
    expect(faults.map(({ maybeWritten }) => maybeWritten)).toEqual(faults.map((_, index) => busy.has(index)));
    expect(busy.size).toBe(4);
  });

  it('C8 says in plain words that nothing listens there', async () => {
    const { target, stub } = await playing(scim(200, {}));
    await stub.close();
    expect(await faultOf(target.create('csv:1', { userName: 'x' }, true))).toMatchObject({
      next: 'again',
      maybeWritten: false,
      message: expect.stringContaining('connection refused'),
    });
  });
});
