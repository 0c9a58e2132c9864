import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import type { Admin } from '../../../src/sandbox/scim/admin-client.ts';
import { startScimTarget } from '../../../src/sandbox/scim/server.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import { CORE, Client, ENTERPRISE, GROUP } from './client.ts';

let target: ScimTarget;
let scim: Client;
let admin: Admin;
let now = Date.UTC(2026, 8, 1, 8);

beforeEach(async () => {
  now = Date.UTC(2026, 8, 1, 8);
  target = await startScimTarget({ token: 'secret', clock: () => now });
  scim = new Client(target.url);
  admin = createAdmin(target.pageUrl);
});
afterEach(async () => {
  await scim.close();
  await target.close();
});

describe('users', () => {
  it('keeps core and enterprise attributes and the external id', async () => {
    const id = await scim.user('zoe@example.org', {
      schemas: [CORE, ENTERPRISE],
      externalId: 'sis:42',
      name: { givenName: 'Zoë', familyName: "O'Hara" },
      emails: [{ value: 'zoe@example.org', type: 'work', primary: true }],
      [ENTERPRISE]: { department: 'Mathematics', employeeNumber: '0042' },
    });
    const { status, body, headers } = await scim.call('GET', `/Users/${id}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('application/scim+json');
    expect(body).toMatchObject({
      id,
      externalId: 'sis:42',
      userName: 'zoe@example.org',
      active: true,
      name: { givenName: 'Zoë', familyName: "O'Hara" },
      [ENTERPRISE]: { department: 'Mathematics', employeeNumber: '0042' },
      meta: { resourceType: 'User', created: '2026-09-01T08:00:00.000Z', location: `${target.url}/Users/${id}` },
    });
  });

  it('refuses a userName that differs from a taken one only in letter case, by 409 uniqueness', async () => {
    await scim.user('Alice@Example.org');
    const { status, body } = await scim.call('POST', '/Users', { schemas: [CORE], userName: 'alice@example.ORG' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness' });
  });

  it('refuses a rename to a taken userName and keeps the old one', async () => {
    await scim.user('alice@example.org');
    const bob = await scim.user('bob@example.org');
    const { status, body } = await scim.patch(`/Users/${bob}`, { op: 'replace', path: 'userName', value: 'ALICE@example.org' });
    expect([status, body.scimType]).toEqual([409, 'uniqueness']);
    expect((await scim.find('userName eq "bob@example.org"')).totalResults).toBe(1);
  });

  it('finds a renamed user by the new name only', async () => {
    const id = await scim.user('before@example.org');
    now += 60_000;
    const { body } = await scim.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'after@example.org' });
    expect(body).toMatchObject({ id, meta: { created: '2026-09-01T08:00:00.000Z', lastModified: '2026-09-01T08:01:00.000Z' } });
    expect((await scim.find('userName eq "before@example.org"')).totalResults).toBe(0);
    expect((await scim.find('userName eq "after@example.org"')).Resources.map((user) => user.id)).toEqual([id]);
  });

  it('changes, adds and removes attributes by PATCH, and answers 204 where nothing changed', async () => {
    const id = await scim.user('zoe@example.org', { title: 'Teacher', emails: [{ value: 'zoe@example.org', type: 'work' }] });
    const { status, body } = await scim.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'zoe@new.example.org' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: `${ENTERPRISE}:department`, value: 'Art' },
      { op: 'replace', value: { displayName: 'Zoë' } },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      active: false,
      displayName: 'Zoë',
      emails: [{ value: 'zoe@new.example.org', type: 'work' }],
      [ENTERPRISE]: { department: 'Art' },
    });
    expect(body).not.toHaveProperty('title');
    expect((await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).status).toBe(204);
  });

  it('still lists deactivated users, and forgets deleted ones', async () => {
    const [gone, kept] = [await scim.user('gone@example.org'), await scim.user('kept@example.org')];
    await scim.patch(`/Users/${kept}`, { op: 'replace', path: 'active', value: false });
    expect((await scim.call('DELETE', `/Users/${gone}`)).status).toBe(204);
    expect((await scim.list('/Users')).Resources.map((user) => user.id)).toEqual([kept]);
    expect((await scim.call('GET', `/Users/${gone}`)).status).toBe(404);
    expect((await scim.call('DELETE', `/Users/${gone}`)).status).toBe(404);
    await scim.user('gone@example.org');
  });

  it.each([
    ['no userName', { schemas: [CORE], displayName: 'Nobody' }],
    ['an empty userName', { schemas: [CORE], userName: '  ' }],
    ['text for a boolean', { schemas: [CORE], userName: 'x', active: 'yes' }],
  ])('refuses %s by 400 invalidValue', async (_, body) => {
    const answer = await scim.call('POST', '/Users', body);
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue']);
  });

  it('answers broken JSON by 400 invalidSyntax', async () => {
    const { status, body } = await scim.call('POST', '/Users', '{"userName": "x"');
    expect([status, body.scimType]).toEqual([400, 'invalidSyntax']);
  });
});

describe('paging', () => {
  const names = async (path: string) => (await scim.list(path)).Resources.map((user) => user.userName);

  it('gives other rows on page 2 than on page 1, and all rows once', async () => {
    await admin.seed({ make: { count: 25 } });
    const pages = [await names('/Users?startIndex=1&count=10'), await names('/Users?startIndex=11&count=10'), await names('/Users?startIndex=21&count=10')];
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(new Set(pages.flat()).size).toBe(25);
    expect(await scim.list('/Users?startIndex=26&count=10')).toMatchObject({ Resources: [], totalResults: 25, startIndex: 26 });
  });

  it('gives whole pages where a page is longer than its startIndex', async () => {
    await admin.seed({ make: { count: 60 } });
    const all = await names('/Users?count=60');
    expect(await scim.list('/Users?startIndex=11&count=40')).toMatchObject({ totalResults: 60, startIndex: 11, itemsPerPage: 40 });
    expect(await names('/Users?startIndex=11&count=40')).toEqual(all.slice(10, 50));
  });

  it('gives 20 rows unasked, 1,000 at most, and for count=0 the total alone', async () => {
    await admin.seed({ make: { count: 1_100 } });
    expect((await scim.list('/Users')).Resources).toHaveLength(20);
    expect((await scim.list('/Users?count=5000')).Resources).toHaveLength(1_000);
    expect(await scim.list('/Users?count=0')).toMatchObject({ totalResults: 1_100, Resources: [] });
  });

  it('sorts over all rows before it cuts the page', async () => {
    for (const name of ['delta', 'alpha', 'charlie', 'bravo']) await scim.user(name);
    expect(await names('/Users?sortBy=userName&startIndex=2&count=2')).toEqual(['bravo', 'charlie']);
    expect(await names('/Users?sortBy=userName&sortOrder=descending&count=2')).toEqual(['delta', 'charlie']);
  });

  it('walks 20,000 users by pages of 500, completely and each once, while some are deleted before the walk', async () => {
    const ids = await admin.seed({ make: { count: 20_000 } });
    for (const index of [0, 7, 9_999, 19_999]) await admin.remove(ids[index] ?? '');
    const seen = new Set<string>();
    for (let start = 1; ; start += 500) {
      const page = await scim.list(`/Users?startIndex=${start}&count=500`);
      if (page.Resources.length === 0) break;
      for (const user of page.Resources) seen.add(user.id);
    }
    expect(seen).toEqual(new Set(ids.filter((_, index) => ![0, 7, 9_999, 19_999].includes(index))));
  });
});

describe('filters', () => {
  beforeEach(async () => {
    await scim.user('Alice@Example.org', {
      externalId: 'E-1',
      displayName: 'Alice',
      schemas: [CORE, ENTERPRISE],
      name: { familyName: 'Abara' },
      emails: [{ value: 'Alice@Example.org', type: 'work' }],
      [ENTERPRISE]: { department: 'Math' },
    });
    await scim.user('bob@example.org', { externalId: 'E-2', title: 'Teacher', active: false });
    await scim.user("o'brien@example.org", { externalId: 'E-3' });
  });

  it.each([
    ['userName eq "alice@example.ORG"', ['Alice@Example.org']],
    ['USERNAME EQ "alice@example.org"', ['Alice@Example.org']],
    ['userName eq "o\'brien@example.org"', ["o'brien@example.org"]],
    ['externalId eq "E-2"', ['bob@example.org']],
    ['externalId eq "e-2"', []],
    ['emails.value eq "alice@example.org"', ['Alice@Example.org']],
    ['emails[type eq "work"].value eq "ALICE@example.org"', ['Alice@Example.org']],
    ['emails[type eq "home"].value eq "alice@example.org"', []],
    [`${ENTERPRISE}:department eq "math"`, ['Alice@Example.org']],
    ['name.familyName eq "abara"', ['Alice@Example.org']],
    ['userName sw "B" and active eq false', ['bob@example.org']],
    ['userName eq "bob@example.org" and active eq true', []],
    ['externalId eq "E-3" or userName eq "BOB@example.org"', ['bob@example.org', "o'brien@example.org"]],
    ['title pr', ['bob@example.org']],
    ['userName eq "nobody@example.org"', []],
  ])('finds by %s exactly the users that match', async (filter, found) => {
    const list = await scim.find(filter);
    expect(list.Resources.map((user) => user.userName)).toEqual(found);
    expect(list.totalResults).toBe(found.length);
  });

  it('refuses an escaped quote by 400 invalidFilter, as scimmy does', async () => {
    const { status, body } = await scim.call('GET', `/Users?filter=${encodeURIComponent('userName eq "a\\"b"')}`);
    expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
  });

  it('pages the users found', async () => {
    const page = (start: number) => scim.list(`/Users?filter=${encodeURIComponent('userName co "example.org"')}&startIndex=${start}&count=2`);
    expect([(await page(1)).Resources.length, (await page(3)).Resources.length, (await page(3)).totalResults]).toEqual([2, 1, 3]);
  });
});

describe('groups', () => {
  it('adds members and removes one by members[value eq "…"]', async () => {
    const [a, b, c] = [await scim.user('a'), await scim.user('b'), await scim.user('c')];
    const group = await scim.group('Teachers', [a]);
    await scim.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: b }, { value: c }, { value: a }] });
    expect(await scim.members(group)).toEqual([a, b, c]);
    await scim.patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${b}"]` });
    expect(await scim.members(group)).toEqual([a, c]);
  });

  it('keeps the members when a PATCH asks to leave them out of the answer', async () => {
    const [a, b] = [await scim.user('a'), await scim.user('b')];
    const group = await scim.group('Teachers', [a]);
    const { status, body } = await scim.patch(`/Groups/${group}?excludedAttributes=members`, { op: 'add', path: 'members', value: [{ value: b }] });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('members');
    expect(await scim.members(group)).toEqual([a, b]);
  });

  it('shows a group on its users, and takes deleted users out of it', async () => {
    const [a, b] = [await scim.user('a'), await scim.user('b')];
    const group = await scim.group('Teachers', [a, b]);
    expect((await scim.call('GET', `/Users/${a}`)).body.groups).toMatchObject([{ value: group, display: 'Teachers' }]);
    await scim.call('DELETE', `/Users/${a}`);
    expect(await scim.members(group)).toEqual([b]);
  });

  it('is found by name without letter case and by member, renamed and deleted', async () => {
    const a = await scim.user('a');
    const group = await scim.group('Teachers', [a]);
    expect((await scim.find('displayName eq "TEACHERS"', 'Groups')).Resources.map(({ id }) => id)).toEqual([group]);
    expect((await scim.find(`members.value eq "${a}"`, 'Groups')).Resources.map(({ id }) => id)).toEqual([group]);
    await scim.patch(`/Groups/${group}`, { op: 'replace', path: 'displayName', value: 'Staff' });
    expect((await scim.find('displayName eq "teachers"', 'Groups')).totalResults).toBe(0);
    expect((await scim.call('DELETE', `/Groups/${group}`)).status).toBe(204);
    expect((await scim.list('/Groups')).totalResults).toBe(0);
  });

  it('refuses a member that does not exist, and changes nothing', async () => {
    const a = await scim.user('a');
    const group = await scim.group('Teachers', [a]);
    const { status, body } = await scim.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: 'nobody' }] });
    expect([status, body.scimType]).toEqual([400, 'invalidValue']);
    expect(await scim.members(group)).toEqual([a]);
  });

  it('refuses a body of another schema', async () => {
    expect((await scim.call('POST', '/Groups', { schemas: [CORE], displayName: 'x' })).status).toBe(400);
    expect((await scim.call('POST', '/Groups', { schemas: [GROUP], displayName: 'x' })).status).toBe(201);
  });
});

describe('the service', () => {
  it('answers 401 in the shape of a SCIM error without the right token, for every path', async () => {
    const stranger = new Client(target.url, 'wrong');
    for (const path of ['/Users', '/Groups', '/Seats', '/ServiceProviderConfig', '/nothing']) {
      const { status, body, headers } = await stranger.call('GET', path);
      expect(status).toBe(401);
      expect(body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '401' });
      expect(headers['www-authenticate']).toMatch(/^Bearer/);
    }
    await stranger.close();
  });

  it('E12 tells the seat total and counts all active accounts, hand-made too', async () => {
    await admin.seed({ make: { count: 3 } });
    const id = await scim.user('a');
    expect((await scim.call('GET', '/Seats')).body).toEqual({ total: 500, used: 4 });
    await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    await admin.setSeats(40);
    expect((await scim.call('GET', '/Seats')).body).toEqual({ total: 40, used: 3 });
  });

  it('tells what it can do, and one authentication scheme also beside a second provider', async () => {
    const other = await startScimTarget({ token: 'other' });
    const { body } = await scim.call('GET', '/ServiceProviderConfig');
    expect(body).toMatchObject({ patch: { supported: true }, filter: { supported: true, maxResults: 1_000 }, etag: { supported: false } });
    expect(body.authenticationSchemes).toHaveLength(1);
    await other.close();
  });

  it('keeps the accounts of two providers in one process apart', async () => {
    const other = await startScimTarget({ token: 'other' });
    const there = new Client(other.url, 'other');
    await Promise.all([scim.user('a'), there.user('a'), there.user('b')]);
    expect([(await scim.list('/Users')).totalResults, (await there.list('/Users')).totalResults]).toEqual([1, 2]);
    const { body } = await there.call('POST', '/Users', { schemas: [CORE], userName: 'c' });
    expect(body.meta).toMatchObject({ location: expect.stringContaining(other.url) });
    await there.close();
    await other.close();
  });

  it('sends an ETag of the content and looks at no If-Match, as scimmy leaves it', async () => {
    const id = await scim.user('a');
    const first = (await scim.call('GET', `/Users/${id}`)).headers.etag;
    await scim.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'Teacher' });
    expect(first).toMatch(/^W\//);
    expect((await scim.call('GET', `/Users/${id}`)).headers.etag).not.toBe(first);
  });

  it('applies bulk operations', async () => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
    const Operations = ['a', 'A'].map((userName, index) => ({ method: 'POST', path: '/Users', bulkId: `b${index}`, data: { schemas: [CORE], userName } }));
    const { body } = await scim.call('POST', '/Bulk', { schemas, Operations });
    expect(body.Operations).toMatchObject([{ status: '201' }, { status: '409' }]);
  });
});
