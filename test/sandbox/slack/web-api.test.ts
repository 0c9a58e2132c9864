import { describe, expect, it } from 'vitest';
import { COVERAGE } from '../../../src/sandbox/slack/coverage.ts';
import { METHODS } from '../../../src/sandbox/slack/web-api/index.ts';
import { ANA, clientOf, KENJI, LEADS, NADIA, openWorkspace, PROVISIONING, SCOPES } from './bolt-app.ts';
import { errorOf } from './errors.ts';
import { homeWith } from './views.ts';

describe('the coverage table', () => {
  it('lists exactly the methods that are registered, each once', () => {
    expect(COVERAGE.map((row) => row.method).sort()).toEqual(Object.keys(METHODS).sort());
  });

  it('turns unknown methods away and records them', async () => {
    const { workspace, client } = await openWorkspace();
    expect(await errorOf(client.apiCall('reactions.add', {}))).toBe('unknown_method');
    expect(workspace.failures).toMatchObject([{ is: 'unknown-method', where: 'reactions.add' }]);
  });
});

describe('tokens and scopes', () => {
  it('tell no token, a wrong token and the wrong kind of token apart', async () => {
    const { workspace, client } = await openWorkspace();
    expect(await (await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST' })).json()).toEqual({ ok: false, error: 'not_authed' });
    expect(await errorOf(clientOf(workspace, 'xoxb-other').auth.test())).toBe('invalid_auth');
    expect(await errorOf(clientOf(workspace, 'xapp-test').auth.test())).toBe('not_allowed_token_type');
    expect(await errorOf(client.apps.connections.open({}))).toBe('not_allowed_token_type');
    expect(await client.auth.test()).toMatchObject({ ok: true, user_id: 'U0USHERBOT', team: 'Riverside District' });
  });

  it('refuse a method whose scope is missing, naming needed and provided', async () => {
    const { workspace, client } = await openWorkspace({ scopes: ['commands'] });
    await expect(client.chat.postMessage({ channel: PROVISIONING, text: 'x' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write', provided: 'commands' },
    });
    expect(workspace.failures).toMatchObject([{ is: 'missing-scope', where: 'chat.postMessage', detail: 'chat:write' }]);
  });

  it('ask for the scope of the kind of conversation', async () => {
    const { workspace, client } = await openWorkspace({ scopes: SCOPES.filter((scope) => scope !== 'groups:read') });
    expect(await errorOf(client.conversations.info({ channel: PROVISIONING }))).toBe('ok');
    workspace.invite({ as: ANA, channelId: LEADS, userId: 'U0USHERBOT' });
    await expect(client.conversations.info({ channel: LEADS })).rejects.toMatchObject({ data: { error: 'missing_scope', needed: 'groups:read' } });
  });

  it('show e-mail addresses only with users:read.email', async () => {
    const { client } = await openWorkspace();
    expect((await client.users.info({ user: ANA })).user?.profile?.email).toBe('ana.ruiz@riverside.example');
    const { client: blind } = await openWorkspace({ scopes: ['users:read'] });
    expect((await blind.users.info({ user: ANA })).user?.profile).not.toHaveProperty('email');
  });
});

describe('people and conversations', () => {
  it('are told apart: guests, people of other workspaces, deleted ones', async () => {
    const { client } = await openWorkspace();
    const user = async (id: string) => (await client.users.info({ user: id })).user;
    expect(await user(NADIA)).toMatchObject({ is_restricted: true, is_ultra_restricted: false, tz: 'Europe/Sofia' });
    expect(await user('U0TOMGUEST')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await user(KENJI)).toMatchObject({ team_id: 'T0LUMEN', tz_offset: 9 * 3600 });
    expect(await user('U0OLDJOE')).toMatchObject({ deleted: true });
    expect(await errorOf(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect(await errorOf(client.users.lookupByEmail({ email: 'nobody@riverside.example' }))).toBe('users_not_found');
  });

  it('are paged by cursor, and a private channel without the bot is not there', async () => {
    const { client } = await openWorkspace();
    const names: string[] = [];
    let cursor = '';
    do {
      const page = await client.conversations.list({ types: 'public_channel,private_channel', limit: 2, cursor });
      names.push(...(page.channels ?? []).map((channel) => channel.name ?? ''));
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    expect(names).toEqual(['it-provisioning', 'general', 'vendors', 'announcements', 'rollout-2025']);
    expect(await errorOf(client.conversations.info({ channel: LEADS }))).toBe('channel_not_found');
    expect((await client.conversations.info({ channel: 'C0VENDORS' })).channel).toMatchObject({ is_ext_shared: true, is_member: true });
  });

  it('have user groups', async () => {
    const { client } = await openWorkspace();
    expect((await client.usergroups.list({ include_users: true })).usergroups).toMatchObject([{ handle: 'it-leads', users: ['U0ANARUIZ', 'U0SAMONEIL'] }]);
    expect((await client.usergroups.users.list({ usergroup: 'S0ITLEADS' })).users).toEqual(['U0ANARUIZ', 'U0SAMONEIL']);
  });
});

describe('the Home tab', () => {
  it('is published per person, with a hash that must not be stale', async () => {
    const { workspace, client } = await openWorkspace();
    const first = await client.views.publish({ user_id: ANA, view: homeWith('one') });
    const hash = first.view?.hash ?? '';
    await client.views.publish({ user_id: ANA, view: homeWith('two'), hash });
    expect(await errorOf(client.views.publish({ user_id: ANA, view: homeWith('three'), hash }))).toBe('hash_conflict');
    expect(workspace.homeView(ANA)).toMatchObject({ type: 'home', blocks: [{ text: { text: 'two' } }] });
  });

  it('is refused where the app has none', async () => {
    const { client } = await openWorkspace({ features: { homeTab: false } });
    expect(await errorOf(client.views.publish({ user_id: ANA, view: homeWith('one') }))).toBe('not_enabled');
  });
});

describe('rate limits', () => {
  it('answer 429 with Retry-After when a tier is spent, until time has passed', async () => {
    const { workspace, client, clock } = await openWorkspace();
    const call = () => client.usergroups.list();
    for (let count = 0; count < 30; count += 1) await call();
    await expect(call()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 3 });
    clock.advance(3000);
    expect((await call()).ok).toBe(true);
    expect(workspace.failures).toEqual([]);
  });

  it('let bursts of posts pass and then one a second and channel', async () => {
    const { client, clock } = await openWorkspace();
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    for (let count = 0; count < 20; count += 1) await post(PROVISIONING);
    await expect(post(PROVISIONING)).rejects.toMatchObject({ retryAfter: 1 });
    expect((await post('C0VENDORS')).ok).toBe(true);
    clock.advance(1000);
    expect((await post(PROVISIONING)).ok).toBe(true);
  });

  it('can be switched off', async () => {
    const { client } = await openWorkspace({ rateLimits: false });
    for (let count = 0; count < 40; count += 1) await client.usergroups.list();
  });
});

describe('scripted faults', () => {
  it('answer any error on any method, so many times, and only where they should', async () => {
    const { workspace, client } = await openWorkspace();
    workspace.fault({ method: 'chat.postMessage', error: 'restricted_action', times: 2, where: (args) => args.channel === PROVISIONING });
    expect(await errorOf(client.chat.postMessage({ channel: 'C0VENDORS', text: 'x' }))).toBe('ok');
    expect(await errorOf(client.chat.postMessage({ channel: PROVISIONING, text: 'x' }))).toBe('restricted_action');
    expect(await errorOf(client.chat.postMessage({ channel: PROVISIONING, text: 'x' }))).toBe('restricted_action');
    expect(await errorOf(client.chat.postMessage({ channel: PROVISIONING, text: 'x' }))).toBe('ok');
    expect(workspace.failures).toEqual([]);
  });

  it('answer bare HTTP, with Retry-After', async () => {
    const { workspace, client } = await openWorkspace();
    workspace.fault({ method: '*', status: 503 });
    await expect(client.auth.test()).rejects.toMatchObject({ code: 'slack_webapi_http_error', statusCode: 503 });
    workspace.fault({ method: 'auth.test', status: 429, retryAfter: 7 });
    await expect(client.auth.test()).rejects.toMatchObject({ retryAfter: 7 });
  });

  it('lose the reply after the work is done', async () => {
    const { workspace, client } = await openWorkspace();
    workspace.fault({ method: 'chat.postMessage', drop: 'after' });
    await expect(client.chat.postMessage({ channel: PROVISIONING, text: 'Once' })).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(workspace.messages(PROVISIONING)).toMatchObject([{ text: 'Once' }]);
  });

  it('hold an answer back until the clock moves', async () => {
    const { workspace, client, clock } = await openWorkspace();
    workspace.fault({ method: 'auth.test', delay: 5000 });
    const answer = client.auth.test();
    const next = client.api.test();
    await workspace.heard('api.test');
    expect(workspace.calls.map((call) => call.method)).toEqual(['api.test']);
    await next;
    const moving = workspace.until((world) => world.calls.length === 2);
    clock.advance(5000);
    await moving;
    expect((await answer).ok).toBe(true);
  });
});
