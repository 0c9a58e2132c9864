import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../src/adapters/slack/connection.ts';
import { uncounted } from '../../metrics.ts';
import { openWorkspace, TOKENS } from '../../sandbox/slack/bolt-app.ts';

const FORM = 'application/x-www-form-urlencoded';
const COMMAND = 'command=%2Fusher&text=connectors&user_id=U0ANARUIZ&team_id=T1&channel_id=C1&trigger_id=1';
const now = (): number => Math.floor(Date.now() / 1_000);

interface Sent {
  readonly at?: number | string;
  readonly secret?: string;
  /** What is signed, where that is not what is sent. */
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A connection in HTTP mode, with what its listeners heard. */
async function listening() {
  const { workspace } = await openWorkspace({ delivery: { is: 'http', requestUrl: '' } });
  const heard: string[] = [];
  const unacked: string[] = [];
  const connection = await connect({
    incoming: { is: 'http', signingSecret: TOKENS.signingSecret, port: 0 },
    botToken: TOKENS.botToken,
    slackApiUrl: workspace.apiUrl,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: { ...uncounted, unacked: (kind) => void unacked.push(kind) },
    register: (app) => {
      app.command(/.*/, async ({ ack, body }) => {
        heard.push(body.text);
        await ack();
      });
    },
    onFault: () => undefined,
  });
  onTestFinished(() => connection.stop());
  const url = `http://127.0.0.1:${connection.port}/slack/events`;
  const post = async (body: string, { at = now(), secret = TOKENS.signingSecret, signed = body, headers = {} }: Sent = {}): Promise<number> => {
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${signed}`).digest('hex')}`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': FORM, 'x-slack-request-timestamp': String(at), 'x-slack-signature': signature, ...headers },
      body,
    });
    return answer.status;
  };
  return { url, heard, unacked, post };
}

describe('a request over HTTP', () => {
  it('X3 is taken with Slack’s signature, in the five minutes that it is good for, and not outside of them', async () => {
    const { post, heard } = await listening();
    for (const at of [now(), now() - 290, now() + 290]) expect(await post(COMMAND, { at })).toBe(200);
    expect(heard).toHaveLength(3);
    for (const at of [now() - 310, now() - 86_400, now() + 310, now() + 86_400, 0, -1, '', 'soon', 'NaN', 'Infinity', '1e99'])
      expect(await post(COMMAND, { at }), String(at)).toBe(401);
    expect(heard).toHaveLength(3);
  });

  it('X3 is refused with a signature of another secret, of another body or of another time, and without one', async () => {
    const { url, post, heard } = await listening();
    expect(await post(COMMAND, { secret: 'another-secret' })).toBe(401);
    expect(await post(COMMAND.replace('connectors', 'stop'), { signed: COMMAND })).toBe(401);
    expect(await post(`${COMMAND}&text=stop`, { signed: COMMAND })).toBe(401);
    expect(await post(COMMAND, { headers: { 'x-slack-request-timestamp': String(now() - 1) } })).toBe(401);
    for (const signature of ['', 'v0=', 'v1=00', `v0=${'0'.repeat(64)}`, 'none'])
      expect(await post(COMMAND, { headers: { 'x-slack-signature': signature } }), signature).toBe(401);
    for (const headers of [{ 'x-slack-request-timestamp': String(now()) }, { 'x-slack-signature': 'v0=00' }, {}])
      expect((await fetch(url, { method: 'POST', headers: { 'content-type': FORM, ...headers }, body: COMMAND })).status).toBe(401);
    expect(heard).toEqual([]);
  });

  it('X3 that asks for nothing but a check of TLS smuggles no command in', async () => {
    const { post, heard } = await listening();
    expect(await post(`ssl_check=1&${COMMAND}`, { secret: 'another-secret' })).toBe(200);
    expect(heard).toEqual([]);
  });

  it('X3 that is huge is refused before anything reads it, signed or not', async () => {
    const { post, heard } = await listening();
    const huge = `${COMMAND}&more=${'x'.repeat(5 * 1_048_576)}`;
    expect(await post(huge)).toBe(413);
    expect(await post(huge, { secret: 'another-secret' })).toBe(413);
    expect(await post(COMMAND)).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('X3 that is no object ends nothing, though it is signed', async () => {
    const { post, heard } = await listening();
    for (const body of ['null', '[]', '1', '"x"', '', 'true', 'no json', '{', '{"type":'])
      for (const [type, text] of [
        [FORM, `payload=${encodeURIComponent(body)}`],
        ['application/json', body],
      ] as const)
        expect(await post(text, { headers: { 'content-type': type } }), `${type} ${body}`).toBe(400);
    expect(await post(COMMAND)).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('X3 X7 is acked whatever it is, once it is signed: what nobody listens to does not run into Slack’s time limit', async () => {
    const { post, unacked } = await listening();
    const strange = [
      {},
      { type: 'dialog_submission' },
      { type: 'shortcut', callback_id: 'x' },
      { type: 'block_actions' },
      { type: 'block_actions', actions: [] },
      { event: {} },
      { __proto__: null, command: 7 },
    ];
    for (const payload of strange) expect(await post(`payload=${encodeURIComponent(JSON.stringify(payload))}`), JSON.stringify(payload)).toBe(200);
    expect(unacked.length).toBeGreaterThan(3);
    expect(await post(COMMAND)).toBe(200);
  });

  it('X3 to another path or with another method is not Slack’s', async () => {
    const { url, heard } = await listening();
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/more`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
    expect(heard).toEqual([]);
  });
});
