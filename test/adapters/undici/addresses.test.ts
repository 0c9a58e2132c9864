import type { LookupAddress } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPublicAddress, type Resolve } from '../../../src/adapters/undici/addresses.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { manualClock } from '../../clock.ts';
import { faultOf } from '../../contracts/target.ts';
import { AUTHORITY, EXPIRED, GOOD, OTHER_NAME, SELF_SIGNED, SERVER_KEY } from './certificates.ts';
import { scim, startStub } from './stub.ts';

/** A resolver that gives these answers in turn, the last one for ever. */
function answering(...answers: readonly (readonly string[])[]): Resolve {
  let asked = 0;
  return async () => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    return addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
}

function targetsWith(resolve: Resolve, allow: readonly string[] = []) {
  const targets = createTargets({ allow, clock: manualClock(), resolve, authorities: [AUTHORITY] });
  onTestFinished(targets.close);
  return targets;
}

async function tlsStub(cert: string) {
  const stub = await startStub(scim(200, { id: '1' }), { key: SERVER_KEY, cert });
  return { stub, url: stub.origin.replace('127.0.0.1', 'localhost'), host: stub.host.replace('127.0.0.1', 'localhost') };
}

describe('the address of a target', () => {
  it.each([
    ['no address at all', 'no web address'],
    ['http://example.com/scim', 'must begin with https'],
    ['ftp://example.com/scim', 'must begin with https'],
    ['https://user:pass@example.com/scim', 'user name or password'],
    ['https://token@example.com/scim', 'user name or password'],
    ['https://example.com/scim?tenant=1', '“?”'],
    ['https://example.com/scim#x', '“#”'],
    ['https://127.0.0.1/scim', 'not a public address'],
    ['https://127.1/scim', 'not a public address'],
    ['https://2130706433/scim', 'not a public address'],
    ['https://0x7f.0.0.1/scim', 'not a public address'],
    ['https://0177.0.0.1/scim', 'not a public address'],
    ['https://[::1]/scim', 'not a public address'],
    ['https://[::ffff:10.0.0.1]/scim', 'not a public address'],
    ['https://[fd00:ec2::254]/scim', 'not a public address'],
    ['https://169.254.169.254/latest', 'not a public address'],
    ['https://168.63.129.16/', 'not a public address'],
  ])('X5 %s is objected to', async (url, words) => {
    const targets = targetsWith(answering(['93.184.216.34']));
    expect(await targets.objection(url)).toContain(words);
    expect((await faultOf(targets.open(url, 'tok', 1).read('1'))).next).toBe('unusable');
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::7f00:1',
    '::ffff:192.168.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'fc00::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'not an address',
  ])('X5 %s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'])('X5 %s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('X5 no private IPv4 address is public, written as IPv6 either', () => {
    const octet = fc.nat(255);
    const isPrivate = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    );
    fc.assert(
      fc.property(isPrivate, (octets) => {
        expect(isPublicAddress(octets.join('.'))).toBe(false);
        expect(isPublicAddress(`::ffff:${octets.join('.')}`)).toBe(false);
      }),
    );
  });

  it('X5 is refused when its name leads anywhere private, though other addresses are public', async () => {
    const targets = targetsWith(answering(['93.184.216.34', '10.0.0.7']));
    expect(await targets.objection('https://intranet.example/scim')).toContain('intranet.example leads to 10.0.0.7');
  });

  it('X5 is allowed when every address of its name is public', async () => {
    expect(await targetsWith(answering(['93.184.216.34', '2606:2800:220:1::1'])).objection('https://example.com/scim')).toBeNull();
  });

  it('C8 is objected to in plain words when there is no such host', async () => {
    const targets = targetsWith(async (name) => {
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    });
    expect(await targets.objection('https://exmaple.invalid/scim')).toContain('exmaple.invalid: no such host');
    expect(await faultOf(targets.open('https://localhost/scim', 'tok', 1).read('1'))).toMatchObject({
      next: 'unusable',
      message: expect.stringContaining('no such host'),
    });
  });

  it('X5 a name that answers otherwise at connect than at the check (DNS rebinding) gets no connection', async () => {
    const { stub, url } = await tlsStub(GOOD);
    const targets = targetsWith(answering(['93.184.216.34'], ['127.0.0.1']));
    expect(await targets.objection(url)).toBeNull();
    expect(await faultOf(targets.open(url, 'tok', 1).create('csv:1', { userName: 'x' }, true))).toMatchObject({
      next: 'unusable',
      maybeWritten: false,
      message: expect.stringContaining('localhost leads to 127.0.0.1'),
    });
    expect(stub.connections()).toBe(0);
  });

  it('X5 the allow-list opens exactly the host and port that it names, also without TLS', async () => {
    const stub = await startStub(scim(200, { id: '1' }));
    const targets = targetsWith(answering(['127.0.0.1']), [stub.host, 'intranet.example:443']);
    expect(await targets.objection(`${stub.origin}/scim`)).toBeNull();
    expect((await targets.open(stub.origin, 'tok', 1).read('1')).id).toBe('1');
    expect(await targets.objection('https://intranet.example/scim')).toBeNull();
    expect(await targets.objection('https://intranet.example:8443/scim')).not.toBeNull();
    expect(await targets.objection('http://127.0.0.1:1/scim')).not.toBeNull();
    expect(await targets.objection(`${stub.origin.replace('//', '//user@')}/scim`)).not.toBeNull();
  });
});

describe('TLS of a target', () => {
  const allowed = (host: string) => targetsWith(answering(['127.0.0.1']), [host]);

  it('is used when an authority vouches for the certificate', async () => {
    const { url, host } = await tlsStub(GOOD);
    expect((await allowed(host).open(url, 'tok', 1).read('1')).id).toBe('1');
  });

  it.each([
    ['expired', EXPIRED, "localhost's certificate has expired"],
    ['self-signed', SELF_SIGNED, 'self-signed'],
    ["another name's", OTHER_NAME, 'made out to another name'],
  ])('C8 with a certificate that is %s fails in plain words, and the token is not sent', async (_case, certificate, words) => {
    const { stub, url, host } = await tlsStub(certificate);
    expect(await faultOf(allowed(host).open(url, 'tok', 1).create('csv:1', { userName: 'x' }, true))).toMatchObject({
      next: 'unusable',
      maybeWritten: false,
      message: expect.stringContaining(words),
    });
    expect(stub.heard).toEqual([]);
  });

  it('C8 is missing at a port that speaks plain HTTP, and the words say so', async () => {
    const stub = await startStub(scim(200, { id: '1' }));
    const url = stub.origin.replace('http://127.0.0.1', 'https://localhost');
    const error = await faultOf(allowed(stub.host.replace('127.0.0.1', 'localhost')).open(url, 'tok', 1).read('1'));
    expect(error).toMatchObject({ next: 'unusable', message: expect.stringContaining('does not speak TLS at this port') });
  });
});
