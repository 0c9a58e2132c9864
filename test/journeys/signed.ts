import { createHmac } from 'node:crypto';
import { type App, PROVISIONING, SLACK } from '../app.ts';

export const TEAM = 'T0RIVERSIDE';

export interface Signed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Slack would post for an interaction, signed now. */
export function signed(payload: unknown): Signed {
  return signedBody(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
}

/** The same for any form. */
export function signedBody(body: string, type = 'application/x-www-form-urlencoded'): Signed {
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', SLACK.signingSecret).update(`v0:${at}:${body}`).digest('hex')}`;
  return { body, headers: { 'content-type': type, 'x-slack-request-timestamp': at, 'x-slack-signature': signature } };
}

/** Posts it to the app in HTTP mode; gives the status and the ack. */
export async function sent(app: App, { body, headers }: Signed): Promise<{ readonly status: number; readonly ack: string }> {
  const answer = await fetch(`http://127.0.0.1:${app.usher().connection.port}/slack/events`, { method: 'POST', headers, body });
  return { status: answer.status, ack: await answer.text() };
}

let minted = 0;

function basics(userId: string): object {
  minted += 1;
  return { team: { id: TEAM }, user: { id: userId, team_id: TEAM }, trigger_id: `signed.${minted}.${Math.random()}` };
}

/** A button of a message in the provisioning channel. */
export function pressing(userId: string, actionId: string, value: string): object {
  return {
    type: 'block_actions',
    ...basics(userId),
    channel: { id: PROVISIONING },
    container: { type: 'message', message_ts: '1.1', channel_id: PROVISIONING, is_ephemeral: true },
    actions: [{ type: 'button', action_id: actionId, block_id: 'b', value }],
  };
}

/** A form that stands alone. */
export function submitting(userId: string, callbackId: string, metadata: unknown, values: object = {}): object {
  return {
    type: 'view_submission',
    ...basics(userId),
    view: {
      ...{ id: 'V1', hash: '1.a', type: 'modal', callback_id: callbackId, private_metadata: JSON.stringify(metadata), state: { values }, blocks: [] },
      ...{ previous_view_id: null, root_view_id: 'V1' },
    },
  };
}
