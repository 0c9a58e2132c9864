import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import { defaultMapping } from '../src/domain/connectors/default-mapping.ts';
import type { ScimValues } from '../src/domain/connectors/mapping.ts';
import { evaluate } from '../src/domain/connectors/mapping-evaluate.ts';
import type { Person } from '../src/domain/directory/person.ts';
import type { Account } from '../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../src/domain/sync/event.ts';
import { blankAccount } from '../src/domain/sync/task.ts';
import { readUser, userJson } from '../src/scim/user.ts';
import { CONNECTOR, TOKEN } from '../test/domain/sync/world.ts';

/** What a sync is measured against: loops over the same bodies, with the same concurrency, to the same stub. */

const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json', accept: 'application/scim+json' };
const MAPPING = defaultMapping();
const CONTEXT = { organizationName: 'North School', kept: {}, taken: () => false };
/** As the engine has it: intents that become durable together, and milliseconds from one commit of results to the next. */
const BLOCK = 256;
const COMMIT_EVERY = 100;

function valuesOf(person: Person): ScimValues {
  return evaluate(MAPPING, person, CONTEXT).values;
}

function bodyOf(person: Person, values: ScimValues): string {
  return JSON.stringify(userJson(person.id, values, true));
}

/** The bodies that create these people. */
export function bodiesOf(everybody: readonly Person[]): readonly string[] {
  return everybody.map((person) => bodyOf(person, valuesOf(person)));
}

/** Seconds that `concurrency` lanes over one pool take. */
async function timed(url: string, concurrency: number, lane: (pool: Pool, path: string) => Promise<void>): Promise<number> {
  const base = new URL(url);
  const pool = new Pool(base.origin, { connections: concurrency });
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, () => lane(pool, `${base.pathname}/Users`)));
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return seconds;
}

/** Seconds that a plain loop takes to send these bodies. */
export function plainLoop(url: string, concurrency: number, bodies: readonly string[]): Promise<number> {
  let next = 0;
  return timed(url, concurrency, async (pool, path) => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await pool.request({ path, method: 'POST', headers: HEADERS, body });
      await answer.body.text();
    }
  });
}

/** The leanest way through undici: one object a request, as the engine has it. */
function posted(pool: Pool, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve(Buffer.concat(chunks).toString()),
      onResponseError: (_controller, error) => reject(error),
    };
    pool.dispatch({ path, method: 'POST', headers: HEADERS, body }, handler);
  });
}

/** A journal without anything that reads it: lines with their checksum, durable in one sync for all that came together. */
class BareJournal {
  readonly #file: FileHandle;
  #lines = '';
  #writing: Promise<void> | undefined;
  #writtenAt = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  add(row: unknown): void {
    this.#lines += `${JSON.stringify(row)}\n`;
    if (performance.now() - this.#writtenAt >= COMMIT_EVERY) this.#writing ??= this.#write();
  }

  /** Resolves when all that was added until now is durable: at most one write that began before, and one that carries it. */
  async durable(): Promise<void> {
    await this.#writing;
    if (this.#lines !== '') this.#writing ??= this.#write();
    await this.#writing;
  }

  async #write(): Promise<void> {
    this.#writtenAt = performance.now();
    const text = Buffer.from(this.#lines);
    this.#lines = '';
    await this.#file.appendFile(Buffer.concat([text, Buffer.from(`${crc32(text)}\n`)]));
    await this.#file.datasync();
    this.#writing = undefined;
  }
}

interface Ready {
  readonly person: Person;
  readonly values: ScimValues;
  readonly body: string;
}

function pendingOf({ person, values }: Ready): Account {
  const intent = { runId: 'run', operation: 'create' as const, attributes: Object.keys(values) };
  return { ...blankAccount(CONNECTOR, person.id), state: 'pending', origin: 'created', intent };
}

function activeOf({ person, values }: Ready, targetId: string, at: number): Account {
  return { ...blankAccount(CONNECTOR, person.id), targetId, state: 'active', origin: 'created', pushed: { values, at }, timeline: [[at, 'active']] };
}

function eventOf({ person, values }: Ready, targetId: string, at: number): ProvisioningEvent {
  const changes = Object.entries(values).map(([attribute, after]) => ({ attribute, before: null, after }));
  const nobody = { errorCode: null, errorMessage: null, httpStatus: null, attempts: 1, cause: null };
  const run = { runId: 'run', connectorId: CONNECTOR, application: 'Portal', organizationId: person.organizationId, by: 'U1' };
  const subject = { subjectId: person.id, subjectName: person.sourceId, targetId, success: true };
  return { id: `e${at}-${person.sourceId}`, at, type: 'user_create_provision', ...run, ...subject, ...nobody, changes };
}

/**
 * Seconds that a loop takes which does the least that a durable first sync of these people can do, and nothing else of one: each is read and mapped,
 * their intent is durable before they are sent, the answer is parsed, the account and its event are durable at the end. No plan, no lanes, no
 * permits, no retries, no store that anything could be asked of.
 */
export async function leastLoop(url: string, concurrency: number, rows: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-least-'));
  const file = await open(join(folder, 'journal'), 'w');
  const journal = new BareJournal(file);
  const ready: Ready[] = [];
  let read = 0;
  let preparing: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    const block = rows.slice(read, read + BLOCK).map((row): Ready => {
      const person: Person = JSON.parse(row);
      const values = valuesOf(person);
      return { person, values, body: bodyOf(person, values) };
    });
    read += block.length;
    for (const one of block) journal.add(pendingOf(one));
    await journal.durable();
    ready.push(...block);
    preparing = undefined;
  };
  const next = async (): Promise<Ready | undefined> => {
    if (ready.length < BLOCK && read < rows.length) preparing ??= prepare();
    while (ready.length === 0 && (preparing !== undefined || read < rows.length)) {
      preparing ??= prepare();
      await preparing;
    }
    return ready.shift();
  };
  const seconds = await timed(url, concurrency, async (pool, path) => {
    for (let one = await next(); one !== undefined; one = await next()) {
      const user = readUser(JSON.parse(await posted(pool, path, one.body)));
      if (user === null) throw new Error('the stub answered with no user');
      const at = Date.now();
      journal.add(activeOf(one, user.id, at));
      journal.add(eventOf(one, user.id, at));
    }
    await journal.durable();
  });
  await file.close();
  await rm(folder, { recursive: true });
  return seconds;
}
