import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/domain/alerts/alert.ts';
import { acknowledge } from '../../../src/domain/alerts/verbs/acknowledge.ts';
import { escalateAlerts } from '../../../src/domain/alerts/verbs/escalate.ts';
import { snooze } from '../../../src/domain/alerts/verbs/snooze.ts';
import { alertAfterRun } from '../../../src/domain/alerts/verbs/raise.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/instant.ts';
import { disable, disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { put } from '../../../src/domain/revise.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { actor, CONNECTOR } from '../sync/world.ts';
import { type AlertsWorld, ANA, alertsWorld, cause, type Ending, OPS, one } from './alerts-world.ts';

let here: AlertsWorld;
beforeEach(async () => {
  here = await alertsWorld();
});
afterEach(() => here.close());

const HELD: Ending = { ending: 'held', held: { removals: 180, accounts: 412 } };

describe('what a channel is told of', () => {
  it.each([
    ['failure', { ending: 'failed' }],
    ['failure', { ending: 'crashed' }],
    ['partial', { failed: 14 }],
    ['fuse', HELD],
    ['credentials', { ending: 'credentials' }],
  ] as const)('N1 N3 %s raises an alert with its own card in the channel', async (condition, ending) => {
    await here.subscribed([condition]);
    const run = await here.ran(ending);
    expect(await here.only()).toMatchObject({ condition, channelId: OPS, connectorId: CONNECTOR, runId: run.id, times: 1, state: { is: 'open' } });
    expect(one(await here.cards())).toMatchObject({ id: 'alert/A-1', place: { is: 'channel', channelId: OPS }, content: { is: 'alert', alertId: 'A-1' } });
    expect(here.home.drawn).toContain('alert/A-1');
  });

  it.each([
    ['partial success', ['failure', 'fuse', 'credentials', 'recovered'], { failed: 14 }],
    ['a success', ['result', 'failure', 'partial', 'fuse', 'credentials', 'low-seats', 'recovered'], { by: 'U0ANA' }],
    ['a sync that somebody cancelled', ['failure', 'partial'], { ending: 'cancelled' }],
    ['a sync that a disconnect ended', ['failure', 'partial'], { ending: 'disconnected' }],
    ['one person who failed', ['failure', 'partial'], { failed: 1, kind: 'person' }],
  ] as const)('N1 tells nothing of %s to who asked for other things', async (_, conditions: readonly Condition[], ending: Ending) => {
    await here.subscribed(conditions);
    await here.ran(ending);
    expect(await here.alerts()).toEqual([]);
    expect(await here.cards()).toEqual([]);
  });

  it('N1 a held sync is a partial one, and one without credentials a failure, to who did not ask for the exact word', async () => {
    await here.subscribed(['partial'], { channelId: 'C0PARTIAL' });
    await here.subscribed(['failure'], { channelId: 'C0FAILURE' });
    await here.ran(HELD);
    await here.ran({ ending: 'credentials' });
    expect((await here.alerts()).map(({ channelId, condition }) => [channelId, condition])).toEqual([
      ['C0PARTIAL', 'partial'],
      ['C0FAILURE', 'failure'],
    ]);
  });

  it('N1 the result of every scheduled run, good or bad, is one run card in each channel; other runs give none', async () => {
    await here.subscribed(['result']);
    await here.subscribed(['result'], { channelId: 'C0SECOND' });
    await here.ran();
    await here.ran({ failed: 3 });
    await here.ran({ by: 'U0ANA' });
    expect((await here.cards()).map(({ id, content }) => [id, content])).toEqual(
      ['R-1/C0OPS', 'R-1/C0SECOND', 'R-2/C0OPS', 'R-2/C0SECOND'].map((id) => [`run/${id}`, { is: 'run', runId: id.slice(0, 3) }]),
    );
  });

  it('N1 recovered is told to who asked for it and was not told of the trouble; once', async () => {
    await here.subscribed(['recovered']);
    await here.ran({ ending: 'failed' });
    expect(await here.alerts()).toEqual([]);
    await here.ran({ ending: 'cancelled' });
    await here.ran();
    await here.ran();
    expect(await here.only()).toMatchObject({ condition: 'recovered', state: { is: 'recovered' } });
  });

  it('N4 N1 low seats: fewer than 5 % free after a run is one alert until they are not; the other accounts of the target count', async () => {
    await here.subscribed(['low-seats']);
    await seats(100, 95);
    await here.ran();
    expect(await here.alerts()).toEqual([]);
    await seats(100, 96);
    await here.ran();
    await here.clock.advance(2 * DAY);
    await seats(100, 103);
    await here.ran();
    expect(await here.only()).toMatchObject({ condition: 'low-seats', seats: { free: -3, total: 100 }, times: 2, state: { is: 'open' } });
    await seats(200, 103);
    await here.ran({ by: 'U0ANA', kind: 'person' });
    expect(await here.only()).toMatchObject({ seats: { free: 97, total: 200 }, state: { is: 'recovered' } });
  });

  async function seats(total: number, active: number): Promise<void> {
    const instance = { id: 'i1', application: 'Portal', name: 'Portal', organizationId: 'csv:district' };
    const listing = { at: here.clock.now(), total: active, active, unmanaged: active, unmanagedActive: active };
    const portal = await here.home.connector();
    await here.home.write([
      put('instance', 'i1', { ...instance, seats: { is: 'set', total, by: 'U0ANA', at: here.clock.now() } }),
      put('connector', CONNECTOR, { ...portal, listing }),
    ]);
  }
});

describe('the same trouble again', () => {
  it('N2 500 identical failures are one message, counted up', async () => {
    await here.subscribed(['failure']);
    for (let number = 0; number < 500; number += 1) {
      await here.ran({ ending: 'failed', failed: 14, causes: [cause('email domain not verified')] });
      await here.clock.advance(MINUTE);
    }
    expect(await here.only()).toMatchObject({ times: 500, runId: 'R-500' });
    expect(one(await here.cards())).toMatchObject({ id: 'alert/A-1', wanted: 500 });
  });

  it('N2 within an hour edits the first message and says what it was before; later a new one takes its place and keeps since when', async () => {
    await here.subscribed(['partial']);
    await here.ran({ failed: 11 });
    const since = here.clock.now();
    await here.clock.advance(HOUR);
    await here.ran({ failed: 14 });
    expect(await here.only()).toMatchObject({ times: 2, affected: { now: 14, before: 11 }, since });
    await here.clock.advance(HOUR + 1);
    await here.ran({ failed: 14 });
    const [first, second] = await here.alerts();
    expect(first).toMatchObject({ id: 'A-1', state: { is: 'superseded', by: 'A-2' } });
    expect(second).toMatchObject({ id: 'A-2', times: 3, since, state: { is: 'open' } });
    expect(await here.card('alert/A-1')).toMatchObject({ wanted: 3 });
    expect(await here.card('alert/A-2')).toMatchObject({ wanted: 1 });
  });

  it('N2 another cause within the hour is another message, also while the first is acknowledged or snoozed; what was told is not told anew', async () => {
    await here.subscribed(['partial']);
    const [domain, phone] = [cause('email domain not verified'), cause('phone number is missing', 3)];
    const ran = async (...causes: readonly (typeof domain)[]): Promise<void> => {
      await here.clock.advance(MINUTE);
      await here.ran({ failed: causes.length, causes });
    };
    await ran(domain);
    await acknowledge(here.outside, ANA, 'A-1');
    await ran(domain);
    expect(await here.only()).toMatchObject({ times: 2, state: { is: 'acknowledged' } });
    await ran(domain, phone);
    const [first, second] = await here.alerts();
    expect(first).toMatchObject({ state: { is: 'superseded', by: 'A-2' } });
    expect(second).toMatchObject({ times: 3, state: { is: 'open' } });
    await snooze(here.outside, ANA, 'A-2', '1w');
    await ran(domain);
    await ran(phone);
    expect((await here.alerts()).map(({ id }) => id)).toEqual(['A-1', 'A-2']);
    await ran(phone, cause('quota', 1, 403));
    expect((await here.alerts()).map(({ state }) => state.is)).toEqual(['superseded', 'snoozed', 'open']);
    await here.clock.advance(5 * HOUR);
    await ran(domain);
    expect((await here.alerts()).map(({ times }) => times).slice(1)).toEqual([6, 6]);
    expect(await here.alerts()).toHaveLength(3);
  });

  it('N2 of a run that has more causes than it names those that were told are no news, whichever come to the fore', async () => {
    await here.subscribed(['partial']);
    const each = (from: number) => Array.from({ length: 20 }, (_, at) => cause(`User ${'abcdefghijklmnopqrstuvwxyz'[from + at]} exists`));
    await here.ran({ failed: 26, causes: each(0) });
    await here.ran({ failed: 25, causes: each(1) });
    expect(await here.only()).toMatchObject({ times: 2 });
  });

  it('N2 another trouble of the connector is another message, and the earlier one says so', async () => {
    await here.subscribed(['failure', 'partial']);
    await here.ran({ ending: 'failed' });
    await here.ran({ failed: 2 });
    expect((await here.alerts()).map(({ condition, state }) => [condition, state.is])).toEqual([
      ['failure', 'superseded'],
      ['partial', 'open'],
    ]);
  });

  it('S14 there is one open hold a connector: later held runs update its alert, however much later', async () => {
    await here.subscribed(['fuse']);
    await here.ran(HELD);
    await here.clock.advance(5 * HOUR);
    await here.ran(HELD);
    expect(await here.only()).toMatchObject({ condition: 'fuse', times: 2 });
  });

  it('N2 recovery closes it, in place and in its thread, whatever the channel asked for', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed' });
    await acknowledge(here.outside, ANA, 'A-1');
    await here.clock.advance(90 * MINUTE);
    const run = await here.ran();
    expect(await here.only()).toMatchObject({ state: { is: 'recovered', at: here.clock.now() } });
    expect(await here.card('alert/A-1')).toMatchObject({ urgent: true, threadLines: [{ key: 'recovered', text: `Recovered with ${run.id}.`, sent: false }] });
    await here.ran({ ending: 'failed' });
    expect((await here.alerts()).map(({ id, state }) => [id, state.is])).toEqual([
      ['A-1', 'recovered'],
      ['A-2', 'open'],
    ]);
  });
});

describe('told once', () => {
  it('N2 S13 asking twice tells nothing twice, and neither does an older run that comes late', async () => {
    await here.subscribed(['result', 'failure']);
    const first = await here.endRun({ ending: 'failed' });
    const second = await here.endRun({ ending: 'failed' });
    await alertAfterRun(here.outside, second.run, second.connector);
    await alertAfterRun(here.outside, second.run, second.connector);
    await alertAfterRun(here.outside, first.run, first.connector);
    expect(await here.only()).toMatchObject({ times: 2, runId: 'R-2' });
    expect((await here.cards()).map(({ id }) => id)).toEqual(['alert/A-1', 'run/R-1/C0OPS', 'run/R-2/C0OPS']);
  });

  it('N2 S13 two that tell of the same run at once tell it once', async () => {
    await here.subscribed(['failure']);
    const { run, connector } = await here.endRun({ ending: 'failed' });
    await Promise.all([1, 2, 3].map(() => alertAfterRun(here.outside, run, connector)));
    expect(await here.only()).toMatchObject({ times: 1 });
  });

  it('N3 S13 what a crash left untold is told a minute later; what is a day old is not', async () => {
    await here.subscribed(['failure']);
    await here.endRun({ ending: 'failed' });
    await here.clock.advance(DAY + 1);
    await here.endRun({ ending: 'failed' });
    await here.home.restart();
    await escalateAlerts(here.outside);
    await escalateAlerts(here.outside);
    expect(await here.only()).toMatchObject({ runId: 'R-2', times: 1 });
  });

  it('N1 whoever subscribes is told of what comes, not of what was', async () => {
    await here.ran({ ending: 'failed' });
    await here.subscribed(['failure']);
    await escalateAlerts(here.outside);
    expect(await here.alerts()).toEqual([]);
  });
});

describe('a connector that is taken out of service', () => {
  it('S17 C12 C13 the alert of a quarantine closes with disabling, all others with disconnecting; nobody is told a second time', async () => {
    await here.subscribed(['quarantine', 'failure'], { escalation: { to: 'C0SECOND', afterMinutes: 30 } });
    await here.subscribed(['failure'], { channelId: 'C0OTHER', escalation: { to: 'C0SECOND', afterMinutes: 30 } });
    const { home } = here;
    const connector = await home.connector();
    const since = here.clock.now();
    await home.put('connector', CONNECTOR, { ...connector, health: { is: 'quarantined', since, hours: 1, until: since + HOUR, why: 'runs' } });
    await here.ran({ ending: 'failed' });
    const states = async () => (await here.alerts()).map(({ condition, state }) => [condition, state.is]).toSorted();
    expect(await states()).toEqual([
      ['failure', 'open'],
      ['quarantine', 'open'],
    ]);
    await disable(home.outside, actor('admin'), CONNECTOR);
    expect(await states()).toEqual([
      ['failure', 'open'],
      ['quarantine', 'closed'],
    ]);
    const closed = (await here.alerts()).find(({ condition }) => condition === 'quarantine');
    expect(closed?.state).toMatchObject({ because: 'The connector was disabled.' });
    expect((await here.cards()).find(({ id }) => id === `alert/${closed?.id}`)).toMatchObject({ wanted: 2, threadLines: [{ key: 'closed' }] });
    await disconnect(home.outside, actor('admin'), CONNECTOR, CLEARED);
    expect(await states()).toEqual([
      ['failure', 'closed'],
      ['quarantine', 'closed'],
    ]);
    await here.clock.advance(HOUR);
    await escalateAlerts(here.outside);
    expect((await here.cards()).filter(({ id }) => id.startsWith('alert-escalation/'))).toEqual([]);
  });
});
