import { type App, LogLevel } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/** Bolt's and the SDK's own lines, into ours; their debug chatter holds payloads and is left out. */
export function slackLogger(log: Log): App['logger'] {
  const text = (parts: readonly unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : '')).join(' ');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => log.warn({ from: 'slack' }, text(parts)),
    error: (...parts: unknown[]) => log.error({ from: 'slack' }, text(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
