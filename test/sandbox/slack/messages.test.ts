import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANA, GENERAL, KENJI, LEADS, openWorkspace, PROVISIONING, SAM, SCOPES, startSocketApp } from './bolt-app.ts';
import { errorOf } from './errors.ts';

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (actionId: string): KnownBlock => ({
  type: 'actions',
  block_id: 'row',
  elements: [{ type: 'button', action_id: actionId, text: { type: 'plain_text', text: 'Press' }, value: 'v' }],
});

describe('chat.postMessage', () => {
  it('posts where the bot is a member, in threads too, and gives missing block ids', async () => {
    const { workspace, client } = await openWorkspace();
    const { ts = '' } = await client.chat.postMessage({ channel: PROVISIONING, text: 'Hello', blocks: [section('Hello')] });
    await client.chat.postMessage({ channel: PROVISIONING, text: 'More', thread_ts: ts });
    expect(workspace.messages(PROVISIONING)).toMatchObject([
      { text: 'Hello', replyCount: 1, blocks: [{ type: 'section', block_id: expect.stringMatching(/./) }] },
      { text: 'More', threadTs: ts },
    ]);
    expect(workspace.failures).toEqual([]);
  });

  it('opens a direct message for a user id', async () => {
    const { workspace, client } = await openWorkspace();
    const { channel } = await client.chat.postMessage({ channel: ANA, text: 'Psst' });
    expect(channel).toBe(workspace.as(ANA).directChannel());
    expect(workspace.as(ANA).messages(channel ?? '')).toMatchObject([{ text: 'Psst' }]);
    expect(workspace.as(SAM).messages(channel ?? '')).toEqual([]);
  });

  it('needs the bot in the channel, or chat:write.public for a public one', async () => {
    const { client } = await openWorkspace();
    expect(await errorOf(client.chat.postMessage({ channel: GENERAL, text: 'x' }))).toBe('not_in_channel');
    const open = await openWorkspace({ scopes: [...SCOPES, 'chat:write.public'] });
    expect(await errorOf(open.client.chat.postMessage({ channel: GENERAL, text: 'x' }))).toBe('ok');
  });

  it('hides private channels, refuses archived ones, people of other workspaces and what does not exist', async () => {
    const { client } = await openWorkspace();
    const errors = [];
    for (const channel of [LEADS, 'C0ROLLOUT25', KENJI, 'U0OLDJOE', 'C0NOWHERE']) errors.push(await errorOf(client.chat.postMessage({ channel, text: 'x' })));
    expect(errors).toEqual(['channel_not_found', 'is_archived', 'channel_not_found', 'channel_not_found', 'channel_not_found']);
  });

  it('refuses nothing to say and blocks that the validator refuses, with pointers', async () => {
    const { workspace, client } = await openWorkspace();
    expect(await errorOf(client.chat.postMessage({ channel: PROVISIONING, text: '' }))).toBe('no_text');
    await expect(client.chat.postMessage({ channel: PROVISIONING, text: 'x', blocks: [section('')] })).rejects.toMatchObject({
      data: { error: 'invalid_blocks', errors: [expect.stringContaining('[json-pointer:/blocks/0/text')] },
    });
    expect(workspace.failures.map((failure) => failure.is)).toEqual(['bad-payload', 'bad-payload']);
  });

  it('lets blocks without a fallback text pass, as Slack does, and records it', async () => {
    const { workspace } = await openWorkspace();
    const answer = await fetch(`${workspace.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-test', 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: PROVISIONING, blocks: [section('Hello')] }),
    });
    expect(await answer.json()).toMatchObject({ ok: true });
    expect(workspace.failures).toMatchObject([{ is: 'no-fallback-text' }]);
  });

  it('keeps metadata for conversations.history with include_all_metadata only', async () => {
    const { client } = await openWorkspace();
    const metadata = { event_type: 'card', event_payload: { key: 'k1' } };
    await client.chat.postMessage({ channel: PROVISIONING, text: 'x', metadata });
    const all = await client.conversations.history({ channel: PROVISIONING, include_all_metadata: true, limit: 10 });
    const some = await client.conversations.history({ channel: PROVISIONING, limit: 10 });
    expect(all.messages?.[0]?.metadata).toEqual(metadata);
    expect(some.messages?.[0]?.metadata).toBeUndefined();
  });
});

describe('chat.update', () => {
  it('edits in place; text alone drops the blocks', async () => {
    const { workspace, client } = await openWorkspace();
    const { ts = '' } = await client.chat.postMessage({ channel: PROVISIONING, text: 'One', blocks: [section('One')] });
    await client.chat.update({ channel: PROVISIONING, ts, text: 'Two' });
    expect(workspace.messages(PROVISIONING)).toMatchObject([{ ts, text: 'Two', blocks: [], edited: true }]);
  });

  it('refuses messages of others, of other channels, ephemeral ones, and a user id for a channel', async () => {
    const { workspace, client } = await openWorkspace();
    await workspace.as(ANA).say(PROVISIONING, 'mine');
    const others = workspace.messages(PROVISIONING)[0]?.ts ?? '';
    const { ts = '' } = await client.chat.postMessage({ channel: PROVISIONING, text: 'bot' });
    const { message_ts = '' } = await client.chat.postEphemeral({ channel: PROVISIONING, user: ANA, text: 'psst' });
    expect(await errorOf(client.chat.update({ channel: PROVISIONING, ts: others, text: 'x' }))).toBe('cant_update_message');
    expect(await errorOf(client.chat.update({ channel: 'C0VENDORS', ts, text: 'x' }))).toBe('message_not_found');
    expect(await errorOf(client.chat.update({ channel: PROVISIONING, ts: message_ts, text: 'x' }))).toBe('message_not_found');
    expect(await errorOf(client.chat.update({ channel: ANA, ts, text: 'x' }))).toBe('channel_not_found');
    expect(await errorOf(client.chat.delete({ channel: PROVISIONING, ts: others }))).toBe('cant_delete_message');
  });

  it('refuses text over 4,000 characters', async () => {
    const { client } = await openWorkspace();
    const { ts = '' } = await client.chat.postMessage({ channel: PROVISIONING, text: 'x' });
    expect(await errorOf(client.chat.update({ channel: PROVISIONING, ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long');
  });
});

describe('ephemeral messages', () => {
  it('are seen by one member of the channel and by nobody else', async () => {
    const { workspace, client } = await openWorkspace();
    await client.chat.postEphemeral({ channel: PROVISIONING, user: ANA, text: 'Only you' });
    expect(workspace.as(ANA).messages(PROVISIONING)).toMatchObject([{ text: 'Only you', ephemeralFor: ANA }]);
    expect(workspace.as(SAM).messages(PROVISIONING)).toEqual([]);
    expect(await errorOf(client.chat.postEphemeral({ channel: PROVISIONING, user: KENJI, text: 'x' }))).toBe('user_not_in_channel');
  });
});

describe('clicks in messages', () => {
  it('carry the message, its state and a response URL; an ephemeral one carries no message', async () => {
    const { workspace, client } = await openWorkspace();
    const bodies: unknown[] = [];
    await startSocketApp(workspace, (app) =>
      app.action('go', async ({ ack, body }) => {
        bodies.push(body);
        await ack();
      }),
    );
    await client.chat.postMessage({ channel: PROVISIONING, text: 'Go?', blocks: [button('go')] });
    await workspace.as(SAM).press('go');
    await client.chat.postEphemeral({ channel: PROVISIONING, user: ANA, text: 'Go?', blocks: [button('go')] });
    await workspace.as(ANA).press('go');
    expect(bodies).toMatchObject([
      {
        container: { type: 'message', is_ephemeral: false },
        message: { text: 'Go?' },
        state: { values: {} },
        response_url: expect.any(String),
        user: { id: SAM },
      },
      { container: { type: 'message', is_ephemeral: true }, response_url: expect.any(String), user: { id: ANA } },
    ]);
    expect(bodies[1]).not.toHaveProperty('message');
    expect(workspace.failures).toEqual([]);
  });

  it('on an option that was never offered reach nobody', async () => {
    const { workspace, client } = await openWorkspace();
    const option = { text: { type: 'plain_text' as const, text: 'One' }, value: '1' };
    const select: KnownBlock = { type: 'actions', block_id: 'row', elements: [{ type: 'static_select', action_id: 'pick', options: [option] }] };
    const { ts = '' } = await client.chat.postMessage({ channel: PROVISIONING, text: 'Pick', blocks: [select] });
    const container = { is: 'message', channelId: PROVISIONING, ts } as const;
    const forged = { selected_option: { ...option, value: '2' } };
    expect(await workspace.act({ as: ANA, container, blockId: 'row', actionId: 'pick', action: forged, values: {} })).toEqual({
      ok: false,
      error: 'option_not_offered',
    });
  });
});

describe('response URLs', () => {
  it('answer the person, replace or delete what was clicked, and post to the channel on request', async () => {
    const { workspace, client } = await openWorkspace();
    await startSocketApp(workspace, (app) =>
      app.action('go', async ({ ack, respond }) => {
        await ack();
        await respond('Only you');
        await respond({ text: 'Everybody', response_type: 'in_channel' });
        await respond({ text: 'Done', replace_original: true });
      }),
    );
    await client.chat.postMessage({ channel: PROVISIONING, text: 'Go?', blocks: [button('go')] });
    await workspace.as(SAM).press('go');
    await workspace.until((world) => world.messages(PROVISIONING)[0]?.text === 'Done');
    expect(workspace.messages(PROVISIONING)).toMatchObject([
      { text: 'Done', blocks: [] },
      { text: 'Everybody', ephemeralFor: null },
    ]);
    expect(workspace.ephemerals(SAM).map((message) => message.text)).toEqual(['Only you']);
    expect(workspace.failures).toEqual([]);
  });

  it('work even where the bot is no member, five times within thirty minutes', async () => {
    const { workspace, clock } = await openWorkspace();
    let url = '';
    await startSocketApp(workspace, (app) =>
      app.command('/usher', async ({ ack, command }) => {
        url = command.response_url;
        await ack();
      }),
    );
    const post = async (): Promise<number> =>
      (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'x' }) })).status;
    await workspace.as(ANA).say(GENERAL, '/usher');
    const statuses = [];
    for (let use = 0; use < 6; use += 1) statuses.push(await post());
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    await workspace.as(ANA).say(GENERAL, '/usher');
    clock.advance(30 * 60_000 + 1);
    expect(await post()).toBe(404);
    expect(workspace.failures.map((failure) => failure.detail)).toEqual(['used_url', 'expired_url']);
  });

  it('refuse what the validator refuses', async () => {
    const { workspace } = await openWorkspace();
    await startSocketApp(workspace, (app) => app.command('/usher', ({ ack }) => ack({ text: 'x', blocks: [section('')] })));
    expect(await workspace.as(ANA).say(PROVISIONING, '/usher')).toMatchObject({ ok: false, error: 'bad_ack' });
    expect(workspace.failures.map((failure) => failure.is)).toEqual(['bad-payload', 'bad-ack']);
  });
});

describe('people typing', () => {
  it('learn of unknown commands, and that commands do not work in threads', async () => {
    const { workspace } = await openWorkspace();
    expect(await workspace.as(ANA).say(PROVISIONING, '/other')).toEqual({ ok: false, error: 'unknown_command' });
    expect(await workspace.as(ANA).say(PROVISIONING, '/usher', '1.2')).toEqual({ ok: false, error: 'not_supported_in_threads' });
  });

  it('can not smuggle in a broadcast or a mention by hand', async () => {
    const { workspace } = await openWorkspace();
    const piece = fc.constantFrom('<!channel>', '<@U0SAMONEIL>', '&lt;', '<', '>', '&', ' ', 'a');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        await workspace.as(ANA).say(PROVISIONING, `x${pieces.join('')}`);
        expect(workspace.messages(PROVISIONING).at(-1)?.text).not.toMatch(/<[!@]|&(?!amp;|lt;|gt;)/);
      }),
    );
  });

  it('from other workspaces have no slash commands here, and deactivated people say nothing', async () => {
    const { workspace } = await openWorkspace();
    expect(await workspace.as(KENJI).say('C0VENDORS', '/usher')).toEqual({ ok: false, error: 'unknown_command' });
    workspace.deactivate(SAM);
    expect(await workspace.as(SAM).say(PROVISIONING, 'hello')).toEqual({ ok: false, error: 'user_disabled' });
  });

  it('reach the app through the events that it subscribed to', async () => {
    const { workspace } = await openWorkspace({ events: ['app_mention', 'message.im', 'member_joined_channel'] });
    const heard: string[] = [];
    await startSocketApp(workspace, (app) => {
      app.event('app_mention', async ({ event, client }) => {
        heard.push(event.text);
        await client.chat.postMessage({ channel: event.channel, text: 'yes' });
      });
      app.event('member_joined_channel', async ({ event, client }) => {
        heard.push(event.channel);
        await client.chat.postMessage({ channel: event.channel, text: 'thanks' });
      });
    });
    await workspace.as(ANA).say(PROVISIONING, '@usher hello');
    await workspace.heard('chat.postMessage');
    workspace.invite({ as: ANA, channelId: GENERAL, userId: 'U0USHERBOT' });
    await workspace.heard('chat.postMessage');
    expect(heard).toEqual(['<@U0USHERBOT> hello', GENERAL]);
  });
});
