import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ControlState } from '../../../src/sandbox/slack/control.ts';
import { ANA, GENERAL, LEADS, openWorkspace, PROVISIONING, SAM, startSocketApp, type Stage } from './bolt-app.ts';

async function post(
  stage: Stage,
  name: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${stage.workspace.url}control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

/** The status of a request whose Host header says something else than where it went. */
function statusFor(stage: Stage, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${stage.workspace.url}control/state`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the control API', () => {
  it('acts as a person and shows what that person sees', async () => {
    const stage = await openWorkspace();
    await startSocketApp(stage.workspace, (app) => app.command('/usher', ({ ack }) => ack('Hi')));
    expect(await post(stage, 'say', { as: ANA, channelId: PROVISIONING, text: '/usher' })).toMatchObject({ status: 200, body: { ok: true } });
    const messages = await (await fetch(`${stage.workspace.url}control/messages?as=${ANA}&channel=${PROVISIONING}`)).json();
    expect(messages).toMatchObject({ messages: [{ text: 'Hi', ephemeralFor: ANA }] });
    const state = (await (await fetch(`${stage.workspace.url}control/state?as=${SAM}`)).json()) as ControlState;
    expect(state).toMatchObject({ team: { name: 'Riverside District' }, me: { id: SAM }, app: { connected: true }, unread: {} });
    expect(state.channels.map((channel) => channel.name)).toContain('it-leads');
  });

  it('hides private channels from those who are not in them, and public ones from guests', async () => {
    const { workspace } = await openWorkspace();
    const seen = (userId: string) => workspace.state(userId)?.channels.map((channel) => channel.id) ?? [];
    expect(seen(ANA)).toContain(LEADS);
    expect(seen('U0LEEOKAFOR')).not.toContain(LEADS);
    expect(seen('U0TOMGUEST')).not.toContain(GENERAL);
  });

  it('counts what is unread until it is read', async () => {
    const { workspace, client } = await openWorkspace();
    await client.chat.postMessage({ channel: PROVISIONING, text: 'one' });
    expect(workspace.state(ANA)?.unread).toEqual({ [PROVISIONING]: 1 });
    workspace.read({ as: ANA, channelId: PROVISIONING });
    expect(workspace.state(ANA)?.unread).toEqual({});
  });

  it('refuses other origins, other hosts and bodies that are not JSON', async () => {
    const stage = await openWorkspace();
    const say = { as: ANA, channelId: PROVISIONING, text: 'x' };
    expect(await post(stage, 'say', say, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await post(stage, 'say', say, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await statusFor(stage, 'evil.example')).toBe(403);
    expect(await statusFor(stage, new URL(stage.workspace.url).host)).toBe(200);
    const form = await fetch(`${stage.workspace.url}control/say`, { method: 'POST', body: new URLSearchParams({ as: ANA }) });
    expect(form.status).toBe(415);
    expect(stage.workspace.messages(PROVISIONING)).toEqual([]);
    expect(await post(stage, 'say', { as: ANA })).toMatchObject({ body: { ok: false, error: 'invalid_arguments' } });
  });

  it('streams what changes, and to nobody else', async () => {
    const { workspace, client } = await openWorkspace();
    const answer = await fetch(`${workspace.url}control/stream?as=${SAM}`);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const next = async (wanted: string): Promise<string> => {
      let text = '';
      while (!text.includes(wanted)) text += (await reader?.read())?.value ?? wanted;
      return text;
    };
    await next('"state"');
    await client.chat.postEphemeral({ channel: PROVISIONING, user: ANA, text: 'for Ana' });
    await client.chat.postMessage({ channel: 'C0VENDORS', text: 'for all' });
    const heard = await next('C0VENDORS');
    expect(heard).not.toContain(PROVISIONING);
    await reader?.cancel();
  });

  it('serves the page that it is given', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'index.html'), '<p>The page');
    const { workspace } = await openWorkspace({ pageFolder: folder, links: [{ label: 'Target', url: 'http://127.0.0.1:1/' }] });
    expect(await (await fetch(workspace.url)).text()).toBe('<p>The page');
    expect(await (await fetch(`${workspace.url}control/links`)).json()).toEqual({ links: [{ label: 'Target', url: 'http://127.0.0.1:1/' }] });
  });
});

describe('people who leave', () => {
  it('are deleted, and the app hears of it', async () => {
    const { workspace, client } = await openWorkspace({ events: ['user_change'] });
    await startSocketApp(workspace, (app) =>
      app.event('user_change', async ({ event }) => {
        await client.users.info({ user: event.user.id });
      }),
    );
    workspace.deactivate(SAM);
    const call = await workspace.heard('users.info');
    expect(call.answer).toMatchObject({ user: { id: SAM, deleted: true } });
  });
});

describe('people and user groups that an admin of the workspace changes', () => {
  const EVENTS = ['user_change', 'subteam_members_changed', 'subteam_updated'];

  it('are told to the app: members as a difference and as a snapshot of at most 500, a disabled group as a snapshot', async () => {
    const { workspace } = await openWorkspace({ events: EVENTS });
    const heard: Record<string, unknown>[] = [];
    await startSocketApp(workspace, (app) => {
      app.event('subteam_members_changed', async ({ event }) => void heard.push({ ...event }));
      app.event('subteam_updated', async ({ event }) => void heard.push({ ...event.subteam, type: event.type }));
      app.event(
        'user_change',
        async ({ event }) => void heard.push({ type: event.type, id: event.user.id, name: event.user.name, guest: event.user.is_restricted }),
      );
    });
    const many = Array.from({ length: 600 }, (_, index) => `U0M${index}`);
    workspace.changeUsergroup('S0ITLEADS', { memberIds: [ANA, ...many] });
    await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(2);
    expect(heard).toMatchObject([
      { type: 'subteam_members_changed', subteam_id: 'S0ITLEADS', added_users_count: '600', removed_users: [SAM] },
      { type: 'subteam_updated', id: 'S0ITLEADS', user_count: 601, date_delete: 0 },
    ]);
    expect(heard[1]?.users).toHaveLength(500);
    workspace.changeUsergroup('S0ITLEADS', { deleted: true });
    await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(3);
    expect(heard[2]).toMatchObject({ type: 'subteam_updated' });
    expect(heard[2]?.date_delete).not.toBe(0);
    workspace.changePerson(SAM, { name: 'sammy', guest: 'one-channel' });
    await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(4);
    expect(heard[3]).toEqual({ type: 'user_change', id: SAM, name: 'sammy', guest: true });
    expect(workspace.failures).toEqual([]);
  });
});
