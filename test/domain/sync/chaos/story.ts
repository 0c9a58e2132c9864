import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultMapping } from '../../../../src/domain/connectors/default-mapping.ts';
import { RFC_DIALECT } from '../../../../src/domain/connectors/dialect.ts';
import { MANAGER, type Mapping } from '../../../../src/domain/connectors/mapping.ts';
import type { Person } from '../../../../src/domain/directory/person.ts';
import type { EnrollmentSwitch } from '../../../../src/domain/enrollment/policy.ts';
import { accountKey, isInvited } from '../../../../src/domain/sync/account.ts';
import { createAdmin } from '../../../../src/sandbox/scim/admin-client.ts';
import type { AdminRequest } from '../../../../src/sandbox/scim/admin-shapes.ts';
import { sibling, startChild } from '../../../../src/sandbox/scim/child.ts';
import type { FaultInput } from '../../../../src/sandbox/scim/faults.ts';
import { manualClock, MORNING } from '../../../clock.ts';
import { assignment, CONNECTOR, connector, person, STAFF, TEACHERS, type World, world } from '../world.ts';
import { type Life, type Lived, live } from './engine.ts';
import { type Evidence, problemsOf } from './verdict.ts';

const MAPPED: Mapping = defaultMapping().map((rule) =>
  rule.attribute === MANAGER ? { attribute: MANAGER, from: { is: 'attribute', name: 'manager' } } : rule,
);
const HOUR = 3_600_000;
const PHASES = 3;
const MOST_LIVES = 5;

/** Where the target listens: a process of its own. */
export interface Place {
  readonly url: string;
  readonly pageUrl: string;
}

/** What became of one seed. */
export interface Told {
  readonly seed: number;
  /** What is not as it must be, in words; empty where the target is what was planned and everything is told. */
  readonly problems: readonly string[];
  readonly runs: number;
  readonly deaths: number;
  readonly requests: number;
  /** Faults that struck, by name. */
  readonly struck: Readonly<Record<string, number>>;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws from the seed's numbers. */
class Draw {
  readonly next: () => number;
  constructor(seed: number) {
    this.next = numbers(seed);
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  is(share: number): boolean {
    return this.next() < share;
  }

  of<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }
}

/** What goes wrong in one phase: each is on or off, and strikes a share of the requests. */
function mischief(draw: Draw): readonly FaultInput[] {
  const share = (most: number) => ({ is: 'share' as const, of: 0.03 + draw.next() * most });
  const retryAfter = () => draw.of([{ is: 'none' as const }, { is: 'seconds' as const, seconds: 1 + draw.below(40) }]);
  const all: readonly FaultInput[] = [
    { is: 'lost-reply', when: share(0.2) },
    { is: 'dropped-connection', when: share(0.1) },
    { is: 'too-many-requests', when: share(0.2), retryAfter: retryAfter() },
    { is: 'server-error', status: draw.of([500, 502, 503, 504] as const), when: share(0.12), retryAfter: retryAfter() },
    { is: 'html-body', status: draw.of([502, 502, 200, 403] as const), when: share(0.06) },
    { is: 'truncated-body', end: draw.of(['hangs-up', 'short'] as const), when: share(0.1) },
    { is: 'case-exact' },
  ];
  return all.filter(() => draw.is(0.55));
}

/** What a share of the seeds have beside the rest. */
interface Traits {
  /** Managers are mapped (S24). */
  readonly managers: boolean;
  /** Accounts arrive inactive, and some of their people are granted a seat later (E10). */
  readonly invites: boolean;
  /** It is proven that the target can be asked for a person's key: a few open creates are found without a walk (S13). */
  readonly asks: boolean;
}

const INVITED: EnrollmentSwitch = { on: true, arriveAs: 'invited', testAddress: null, at: 0, by: 'U1' };

/** Somebody as the directory has them at this moment. Who `stays` has one user name all along: an account of theirs is waiting. */
function drawn(draw: Draw, seed: number, at: number, stays: boolean, manager: Readonly<Record<string, string>>): Person {
  const groupings = draw.of([[TEACHERS], [STAFF], [TEACHERS, STAFF], [TEACHERS], []] as const);
  const userName = `s${seed}p${at}${draw.is(0.1) && !stays ? 'x' : ''}`;
  const title = draw.is(0.4) ? { title: draw.of(['Head', 'Dean', 'Librarian']) } : {};
  return person(`s${seed}p${at}`, {
    groupings,
    status: draw.is(0.93) ? 'active' : 'inactive',
    attributes: { userName, familyName: draw.of(['Hall', 'Lee']), ...title, ...manager },
  });
}

/** One seed: a small district, three days of change and trouble, then a calm day. */
class Story {
  readonly #seed: number;
  readonly #draw: Draw;
  /** Of its own, so that a seed without traits goes on telling the same story. */
  readonly #more: Draw;
  readonly #traits: Traits;
  /** Target ids whose people were granted a seat. */
  readonly #granted = new Set<string>();
  readonly #place: Place;
  readonly #folder: string;
  readonly #death: Life['death'];
  readonly #directory = new Map<string, Person>();
  readonly #people: number;
  readonly #awaited: ReadonlySet<number>;
  #now = MORNING;
  #deaths = 0;
  readonly #struck: Record<string, number> = {};
  readonly #phases: { requests: AdminRequest[]; runs: Set<string> }[] = [];

  constructor(seed: number, place: Place, folder: string, death: Life['death']) {
    this.#seed = seed;
    this.#draw = new Draw(seed);
    this.#more = new Draw(-seed);
    this.#traits = { managers: seed % 2 === 1, invites: seed % 3 === 2, asks: seed % 4 === 2 };
    this.#place = place;
    this.#folder = folder;
    this.#death = death;
    this.#people = 15 + this.#draw.below(16);
    this.#awaited = new Set(Array.from({ length: 3 }, () => this.#draw.below(this.#people)));
  }

  get admin() {
    return createAdmin(this.#place.pageUrl);
  }

  /** The store, between two lives. */
  async #home<T>(work: (home: World) => Promise<T>): Promise<T> {
    const home = await world({ folder: this.#folder, clock: manualClock(this.#now) });
    try {
      return await work(home);
    } finally {
      await home.close();
    }
  }

  async tell(): Promise<Told> {
    const before = await this.#begin();
    for (let phase = 0; phase < PHASES; phase += 1) {
      await this.#change(phase);
      await this.#grant();
      await this.admin.setAll({ seed: this.#seed * 10 + phase, faults: [...mischief(this.#draw)] });
      await this.#trouble(phase === 0 ? 70 : 30);
      await this.#close();
    }
    await this.admin.setAll({ faults: [] });
    const calm = await this.#live(null);
    await this.#close();
    const quiet = await this.#live(null);
    await this.#close();
    const evidence = await this.#home((home) => this.#evidence(home, before));
    const problems = [...calmProblems(calm, quiet, this.#phases.at(-1)?.requests.length ?? 0), ...(await problemsOf(evidence))];
    const requests = this.#phases.reduce((sum, phase) => sum + phase.requests.length, 0);
    return { seed: this.#seed, problems, runs: evidence.runs.length, deaths: this.#deaths, requests, struck: this.#struck };
  }

  /** Accounts that were there before: some of people to come, in other letters, and two that are nobody's. */
  async #begin(): Promise<Evidence['before']> {
    const draw = this.#draw;
    await this.admin.reset();
    const awaited = [...this.#awaited].map((at) => `S${this.#seed}P${at}`);
    const users = [...awaited, 'stranger-1', 'stranger-2'].map((userName) => ({ userName }));
    await this.admin.seed({ users });
    const given = connector(this.#place.url, {
      settings: {
        manageGroups: true,
        mapping: this.#traits.managers ? MAPPED : defaultMapping(),
        leavers: draw.is(0.3) ? { are: 'deleted', afterDays: 1 } : { are: 'deactivated' },
      },
      operating: { concurrency: 1 + draw.below(8), fuse: { people: 1_000, percent: 100, absolute: 1_000 } },
      connector: this.#traits.asks ? { dialect: { ...RFC_DIALECT, filter: { externalId: 'works', letterCase: 'unknown' } } } : {},
    });
    await this.#home((home) => home.seed(given, [], [assignment(1), assignment(2, STAFF)]));
    if (this.#traits.invites) await this.#home((home) => home.put('enrollmentSwitch', CONNECTOR, INVITED));
    return (await this.admin.users({ size: 1_000 })).users;
  }

  /** Another day in the directory: people come, go, change and come back. */
  async #change(phase: number): Promise<void> {
    this.#now += 48 * HOUR;
    for (let at = 0; at < this.#people; at += 1) {
      const id = `csv:s${this.#seed}p${at}`;
      if (this.#draw.is(phase === 0 ? 0.85 : 0.3)) this.#directory.set(id, drawn(this.#draw, this.#seed, at, this.#awaited.has(at), this.#manager()));
      else if (this.#draw.is(0.08)) this.#directory.delete(id);
    }
    await this.#home(async (home) => {
      for (const { id } of await home.all('person')) if (!this.#directory.has(id)) await home.put('person', id, null);
      await home.people([...this.#directory.values()]);
    });
  }

  /** What the directory says of somebody's manager: themselves at times, or somebody who isn't there. */
  #manager(): Readonly<Record<string, string>> {
    return this.#traits.managers && this.#more.is(0.6) ? { manager: `s${this.#seed}p${this.#more.below(this.#people)}` } : {};
  }

  /** Some of those who wait accept, and have their seat. */
  async #grant(): Promise<void> {
    await this.#home(async (home) => {
      for (const account of await home.accounts()) {
        const { personId, targetId, invited } = account;
        if (invited === undefined || targetId === null || !isInvited(account) || !this.#more.is(0.3)) continue;
        this.#granted.add(targetId);
        await home.put('account', accountKey(CONNECTOR, personId), { ...account, invited: { ...invited, granted: this.#now } });
      }
    });
  }

  /** Lives and deaths of the engine until a run has ended, mostly. */
  async #trouble(steps: number): Promise<void> {
    for (let lives = 1; lives <= MOST_LIVES; lives += 1) {
      const dies = lives < MOST_LIVES && this.#draw.is(0.7);
      const lived = await this.#live(dies ? 1 + this.#draw.below(steps) : null);
      if (lived === null) this.#deaths += 1;
      else if (this.#draw.is(0.5)) return;
    }
  }

  async #live(deathAt: number | null): Promise<Lived> {
    const life: Life = { folder: this.#folder, url: this.#place.url, now: this.#now, deathAt, death: this.#death };
    this.#now += HOUR;
    // Who is not killed needs no process of their own.
    return life.death === 'killed' && deathAt !== null ? await liveApart(life) : await live(life);
  }

  /** What the target heard in this phase, and which runs belong to it. */
  async #close(): Promise<void> {
    const requests = await this.admin.requests(1_000);
    const { mischief: present } = await this.admin.state();
    for (const { fault, struck } of present.faults) this.#struck[fault.is] = (this.#struck[fault.is] ?? 0) + struck;
    await this.admin.clearRequests();
    const runs = await this.#home((home) => home.all('run'));
    this.#phases.push({ requests: [...requests], runs: new Set(runs.map(({ id }) => id)) });
  }

  async #evidence(home: World, before: Evidence['before']): Promise<Evidence> {
    return {
      ...{ place: this.#place, before, phases: this.#phases, directory: [...this.#directory.values()] },
      ...{ invites: this.#traits.invites, granted: this.#granted },
      ...{ connector: await home.connector(), accounts: await home.accounts(), pushed: await home.all('pushedGroup') },
      ...{ runs: await home.all('run'), events: await home.events() },
    };
  }
}

function calmProblems(calm: Lived, quiet: Lived, requests: number): readonly string[] {
  const problems: string[] = [];
  if (calm?.state.is !== 'ended' || calm.state.result !== 'success') problems.push(`the calm run was no success: ${JSON.stringify(calm)}`);
  if (quiet?.state.is !== 'ended' || requests > 0) problems.push(`a run after it sent ${requests} requests: ${JSON.stringify(quiet?.counts)}`);
  return problems;
}

/** A life in a process of its own, so that it can be killed. */
export async function liveApart(life: Life): Promise<Lived> {
  const answer = z.object({ lived: z.custom<Lived>() });
  try {
    const child = await startChild(sibling('child', import.meta.url), life, answer);
    await child.close();
    return child.ready.lived;
  } catch (error) {
    if (error instanceof Error && error.message.includes('SIGKILL')) return null;
    throw error;
  }
}

/** Tells one seed before the target, which is emptied first. */
export async function chaos(seed: number, place: Place, death: Life['death']): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-chaos-'));
  try {
    return await new Story(seed, place, folder, death).tell();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
