import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import type { Admin } from '../../../src/sandbox/scim/admin-client.ts';
import { startScimTarget } from '../../../src/sandbox/scim/server.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import { Client } from './client.ts';

let target: ScimTarget;
let scim: Client;
let admin: Admin;

beforeEach(async () => {
  target = await startScimTarget({ token: 'secret' });
  scim = new Client(target.url);
  admin = createAdmin(target.pageUrl);
});
afterEach(async () => {
  await scim.close();
  await target.close();
});

describe('the admin API', () => {
  it('counts requests by method and kind of path, and by answer', async () => {
    const id = await scim.user('a');
    await scim.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    await scim.call('GET', '/Users?startIndex=1');
    await scim.find('userName eq "a"');
    await scim.call('GET', '/Users/nobody');
    const { requests } = await admin.state();
    expect(requests).toEqual({
      total: 5,
      byKind: { 'POST /Users': 1, 'PATCH /Users/{id}': 1, 'GET /Users': 1, 'GET /Users?filter': 1, 'GET /Users/{id}': 1 },
      byStatus: { '201': 1, '200': 3, '404': 1 },
    });
  });

  it('shows the last requests with their bodies, and starts again at 0', async () => {
    const group = await scim.group('Teachers');
    await scim.patch(`/Groups/${group}`, { op: 'remove', path: 'members[value eq "x"]' });
    expect((await admin.requests(1)).map(({ method, path, kind, body }) => ({ method, path, kind, body }))).toEqual([
      {
        method: 'PATCH',
        path: `/Groups/${group}`,
        kind: 'PATCH /Groups/{id}',
        body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'remove', path: 'members[value eq "x"]' }] },
      },
    ]);
    await admin.clearRequests();
    expect(await admin.requests()).toEqual([]);
    expect((await admin.state()).requests.total).toBe(0);
  });

  it('makes accounts by hand, finds them by any of their names, and counts active and inactive ones', async () => {
    const ids = await admin.seed({ make: { count: 40, domain: 'school.example', inactive: 0.5 } });
    const [own = ''] = await admin.seed({ users: [{ userName: 'Zoë', externalId: 'SIS-9', emails: [{ value: 'zoe@school.example' }], active: false }] });
    const { users } = await admin.state();
    expect(users.total).toBe(41);
    expect(users.active + users.inactive).toBe(41);
    expect(users.inactive).toBeGreaterThan(5);
    for (const search of ['zoë', 'sis-9', 'ZOE@']) expect((await admin.users({ search })).users.map(({ id }) => id)).toEqual([own]);
    expect((await admin.users({ only: 'inactive', size: 100 })).total).toBe(users.inactive);
    const pages = [await admin.users({ size: 30 }), await admin.users({ size: 30, page: 2 })];
    expect(pages.map((page) => [page.users.length, page.page, page.pages])).toEqual([
      [30, 1, 2],
      [11, 2, 2],
    ]);
    expect(pages.flatMap((page) => page.users.map(({ id }) => id))).toEqual([...ids, own]);
  });

  it('makes no account that SCIM would refuse', async () => {
    await admin.seed({ users: [{ userName: 'a' }] });
    await expect(admin.seed({ users: [{ userName: 'A' }] })).rejects.toThrow("userName 'A' is taken");
    await expect(admin.seed({ users: [{ displayName: 'nobody' }] })).rejects.toThrow('userName');
    expect((await admin.state()).users.total).toBe(1);
  });

  it('edits and deletes by hand what SCIM then shows, uncounted and untouched by mischief', async () => {
    const [id = ''] = await admin.seed({ users: [{ userName: 'a', title: 'Teacher' }] });
    await admin.set({ is: 'server-error' });
    expect(await admin.edit(id, { active: false, title: null, displayName: 'A' })).toMatchObject({ active: false, displayName: 'A' });
    expect(await admin.user(id)).toMatchObject({ id, active: false });
    await admin.clear();
    const { body } = await scim.call('GET', `/Users/${id}`);
    expect(body).toMatchObject({ displayName: 'A', active: false });
    expect(body).not.toHaveProperty('title');
    await admin.remove(id);
    expect((await scim.call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await admin.state()).requests.total).toBe(2);
    await expect(admin.remove(id)).rejects.toThrow('no such user');
  });

  it('lists groups with their members', async () => {
    const user = await scim.user('a');
    const group = await scim.group('Teachers', [user]);
    expect(await admin.groups()).toEqual([{ id: group, displayName: 'Teachers', externalId: null, members: [user] }]);
  });

  it('resets everything', async () => {
    await admin.seed({ make: { count: 3 } });
    await scim.group('Teachers');
    await admin.set({ is: 'half-pages' });
    await admin.setSeats(3);
    await admin.reset();
    expect(await admin.state()).toEqual({
      users: { total: 0, active: 0, inactive: 0 },
      groups: 0,
      seats: { total: 500, used: 0 },
      requests: { total: 0, byKind: {}, byStatus: {} },
      mischief: { seed: 1, faults: [] },
    });
  });

  it('refuses what it does not understand, and says what', async () => {
    const send = async (path: string, body: string, type = 'application/json') => {
      const response = await request(new URL(path, target.pageUrl), { method: 'POST', body, headers: { 'content-type': type } });
      return [response.statusCode, await response.body.text()] as const;
    };
    expect(await send('/admin/mischief', '{"is":"slow"}')).toEqual([400, expect.stringContaining('ms')]);
    expect((await send('/admin/mischief', '{"is":"gremlins"}'))[0]).toBe(400);
    expect((await send('/admin/mischief', '{"is":"half-pages"}', 'text/plain'))[0]).toBe(400);
    expect((await send('/admin/nothing', '{}'))[0]).toBe(404);
    expect((await admin.state()).mischief.faults).toEqual([]);
  });

  it('signals a change to whoever watches the stream', async () => {
    const { body } = await request(new URL('/admin/stream', target.pageUrl));
    await scim.user('a');
    for await (const chunk of body) {
      expect(String(chunk)).toContain('event: changed');
      break;
    }
  });
});

describe('the page', () => {
  const page = async (path = '/') => {
    const response = await request(new URL(path, target.pageUrl));
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
  };

  it('shows the accounts found, the counts and where to connect', async () => {
    await admin.seed({
      users: [
        { userName: 'zoe@example.org', displayName: 'Zoë' },
        { userName: 'bob@example.org', active: false },
      ],
    });
    const { text, headers } = await page('/?search=zo&only=active');
    expect(text).toContain(target.url);
    expect(text).toContain('zoe@example.org');
    expect(text).not.toContain('bob@example.org');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect((await page('/parts/summary')).text).toContain('<dd>1 of 500</dd>');
  });

  it('X4 shows names and paths as text, whatever they hold', async () => {
    await admin.seed({ users: [{ userName: '<img src=x onerror=alert(1)>', displayName: '"><script>alert(1)</script>' }] });
    await scim.call('GET', `/Users?filter=${encodeURIComponent('userName eq "<script>"')}`);
    const { text } = await page();
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('serves its style and script from its own origin, and nothing inline', async () => {
    const { text } = await page();
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son[a-z]+=/);
    for (const [, path] of text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) expect((await page(path)).status).toBe(200);
  });
});
