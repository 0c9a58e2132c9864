import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import type { Admin } from '../../../src/sandbox/scim/admin-client.ts';
import { FAULT_NAMES } from '../../../src/sandbox/scim/faults.ts';
import type { FaultInput } from '../../../src/sandbox/scim/faults.ts';
import { startScimTarget } from '../../../src/sandbox/scim/server.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import { CORE, Client, ENTERPRISE } from './client.ts';

const NOW = Date.UTC(2026, 8, 1, 8);
let target: ScimTarget;
let scim: Client;
let admin: Admin;

beforeEach(async () => {
  target = await startScimTarget({ token: 'secret', clock: () => NOW, seed: 7 });
  scim = new Client(target.url);
  admin = createAdmin(target.pageUrl);
});
afterEach(async () => {
  await scim.close();
  await target.close();
});

/** The statuses of `count` reads of the seats, which nothing but mischief refuses. */
async function statuses(count: number, path = '/Seats'): Promise<readonly number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await scim.call('GET', path)).status);
  return found;
}

describe('when a fault strikes', () => {
  const busy = (when: FaultInput & { is: 'too-many-requests' }) => admin.set(when);

  it.each([
    [{ is: 'always' as const }, [429, 429, 429, 429, 429, 429]],
    [{ is: 'next' as const, requests: 2 }, [429, 429, 200, 200, 200, 200]],
    [{ is: 'every' as const, nth: 3 }, [200, 200, 429, 200, 200, 429]],
    [{ is: 'after' as const, requests: 4 }, [200, 200, 200, 200, 429, 429]],
  ])('strikes by %o', async (when, expected) => {
    await busy({ is: 'too-many-requests', when });
    expect(await statuses(6)).toEqual(expected);
    const [state] = (await admin.state()).mischief.faults;
    expect(state).toMatchObject({ considered: 6, struck: expected.filter((status) => status === 429).length });
  });

  it('strikes at random, the same requests again with the same seed, and others with another', async () => {
    const drawn = async (seed: number) => {
      await admin.setAll({ seed, faults: [{ is: 'too-many-requests', when: { is: 'share', of: 0.5 } }] });
      return statuses(40);
    };
    const first = await drawn(1);
    expect(first.filter((status) => status === 429).length).toBeGreaterThan(8);
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(8);
    expect(await drawn(1)).toEqual(first);
    expect(await drawn(2)).not.toEqual(first);
  });

  it('strikes only where it is aimed', async () => {
    await admin.set({ is: 'server-error', aim: 'lookups' });
    await scim.user('a');
    expect((await scim.call('GET', '/Users')).status).toBe(200);
    expect((await scim.call('GET', `/Users?filter=${encodeURIComponent('userName eq "a"')}`)).status).toBe(500);
  });

  it('strikes until it is switched off, alone or with all others', async () => {
    await admin.set({ is: 'token-expired' });
    await admin.set({ is: 'slow', ms: 1 });
    await admin.clear('token-expired');
    expect((await admin.state()).mischief.faults.map(({ fault }) => fault.is)).toEqual(['slow']);
    await admin.clear();
    expect((await admin.state()).mischief.faults).toEqual([]);
    expect(await statuses(1)).toEqual([200]);
  });
});

describe('the connection', () => {
  it('too many requests: 429 with Retry-After in seconds, as a date, or not at all', async () => {
    const retryAfter = async () => {
      const { status, headers, body } = await scim.call('GET', '/Users');
      expect([status, body.status]).toEqual([429, '429']);
      return headers['retry-after'];
    };
    await admin.set({ is: 'too-many-requests', retryAfter: { is: 'seconds', seconds: 17 } });
    expect(await retryAfter()).toBe('17');
    await admin.set({ is: 'too-many-requests', retryAfter: { is: 'date', seconds: 90 } });
    expect(await retryAfter()).toBe('Tue, 01 Sep 2026 08:01:30 GMT');
    await admin.set({ is: 'too-many-requests', retryAfter: { is: 'none' } });
    expect(await retryAfter()).toBeUndefined();
  });

  it('server errors: any of 500 to 504, 503 with Retry-After', async () => {
    await admin.set({ is: 'server-error', status: 503, retryAfter: { is: 'seconds', seconds: 2 } });
    const { status, headers } = await scim.call('POST', '/Users', { schemas: [CORE], userName: 'a' });
    expect([status, headers['retry-after']]).toEqual([503, '2']);
    await admin.set({ is: 'server-error' });
    expect(await statuses(1)).toEqual([500]);
    expect((await admin.state()).users.total).toBe(0);
  });

  it('a web page for an answer: HTML with the status asked for', async () => {
    for (const status of [200, 403, 502] as const) {
      await admin.set({ is: 'html-body', status });
      const answer = await scim.call('GET', '/Users');
      expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
      expect(answer.text).toMatch(/^<!doctype html>/);
    }
  });

  it('lost replies: what was asked is done, and the connection ends without an answer', async () => {
    await admin.set({ is: 'lost-reply', when: { is: 'next', requests: 1 } });
    await expect(scim.user('lost@example.org')).rejects.toThrow(/other side closed|ECONNRESET/);
    expect((await admin.users()).users.map((user) => user.userName)).toEqual(['lost@example.org']);
    expect((await admin.requests()).at(-1)).toMatchObject({ kind: 'POST /Users', status: null, faults: ['lost-reply'] });
    expect((await scim.call('POST', '/Users', { schemas: [CORE], userName: 'lost@example.org' })).status).toBe(409);
  });

  it('lost replies lose the answer to a DELETE too', async () => {
    const id = await scim.user('a');
    await admin.set({ is: 'lost-reply', aim: 'deletes' });
    await expect(scim.call('DELETE', `/Users/${id}`)).rejects.toThrow();
    expect((await admin.state()).users.total).toBe(0);
  });

  it('truncated answers: what was asked is done, and half of the answer comes, with or without the end of the connection', async () => {
    await admin.set({ is: 'truncated-body', when: { is: 'next', requests: 1 } });
    await expect(scim.user('cut@example.org')).rejects.toThrow(/body length|other side closed|ECONNRESET/);
    await admin.set({ is: 'truncated-body', end: 'short', when: { is: 'next', requests: 1 } });
    const { status, text } = await scim.call('GET', '/Users');
    expect(status).toBe(200);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect((await admin.users()).users.map((user) => user.userName)).toEqual(['cut@example.org']);
    expect((await admin.requests()).map(({ kind, faults }) => [kind, faults])).toEqual([
      ['POST /Users', ['truncated-body']],
      ['GET /Users', ['truncated-body']],
    ]);
  });

  it('dropped connections: nothing is done', async () => {
    await admin.set({ is: 'dropped-connection', aim: 'creates' });
    await expect(scim.user('never@example.org')).rejects.toThrow(/other side closed|ECONNRESET/);
    expect((await admin.state()).users.total).toBe(0);
    expect((await admin.state()).requests.byStatus).toEqual({ 'no answer': 1 });
  });

  it('slow answers: the answer to a later quick request comes first, and both are done', async () => {
    await admin.set({ is: 'slow', ms: 400, aim: 'creates' });
    const order: string[] = [];
    const slow = scim.user('a').then(() => order.push('create'));
    await scim.call('GET', '/Seats').then(() => order.push('seats'));
    await slow;
    expect(order).toEqual(['seats', 'create']);
    expect((await admin.requests()).at(-1)).toMatchObject({ faults: ['slow'], status: 201 });
  });

  it('token expired: 401 from the request on that was named', async () => {
    await admin.set({ is: 'token-expired', when: { is: 'after', requests: 1 } });
    expect(await statuses(3)).toEqual([200, 401, 401]);
    expect((await scim.call('GET', '/Users')).body).toMatchObject({ status: '401', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] });
  });
});

describe('the application says no', () => {
  it('conflict: 409 without scimType though nothing is taken', async () => {
    await admin.set({ is: 'conflict', detail: 'REQUIRED_FIELD_MISSING' });
    const { status, body } = await scim.call('POST', '/Users', { schemas: [CORE], userName: 'a' });
    expect([status, body.scimType, body.detail]).toEqual([409, undefined, 'REQUIRED_FIELD_MISSING']);
    expect((await admin.state()).users.total).toBe(0);
  });

  it.each([
    ['phoneNumbers', { phoneNumbers: [{ value: '1', type: 'work' }] }, { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '1' }],
    ['phoneNumbers', { phoneNumbers: [{ value: '1', type: 'work' }] }, { op: 'replace', value: { phonenumbers: [{ value: '1' }] } }],
    ['name.middleName', { name: { middleName: 'Q' } }, { op: 'replace', path: 'name.middleName', value: 'Q' }],
    [`${ENTERPRISE}:costCenter`, { [ENTERPRISE]: { costCenter: '7' } }, { op: 'add', path: `${ENTERPRISE}:costCenter`, value: '7' }],
  ])('rejected attribute %s (case %#): 400 invalidValue on POST and PATCH; without it all is well', async (attribute, written, operation) => {
    const id = await scim.user('first');
    await admin.set({ is: 'rejected-attribute', attribute });
    const refused = [await scim.call('POST', '/Users', { schemas: [CORE], userName: 'a', ...written }), await scim.patch(`/Users/${id}`, operation)];
    expect(refused.map(({ status, body }) => [status, body.scimType])).toEqual([
      [400, 'invalidValue'],
      [400, 'invalidValue'],
    ]);
    expect(refused[0]?.body.detail).toContain(attribute);
    await scim.user('a', { name: { givenName: 'A' }, schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { department: 'Art' } });
    expect((await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).status).toBe(200);
  });

  it('unverified domain: 400 "email domain not verified" for its addresses alone', async () => {
    await admin.set({ is: 'unverified-domain', domain: 'Other.example' });
    const email = (value: string) => ({ schemas: [CORE], userName: value, emails: [{ value, type: 'work' }] });
    const { status, body } = await scim.call('POST', '/Users', email('a@other.EXAMPLE'));
    expect([status, body.scimType, body.detail]).toEqual([400, 'invalidValue', 'email domain not verified']);
    expect((await scim.call('POST', '/Users', email('a@example.org'))).status).toBe(201);
    expect((await scim.call('POST', '/Users', email('a@not-other.example'))).status).toBe(201);
  });

  it.each([403, 405, 501] as const)('cannot delete: %i, and the user stays', async (status) => {
    const id = await scim.user('a');
    await admin.set({ is: 'cannot-delete', status });
    expect((await scim.call('DELETE', `/Users/${id}`)).status).toBe(status);
    expect((await scim.call('GET', `/Users/${id}`)).status).toBe(200);
  });
});

describe('what can be read', () => {
  it('vanishing users: 404 by every method, and missing in lists and look-ups', async () => {
    const [gone, kept] = [await scim.user('gone'), await scim.user('kept')];
    await admin.set({ is: 'vanishing', ids: [gone] });
    const { status } = await scim.patch(`/Users/${gone}`, { op: 'replace', path: 'active', value: false });
    expect([status, (await scim.call('GET', `/Users/${gone}`)).status, (await scim.call('DELETE', `/Users/${gone}`)).status]).toEqual([404, 404, 404]);
    expect((await scim.list('/Users')).Resources.map((user) => user.id)).toEqual([kept]);
    expect((await scim.find('userName eq "gone"')).totalResults).toBe(0);
    await admin.clear();
    expect((await scim.list('/Users')).totalResults).toBe(2);
  });

  it('vanishing users: a share of them, the same ones at every look', async () => {
    await admin.seed({ make: { count: 100 } });
    await admin.set({ is: 'vanishing', share: 0.3 });
    const first = (await scim.list('/Users?count=100')).Resources.map((user) => user.id);
    expect(first.length).toBeGreaterThan(50);
    expect(first.length).toBeLessThan(90);
    expect((await scim.list('/Users?count=100')).Resources.map((user) => user.id)).toEqual(first);
  });

  it('inactive hidden: not found by reading, refused when created again, and can be activated', async () => {
    const id = await scim.user('sleeper', { active: false });
    await admin.set({ is: 'inactive-hidden' });
    expect((await scim.find('userName eq "sleeper"')).totalResults).toBe(0);
    expect((await scim.list('/Users')).totalResults).toBe(0);
    expect((await scim.call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await scim.call('POST', '/Users', { schemas: [CORE], userName: 'sleeper' })).status).toBe(409);
    await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: true });
    expect((await scim.call('GET', `/Users/${id}`)).status).toBe(200);
  });

  it('half pages: half of the rows, with the true total; who goes on at the next unseen row gets all', async () => {
    const ids = await admin.seed({ make: { count: 23 } });
    await admin.set({ is: 'half-pages' });
    expect(await scim.list('/Users?count=10')).toMatchObject({ totalResults: 23, itemsPerPage: 10 });
    const seen: string[] = [];
    for (;;) {
      const page = await scim.list(`/Users?startIndex=${seen.length + 1}&count=10`);
      if (page.Resources.length === 0) break;
      seen.push(...page.Resources.map((user) => user.id));
    }
    expect(seen).toEqual(ids);
  });

  it.each([
    ['page' as const, 10],
    ['more' as const, 45],
    ['half' as const, 12],
  ])('wrong totals: %s', async (total, expected) => {
    await admin.seed({ make: { count: 25 } });
    await admin.set({ is: 'wrong-total', total });
    const page = await scim.list('/Users?count=10');
    expect([page.totalResults, page.Resources.length]).toEqual([expected, 10]);
  });

  it('small pages: silently at most so many rows', async () => {
    await admin.seed({ make: { count: 25 } });
    await admin.set({ is: 'page-cap', rows: 4 });
    expect(await scim.list('/Users?count=10')).toMatchObject({ totalResults: 25, itemsPerPage: 10, Resources: { length: 4 } });
  });

  it('always the first page: startIndex is ignored', async () => {
    await admin.seed({ make: { count: 25 } });
    await admin.set({ is: 'stuck-pages' });
    expect((await scim.list('/Users?startIndex=11&count=10')).Resources).toEqual((await scim.list('/Users?count=10')).Resources);
  });

  it('letter case in look-ups: nobody is found, and the create is refused all the same', async () => {
    await scim.user('Alice@Example.org');
    await admin.set({ is: 'case-exact' });
    expect((await scim.find('userName eq "alice@example.org"')).totalResults).toBe(0);
    expect((await scim.find('userName eq "Alice@Example.org"')).totalResults).toBe(1);
    expect((await scim.call('POST', '/Users', { schemas: [CORE], userName: 'alice@example.org' })).status).toBe(409);
  });
});

it('every fault has a switch on the page', async () => {
  const page = await fetch(target.pageUrl).then((response) => response.text());
  for (const name of FAULT_NAMES) expect(page).toContain(`data-fault="${name}"`);
});
