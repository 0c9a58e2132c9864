import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AddressRefused, pinnedLookup, type Resolve } from '../../../src/adapters/undici/addresses.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { manualClock } from '../../clock.ts';
import { faultOf } from '../../contracts/target.ts';
import { type Play, scim, startStub } from './stub.ts';

/** What a socket would connect to. */
function lookedUp(lookup: LookupFunction, options: Parameters<LookupFunction>[1]): Promise<string | readonly LookupAddress[] | Error> {
  return new Promise((resolve) => lookup('scim.example.com', options, (error, address) => resolve(error ?? address)));
}

async function reached(play: Play) {
  const stub = await startStub(play);
  const targets = createTargets({ allow: [stub.host], clock: manualClock() });
  onTestFinished(targets.close);
  return { stub, target: targets.open(`${stub.origin}/scim`, 'tok-never-sent-on', 1) };
}

describe('an address that turns inwards', () => {
  it('X5 is refused at each new connection, also after others went out to the same name', async () => {
    let addresses: readonly LookupAddress[] = [{ address: '93.184.216.34', family: 4 }];
    const lookup = pinnedLookup(async () => addresses, false);
    expect(await lookedUp(lookup, {})).toBe('93.184.216.34');
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:192.168.1.1', '0.0.0.0', 'fe80::1']) {
      addresses = [
        { address: '93.184.216.34', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ];
      for (const options of [{}, { all: true }, { family: 4 }, { family: 'IPv6' as const }]) {
        const refused = await lookedUp(lookup, options);
        expect(refused).toBeInstanceOf(AddressRefused);
        expect(String(refused)).toContain(address);
      }
    }
    addresses = [{ address: '93.184.216.34', family: 4 }];
    expect(await lookedUp(lookup, { all: true })).toEqual(addresses);
  });

  it.each([
    'https://0/scim',
    'https://127.0.0.1./scim',
    'https://127%2e0%2e0%2e1/scim',
    'https://①②⑦.⓪.⓪.①/scim',
    'https://017700000001/scim',
    'https://0x7f000001/scim',
    'https://0251.0376.0251.0376/latest',
    'https://2852039166/latest',
    'https://[::ffff:7f00:1]/scim',
    'https://[::ffff:a9fe:a9fe]/latest',
    'https://[0:0:0:0:0:ffff:169.254.169.254]/latest',
    'https://[fe80::1]/scim',
  ])('X5 %s is not public, however it is written', async (url) => {
    const never: Resolve = () => Promise.reject(new Error('a number is not looked up'));
    const targets = createTargets({ allow: [], clock: manualClock(), resolve: never });
    onTestFinished(targets.close);
    expect(await targets.objection(url)).toContain('not a public address');
    expect(await faultOf(targets.open(url, 'tok', 1).read('1'))).toMatchObject({ next: 'unusable', status: null, maybeWritten: false });
  });

  it('X5 is not reached by a name of this machine, with a dot at its end either', async () => {
    const targets = createTargets({ allow: [], clock: manualClock() });
    onTestFinished(targets.close);
    for (const url of ['https://localhost/scim', 'https://localhost./scim']) expect(await targets.objection(url), url).not.toBeNull();
  });

  it('X5 is allowed at the very host and port that configuration names, and at no other', async () => {
    const targets = createTargets({
      allow: ['127.0.0.1:8801', 'scim.local:443'],
      clock: manualClock(),
      resolve: async () => [{ address: '10.0.0.1', family: 4 }],
    });
    onTestFinished(targets.close);
    expect(await targets.objection('http://127.0.0.1:8801/scim')).toBeNull();
    expect(await targets.objection('https://scim.local/scim')).toBeNull();
    for (const url of [
      'http://127.0.0.1:8802/scim',
      'http://127.0.0.1/scim',
      'https://127.0.0.2:8801/scim',
      'https://scim.local:8443/scim',
      'ftp://127.0.0.1:8801/',
    ])
      expect(await targets.objection(url), url).not.toBeNull();
  });
});

describe('an answer', () => {
  it.each([301, 302, 303, 307, 308])('X5 %i sends neither the token nor the body anywhere else', async (status) => {
    const elsewhere = await startStub(scim(200, { id: '1' }));
    const { stub, target } = await reached((response) => response.writeHead(status, { location: `${elsewhere.origin}/scim/Users/1` }).end());
    const asked = [target.read('1'), target.create('csv:1', { userName: 'x' }, true), target.remove('1'), target.lookUp('userName', 'x')];
    for (const one of asked) expect(await faultOf(one)).toMatchObject({ status });
    expect(stub.heard).toHaveLength(asked.length);
    expect(elsewhere.connections()).toBe(0);
  });

  it('X5 is not unpacked: a small one can’t grow', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1_048_576));
    const { stub, target } = await reached((response) =>
      response.writeHead(200, { 'content-type': 'application/scim+json', 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await faultOf(target.read('1'))).toMatchObject({ next: 'unusable' });
    expect(stub.heard[0]?.headers['accept-encoding']).toBeUndefined();
  });

  it('X5 with headers without end is cut off', async () => {
    const { target } = await reached((response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\n${'x-filler: '.concat('y'.repeat(1_000), '\r\n').repeat(200)}`);
    });
    expect(await faultOf(target.read('1'))).toMatchObject({ status: null });
  });
});
