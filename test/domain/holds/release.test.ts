import { describe, expect, it } from 'vitest';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import { holdMessage } from '../../../views/holds/hold-card.ts';
import { clear } from '../../../src/domain/approvals/clearance.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { holdsDue } from '../../../src/domain/holds/verbs/due.ts';
import { leaveHold } from '../../../src/domain/holds/verbs/leave.ts';
import { decide } from '../../../src/domain/approvals/verbs/decide.ts';
import { ended } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ANA, holdsWorld, ids, LEE, OPS, SAM } from './holds-world.ts';

describe('the hold', () => {
  it('S14 stops before the first removal, holds them all, and lets joins and changes go on', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    const run = await world.run();
    expect(ended(run).ending).toBe('held');
    expect(await world.inactive()).toEqual([]);
    expect(await world.hold()).toMatchObject({ state: { is: 'open' }, people: ids(0, 20), accounts: 40, startedBy: 'schedule', reason: { is: 'fuse' } });
    expect((await world.hold()).expiresAt - (await world.hold()).openedAt).toBe(72 * HOUR);
  });

  it('S14 one open hold a connector: later runs update it and its card, and settle it when nothing is left to hold', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    const [card] = (await world.hold()).cards;
    const before = (await world.home.all('card')).find(({ id }) => id === card);
    await world.leave(25);
    await world.run();
    expect(await world.holds()).toHaveLength(1);
    expect(await world.hold()).toMatchObject({ state: { is: 'open' }, people: ids(0, 25), runId: 'R-3' });
    const after = (await world.home.all('card')).find(({ id }) => id === card);
    expect(after?.wanted).toBeGreaterThan(before?.wanted ?? 0);
    expect((await world.home.all('card')).filter(({ content }) => content.is === 'hold').map(({ place }) => place)).toEqual(
      [ANA, LEE, SAM].map((userId) => ({ is: 'person', userId })),
    );
    await world.back(25);
    await world.run();
    expect((await world.hold()).state.is).toBe('settled');
  });

  it('S14 shows a subscribed channel the hold in its alert, and makes no card beside it', async () => {
    const world = await holdsWorld();
    const conditions = ['fuse'] as const;
    await world.home.put('subscription', 'C0OPS/c1', {
      channelId: 'C0OPS',
      connectorId: 'c1',
      conditions,
      teamId: 'T1',
      by: ANA,
      at: 0,
      escalation: null,
      mayNames: false,
    });
    await world.leave(20);
    await world.run();
    expect(await world.hold()).toMatchObject({ announced: true, cards: [] });
  });

  it('S14 is released by any approver for a scheduled run, with a reason, and the next run removes exactly these', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    expect(await refusalOf(world.release(SAM, { is: 'all' }, ' '))).toMatchObject({ is: 'bad-input', field: 'why' });
    const released = await world.release(SAM);
    expect(released).toMatchObject({ is: 'asked', request: { by: { userId: 'schedule' }, state: { is: 'done' }, decisions: [{ userId: SAM }] } });
    expect(await world.inactive()).toEqual([]);
    const run = await world.run();
    expect(run.counts.deactivated).toBe(20);
    expect(await world.inactive()).toEqual(ids(0, 20));
    expect((await world.hold()).state.is).toBe('settled');
  });

  it('S14 for a run that somebody started it takes someone other than them', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run(world.actor(ANA));
    expect(await refusalOf(world.release(ANA))).toMatchObject({ is: 'needs-second-person', own: true });
    expect((await world.hold()).released).toEqual([]);
    expect(await world.release(LEE)).toMatchObject({ request: { state: { is: 'done' } } });
  });

  it('S14 P3 only who may approve releases it; with nobody but the starter it waits for the host, announced', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run(world.actor(OPS));
    expect(await refusalOf(world.release(OPS))).toMatchObject({ is: 'needs-second-person', own: true, approvers: [ANA, SAM, LEE] });
    const alone = await holdsWorld({ roles: { [ANA]: 'admin' } });
    await alone.leave(20);
    await alone.run(alone.actor(ANA));
    const asked = await alone.release(ANA);
    expect(asked).toMatchObject({ is: 'asked', request: { state: { is: 'open' }, aloneUntil: expect.any(Number) } });
    expect((await alone.hold()).released).toEqual([]);
  });

  it('S14 P1 a policy may ask for more: the release is one decision of two then, and nothing goes before both', async () => {
    const world = await holdsWorld();
    await world.policy({ steps: [{ approvers: { people: [], groups: [] }, count: 2 }] });
    await world.leave(20);
    await world.run();
    const first = await world.release(SAM);
    if (first.is !== 'asked') throw new Error('it was done');
    expect(first.request.state.is).toBe('open');
    expect((await world.hold()).released).toEqual([]);
    expect((await decide(world.outside, world.actor(LEE), first.request.id, { is: 'approve' })).state.is).toBe('done');
    expect((await world.hold()).released).toEqual(ids(0, 20));
  });

  it('S14 parts can be released: ticked people go, exactly these; the rest stays held in the same hold', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.release(SAM, { is: 'people', ids: ids(3, 5) });
    expect((await world.hold()).state.is).toBe('released');
    const run = await world.run();
    expect(run.counts.deactivated).toBe(2);
    expect(await world.inactive()).toEqual(ids(3, 5));
    expect(await world.holds()).toHaveLength(1);
    expect((await world.hold()).state.is).toBe('open');
    expect((await world.hold()).people).toHaveLength(18);
  });

  it('S14 what is left of a hold stays held, however few they are', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.release(SAM, { is: 'people', ids: ids(0, 17) });
    expect((await world.run()).counts.deactivated).toBe(17);
    expect((await world.run()).counts.deactivated).toBe(0);
    expect((await world.hold()).people).toEqual(ids(17, 20));
  });

  it('S14 those of one organization can be released', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    const [moved] = await world.home.all('person', 'csv:p00000');
    if (moved !== undefined) await world.home.people([{ ...moved, organizationId: 'csv:other' }]);
    await world.run();
    expect((await world.hold()).places).toEqual([
      { organizationId: 'csv:school', people: 19 },
      { organizationId: 'csv:other', people: 1 },
    ]);
    await world.release(SAM, { is: 'organization', organizationId: 'csv:other' });
    expect((await world.run()).counts.deactivated).toBe(1);
    expect(await world.inactive()).toEqual(ids(0, 1));
  });

  it('S14 who became active again after the release is not released', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.release(SAM);
    await world.back(20);
    expect((await world.run()).counts.deactivated).toBe(0);
    await world.leave(20);
    // Nobody was deactivated in between, so that the release of the settled hold must not count.
    expect(ended(await world.run()).ending).toBe('held');
    expect(await world.inactive()).toEqual([]);
    expect((await world.holds()).map(({ id, state }) => [id, state.is])).toEqual([
      ['H-1', 'settled'],
      ['H-2', 'open'],
    ]);
  });

  it('S14 a person who was removed by a release and came back is held again', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.release(SAM, { is: 'people', ids: ids(0, 2) });
    await world.run();
    await world.back(2);
    await world.run();
    await world.leave(20);
    await world.run();
    expect(await world.inactive()).toEqual([]);
    expect((await world.hold()).people).toEqual(ids(0, 20));
  });

  it('S14 unanswered it expires to “not applied”, and opens another only when its people changed', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.clock.advance(72 * HOUR - 1);
    await holdsDue(world.outside);
    expect((await world.hold()).state.is).toBe('open');
    await world.clock.advance(1);
    await holdsDue(world.outside);
    expect((await world.hold()).state.is).toBe('expired');
    await world.run();
    expect(await world.holds()).toHaveLength(1);
    expect(await world.inactive()).toEqual([]);
    await world.leave(21);
    await world.run();
    expect((await world.holds()).map(({ id, state }) => [id, state.is])).toEqual([
      ['H-1', 'expired'],
      ['H-2', 'open'],
    ]);
    expect(await refusalOf(world.release(SAM))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('S14 “Leave it” closes it as not applied; it can still be released while its people are the same', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    expect((await leaveHold(world.outside, world.actor(OPS), 'H-1')).state).toMatchObject({ is: 'left', by: OPS });
    expect(await refusalOf(leaveHold(world.outside, world.actor(SAM), 'H-1'))).toMatchObject({ is: 'nothing-to-do' });
    await world.run();
    expect(await world.holds()).toHaveLength(1);
    expect(await world.inactive()).toEqual([]);
    await world.release(SAM);
    expect((await world.run()).counts.deactivated).toBe(20);
  });

  it('S14 is refused where the people changed while somebody was looking', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    const release = world.release.bind(world);
    const stale = { is: 'release-fuse', release: { is: 'hold', holdId: 'H-1', chosen: { is: 'all' }, agreed: 'seen before', why: 'gone' } } as const;
    expect(await refusalOf(submit(world.outside, world.actor(SAM), stale, 'gone'))).toMatchObject({ is: 'changed-meanwhile' });
    expect(await refusalOf(release(SAM, { is: 'people', ids: ['csv:nobody'] }))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('C13 disconnect closes it: not applied', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await disconnect(world.outside, world.actor(ANA), 'c1', clear(null, null));
    expect((await world.hold()).state).toMatchObject({ is: 'closed' });
    expect(await refusalOf(world.release(SAM))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('S1 S14 one person now takes nobody on the way who is held', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.clock.advance(1_000);
    const run = await world.home.sync({ is: 'people', ids: ids(0, 3) });
    expect(run.counts.deactivated).toBe(0);
    expect((await world.hold()).people).toEqual(ids(0, 20));
  });

  it('X2 S14 each step is in the audit: opened, released by whom and why, settled', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.release(SAM);
    await world.run();
    const rows: string[] = [];
    for await (const page of world.outside.store.rows('audit', { partition: 'c1', order: 'oldest' }))
      rows.push(...page.map(({ row }) => `${row.action} ${row.by}`));
    expect(rows.filter((row) => row.startsWith('holds.'))).toEqual(['holds.open schedule', `holds.release ${SAM}`, 'holds.settle schedule']);
  });

  it('R3 the card holds numbers and organizations, and nobody’s name', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    const model = await world.model();
    expect(model).toMatchObject({ left: 20, places: [{ name: 'North School', people: 20 }] });
    if (model === null) throw new Error('there is no card');
    const drawn = JSON.stringify(holdMessage(model));
    expect(drawn).toContain('Portal would lose 20 of 40 people (50 %)');
    expect(drawn).not.toContain('p00000');
    expect(drawn).toContain('Release all 20…');
  });
});
