import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../src/domain/instant.ts';
import { previewMessage } from '../../../views/sync/preview-message.ts';
import { causeOf, withoutIds } from '../../../src/domain/sync/cause.ts';
import { RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { preview } from '../../../src/domain/sync/preview.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeMemory } from './before-memory.ts';
import { fault, type MemoryTarget } from './memory-target.ts';
import { CONNECTOR, connector, patiently, people, person, type World } from './world.ts';

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

describe('a preview', () => {
  it('C21 S6 lists a target that was never listed, says what a run would do, and writes nothing there', async () => {
    target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'P00000' } });
    target.users.set('x2', { id: 'x2', externalId: null, active: false, values: { userName: 'p00001' } });
    target.users.set('x3', { id: 'x3', externalId: null, active: true, values: { userName: 'by.hand' } });
    await home.seed(connector('https://x.example', { operating: { requestsPerSecond: 3 } }), [...people(20), { ...person('none'), attributes: {} }]);
    const shown = await preview(home.outside, CONNECTOR);
    expect(shown).toMatchObject({ counts: { create: 18, adopt: 2, frozen: 1, deactivate: 0 }, unchanged: 0, requests: 20, seconds: 7, unlisted: null });
    expect(shown?.names.create).toHaveLength(10);
    expect(shown?.names.adopt).toEqual(['p00000 Example', 'p00001 Example']);
    expect(shown?.seats).toEqual({ total: null, before: 2, after: 21 });
    expect(target.writes()).toEqual([]);
    expect(await home.accounts()).toEqual([]);
    target.calls.length = 0;
    await preview(home.outside, CONNECTOR);
    expect(target.calls).toEqual([]);
  });

  it('S6 S7 reckons with Bulk where it is used', async () => {
    const given = connector('https://x.example', { operating: { requestsPerSecond: 2 } });
    await home.seed({ ...given, dialect: { ...RFC_DIALECT, bulk: { maxOperations: 5 } } }, people(21));
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { create: 21 }, requests: 5, seconds: 3 });
  });

  it('A1 S6 the next run does exactly what was shown', async () => {
    await home.seed(connector('https://x.example'), people(20));
    const shown = await preview(home.outside, CONNECTOR);
    expect((await home.sync()).counts).toMatchObject({ created: shown?.counts.create, adopted: shown?.counts.adopt });
  });

  it('S14 tells how many removals the fuse would hold', async () => {
    await home.seed(connector('https://x.example'), people(60));
    await home.sync();
    await home.people(people(20, { groupings: [] }));
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({
      counts: { deactivate: 20 },
      held: { removals: 20, accounts: 60 },
      requests: 0,
      unchanged: 40,
    });
  });

  it('S14 S21 knows the freeze in force, and the hold that stands with what was released of it', async () => {
    await home.seed(connector('https://x.example'), people(60));
    await home.sync();
    await home.people(people(3, { groupings: [] }));
    const now = home.outside.clock.now();
    const exams = { id: 'F-1', name: 'Exams', connectorId: null, from: now - HOUR, until: now + HOUR, by: 'U1' };
    await home.put('freeze', 'F-1', exams);
    const frozen = await preview(home.outside, CONNECTOR);
    expect(frozen).toMatchObject({ counts: { deactivate: 3 }, held: { removals: 3, by: { is: 'freeze', name: 'Exams' } }, requests: 0, seats: { after: 60 } });
    if (frozen === undefined) throw new Error('no preview');
    expect(JSON.stringify(previewMessage(frozen, { id: 'c1', name: 'Portal' }, true))).toContain('3 removals held back by the freeze “Exams”.');
    await home.put('freeze', 'F-1', null);
    await home.people(people(20, { groupings: [] }));
    await home.sync();
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ held: { removals: 20, by: { is: 'fuse' } } });
    const [hold] = await home.all('hold');
    if (hold === undefined) throw new Error('nothing is held');
    const released = hold.people.slice(0, 5);
    await home.put('hold', hold.id, { ...hold, released, releases: [{ at: home.outside.clock.now(), by: 'U2', reason: 'left', people: released }] });
    const partly = await preview(home.outside, CONNECTOR);
    expect(partly).toMatchObject({ counts: { deactivate: 20 }, held: { removals: 15 }, requests: 5 });
    if (partly === undefined) throw new Error('no preview');
    expect(JSON.stringify(previewMessage(partly, { id: 'c1', name: 'Portal' }, true))).toContain('15 removals held back by the fuse; the other 5 would go.');
  });

  it('S6 S26 counts who waits for the name of an account whose adoption nobody approved as left, as the run does', async () => {
    target.users.set('x1', { id: 'x1', externalId: 'csv:bob', active: true, values: { userName: 'cy' } });
    const { adoption: _, ...unapproved } = connector('https://x.example');
    await home.seed(unapproved, [person('ann')]);
    await home.sync();
    await home.people([person('bob'), person('cy')]);
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { adopt: 1, create: 0, frozen: 1 }, unchanged: 1 });
    const run = await home.sync();
    expect(run).toMatchObject({ total: 0, done: 0, counts: { adopted: 0, created: 0 }, frozen: { count: 1 } });
    // In the plan that it made, who waits goes in turn.
    expect((await home.all('plan')).map(({ counts }) => counts)).toEqual([expect.objectContaining({ adopt: 1, create: 1, frozen: 0 })]);
  });

  it('S6 S8 where the target can’t be listed it says so and goes on', async () => {
    await home.seed(connector('https://x.example'), people(2));
    target.before = () => {
      throw fault({ next: 'again', status: 500, message: 'down' });
    };
    expect(await patiently(clock, preview(home.outside, CONNECTOR))).toMatchObject({ counts: { create: 2 }, unlisted: 'down' });
  });
});

describe('the cause of a failure', () => {
  it('S15 is the same for the same words about different people', () => {
    const fingerprint = home.outside.fingerprint;
    const key = (message: string): string => causeOf({ status: 400, scimType: null, message }, fingerprint).key;
    expect(key('User "ann@example.org" (id 12) exists')).toBe(key('User "bob@example.org" (id 7345) exists'));
    expect(key('ann@example.org is not verified')).toBe(key('b.c@school.example.org is not verified'));
    expect(key('2819c223-7f76-453a-919d-413861904646 is locked')).toBe(key('00000000-7f76-453a-919d-413861904646 is locked'));
    expect(key('Seat limit reached')).not.toBe(key('Domain is not verified'));
    expect(causeOf({ status: 409, scimType: 'uniqueness', message: 'x' }, fingerprint).key).not.toBe(
      causeOf({ status: 400, scimType: 'uniqueness', message: 'x' }, fingerprint).key,
    );
  });

  it('R3 holds no personal data', () => {
    expect(withoutIds("The user's mail 'ann@example.org' isn't unique for ann.lee@example.org, see ticket T-1234")).toBe(
      "The user's mail “…” isn't unique for …, see ticket …",
    );
  });
});
