import { MINUTE, SECOND } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ear } from './ear.ts';

/** Slack pings every socket several times a minute, and the socket client gives up on one that stops it: this is for what the client does not notice. */
export const SILENT = 2 * MINUTE;
/** The client reconnects by itself, within seconds; a new process is the last resort. */
export const DOWN = 5 * MINUTE;
const EVERY = 15 * SECOND;

/** What a look at an ear found, and when that last changed for the better. */
interface Look {
  readonly heard: number;
  readonly heardAt: number;
  readonly connectedAt: number;
}

/**
 * Resolves with a sentence when Slack can't be heard any more: a socket is open and says nothing, or every one has been
 * down for minutes. Only a new process helps then. Null when stopped; without sockets that is what it waits for.
 */
export async function deafness(ears: readonly Pick<Ear, 'connected' | 'heard'>[], clock: Clock, stop: AbortSignal): Promise<string | null> {
  let looked = clock.now();
  let looks: readonly Look[] = ears.map(({ heard }) => ({ heard, heardAt: looked, connectedAt: looked }));
  for (;;) {
    try {
      await clock.until(looked + EVERY, stop);
    } catch {
      return null;
    }
    const now = clock.now();
    // The machine slept, or its clock was set: nothing could be heard meanwhile.
    const since = now - looked > 4 * EVERY ? now : 0;
    looks = ears.map((ear, index) => lookAt(ear, looks[index], now, since));
    looked = now;
    const why = verdict(ears, looks, now);
    if (why !== null) return why;
  }
}

function lookAt({ heard, connected }: Pick<Ear, 'connected' | 'heard'>, before: Look | undefined, now: number, since: number): Look {
  if (before === undefined) return { heard, heardAt: now, connectedAt: now };
  return {
    heard,
    heardAt: heard > before.heard || !connected ? now : Math.max(before.heardAt, since),
    connectedAt: connected ? now : Math.max(before.connectedAt, since),
  };
}

function verdict(ears: readonly Pick<Ear, 'connected'>[], looks: readonly Look[], now: number): string | null {
  if (looks.some((look, index) => ears[index]?.connected === true && now - look.heardAt >= SILENT))
    return `a socket to Slack is open, but nothing came over it for ${SILENT / MINUTE} minutes, not even a ping`;
  if (looks.length > 0 && looks.every(({ connectedAt }) => now - connectedAt >= DOWN)) return `no socket to Slack was open for ${DOWN / MINUTE} minutes`;
  return null;
}
