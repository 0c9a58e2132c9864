import { IANAZone } from 'luxon';
import { z } from 'zod';
import { createCalendar } from './adapters/cron/calendar.ts';
import { mailMistakes, mailOf, type MailSettings, mailVariables } from './adapters/smtp/settings.ts';
import { pageMistakes, pageOf, type PageSettings, pageVariables } from './enrollment-page/settings.ts';

/** One line per mistake, each with what to do. */
export class ConfigurationFault extends Error {
  override readonly name = 'ConfigurationFault';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `the configuration has ${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
const whole = (least: number, most: number, otherwise: number) =>
  z.coerce
    .number(`must be a whole number from ${least} to ${most}`)
    .int()
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .default(otherwise);

const slackUser = /^([UW][A-Z0-9]{2,})(?:@(\S+))?$/;
const source = /^(csv|oneroster):([a-z0-9][a-z0-9-]{0,30})=(\S.*)$/;
/** The host as it stands in a URL, with its port unless that is 443. */
const reference = /^((?:env:USHER_SECRET_[A-Z0-9_]+)|(?:file:[A-Za-z0-9][A-Za-z0-9._-]*))@([^\s/@]+)$/;
const keyId = /^[\w-]{1,30}$/;
const hostAndPort = /^[^\s/:@]+:\d{1,5}$/;

const environment = z.object({
  USHER_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,19}$/, 'must be 1 to 20 of a–z 0–9 - _: it is the slash command without the slash')
    .default('usher'),
  USHER_DATA: z.string().default('./data'),
  USHER_TIME_ZONE: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone, such as Europe/Madrid')
    .default('UTC'),
  USHER_FIRST_ADMINS: list
    .refine(
      (users) => users.length > 0,
      'is missing: list the Slack user ids of the first admins, such as U012AB3CD,U045EF6GH (in Slack: profile, ⋮, Copy member ID)',
    )
    .refine(
      (users) => users.every((user) => slackUser.test(user)),
      'must list Slack user ids, such as U012AB3CD, each with @<organization id> where the person may only administer that part',
    ),
  USHER_SECRET_KEY: z
    .string('is missing: it encrypts the secrets in the store; make one with `openssl rand -base64 32` and keep it safe')
    .refine((key) => Buffer.from(key, 'base64').length === 32, 'must be 32 bytes in base64: make one with `openssl rand -base64 32`'),
  USHER_SECRET_KEY_ID: z.string().regex(keyId, 'must be 1 to 30 of letters, digits, - and _').default('k1'),
  USHER_SECRET_OLD_KEYS: list.refine(
    (all) => all.every((one) => oldKeyOf(one) !== null),
    'must list the keys of before a rotation as id:key, each key 32 bytes in base64, such as k1:<the old USHER_SECRET_KEY>',
  ),
  USHER_SECRET_REFERENCES: list.refine(
    (all) => all.every((one) => reference.test(one)),
    'must list references with the hosts they may be sent to, such as env:USHER_SECRET_ZOOM@api.zoom.us or file:box@api.box.com',
  ),
  USHER_SECRETS_FOLDER: z.string().optional(),
  USHER_SOURCES: list
    .refine(
      (all) => all.every((one) => source.test(one)),
      'must list directory sources as kind:name=folder, such as oneroster:district=/data/roster or csv:staff=/data/staff',
    )
    .refine(
      (all) => new Set(all.map((one) => source.exec(one)?.[2] ?? one)).size === all.length,
      'names two sources alike: people and groups are told apart by the source’s name, give each its own',
    ),
  USHER_IMPORT_SCHEDULE: z.string().optional(),
  USHER_IMPORT_HOLD_PEOPLE: whole(0, 1_000_000, 10),
  USHER_IMPORT_HOLD_PERCENT: whole(0, 100, 10),
  USHER_OPERATION_PORT: z.coerce.number('must be a port').int('must be a port').min(0, 'must be a port').max(65_535, 'must be a port').optional(),
  USHER_OPERATION_HOST: z.string().default('127.0.0.1'),
  ...pageVariables,
  ...mailVariables,
  USHER_STOP_SECONDS: whole(1, 600, 25),
  USHER_TARGET_ALLOW: list.refine(
    (all) => all.every((one) => hostAndPort.test(one)),
    'must list host:port of targets that may be private or without TLS, such as 127.0.0.1:8801',
  ),
  USHER_TARGET_ALLOW_IN_PRODUCTION: z.enum(['yes', 'no'], 'must be yes or no').default('no'),
  SLACK_MODE: z.enum(['socket', 'http'], 'must be socket or http').default('socket'),
  SLACK_BOT_TOKEN: z
    .string('is missing: the bot token (xoxb-…) from "OAuth & Permissions" of your Slack app')
    .startsWith('xoxb-', 'must be the bot token, which starts with xoxb-'),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be the app-level token, which starts with xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, 'must be the signing secret from "Basic Information" of your Slack app').optional(),
  SLACK_PORT: whole(0, 65_535, 3_000),
  SLACK_CONNECTIONS: whole(1, 5, 2),
  SLACK_API_URL: z.url('must be a URL').refine(isSafeForTokens, 'must be https: the tokens travel to it').default('https://slack.com/api/'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent').default('info'),
  NODE_ENV: z.string().default('development'),
});

/** What the environment says, parsed. */
export interface Configuration {
  readonly name: string;
  readonly dataFolder: string;
  readonly timeZone: string;
  readonly firstAdmins: readonly { readonly userId: string; readonly organizationId: string | null }[];
  /** What seals, and what only opens: the keys of before a rotation. Each has a name that its boxes carry. */
  readonly secretKey: { readonly id: string; readonly key: Buffer };
  readonly oldSecretKeys: readonly { readonly id: string; readonly key: Buffer }[];
  readonly secretReferences: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly secretsFolder: string | null;
  readonly sources: readonly { readonly kind: 'csv' | 'oneroster'; readonly name: string; readonly folder: string }[];
  readonly importSchedule: string | null;
  readonly importThreshold: { readonly people: number; readonly percent: number };
  readonly targetAllow: readonly string[];
  readonly slack: { readonly botToken: string; readonly apiUrl: string; readonly incoming: SlackIncoming };
  /** Where health and metrics are read (X8); null for nowhere. */
  readonly operation: { readonly host: string; readonly port: number } | null;
  /** The page where invited people enroll (E3); null for none. */
  readonly page: PageSettings | null;
  /** The mail server (E3); null for none. */
  readonly mail: MailSettings | null;
  /** Milliseconds that a shutdown may take. */
  readonly stopWithin: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export type SlackIncoming =
  | { readonly is: 'socket'; readonly appToken: string; readonly connections: number }
  | { readonly is: 'http'; readonly signingSecret: string; readonly port: number };

/** Reads the environment. Throws a `ConfigurationFault` that names every mistake at once, with its remedy, and never a value that is a secret. */
export function readConfiguration(from: Readonly<Record<string, string | undefined>>): Configuration {
  // An empty variable is an absent one: that is what `.env` files and compose files mean by it.
  const given: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(from).flatMap(([name, value = '']) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  );
  const parsed = environment.safeParse(given);
  const mistakes = [
    ...(parsed.error?.issues.map((issue) => `${issue.path[0]?.toString()} ${issue.message}`) ?? []),
    ...CHECKS.flatMap((check) => check(given)),
  ];
  if (!parsed.success || mistakes.length > 0) throw new ConfigurationFault([...new Set(mistakes)]);
  return shaped(parsed.data);
}

/** Every variable that Usher reads by a name of its own. */
export const VARIABLES: readonly string[] = Object.keys(environment.shape);

type Environment = z.infer<typeof environment>;

/** Mistakes that only show between variables, read before they are parsed: they are reported together with the others. */
const CHECKS: readonly ((given: Readonly<Record<string, string>>) => readonly string[])[] = [
  function slackCredentials(given) {
    if (given.SLACK_MODE === 'http')
      return given.SLACK_SIGNING_SECRET === undefined
        ? ['SLACK_SIGNING_SECRET is missing: SLACK_MODE=http needs the signing secret from "Basic Information" of your Slack app']
        : [];
    return given.SLACK_APP_TOKEN === undefined
      ? ['SLACK_APP_TOKEN is missing: Socket Mode needs the app-level token (xapp-…) with the scope connections:write; or set SLACK_MODE=http']
      : [];
  },
  function importSchedule(given) {
    if (given.USHER_IMPORT_SCHEDULE === undefined) return [];
    const zone = given.USHER_TIME_ZONE ?? 'UTC';
    const problem = createCalendar().problem(given.USHER_IMPORT_SCHEDULE, IANAZone.isValidZone(zone) ? zone : 'UTC');
    return problem === null ? [] : [`USHER_IMPORT_SCHEDULE must be a cron expression, such as 0 6 * * *. ${problem}`];
  },
  function secretsFolder(given) {
    const namesFiles = /(^|,)\s*file:/.test(given.USHER_SECRET_REFERENCES ?? '');
    return namesFiles && given.USHER_SECRETS_FOLDER === undefined ? ['USHER_SECRETS_FOLDER is missing: USHER_SECRET_REFERENCES names files in it'] : [];
  },
  function secretKeys(given) {
    const old = (given.USHER_SECRET_OLD_KEYS ?? '').split(',').flatMap((text) => oldKeyOf(text.trim()) ?? []);
    const current = given.USHER_SECRET_KEY_ID ?? 'k1';
    if (old.some(({ id }) => id === current))
      return [`USHER_SECRET_OLD_KEYS names ${current}, which is the present key’s name: give the new key another one in USHER_SECRET_KEY_ID, such as k2`];
    return new Set(old.map(({ id }) => id)).size === old.length ? [] : ['USHER_SECRET_OLD_KEYS names two keys alike'];
  },
  function ownReferences(given) {
    return /env:USHER_SECRET_(KEY|KEY_ID|OLD_KEYS|REFERENCES)@/.test(given.USHER_SECRET_REFERENCES ?? '')
      ? ['USHER_SECRET_REFERENCES names a setting of Usher itself: no target may be sent it']
      : [];
  },
  function allowedTargets(given) {
    const allowed = given.USHER_TARGET_ALLOW !== undefined && given.USHER_TARGET_ALLOW_IN_PRODUCTION !== 'yes';
    return given.NODE_ENV === 'production' && allowed
      ? ['USHER_TARGET_ALLOW lets targets be private or without TLS; in production that needs USHER_TARGET_ALLOW_IN_PRODUCTION=yes as well']
      : [];
  },
  pageMistakes,
  mailMistakes,
  function misspelt(given) {
    return Object.keys(given)
      .filter((name) => name.startsWith('USHER_') && !VARIABLES.includes(name) && !/^USHER_SECRET_[A-Z0-9_]+$/.test(name))
      .map((name) => `${name} is no setting of Usher: correct its name (.env.example lists them all) or remove it`);
  },
];

/** `id:base64`; null where it is none. */
function oldKeyOf(text: string): { readonly id: string; readonly key: Buffer } | null {
  const colon = text.indexOf(':');
  const key = Buffer.from(text.slice(colon + 1), 'base64');
  return colon > 0 && keyId.test(text.slice(0, colon)) && key.length === 32 ? { id: text.slice(0, colon), key } : null;
}

/** A token may go over TLS, or stay on this machine. */
function isSafeForTokens(url: string): boolean {
  if (!URL.canParse(url)) return true; // reported as no URL
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function shaped(read: Environment): Configuration {
  return {
    name: read.USHER_NAME,
    dataFolder: read.USHER_DATA,
    timeZone: read.USHER_TIME_ZONE,
    firstAdmins: read.USHER_FIRST_ADMINS.map((user) => ({
      userId: user.split('@')[0] ?? user,
      organizationId: user.includes('@') ? user.slice(user.indexOf('@') + 1) : null,
    })),
    secretKey: { id: read.USHER_SECRET_KEY_ID, key: Buffer.from(read.USHER_SECRET_KEY, 'base64') },
    oldSecretKeys: read.USHER_SECRET_OLD_KEYS.flatMap((text) => oldKeyOf(text) ?? []),
    secretReferences: references(read.USHER_SECRET_REFERENCES),
    secretsFolder: read.USHER_SECRETS_FOLDER ?? null,
    sources: read.USHER_SOURCES.map((text) => {
      const [, kind, name, folder] = source.exec(text) ?? [];
      return { kind: kind === 'csv' ? 'csv' : 'oneroster', name: name ?? '', folder: folder ?? '' };
    }),
    importSchedule: read.USHER_IMPORT_SCHEDULE ?? null,
    importThreshold: { people: read.USHER_IMPORT_HOLD_PEOPLE, percent: read.USHER_IMPORT_HOLD_PERCENT },
    targetAllow: read.USHER_TARGET_ALLOW,
    slack: {
      botToken: read.SLACK_BOT_TOKEN,
      apiUrl: read.SLACK_API_URL.endsWith('/') ? read.SLACK_API_URL : `${read.SLACK_API_URL}/`,
      incoming:
        read.SLACK_MODE === 'http'
          ? { is: 'http', signingSecret: read.SLACK_SIGNING_SECRET ?? '', port: read.SLACK_PORT }
          : { is: 'socket', appToken: read.SLACK_APP_TOKEN ?? '', connections: read.SLACK_CONNECTIONS },
    },
    operation: read.USHER_OPERATION_PORT === undefined ? null : { host: read.USHER_OPERATION_HOST, port: read.USHER_OPERATION_PORT },
    page: pageOf(read),
    mail: mailOf(read),
    stopWithin: read.USHER_STOP_SECONDS * 1_000,
    logLevel: read.LOG_LEVEL,
  };
}

/** `env:X@a, env:X@b` binds one reference to two hosts. */
function references(all: readonly string[]): Configuration['secretReferences'] {
  const hosts = new Map<string, string[]>();
  for (const one of all) {
    const [, name, host] = reference.exec(one) ?? [];
    if (name !== undefined && host !== undefined) hosts.set(name, [...(hosts.get(name) ?? []), host]);
  }
  return [...hosts].map(([name, bound]) => ({ name, hosts: bound }));
}

/** Everything of the configuration and of the environment behind it that must never be logged (X6). */
export function secretsOf(configuration: Configuration, environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { slack } = configuration;
  const slackSecrets = [slack.botToken, slack.incoming.is === 'socket' ? slack.incoming.appToken : slack.incoming.signingSecret];
  const plain = ['USHER_SECRET_REFERENCES', 'USHER_SECRET_KEY_ID', 'USHER_SECRETS_FOLDER'];
  const named = Object.entries(environment).filter(([name]) => name.startsWith('USHER_SECRET_') && !plain.includes(name));
  const old = (environment.USHER_SECRET_OLD_KEYS ?? '').split(',').map((one) => one.slice(one.indexOf(':') + 1).trim());
  const login = configuration.mail?.login;
  const mail = login === null || login === undefined ? [] : [login.password, encodeURIComponent(login.password)];
  return [...slackSecrets, ...mail, ...named.map(([, value]) => value ?? ''), ...old].filter((secret) => secret !== '');
}
