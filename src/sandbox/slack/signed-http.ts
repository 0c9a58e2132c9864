import { createHmac } from 'node:crypto';
import type { Delivery, Outgoing, Reply } from './delivery.ts';
import { type Dict, isDict, parsed, textOf } from './json.ts';

/** Content types are bare on purpose: Bolt refuses any with a charset. */
function encoded(outgoing: Outgoing): { readonly type: string; readonly body: string } {
  const { kind, payload } = outgoing;
  if (kind === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) };
  const form = new URLSearchParams();
  if (kind === 'interactive') form.set('payload', JSON.stringify(payload));
  else for (const [name, value] of Object.entries(payload)) form.set(name, textOf(value));
  return { type: 'application/x-www-form-urlencoded', body: form.toString() };
}

/** Slack's v0 signature. It carries the machine's time even where the workspace's clock is moved: the app checks it against its own. */
function signatureHeaders(signingSecret: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}

function ackBody(type: string, text: string): Dict | string | null {
  if (text === '') return null;
  const json = type.startsWith('application/json') ? parsed(text) : undefined;
  return isDict(json) ? json : text;
}

/** Posts each payload to the app's request URL and takes the HTTP answer as its ack. */
export class SignedHttp implements Delivery {
  readonly #signingSecret: string;
  /** As set in the app's settings; it may move. */
  requestUrl: string;

  constructor(requestUrl: string, signingSecret: string) {
    this.requestUrl = requestUrl;
    this.#signingSecret = signingSecret;
  }

  connected(): boolean {
    return this.requestUrl !== '';
  }

  async send(outgoing: Outgoing): Promise<Reply> {
    if (!this.connected()) return { is: 'unreachable' };
    const { type, body } = encoded(outgoing);
    const retry = outgoing.retry === null ? {} : { 'x-slack-retry-num': String(outgoing.retry.num), 'x-slack-retry-reason': outgoing.retry.reason };
    const headers = { 'content-type': type, ...signatureHeaders(this.#signingSecret, body), ...retry };
    try {
      const answer = await fetch(this.requestUrl, { method: 'POST', headers, body, redirect: 'manual' });
      const text = await answer.text();
      if (answer.ok) return { is: 'acked', body: ackBody(answer.headers.get('content-type') ?? '', text) };
      return { is: 'refused', status: answer.status, retryWanted: answer.headers.get('x-slack-no-retry') !== '1' };
    } catch {
      return { is: 'unreachable' };
    }
  }
}
