import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Pace, Paces } from '../../ports/pace.ts';
import { createGrants, type Grants } from './grants.ts';

/** Those who wait for one host, and what may let them go. */
interface Host {
  readonly pace: Pace;
  /** What each base URL on this host asks for; the lowest holds, since a vendor's limit is often one for all its tenants. */
  readonly limits: Map<string, number | null>;
  relimit(): void;
  close(): void;
}

interface Waiter {
  readonly go: () => void;
  readonly abandon: (reason: Error) => void;
}

function lowest(limits: Iterable<number | null>): number | null {
  return [...limits].reduce((low, limit) => (limit === null ? low : low === null ? limit : Math.min(low, limit)), null);
}

function createHost(clock: Clock): Host {
  const limits = new Map<string, number | null>();
  let urgent: Waiter[] = [];
  let others: Waiter[] = [];
  let limit: number | null = null;
  let grants: Grants | null = null;
  let hold: Instant = 0;
  let holding = false;
  const closing = new AbortController();

  /** Lets go whoever may go now, and sees to it that it is called again while somebody waits. */
  function serve(): void {
    const held = hold > clock.now();
    if (held) waitOut();
    while (!held && urgent.length + others.length > 0) {
      if (grants !== null && !grants.take()) {
        grants.wish();
        break;
      }
      (urgent.shift() ?? others.shift())?.go();
    }
  }

  /** One wait for all; a later hold prolongs it. */
  function waitOut(): void {
    if (holding) return;
    holding = true;
    clock.until(hold, closing.signal).then(
      () => {
        holding = false;
        serve();
      },
      () => undefined,
    );
  }

  function enqueue(first: boolean): Promise<void> {
    return new Promise((go, abandon) => {
      (first ? urgent : others).push({ go, abandon });
      serve();
    });
  }

  const pace: Pace = {
    permit(first = false) {
      if (closing.signal.aborted) return Promise.reject(closing.signal.reason);
      const free = hold <= clock.now() && urgent.length + others.length === 0;
      return free && (grants === null || grants.take()) ? undefined : enqueue(first);
    },
    holdUntil(instant) {
      hold = Math.max(hold, instant);
    },
    heldUntil: () => (hold > clock.now() ? hold : null),
  };

  return {
    pace,
    limits,
    relimit() {
      const next = lowest(limits.values());
      if (next === limit) return;
      limit = next;
      const before = grants;
      before?.close();
      grants = next === null ? null : createGrants(next, serve, before?.lastGrant());
      serve();
    },
    close() {
      const reason = new Error('Usher is shutting down');
      closing.abort(reason);
      grants?.close();
      const left = [...urgent, ...others];
      urgent = [];
      others = [];
      for (const { abandon } of left) abandon(reason);
    },
  };
}

/**
 * The `Paces` port: one pace a host. A limit goes through Bottleneck (see `grants.ts`); without one it is not on the
 * path. Holds go by the `Clock` port. After `close` those who wait, and those who come, are turned away.
 */
export function createPaces({ clock }: { readonly clock: Clock }): Paces & { close(): void } {
  const hosts = new Map<string, Host>();
  return {
    of(baseUrl, requestsPerSecond) {
      const name = new URL(baseUrl).host;
      const host = hosts.get(name) ?? createHost(clock);
      hosts.set(name, host);
      if (host.limits.get(baseUrl) !== requestsPerSecond) {
        host.limits.set(baseUrl, requestsPerSecond);
        host.relimit();
      }
      return host.pace;
    },
    close() {
      for (const host of hosts.values()) host.close();
    },
  };
}
