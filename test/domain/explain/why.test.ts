import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANY_EVENT, eventAt, findEvents } from '../../../src/domain/events/verbs/find.ts';
import { why } from '../../../src/domain/explain/verbs/why.ts';
import { personNow } from '../../../src/domain/sync/verbs/person-now.ts';
import { traceOf } from '../../../src/domain/sync/verbs/trace.ts';
import { fault, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, CONNECTOR, connector, people, person, type World, world } from '../sync/world.ts';

const LEE = 'csv:p00000';
let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector('https://target.example/scim'), people(3));
});
afterEach(() => home.close());

const asked = (personId = LEE, limit = 10) => why(home.outside, actor(), { connectorId: CONNECTOR, personId }, { after: null, limit });

describe('why, from the store', () => {
  it('S18 goes from not run yet to provisioned, with what was done as its timeline, newest first and paged', async () => {
    expect((await asked()).explanation.standing).toMatchObject({ is: 'waiting', due: 'create', granted: { name: 'Teachers', organization: 'North School' } });
    await home.sync();
    await home.people([person('p00000', { attributes: { familyName: 'Okafor' } })]);
    expect((await asked()).explanation.standing).toMatchObject({ is: 'waiting', due: 'update' });
    const run = await home.sync();
    const found = await asked(LEE, 1);
    expect(found.explanation.standing).toMatchObject({ is: 'provisioned', written: { runId: run.id } });
    const [latest] = found.timeline.entries;
    expect(latest?.is === 'event' && latest.event.changes).toContainEqual({ attribute: 'name.familyName', before: 'Example', after: 'Okafor' });
    const older = await why(home.outside, actor(), { connectorId: CONNECTOR, personId: LEE }, { after: found.timeline.next, limit: 10 });
    expect(older.timeline.entries).toMatchObject([{ event: { type: 'user_create_provision' } }]);
  });

  it('S18 tells of a failure, of a person with the same value, and of a removal that waits', async () => {
    target.before = ({ what }) => {
      if (what === 'create') throw fault({ next: 'refused', status: 400, message: 'no seat for you' });
    };
    await home.sync();
    expect((await asked()).explanation.standing).toMatchObject({ is: 'failed', event: { errorMessage: 'no seat for you' } });
    target.before = () => undefined;
    await home.sync();
    await home.people([person('p00001', { attributes: { userName: 'p00000' } })]);
    expect((await asked()).explanation.standing).toMatchObject({ is: 'frozen', because: { is: 'same-match', others: ['csv:p00001'] } });
    await home.people([person('p00001'), person('p00000', { groupings: [] })]);
    expect((await asked()).explanation.standing).toMatchObject({ is: 'leaving', why: 'no-assignment' });
  });

  it('S18 calls nobody failed for whom nothing was sent, since the name they are to get was not given up', async () => {
    await home.sync();
    const named = (id: string, userName: string) => person(id, { attributes: { userName } });
    await home.people([named('p00000', 'p00001'), named('p00001', 'free')]);
    target.before = ({ what }) => {
      if (what === 'change') throw fault({ next: 'refused', status: 400, message: 'no such name' });
    };
    await home.sync();
    expect((await asked('csv:p00001')).explanation.standing).toMatchObject({ is: 'failed', event: { errorMessage: 'no such name' } });
    expect((await asked()).explanation.standing).toMatchObject({ is: 'waiting', due: 'update' });
  });

  it('S18 C3 finds nobody of an organization that the actor may not see', async () => {
    await home.people([person('far', { organizationId: 'csv:other' })]);
    const asking = why(home.outside, actor('viewer', 'csv:school'), { connectorId: CONNECTOR, personId: 'csv:far' }, { after: null, limit: 5 });
    await expect(asking).rejects.toMatchObject({ reason: { is: 'not-found', what: 'person' } });
  });
});

describe('one person now', () => {
  it('S16 out of scope ends there: nobody loses an account by it, and the trace says why', async () => {
    await home.sync();
    await home.people([person('p00000', { groupings: [] })]);
    const now = await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: LEE });
    const run = await home.execute(now.run.id);
    expect(run.counts).toMatchObject({ deactivated: 0 });
    expect(await traceOf(home.outside, run, LEE)).toMatchObject({ scope: { is: 'out', why: 'no-assignment' }, matched: null, mapped: null, write: null });
    expect((await home.sync()).counts).toMatchObject({ deactivated: 1 });
  });

  it('S16 traces directory, scope, match, values and what was written', async () => {
    const now = await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: LEE });
    expect(await traceOf(home.outside, now.run, LEE)).toMatchObject({ scope: { is: 'in', grouping: 'Teachers' }, matched: null, write: { is: 'waiting' } });
    const run = await home.execute(now.run.id);
    expect(await traceOf(home.outside, run, LEE)).toMatchObject({
      directory: { source: 'csv', organization: 'North School' },
      scope: { is: 'in', grouping: 'Teachers', organization: 'North School' },
      matched: { by: 'created' },
      mapped: { values: { userName: 'p00000' }, missing: [] },
      write: { is: 'written', event: { type: 'user_create_provision' } },
    });
  });
});

describe('events', () => {
  it('S5 C3 are found by person, run, type and outcome, newest first and paged, as far as the actor may see', async () => {
    await home.people([person('far', { organizationId: 'csv:other' })]);
    const run = await home.sync();
    await home.people([person('p00000', { attributes: { familyName: 'Okafor' } })]);
    await home.sync();
    const found = async (query: Partial<typeof ANY_EVENT>, by = actor()) =>
      (await findEvents(home.outside, by, { ...ANY_EVENT, ...query }, { below: null, limit: 10 })).events.map(({ event }) => event);
    expect(await found({})).toHaveLength(5);
    expect(await found({ personId: LEE })).toMatchObject([{ type: 'user_update_provision' }, { type: 'user_create_provision' }]);
    expect(await found({ runId: run.id })).toHaveLength(4);
    expect(await found({ type: 'user_update_provision' })).toHaveLength(1);
    expect(await found({ outcome: 'failed' })).toEqual([]);
    expect(await found({}, actor('viewer', 'csv:school'))).toHaveLength(4);
    const first = await findEvents(home.outside, actor(), ANY_EVENT, { below: null, limit: 3 });
    const rest = await findEvents(home.outside, actor(), ANY_EVENT, { below: first.next, limit: 3 });
    expect(new Set([...first.events, ...rest.events].map(({ seq }) => seq)).size).toBe(5);
    const far = [...first.events, ...rest.events].find(({ event }) => event.subjectId === 'csv:far');
    expect((await eventAt(home.outside, actor(), far?.seq ?? 0)).event.subjectId).toBe('csv:far');
    await expect(eventAt(home.outside, actor('viewer', 'csv:school'), far?.seq ?? 0)).rejects.toMatchObject({ reason: { is: 'not-found' } });
  });
});
