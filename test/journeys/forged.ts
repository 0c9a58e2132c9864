import { createHmac } from 'node:crypto';
import { type App, PROVISIONING, SLACK } from '../app.ts';

const TEAM = 'T0RIVERSIDE';

/** Sends what Slack would send, with that signature (HTTP mode); gives the HTTP status and the ack. */
export async function forged(app: App, payload: object, secret = SLACK.signingSecret): Promise<{ readonly status: number; readonly body: string }> {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const answer = await fetch(`http://127.0.0.1:${app.usher().connection.port}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': at, 'x-slack-signature': signature },
    body,
  });
  return { status: answer.status, body: await answer.text() };
}

/** A submitted form with metadata as somebody would like it to be; a string goes as it is. */
export function submission(userId: string, callbackId: string, metadata: unknown, values: object = {}): object {
  return {
    type: 'view_submission',
    team: { id: TEAM },
    user: { id: userId, team_id: TEAM },
    trigger_id: `forged.${Math.random()}`,
    view: {
      ...{ id: 'V1', hash: '1.a', type: 'modal', callback_id: callbackId, state: { values }, blocks: [] },
      ...{ private_metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata), previous_view_id: null, root_view_id: 'V1' },
    },
  };
}

/** A press of a button on a message that may look different by now. */
export function pressing(userId: string, actionId: string, value: string): object {
  return {
    type: 'block_actions',
    team: { id: TEAM },
    user: { id: userId, team_id: TEAM },
    trigger_id: `forged.${Math.random()}`,
    channel: { id: PROVISIONING },
    container: { type: 'message', message_ts: '1.1', channel_id: PROVISIONING, is_ephemeral: true },
    actions: [{ type: 'button', action_id: actionId, block_id: 'b', value }],
  };
}
