import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { assemble, type Usher } from '../src/assemble.ts';
import { readConfiguration } from '../src/config.ts';
import { importDirectory } from '../src/domain/directory/verbs/import.ts';
import { SCHEDULE } from '../src/domain/rights/verbs/who.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import { writeDistrict } from '../src/sandbox/district/write.ts';
import { type Mailbox, startMailbox } from '../src/sandbox/mailbox/server.ts';
import { readManifest } from '../src/sandbox/manifest.ts';
import { type Admin, createAdmin } from '../src/sandbox/scim/admin-client.ts';
import { startScimTarget } from '../src/sandbox/scim/server.ts';
import { type Person, startWorkspace, type Workspace } from '../src/sandbox/slack/workspace.ts';
import { filesBelow, leaksIn, linkSecretsIn, type Place, secretsOf } from './leaks.ts';

export const ANA = 'U0ANARUIZ';
export const SAM = 'U0SAMONEIL';
export const MIA = 'U0MIASORENSEN';
/** A public channel where the bot is a member. */
export const PROVISIONING = 'C0PROVISION';
export const SLACK = { botToken: 'xoxb-journey', appToken: 'xapp-journey', signingSecret: 'journey-signing-secret' };
/** Of Usher's login at the mail server. */
const MAIL_PASSWORD = 'mail/password: never to be seen';
export const TARGET_TOKEN = 'target-token-never-to-be-seen';

export interface AppOptions {
  readonly delivery?: 'socket' | 'http';
  /** Of the sample district; 0 imports nothing. Default 240. */
  readonly people?: number;
  readonly clock?: Clock;
  /** Written over the environment that the app reads. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Off unless told: a journey says more in a second than Slack allows in a minute. */
  readonly rateLimits?: boolean;
  /** With the stage's mail server and a page where people enroll. Off unless told. */
  readonly mail?: boolean;
  /** The built page, for a browser. */
  readonly pageFolder?: string;
}

export interface LoggedLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** The world around Usher, with the environment to start it in. */
export interface Stage {
  readonly workspace: Workspace;
  readonly target: Admin;
  readonly targetUrl: string;
  /** What Usher mails goes there, where `mail` was asked for. */
  readonly mailbox: Mailbox;
  /** An admin of everything. */
  readonly ana: Person;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What nobody may find in a payload, a log line or a file, by name; a journey that makes one up puts it here. Tokens typed in a form are known. */
  readonly secrets: Map<string, string>;
  /** Further places to look at. */
  readonly evidence: (() => Iterable<Place>)[];
  /** Secrets that stand where they must not (X6). Looked at when the test ends, too: any found makes it red. */
  leaks(): Promise<readonly string[]>;
}

/** The whole app over the wire: the real Usher between a Slack workspace and a SCIM service, on loopback. */
export interface App extends Stage {
  /** The one that runs now; `restart` puts another in its place. */
  usher(): Usher;
  readonly logged: readonly LoggedLine[];
  restart(): Promise<Usher>;
}

/** A Slack workspace, a SCIM service and a roster, without Usher; all end with the test. */
export async function startStage(options: AppOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-journey-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const target = await startScimTarget({ token: TARGET_TOKEN, seats: 500 });
  onTestFinished(() => target.close());
  const http = options.delivery === 'http';
  const workspace = await startWorkspace({
    ...(await readManifest('manifest.yml')),
    ...SLACK,
    delivery: http ? { is: 'http', requestUrl: '' } : { is: 'socket' },
    rateLimits: options.rateLimits ?? false,
    ...(options.pageFolder === undefined ? {} : { pageFolder: options.pageFolder }),
  });
  onTestFinished(() => workspace.close());
  const mailbox = await startMailbox({ login: { user: 'usher', password: MAIL_PASSWORD } });
  onTestFinished(() => mailbox.close());
  const people = options.people ?? 240;
  if (people > 0) await writeDistrict(join(folder, 'roster'), { seed: 7, people });
  const mail = options.mail === true ? mailEnvironment(mailbox) : {};
  const environment = { ...environmentOf(workspace, target.url, folder, people, http), ...mail, ...options.environment };
  const secrets = new Map([
    ...Object.entries(SLACK),
    ['the target’s token', TARGET_TOKEN],
    ['the mail server’s password', MAIL_PASSWORD],
    ...secretsOf(environment),
  ]);
  const stage = {
    workspace,
    mailbox,
    target: createAdmin(target.pageUrl),
    targetUrl: target.url,
    ana: workspace.as(ANA),
    folder,
    environment,
    secrets,
    evidence: [],
  };
  const leaks = (): Promise<readonly string[]> => leaksOf(stage);
  // Runs after what is begun later was stopped, and before the world around it is.
  onTestFinished(async () => expect(await leaks(), 'secrets where none may be').toEqual([]));
  return { ...stage, leaks };
}

/** The whole app over the wire, its directory imported; it ends with the test. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const stage = await startStage(options);
  const { workspace, environment } = stage;
  const logged: LoggedLine[] = [];
  const start = async (): Promise<Usher> => {
    const usher = await assemble(readConfiguration(environment), {
      environment,
      log: recording(logged),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    });
    if (usher.connection.port !== null) workspace.deliverTo(`http://127.0.0.1:${usher.connection.port}/slack/events`);
    return usher;
  };
  stage.evidence.push(() => [{ name: 'a log line', text: JSON.stringify(logged) }]);
  let usher = await start();
  onTestFinished(() => usher.stop());
  const [source] = usher.outside.sources;
  if (source !== undefined) await importDirectory(usher.outside, SCHEDULE, source);
  return {
    ...stage,
    usher: () => usher,
    logged,
    async restart() {
      await usher.stop();
      usher = await start();
      return usher;
    },
  };
}

/** Of a thousand mails the newest stand for all: a link in each is looked for everywhere. */
const MAILS_SEARCHED = 20;

/** Everything the app sent to Slack and to the target, and every file of its data. What is in a mail is for its reader: the secret of its link may stand there, and nowhere else. */
async function leaksOf({ workspace, mailbox, target, environment, secrets, evidence }: Omit<Stage, 'leaks'>): Promise<readonly string[]> {
  const payloads = workspace.delivered.map(({ payload }) => payload);
  // A fuzz types the same words everywhere: what was typed elsewhere too is no secret.
  const elsewhere = payloads.map((payload) => JSON.stringify(payload, (key, value: unknown) => (key === 'token' ? null : value))).join('\n');
  const typed = payloads
    .flatMap(typedTokens)
    .filter((token) => !elsewhere.includes(JSON.stringify(token).slice(1, -1)))
    .map((token, index) => [`token ${index + 1} typed in a form`, token] as const);
  const exchanges = await target.requests(1_000);
  const places: readonly Place[] = [
    ...workspace.calls.map(({ method, args }) => ({ name: `a call of ${method}`, text: JSON.stringify(args) })),
    ...workspace.delivered.map(({ outcome }) => ({ name: 'an answer to Slack', text: JSON.stringify(outcome) })),
    ...workspace.files().map(({ name, bytes }) => ({ name: `the upload ${name}`, text: bytes?.toString('latin1') ?? '' })),
    ...exchanges.map(({ method, path, headers, body }) => ({ name: `${method} ${path}`, text: JSON.stringify([path, headers, body]) })),
    ...(await filesBelow(environment.USHER_DATA ?? '')),
    ...evidence.flatMap((look) => [...look()]),
  ];
  return leaksIn(places, [
    ...secrets,
    ...typed,
    ...linkSecretsIn(
      mailbox
        .mails()
        .slice(-MAILS_SEARCHED)
        .map(({ text }) => text),
    ),
  ]);
}

/** What stands in an input named `token` of a submitted form. */
function typedTokens(payload: unknown): readonly string[] {
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload).flatMap(([key, value]: [string, unknown]) => {
    if (key !== 'token' || typeof value !== 'object' || value === null) return typedTokens(value);
    return 'value' in value && typeof value.value === 'string' ? [value.value] : typedTokens(value);
  });
}

function environmentOf(workspace: Workspace, targetUrl: string, folder: string, people: number, http: boolean): Readonly<Record<string, string>> {
  const host = new URL(targetUrl).host;
  return {
    USHER_DATA: join(folder, 'store'),
    USHER_FIRST_ADMINS: ANA,
    USHER_SECRET_KEY: Buffer.alloc(32, 'k').toString('base64'),
    USHER_SECRET_REFERENCES: `env:USHER_SECRET_TARGET@${host}`,
    USHER_SECRET_TARGET: TARGET_TOKEN,
    USHER_SOURCES: people > 0 ? `oneroster:district=${join(folder, 'roster')}` : '',
    USHER_TARGET_ALLOW: host,
    SLACK_API_URL: workspace.apiUrl,
    SLACK_BOT_TOKEN: SLACK.botToken,
    SLACK_CONNECTIONS: '1',
    ...(http ? { SLACK_MODE: 'http', SLACK_SIGNING_SECRET: SLACK.signingSecret, SLACK_PORT: '0' } : { SLACK_APP_TOKEN: SLACK.appToken }),
  };
}

/** A page behind a proxy that nobody plays: `USHER_PAGE_PORT=0` says where it listens (`usher().page`). */
function mailEnvironment(mailbox: Mailbox): Readonly<Record<string, string>> {
  return {
    USHER_SMTP_URL: mailbox.url,
    USHER_SMTP_PLAIN: 'yes',
    USHER_MAIL_FROM: 'Riverside IT <it@riverside.example>',
    USHER_MAIL_PER_SECOND: '500',
    USHER_PAGE_URL: 'http://localhost:8080',
    USHER_PAGE_PORT: '0',
  };
}

function recording(lines: LoggedLine[]): Log {
  const at = (level: LoggedLine['level']) => (fields: LoggedLine['fields'], message: string) => {
    lines.push({ level, fields, message });
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
