import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { SocketModeReceiver } from '@slack/bolt';

/** undici tells of every WebSocket's pings here; the socket client uses the same channel. */
const PINGS = 'undici:websocket:ping';

/** What is known of one socket to Slack. */
export interface Ear {
  /** Slack has said hello on it, and it was not closed since. */
  readonly connected: boolean;
  /** How many messages and pings came over it, over all its reconnections. */
  readonly heard: number;
  stop(): void;
}

/** Listens along with a Socket Mode client: its own events, and Slack's pings, which it keeps to itself. */
export function listenTo({ client }: SocketModeReceiver): Ear {
  let connected = false;
  let heard = 0;
  let url: string | null = null;
  client.on('authenticated', (answer: { readonly url?: string }) => {
    // The address holds a ticket: it names this one socket.
    url = answer.url !== undefined && URL.canParse(answer.url) ? new URL(answer.url).href : null;
  });
  client.on('connected', () => {
    connected = true;
  });
  client.on('close', () => {
    connected = false;
  });
  client.on('ws_message', () => {
    heard += 1;
  });
  const onPing = (message: unknown): void => {
    if (url !== null && urlOf(message) === url) heard += 1;
  };
  subscribe(PINGS, onPing);
  return {
    get connected() {
      return connected;
    },
    get heard() {
      return heard;
    },
    stop: () => void unsubscribe(PINGS, onPing),
  };
}

function urlOf(message: unknown): string | null {
  if (typeof message !== 'object' || message === null || !('websocket' in message)) return null;
  const { websocket } = message;
  if (typeof websocket !== 'object' || websocket === null || !('url' in websocket)) return null;
  return typeof websocket.url === 'string' ? websocket.url : null;
}
