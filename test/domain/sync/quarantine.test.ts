import { expect, it } from 'vitest';
import type { Health } from '../../../src/domain/connectors/connector.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import { healthAfter } from '../../../src/domain/sync/health.ts';
import { NO_COUNTS, type RunCounts } from '../../../src/domain/sync/run.ts';
import { nextFire } from '../../../src/domain/sync/verbs/schedule.ts';
import { connectorSign, signed } from '../../../views/signs.ts';
import { type ManualClock, MORNING } from '../../clock.ts';
import { beforeMemory } from './before-memory.ts';
import { fault, type MemoryTarget } from './memory-target.ts';
import { connector, patiently, people, type World } from './world.ts';

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const OK: Health = { is: 'ok' };
const told = (counts: Partial<RunCounts>, by = SCHEDULE.userId) => ({ kind: 'sync' as const, by, counts: { ...NO_COUNTS, ...counts } });

it('S17 quarantines when more than half of at least 20 operations failed, and not with half or with fewer', () => {
  expect(healthAfter(OK, told({ failed: 11, created: 9 }), 'completed', 'partial', MORNING)).toMatchObject({ is: 'quarantined', hours: 1, why: 'failures' });
  expect(healthAfter(OK, told({ failed: 10, created: 10 }), 'completed', 'partial', MORNING)).toMatchObject({ is: 'degraded' });
  expect(healthAfter(OK, told({ failed: 18, created: 1 }), 'completed', 'partial', MORNING)).toMatchObject({ is: 'degraded' });
});

it('S17 quarantines after three runs without success, counted in a row', () => {
  const bad = (health: Health): Health => healthAfter(health, told({}), 'failed', 'failure', MORNING);
  expect(bad(bad(OK)).is).toBe('failing');
  expect(bad(bad(bad(OK)))).toMatchObject({ is: 'quarantined', why: 'runs' });
  const good = healthAfter(bad(bad(OK)), told({ created: 1 }), 'completed', 'success', MORNING);
  expect(bad(good).is).toBe('failing');
  const nothing = (health: Health): Health => healthAfter(health, told({ failed: 1 }), 'completed', 'partial', MORNING);
  expect(nothing(nothing(nothing(OK))).is).toBe('quarantined');
});

it('S17 lets the cadence fall to 1, 4, 12 and 24 hours with each bad scheduled run, and not by hand', () => {
  let health = healthAfter(OK, told({ failed: 30 }), 'completed', 'partial', MORNING);
  const hours: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    if (health.is === 'quarantined') hours.push(health.hours);
    health = healthAfter(health, told({}), 'failed', 'failure', MORNING);
  }
  expect(hours).toEqual([1, 4, 12, 24, 24]);
  const first = healthAfter(OK, told({ failed: 30 }), 'completed', 'partial', MORNING);
  expect(healthAfter(first, told({}, 'U1'), 'failed', 'failure', MORNING + HOUR)).toEqual(first);
});

it('S17 has the schedule wait for the first firing after the rest, and go on as before when it is over', () => {
  const every = { cron: '*/15 * * * *', timeZone: 'UTC' };
  const of = (health: Health) => connector('https://target.example', { operating: { schedule: every }, connector: { health } });
  const quarantined: Health = { is: 'quarantined', since: MORNING, hours: 4, until: MORNING + 4 * HOUR, why: 'runs' };
  const { calendar } = home.outside;
  expect(nextFire(of(quarantined), calendar, MORNING)).toBeGreaterThanOrEqual(MORNING + 4 * HOUR);
  expect(nextFire(of(quarantined), calendar, MORNING)).toBeLessThanOrEqual(MORNING + 4.25 * HOUR);
  expect(nextFire(of(OK), calendar, MORNING)).toBeLessThanOrEqual(MORNING + 0.25 * HOUR);
});

it('S17 tells the owner once, works by hand as ever, and recovers with the first good run', async () => {
  await home.seed(connector('https://target.example/scim'), people(25));
  target.before = ({ what }) => {
    if (what === 'create') throw fault({ next: 'refused', status: 400, message: 'No' });
  };
  await patiently(clock, home.sync());
  expect((await home.connector()).health).toMatchObject({ is: 'quarantined' });
  await patiently(clock, home.sync());
  const notes = (await home.all('card')).filter(({ id }) => id.startsWith('quarantine/'));
  expect(notes).toHaveLength(1);
  expect(notes[0]?.place).toEqual({ is: 'person', userId: 'U1' });
  expect(home.drawn).toContain(notes[0]?.id);
  target.before = () => undefined;
  await patiently(clock, home.sync());
  expect((await home.connector()).health).toEqual({ is: 'ok' });
});

it('C18 shows each health with its own sign and word', () => {
  const shown = (health: Health): string => signed(connectorSign({ is: 'active', since: 0 }, health));
  expect(shown({ is: 'degraded', since: 0 })).toBe('◐ degraded');
  expect(shown({ is: 'failing', since: 0 })).toBe('✕ failing');
  expect(shown({ is: 'quarantined', since: 0, hours: 1, until: 0, why: 'runs' })).toBe('⛔ quarantined');
  expect(shown({ is: 'needs-credentials', since: 0 })).toBe('🔑 needs credentials');
});

it('C18 pauses the schedule after a 401, with nobody marked as failed', async () => {
  await home.seed(connector('https://target.example/scim', { operating: { schedule: { cron: '0 * * * *', timeZone: 'UTC' } } }), people(25));
  target.before = ({ what }) => {
    if (what === 'create') throw fault({ next: 'credentials', status: 401, message: 'Token expired' });
  };
  const run = await patiently(clock, home.sync());
  expect(run.state).toMatchObject({ ending: 'credentials' });
  expect(run.counts.failed).toBe(0);
  const after = await home.connector();
  expect(after.health.is).toBe('needs-credentials');
  expect(nextFire(after, home.outside.calendar, clock.now())).toBeNull();
});

it('C18 takes a 403 on one object for that object’s error', async () => {
  await home.seed(connector('https://target.example/scim'), people(25));
  target.before = ({ what, userName }) => {
    if (what === 'create' && userName === 'p00003') throw fault({ next: 'refused', status: 403, message: 'Not this one' });
  };
  const run = await patiently(clock, home.sync());
  expect(run.counts).toMatchObject({ created: 24, failed: 1 });
  expect((await home.connector()).health.is).toBe('degraded');
});

it('C18 takes a 403 for the token’s where our own probe request meets one too, and asks once for many', async () => {
  await home.seed(connector('https://target.example/scim'), people(25));
  target.before = ({ what }) => {
    if (what === 'create' || what === 'lookUp') throw fault({ next: 'refused', status: 403, message: 'Forbidden' });
  };
  const run = await patiently(clock, home.sync());
  expect(run.state).toMatchObject({ ending: 'credentials' });
  expect(run.counts.failed).toBe(0);
  expect((await home.connector()).health.is).toBe('needs-credentials');
  expect(target.calls.filter(({ what, userName }) => what === 'lookUp' && userName === 'test@example.org')).toHaveLength(1);
});

it('C18 takes a listing that is refused for the token’s where the probe is refused too', async () => {
  await home.seed(connector('https://target.example/scim'), people(3));
  target.before = () => {
    throw fault({ next: 'refused', status: 403, message: 'Forbidden' });
  };
  expect((await patiently(clock, home.sync())).state).toMatchObject({ ending: 'credentials' });
});
