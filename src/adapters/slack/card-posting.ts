import type { WebClient } from '@slack/web-api';
import type { Card } from '../../domain/cards/card.ts';
import type { Message } from '../../../views/blocks.ts';

const EVENT_TYPE = 'usher_card';

export interface Posted {
  readonly channelId: string;
  readonly ts: string;
}

/** Posts a card; its key travels in the message's metadata. */
export async function postCard(client: WebClient, card: Card, message: Message): Promise<Posted> {
  const answer = await client.chat.postMessage({
    ...message,
    channel: card.place.is === 'channel' ? card.place.channelId : card.place.userId,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { key: card.id } },
  });
  if (answer.channel === undefined || answer.ts === undefined) throw new Error('chat.postMessage answered without channel or ts');
  return { channelId: answer.channel, ts: answer.ts };
}

/** Looks for a card that a crash may have left posted but not remembered: in the history since it was begun, by its key. */
export async function findPosted(client: WebClient, card: Card): Promise<Posted | null> {
  const channel = card.place.is === 'channel' ? card.place.channelId : (await client.conversations.open({ users: card.place.userId })).channel?.id;
  if (channel === undefined || card.postingSince === null) return null;
  // A minute of slack: Slack's clock stamps the message, ours stamped the beginning.
  const oldest = String(Math.floor(card.postingSince / 1_000) - 60);
  for (let cursor = ''; ; ) {
    const page = await client.conversations.history({ channel, oldest, include_all_metadata: true, limit: 200, ...(cursor === '' ? {} : { cursor }) });
    const found = page.messages?.find((message) => message.metadata?.event_type === EVENT_TYPE && keyOf(message.metadata.event_payload) === card.id);
    if (found?.ts !== undefined) return { channelId: channel, ts: found.ts };
    cursor = page.response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
}

function keyOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'key' in payload ? payload.key : undefined;
}
