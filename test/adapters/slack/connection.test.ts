import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../src/adapters/slack/connection.ts';
import { slackProblem } from '../../../src/adapters/slack/slack-problem.ts';
import { note } from '../../../views/notice.ts';
import { uncounted } from '../../metrics.ts';
import { PROVISIONING, startEdge } from '../../commands/exchange/edge.ts';
import { ANA, openWorkspace, TOKENS } from '../../sandbox/slack/bolt-app.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const echo = {
  typed: [{ topic: 'home' as const, verb: 'echo', usage: '', summary: '', run: async () => ({ is: 'message' as const, message: note('heard') }) }],
};

it('opens two sockets, and while Slack refreshes one of them the other hears everything', async () => {
  const edge = await startEdge([echo], { connections: 2 });
  expect(edge.workspace.connections()).toBe(2);
  edge.workspace.disconnect({ count: 1 });
  expect(edge.workspace.connections()).toBe(1);
  for (let said = 1; said <= 6; said += 1) {
    expect(await edge.ana.say(PROVISIONING, '/usher home echo')).toMatchObject({ ok: true });
    await edge.workspace.until(() => edge.told().length === said, `answer ${said}`);
  }
  expect(edge.failures()).toEqual([]);
});

it('X3 loses nothing and does nothing twice when a socket is cut without a word', async () => {
  const edge = await startEdge([echo], { connections: 2 });
  edge.workspace.disconnect({ count: 1, abrupt: true });
  await edge.ana.say(PROVISIONING, '/usher home echo');
  await edge.workspace.until(() => edge.told().length > 0, 'the answer');
  expect(edge.told()).toEqual(['heard']);
});

it('leaves no socket open where Slack refuses the tokens', async () => {
  const { workspace } = await openWorkspace();
  const parts = { slackApiUrl: workspace.apiUrl, log: silent, metrics: uncounted, register: () => undefined, onFault: () => undefined };
  const incoming = { is: 'socket' as const, appToken: 'xapp-wrong', connections: 2 };
  await expect(connect({ ...parts, incoming, botToken: TOKENS.botToken })).rejects.toThrow('invalid_auth');
  await expect(connect({ ...parts, incoming: { ...incoming, appToken: TOKENS.appToken }, botToken: 'xoxb-wrong' })).rejects.toThrow();
  expect(workspace.connections()).toBe(0);
});

it('X3 takes requests over HTTP only with Slack’s signature', async () => {
  const { workspace } = await openWorkspace({ delivery: { is: 'http', requestUrl: '' } });
  const heard: string[] = [];
  const connection = await connect({
    incoming: { is: 'http', signingSecret: TOKENS.signingSecret, port: 0 },
    botToken: TOKENS.botToken,
    slackApiUrl: workspace.apiUrl,
    log: silent,
    metrics: uncounted,
    register: (app) => {
      app.command(/.*/, async ({ ack, body }) => {
        heard.push(body.user_id);
        await ack();
      });
    },
    onFault: () => undefined,
  });
  onTestFinished(() => connection.stop());
  const url = `http://127.0.0.1:${connection.port}/slack/events`;
  const body = 'command=%2Fusher&text=&user_id=U0EVIL&team_id=T1&channel_id=C1&trigger_id=1';
  const post = (timestamp: number, secret: string): Promise<Response> => {
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': signature };
    return fetch(url, { method: 'POST', headers, body });
  };
  const now = Math.floor(Date.now() / 1_000);
  expect((await post(now, 'another-secret')).status).toBe(401);
  expect((await post(now - 600, TOKENS.signingSecret)).status).toBe(401);
  expect((await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })).status).toBe(401);
  expect(heard).toEqual([]);
  workspace.deliverTo(url);
  await workspace.as(ANA).say(PROVISIONING, '/usher');
  expect(heard).toEqual([ANA]);
});

it.each([
  [
    { code: 'slack_webapi_rate_limited_error', retryAfter: 7 },
    { is: 'later', wait: 7_000, maybeDone: false },
  ],
  [{ code: 'slack_webapi_request_error' }, { is: 'later', maybeDone: true }],
  [
    { code: 'slack_webapi_http_error', statusCode: 500 },
    { is: 'later', maybeDone: true },
  ],
  [
    { code: 'slack_webapi_platform_error', data: { error: 'fatal_error' } },
    { is: 'later', maybeDone: true },
  ],
  [
    { code: 'slack_webapi_platform_error', data: { error: 'invalid_auth' } },
    { is: 'later', maybeDone: false },
  ],
  [{ code: 'slack_webapi_platform_error', data: { error: 'message_not_found' } }, { is: 'lost' }],
  [
    { code: 'slack_webapi_platform_error', data: { error: 'is_archived' } },
    { is: 'never', code: 'is_archived' },
  ],
  [new TypeError('ours'), { is: 'never', code: 'ours' }],
  [null, { is: 'never', code: 'unknown' }],
] as const)('judges what Slack answered by what to do next: %j', (error, problem) => {
  expect(slackProblem(error)).toMatchObject(problem);
});
