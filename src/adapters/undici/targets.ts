import { RFC_DIALECT, type Speech } from '../../domain/connectors/dialect.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Targets } from '../../ports/target.ts';
import { objectionTo, objectionToUrl, systemResolve } from './addresses.ts';
import { createRequester } from './requester.ts';
import { createWire, type WireOptions } from './sockets.ts';
import { createTarget } from './target.ts';
import type { Wire } from './wire.ts';
import { networkWords } from './words.ts';

export interface TargetsOptions extends WireOptions {
  /** Against which an HTTP date in `Retry-After` is read. */
  readonly clock: Clock;
  /** Default: in this thread. */
  readonly wire?: Wire;
}

/** What the RFCs say, and nothing is learnt. */
const BY_THE_BOOK: Speech = { dialect: RFC_DIALECT, learn: () => undefined };

/** The `Targets` port. `close` lets the requests under way finish. */
export function createTargets(options: TargetsOptions): Targets & { close(): Promise<void> } {
  const { allow, clock, wire = createWire(options) } = options;
  return {
    open(baseUrl, token, concurrency, speech = BY_THE_BOOK) {
      const objection = objectionToUrl(baseUrl, allow);
      if (objection !== null) return createTarget(createRequester({ is: 'refused', objection }, token, clock), speech);
      const url = new URL(baseUrl);
      const line = wire.open({ url, token, concurrency });
      return createTarget(createRequester({ is: 'open', url, line }, token, clock), speech);
    },
    async objection(baseUrl) {
      try {
        return await objectionTo(baseUrl, allow, options.resolve ?? systemResolve);
      } catch (error) {
        return networkWords(error, new URL(baseUrl).hostname).message;
      }
    },
    close: () => wire.close(),
  };
}
