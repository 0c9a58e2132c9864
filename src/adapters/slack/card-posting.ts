import type { WebClient } from '@slack/web-api';
import type { Card } from '../../domain/cards/card.ts';
import type { Message } from '../../../views/blocks.ts';
import { slackProblem } from './slack-problem.ts';

const EVENT_TYPE = 'usher_card';

export interface Posted {
  readonly channelId: string;
  readonly ts: string;
}

/** Where a message goes: a channel or a person, and into whose thread. */
interface Address {
  readonly channel: string;
  readonly threadTs?: string;
}

/** Posts a message; its key travels in the metadata, so that it can be found again. */
export async function post(client: WebClient, to: Address, key: string, message: Message): Promise<Posted> {
  const answer = await client.chat.postMessage({
    ...message,
    channel: to.channel,
    ...(to.threadTs === undefined ? {} : { thread_ts: to.threadTs }),
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { key } },
  });
  if (answer.channel === undefined || answer.ts === undefined) throw new Error('chat.postMessage answered without channel or ts');
  return { channelId: answer.channel, ts: answer.ts };
}

/** Looks for a card that a crash may have left posted but not remembered: in the history since it was begun, by its key. Null where it is not there, or where the history may not be read. */
export async function findPosted(client: WebClient, card: Card): Promise<Posted | null> {
  if (card.place.is === 'view' || card.postingSince === null) return null;
  const { place } = card;
  // A minute of slack: Slack's clock stamps the message, ours stamped the beginning.
  const oldest = String(Math.floor(card.postingSince / 1_000) - 60);
  return readable(async () => {
    const channel = place.is === 'channel' ? place.channelId : (await client.conversations.open({ users: place.userId })).channel?.id;
    if (channel === undefined) return null;
    return search(card.id, channel, (cursor) => client.conversations.history({ channel, oldest, include_all_metadata: true, limit: 200, ...cursor }));
  });
}

/** The same for a line in a card's thread. */
export async function findInThread(client: WebClient, at: Posted, key: string): Promise<Posted | null> {
  const { channelId: channel, ts } = at;
  return readable(() => search(key, channel, (cursor) => client.conversations.replies({ channel, ts, include_all_metadata: true, limit: 200, ...cursor })));
}

/** A page of messages, as far as it is read here. */
interface HistoryPage {
  readonly messages?: readonly { readonly ts?: string; readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown } }[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

async function search(key: string, channelId: string, page: (cursor: { readonly cursor?: string }) => Promise<HistoryPage>): Promise<Posted | null> {
  for (let cursor = ''; ; ) {
    const { messages, response_metadata: next } = await page(cursor === '' ? {} : { cursor });
    const found = messages?.find(({ metadata }) => metadata?.event_type === EVENT_TYPE && keyOf(metadata.event_payload) === key);
    if (found?.ts !== undefined) return { channelId, ts: found.ts };
    cursor = next?.next_cursor ?? '';
    if (cursor === '') return null;
  }
}

/** A refused reading (no scope, no member) is no reason never to post: the worst is a second message. */
async function readable<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (slackProblem(error).is === 'later') throw error;
    return null;
  }
}

function keyOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'key' in payload ? payload.key : undefined;
}
