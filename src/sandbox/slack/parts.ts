import type { CallLog } from './call-log.ts';
import type { Changes } from './changes.ts';
import type { SandboxClock } from './clock.ts';
import type { Courier } from './courier.ts';
import type { Failures } from './failures.ts';
import type { Faults } from './faults.ts';
import type { Settings } from './options.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { SignedHttp } from './signed-http.ts';
import type { Sockets } from './sockets.ts';
import type { State } from './state.ts';
import type { Triggers } from './triggers.ts';

/** The workspace's organs, made once by `startWorkspace` and handed to everything that acts in it. */
export interface Parts {
  readonly settings: Settings;
  readonly state: State;
  readonly clock: SandboxClock;
  readonly changes: Changes;
  readonly failures: Failures;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly calls: CallLog;
  readonly courier: Courier;
  readonly sockets: Sockets;
  readonly http: SignedHttp;
  /** `http://127.0.0.1:port`, without a slash. */
  readonly origin: string;
}
