import type { SandboxClock } from './clock.ts';

/** Slack's tiers and the two methods with a limit of their own (apis/web-api/rate-limits). */
export type Tier = 1 | 2 | 3 | 4 | 'posting' | 'special' | 'none';

/** Per minute, and how many may come at once: Slack tolerates short bursts. */
const LIMITS: Readonly<Record<Exclude<Tier, 'none'>, { readonly perMinute: number; readonly burst: number }>> = {
  1: { perMinute: 1, burst: 20 },
  2: { perMinute: 20, burst: 30 },
  3: { perMinute: 50, burst: 75 },
  4: { perMinute: 100, burst: 150 },
  posting: { perMinute: 300, burst: 400 },
  special: { perMinute: 600, burst: 600 },
};

/** One message a second and channel; short bursts pass. */
const PER_CHANNEL = { perMinute: 60, burst: 20 };

/** Token buckets by method and, for posting, by channel. */
export class RateLimits {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #clock: SandboxClock;
  readonly #on: boolean;

  constructor(clock: SandboxClock, on: boolean) {
    this.#clock = clock;
    this.#on = on;
  }

  /** Seconds to wait, or 0 when the call may go on. */
  wait(method: string, tier: Tier, channelId: string, cost: number): number {
    if (!this.#on || tier === 'none') return 0;
    const whole = this.#spend(method, LIMITS[tier], cost);
    return tier === 'posting' && whole === 0 ? this.#spend(`${method} ${channelId}`, PER_CHANNEL, cost) : whole;
  }

  #spend(key: string, limit: { readonly perMinute: number; readonly burst: number }, cost: number): number {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, at: now };
    const perMs = limit.perMinute / 60_000;
    const tokens = Math.min(limit.burst, bucket.tokens + (now - bucket.at) * perMs);
    const enough = tokens >= cost;
    this.#buckets.set(key, { tokens: enough ? tokens - cost : tokens, at: now });
    return enough ? 0 : Math.max(1, Math.ceil((cost - tokens) / perMs / 1000));
  }
}
