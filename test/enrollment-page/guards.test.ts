import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSeal } from '../../src/enrollment-page/sealed.ts';
import { KEY, LEE, type PageWorld, pageWorld, post, secretOf, submit, visit } from './page-world.ts';

const PATH = `/enroll/${LEE}`;

async function proofOf(page: PageWorld): Promise<string> {
  return /name="proof" value="([^"]*)"/.exec((await visit(`${page.url}${PATH}`)).html)?.[1] ?? '';
}

describe('every answer', () => {
  it('E3 forbids scripts, frames, sniffing, indexing, keeping and telling where somebody came from', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    const proof = await proofOf(page);
    const answers = [
      await visit(`${page.url}/`),
      await visit(`${page.url}${PATH}`),
      await visit(`${page.url}/enroll/${secretOf('nobody')}`),
      await visit(`${page.url}/nowhere`),
      await visit(`${page.url}${PATH}`, { method: 'DELETE' }),
      await post(page, PATH, { proof, type: 'hardware-token', serial: 'x' }),
      await post(page, PATH, { proof: 'forged', type: 'link' }),
      await post(page, PATH, { proof, type: 'link', serial: 'x'.repeat(9_000) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 410, 404, 405, 303, 403, 413]);
    for (const { headers, html } of answers) {
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-robots-tag')).toContain('noindex');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect([headers.get('x-powered-by'), headers.get('etag'), headers.get('set-cookie')]).toEqual([null, null, null]);
      expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|https?:/i);
    }
  });

  it('E3 keeps the style sheet and the icon for good, and nothing else; robots are turned away', async () => {
    const page = await pageWorld();
    const style = /href="(\/style-[^"]+)"/.exec((await visit(`${page.url}/`)).html)?.[1] ?? '';
    for (const [path, type] of [
      [style, 'text/css'],
      ['/icon.svg', 'image/svg+xml'],
    ] as const) {
      const kept = await visit(`${page.url}${path}`);
      expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(kept.headers.get('content-type')).toContain(type);
    }
    expect((await visit(`${page.url}/robots.txt`)).html).toBe('User-agent: *\nDisallow: /\n');
  });
});

describe('a form of somebody else (CSRF)', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same domain', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', { 'sec-fetch-site': 'none' }],
    ['another origin, of an old browser', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
  ])('E3 sent from %s is refused before it is read, with the right proof too', async (_, given) => {
    const page = await pageWorld();
    const proof = await proofOf(page);
    const before = await page.everything();
    const { 'sec-fetch-site': site, ...rest } = given;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...rest, ...(site === '' ? {} : { 'sec-fetch-site': site }) };
    const answer = await visit(`${page.url}${PATH}`, { method: 'POST', headers, body: `proof=${proof}&type=link` });
    expect([answer.status, answer.title]).toEqual([403, 'This did not come from the page itself · Enrollment']);
    expect(await page.everything()).toBe(before);
  });

  it.each(['', 'forged', 'of another link'])('E3 without the proof of this link’s own form (%s) changes nothing', async (made) => {
    const page = await pageWorld({ people: ['lee', 'kim'] });
    const proof = made === 'of another link' ? createSeal(KEY).proofFor(secretOf('kim')) : made;
    const before = await page.everything();
    expect((await post(page, PATH, { proof, type: 'link' })).status).toBe(403);
    expect((await post(page, PATH, { type: 'link' })).status).toBe(400);
    expect(await page.everything()).toBe(before);
  });

  it.each([
    ['no Fetch Metadata and its origin', { origin: 'https://enroll.example.org' }],
    ['no Fetch Metadata and no origin, as where no referrer is told', { origin: 'null' }],
  ])('E3 of the page itself is taken from an old browser with %s', async (_, headers) => {
    const page = await pageWorld();
    const body = `proof=${await proofOf(page)}&type=link`;
    const sent = { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } };
    expect((await visit(`${page.url}${PATH}`, sent)).status).toBe(303);
    expect(await page.entry()).toMatchObject({ state: { is: 'enrolled' } });
  });

  it('E3 outlives a restart of Usher: who has the page open can still accept', async () => {
    expect(createSeal(KEY).isProof(createSeal(KEY).proofFor(LEE), LEE)).toBe(true);
    expect(createSeal(Buffer.alloc(32, 'other')).isProof(createSeal(KEY).proofFor(LEE), LEE)).toBe(false);
  });
});

describe('the answer in the address', () => {
  const said = { is: 'wrong-serial' as const, serial: 'GT-9' };

  it('E3 is good for its own link, for an hour, and not when it was altered', () => {
    const seal = createSeal(KEY);
    const text = seal.seal(said, LEE, 1_000);
    expect(seal.open(text, LEE, 1_000)).toEqual(said);
    expect(seal.open(text, secretOf('kim'), 1_000)).toBeNull();
    expect(seal.open(text, LEE, 1_000 + 3_600_000)).toBeNull();
    expect(seal.open(`${text.slice(0, -4)}AAAA`, LEE, 1_000)).toBeNull();
    for (const made of ['', 'x', 'enrolled', 'A'.repeat(200), '💩']) expect(seal.open(made, LEE, 1_000)).toBeNull();
    expect(text).not.toContain(Buffer.from('GT-9').toString('base64url'));
  });

  it('E3 never says that somebody is enrolled whose invitation is open', async () => {
    const page = await pageWorld();
    const invited = { name: 'Lee', application: 'Zoom', organization: 'N', stop: 1, timeZone: 'UTC', locale: undefined };
    const text = createSeal(KEY).seal({ is: 'enrolled', type: 'link', invited }, LEE, page.clock.now());
    expect((await visit(`${page.url}${PATH}?said=${text}`)).text).toContain('Accept the invitation');
  });
});

describe('too much', () => {
  it('E3 from one address is answered with 429 and when to come back, and a made-up X-Forwarded-For does not get round it', async () => {
    const page = await pageWorld({ page: { requestsPerMinute: 4 } });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await visit(`${page.url}${PATH}`, { headers: { 'x-forwarded-for': `203.0.113.${at}` } })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const limited = await visit(`${page.url}${PATH}`, { headers: { 'accept-language': 'es' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited.text).toContain('Demasiadas peticiones');
    expect((await visit(`${page.url}/icon.svg`)).status).toBe(200);
    expect(page.logged).toEqual([]);
  });

  it('E3 is counted by the address that the trusted proxy names, and only by that one', async () => {
    const page = await pageWorld({ page: { requestsPerMinute: 2, trustProxy: 1 } });
    const from = async (address: string): Promise<number> => (await visit(`${page.url}${PATH}`, { headers: { 'x-forwarded-for': address } })).status;
    expect([await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.1')]).toEqual([200, 200, 429]);
    expect(await from('203.0.113.2')).toBe(200);
    expect(await from('198.51.100.7, 203.0.113.1')).toBe(429);
    expect([await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8::3')]).toEqual([200, 200, 429]);
  });

  it('E3 X7 typed, sent or asked is refused in words, and changes nothing', async () => {
    const page = await pageWorld({ types: ['hardware-token'] });
    const proof = await proofOf(page);
    const before = await page.everything();
    const type = 'application/x-www-form-urlencoded';
    const send = async (body: string, contentType: string): Promise<number> =>
      (await visit(`${page.url}${PATH}`, { method: 'POST', body, headers: { 'content-type': contentType, 'sec-fetch-site': 'same-origin' } })).status;
    expect(await send(`proof=${proof}&type=hardware-token&serial=${'x'.repeat(5_000)}`, type)).toBe(413);
    expect(await send(Array.from({ length: 50 }, (_, at) => `a${at}=1`).join('&'), type)).toBe(413);
    expect(await send(`proof=${proof}&type=hardware-token&serial=A&serial=B`, type)).toBe(400);
    expect(await send(`proof=${proof}&type[is]=link&__proto__[x]=1`, type)).toBe(400);
    expect(await send(JSON.stringify({ proof, type: 'hardware-token', serial: 'GT0001' }), 'application/json')).toBe(400);
    expect(await send('%E0%A4%A', type)).toBe(400);
    expect(await send('x', `${type}; charset=nonsense`)).toBe(415);
    expect((await visit(`${page.url}/enroll/%E0%A4%A`)).status).toBe(400);
    expect((await visit(`${page.url}${PATH}`, { headers: { 'x-long': 'x'.repeat(9_000) } })).status).toBe(431);
    expect(await page.everything()).toBe(before);
    expect(page.logged).toEqual([]);
  });

  it.each([
    ['headers', 'GET / HTTP/1.1\r\nhost: x\r\nx-slow: '],
    [
      'body',
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 90\r\n\r\nproof=`,
    ],
  ])('E3 patience is what a request gets none of whose %s never end (slowloris)', async (_, begun) => {
    const page = await pageWorld({ page: { patience: 150 } });
    const socket = connect(Number(new URL(page.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.write(begun);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('what goes wrong', () => {
  it('X7 E3 is told with a reference that is in the log, where the link is not', async () => {
    let broken = false;
    const page = await pageWorld({
      around: (store) => ({
        get: (kind, key) => (broken ? Promise.reject(new Error(`disk full at ${LEE}`)) : store.get(kind, key)),
        scan: (kind, range) => store.scan(kind, range),
        count: (kind, prefix) => store.count(kind, prefix),
        rows: (log, query) => store.rows(log, query),
        transaction: (change) => store.transaction(change),
        auditHead: () => store.auditHead(),
        verifyAudit: (noted) => store.verifyAudit(noted),
        watch: (listener) => store.watch(listener),
      }),
    });
    broken = true;
    const seen = await visit(`${page.url}${PATH}`, { headers: { 'accept-language': 'es' } });
    expect(seen.status).toBe(500);
    expect(seen.text).toContain('Algo ha fallado por nuestra parte');
    const reference = /<code>([0-9A-Z]{6})<\/code>/.exec(seen.html)?.[1];
    expect(page.logged).toHaveLength(1);
    expect(page.logged[0]).toMatchObject({ level: 'error', fields: { reference } });
    expect(JSON.stringify(page.logged)).toContain('disk full at [link]');
    expect(JSON.stringify(page.logged)).not.toContain(LEE);
    expect(seen.html).not.toContain('disk full');
    broken = false;
    expect((await submit(page, PATH, { type: 'link' })).status).toBe(303);
  });

  it('X7 is answered where there is nothing, in the language of the browser', async () => {
    const page = await pageWorld();
    const seen = await visit(`${page.url}/wp-login.php`, { headers: { 'accept-language': 'es-AR,es;q=0.9' } });
    expect([seen.status, seen.title]).toEqual([404, 'Esta página no existe · Inscripción']);
    expect((await visit(`${page.url}${PATH}`, { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await visit(`${page.url}/`)).text).toContain('Open the link in the mail that you got');
  });
});
