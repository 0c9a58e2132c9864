import { realClock, type SandboxClock } from './clock.ts';
import type { ControlCommand, ControlLink } from './control.ts';
import { districtSeed, type Seed } from './seed.ts';

/** A slash command as the manifest declares it. */
export interface DeclaredCommand extends ControlCommand {
  /** Users and channels in the text arrive as `<@U…|name>` and `<#C…|name>`; true when left out. */
  readonly shouldEscape?: boolean;
}

/** How payloads reach the app: over the sockets that it opened, or posted to its URL with a v0 signature. The URL may be empty until `deliverTo` sets it. */
export type DeliveryMode = { readonly is: 'socket' } | { readonly is: 'http'; readonly requestUrl: string };

export interface WorkspaceOptions {
  /** 0, any free one, when left out. */
  readonly port?: number;
  readonly delivery: DeliveryMode;
  readonly signingSecret: string;
  /** xoxb-… */
  readonly botToken: string;
  /** xapp-…, of scope `connections:write`. */
  readonly appToken: string;
  /** The bot's scopes, from the manifest. */
  readonly scopes: readonly string[];
  readonly commands: readonly DeclaredCommand[];
  readonly features: { readonly homeTab: boolean };
  /** Subscribed bot events; `['app_home_opened']` when left out. */
  readonly events?: readonly string[];
  readonly seed?: Seed;
  /** The machine's when left out. One without `after` keeps the machine's timers. */
  readonly clock?: Pick<SandboxClock, 'now'> & Partial<SandboxClock>;
  /** Enforces rate limits; true when left out. */
  readonly rateLimits?: boolean;
  /** Milliseconds until an unanswered request counts as failed; 3000 when left out. */
  readonly ackWithin?: number;
  /** Static files served at `/`. */
  readonly pageFolder?: string;
  /** Pages that stand beside this one, for the page to point at. */
  readonly links?: readonly ControlLink[];
}

/** The options with everything filled in. */
export interface Settings {
  readonly delivery: DeliveryMode;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly scopes: ReadonlySet<string>;
  readonly commands: readonly DeclaredCommand[];
  readonly homeTab: boolean;
  readonly events: ReadonlySet<string>;
  readonly seed: Seed;
  readonly clock: SandboxClock;
  readonly rateLimits: boolean;
  readonly pageFolder: string | null;
  readonly links: readonly ControlLink[];
}

/** Fills in what was left out. */
export function settled(options: WorkspaceOptions): Settings {
  const clock = options.clock;
  return {
    delivery: options.delivery,
    signingSecret: options.signingSecret,
    botToken: options.botToken,
    appToken: options.appToken,
    scopes: new Set(options.scopes),
    commands: options.commands,
    homeTab: options.features.homeTab,
    events: new Set(options.events ?? ['app_home_opened']),
    seed: options.seed ?? districtSeed,
    clock: clock === undefined ? realClock : { now: () => clock.now(), after: clock.after?.bind(clock) ?? realClock.after },
    rateLimits: options.rateLimits ?? true,
    pageFolder: options.pageFolder ?? null,
    links: options.links ?? [],
  };
}
