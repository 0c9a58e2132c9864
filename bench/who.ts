/**
 * What it costs to find out who asks, which stands before every ack: `npx tsx bench/who.ts [roles] [groups] [members]`
 * (200, 50, 500). A real JSON store; Slack is not asked, as after a person's first ask.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import { put } from '../src/domain/revise.ts';
import type { Holder } from '../src/domain/rights/role-grant.ts';
import { actorOf, whomToAsk } from '../src/domain/rights/verbs/who.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Put } from '../src/ports/store.ts';
import type { Workspace } from '../src/ports/workspace.ts';

const [roles = 200, groups = 50, members = 500] = process.argv.slice(2).map(Number);
const TEAM = 'T1';
const ROUNDS = 300;

const clock: Clock = { now: () => Date.now(), until: () => Promise.reject(new Error('nothing waits here')) };
const log = { info: () => undefined, warn: () => undefined, error: (fields: unknown, message: string) => console.error(message, fields) };
const never = (): Promise<never> => Promise.reject(new Error('Slack is not asked here'));
const workspace: Workspace = {
  member: never,
  group: never,
  groups: never,
  channelName: never,
  postingProblem: never,
  mayHoldNames: never,
  upload: never,
  download: never,
};

function seeded(): readonly Put[] {
  const puts: Put[] = [];
  for (let at = 0; at < groups; at += 1) {
    const id = `S${at}`;
    const of = { id, teamId: TEAM, handle: id, name: id, members: Array.from({ length: members }, (_, index) => `U${at}X${index}`), readAt: 0 };
    puts.push(put('userGroup', id, of));
  }
  for (let at = 0; at < roles; at += 1) {
    const holder: Holder = at % 2 === 0 ? { is: 'group', teamId: TEAM, groupId: `S${(at / 2) % groups}` } : { is: 'person', teamId: TEAM, userId: `UP${at}` };
    puts.push(put('grant', `G-${at}`, { id: `G-${at}`, holder, role: at < 4 ? 'admin' : 'viewer', organizationId: null, by: 'U1', at: 0, why: null }));
  }
  const last = `U${groups - 1}X${members - 1}`;
  puts.push(put('slackPerson', last, { id: last, teamId: TEAM, name: 'last', guest: false, foreign: false, deactivated: null, readAt: 0 }));
  return puts;
}

const folder = await mkdtemp(join(tmpdir(), 'usher-who-'));
const store = await openJsonStore({ folder, clock, log });
try {
  await store.transaction({ puts: seeded() });
  const settings = { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } };
  const outside = { store, settings, clock, workspace };
  for (const [what, ask] of [
    ['member of one group', () => actorOf(outside, TEAM, `U${groups - 1}X${members - 1}`, 'command')],
    ['stranger', () => actorOf(outside, TEAM, 'U0STRANGER', 'command')],
    ['whom to ask', () => whomToAsk(outside)],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      await ask();
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const at = (part: number): string => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(2);
    console.log(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms (${roles} roles, ${groups} groups of ${members})`);
  }
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
