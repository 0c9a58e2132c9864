import { onTestFinished } from 'vitest';
import { createFingerprint } from '../../src/adapters/system/fingerprint.ts';
import { type Enrollment, enrollmentKey } from '../../src/domain/enrollment/enrollment.ts';
import type { AuthenticationType } from '../../src/domain/enrollment/policy.ts';
import type { EnrollmentTask } from '../../src/domain/enrollment/task.ts';
import { DAY, type Instant } from '../../src/domain/instant.ts';
import { put } from '../../src/domain/revise.ts';
import { type Account, accountKey } from '../../src/domain/sync/account.ts';
import { type PageOptions, startEnrollmentPage } from '../../src/enrollment-page/server.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Put, Store } from '../../src/ports/store.ts';
import { type ManualClock, manualClock, MORNING } from '../clock.ts';
import { CONNECTOR, connector, person, type World, world } from '../domain/sync/world.ts';

export const KEY = Buffer.alloc(32, 'page');
/** A secret as `Chance.secret` makes it: 43 letters. */
export const secretOf = (name: string): string => name.padEnd(43, '_');
export const LEE = secretOf('lee');
export const SERIAL = 'GT-0001';
const TASK = 'T-1';

export interface PageWorldOptions {
  readonly types?: readonly AuthenticationType[];
  readonly attempts?: number;
  /** Null for unlimited. */
  readonly seats?: number | null;
  /** First names of the invited; each has a link `secretOf(<name>)` and an account that waits for them. */
  readonly people?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly application?: string;
  readonly page?: Partial<PageOptions>;
  readonly around?: (store: Store) => Store;
}

export interface PageWorld {
  readonly world: World;
  readonly clock: ManualClock;
  /** Without a slash at the end. */
  readonly url: string;
  readonly logged: { readonly level: string; readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  entry(name?: string): Promise<Enrollment | undefined>;
  /** Every document there is of what enrollment may change, as one text: equal before and after whatever changes nothing. */
  everything(): Promise<string>;
}

export const STOP: Instant = MORNING + 10 * DAY;

/** The page over HTTP on loopback, before a real store with a task of invited people. */
export async function pageWorld(options: PageWorldOptions = {}): Promise<PageWorld> {
  const { people = ['lee'], types = ['link'], seats = null, page = {} } = options;
  const clock = manualClock();
  const made = await world({ clock, ...(options.around === undefined ? {} : { around: options.around }) });
  onTestFinished(() => made.close());
  const folk = people.map((name) =>
    person(name, { attributes: { displayName: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} Okafor`, ...options.attributes } }),
  );
  await made.seed(connector('https://zoom.example', { connector: { name: options.application ?? 'Zoom' } }), folk);
  await made.write([...invitations(people, types, options.attempts ?? 5), ...stock(), put('instance', 'i1', instance(seats))]);
  const logged: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => void logged.push({ level, fields, message });
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error') };
  const options_: PageOptions = {
    outside: () => ({ ...made.outside, log }),
    key: KEY,
    url: 'https://enroll.example.org',
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    ...page,
  };
  const server = await startEnrollmentPage(options_);
  onTestFinished(() => server.stop());
  return {
    world: made,
    clock,
    url: `http://127.0.0.1:${server.port}`,
    logged,
    entry: async (name = 'lee') => (await made.outside.store.get('enrollment', enrollmentKey(TASK, `csv:${name}`)))?.value,
    everything: async () => {
      const kinds = ['enrollment', 'enrollmentLink', 'task', 'account', 'seatBook', 'hardwareToken', 'stock', 'letter', 'tasksOf'] as const;
      return JSON.stringify(await Promise.all(kinds.map((kind) => made.all(kind))));
    },
  };
}

function instance(seats: number | null) {
  const base = { id: 'i1', application: 'Zoom', name: 'Zoom', organizationId: 'csv:district' };
  return { ...base, seats: seats === null ? { is: 'unlimited' as const } : { is: 'set' as const, total: seats, by: 'U1', at: MORNING } };
}

function invitations(people: readonly string[], types: readonly AuthenticationType[], attempts: number): readonly Put[] {
  const fingerprint = createFingerprint();
  const task: EnrollmentTask = {
    id: TASK,
    number: 1,
    connectorId: CONNECTOR,
    organizationId: 'csv:district',
    runId: null,
    by: 'U1',
    start: MORNING,
    stop: STOP,
    days: 10,
    attempts,
    types,
    state: { is: 'open' },
    mailedTo: null,
    timeZone: 'Europe/Madrid',
  };
  return [
    put('task', TASK, task),
    ...people.flatMap((name) => {
      const personId = `csv:${name}`;
      const link = fingerprint.ofSecret(secretOf(name));
      return [
        put('enrollment', enrollmentKey(TASK, personId), entry(personId, link, types)),
        put('enrollmentLink', link, { taskId: TASK, personId }),
        put('tasksOf', `${personId}/${TASK}`, { taskId: TASK }),
        put('account', accountKey(CONNECTOR, personId), account(personId)),
      ];
    }),
  ];
}

function entry(personId: string, link: string, types: readonly AuthenticationType[]): Enrollment {
  const [only, ...more] = types;
  const base = { taskId: TASK, personId, connectorId: CONNECTOR, state: { is: 'active' as const }, stop: STOP, attempts: 0, links: [link], serial: null };
  return { ...base, type: more.length === 0 ? (only ?? null) : null, reserved: null, waitingSince: null, mail: null, reminded: [] };
}

function account(personId: string): Account {
  const base = { connectorId: CONNECTOR, personId, targetId: personId, state: 'inactive' as const, origin: 'created' as const };
  const invited = { since: MORNING, granted: null };
  return { ...base, pushed: { values: {}, at: MORNING }, intent: null, generated: {}, deleteAt: null, invited, timeline: [[MORNING, 'invited']] };
}

function stock(): readonly Put[] {
  const serials = ['GT0001', 'GT0002', 'GT0003'];
  return [
    ...serials.map((serial) => put('hardwareToken', serial, { serial, organizationId: 'csv:district', importedAt: MORNING, importedBy: 'U1', used: null })),
    put('stock', 'csv:district', { total: serials.length, used: 0, reserved: 0 }),
  ];
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What a reader sees: the text without markup. */
  readonly text: string;
  readonly title: string;
}

export async function visit(url: string, init: RequestInit = {}): Promise<Seen> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const html = await response.text();
  const text = html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<\/?(?:bdi|strong|code|span)[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  return { status: response.status, headers: response.headers, html, text, title: /<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? '' };
}

/** The page's own form, filled in and sent as a browser does; the answer before the redirect is followed. */
export async function submit(
  page: PageWorld,
  path: string,
  typed: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  const form = await visit(`${page.url}${path}`);
  const proof = /name="proof" value="([^"]*)"/.exec(form.html)?.[1] ?? '';
  return post(page, path, { proof, ...typed }, headers);
}

export function post(page: PageWorld, path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
  return visit(`${page.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
  });
}

/** Submits, and follows the redirect: what the person sees in the end. */
export async function accepted(page: PageWorld, path: string, typed: Readonly<Record<string, string>>): Promise<Seen> {
  const answer = await submit(page, path, typed);
  const location = answer.headers.get('location');
  return location === null ? answer : visit(`${page.url}${location}`);
}
