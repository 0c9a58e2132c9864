import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acknowledge } from '../../../src/domain/alerts/verbs/acknowledge.ts';
import { escalateAlerts } from '../../../src/domain/alerts/verbs/escalate.ts';
import { snooze } from '../../../src/domain/alerts/verbs/snooze.ts';
import { unsubscribe } from '../../../src/domain/alerts/verbs/unsubscribe.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/instant.ts';
import { put, revise } from '../../../src/domain/revise.ts';
import { manualClock } from '../../clock.ts';
import { actor, CONNECTOR } from '../sync/world.ts';
import { type AlertsWorld, ANA, alertsWorld, cause, OPS, one } from './alerts-world.ts';

let here: AlertsWorld;
beforeEach(async () => {
  here = await alertsWorld();
});
afterEach(() => here.close());

const TO_SAM = { escalation: { to: 'U0SAM', afterMinutes: 30 } };

describe('acknowledging', () => {
  it('N3 says who is on it and when, draws the card anew, and silence goes nowhere', async () => {
    await here.subscribed(['failure'], TO_SAM);
    await here.ran({ ending: 'failed' });
    await acknowledge(here.outside, ANA, 'A-1');
    expect(await here.only()).toMatchObject({ state: { is: 'acknowledged', by: 'U0ANA', at: here.clock.now() } });
    expect(await here.card('alert/A-1')).toMatchObject({ wanted: 2, urgent: true });
    await here.clock.advance(DAY);
    await escalateAlerts(here.outside);
    expect(await here.card('alert-escalation/A-1')).toBeUndefined();
  });

  it('N3 X1 takes the right to run the connector', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed' });
    await expect(acknowledge(here.outside, actor('viewer', null, 'U0VIC'), 'A-1')).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
    await expect(snooze(here.outside, actor('admin', 'csv:school', 'U0PART'), 'A-1', '1h')).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
    expect(await here.only()).toMatchObject({ state: { is: 'open' } });
  });

  it('N3 two who acknowledge at once count once; what is over or unknown is refused', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed' });
    const both = await Promise.allSettled([acknowledge(here.outside, ANA, 'A-1'), acknowledge(here.outside, actor('operator', null, 'U0SAM'), 'A-1')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await here.ran();
    await expect(acknowledge(here.outside, ANA, 'A-1')).rejects.toMatchObject({ reason: { is: 'nothing-to-do', detail: 'A-1 has recovered already.' } });
    await expect(acknowledge(here.outside, ANA, 'A-9')).rejects.toMatchObject({ reason: { is: 'not-found' } });
  });
});

describe('snoozing', () => {
  it.each([
    ['1h', Date.UTC(2026, 2, 2, 10)],
    ['4h', Date.UTC(2026, 2, 2, 13)],
    ['1w', Date.UTC(2026, 2, 9, 9)],
    // 8:00 in Berlin, the configuration's zone, is 7:00 UTC in winter.
    ['tomorrow', Date.UTC(2026, 2, 3, 7)],
  ] as const)('N3 a snooze has an end: %s', async (length, until) => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed' });
    await snooze(here.outside, ANA, 'A-1', length);
    expect(await here.only()).toMatchObject({ state: { is: 'snoozed', by: 'U0ANA', until } });
  });

  it('N3 “tomorrow” is the next day in the zone of the organization, also shortly after its midnight', async () => {
    const night = await alertsWorld(manualClock(Date.UTC(2026, 2, 2, 15, 30)));
    await revise(night.outside.store, 'organization', 'csv:district', (district) => ({ ...district, timeZone: 'Asia/Tokyo' }));
    await night.subscribed(['failure']);
    await night.ran({ ending: 'failed' });
    await snooze(night.outside, ANA, 'A-1', 'tomorrow');
    // 0:30 on 3 March in Tokyo: tomorrow is the 4th.
    expect(await night.only()).toMatchObject({ state: { until: Date.UTC(2026, 2, 3, 23) } });
    await night.close();
  });

  it('N3 while it is snoozed repeats change the one message, however much later; at its end it opens again and is shown', async () => {
    await here.subscribed(['failure'], TO_SAM);
    await here.ran({ ending: 'failed' });
    await snooze(here.outside, ANA, 'A-1', '4h');
    await here.clock.advance(3 * HOUR);
    await here.ran({ ending: 'failed' });
    await escalateAlerts(here.outside);
    expect(await here.only()).toMatchObject({ times: 2, state: { is: 'snoozed' } });
    expect((await here.card('alert/A-1'))?.threadLines).toEqual([]);
    await here.clock.advance(HOUR);
    await escalateAlerts(here.outside);
    await escalateAlerts(here.outside);
    expect(await here.only()).toMatchObject({ state: { is: 'open', since: here.clock.now(), escalated: null } });
    expect((await here.card('alert/A-1'))?.threadLines).toMatchObject([{ text: 'The snooze is over and this has not recovered.' }]);
    expect(await here.card('alert-escalation/A-1')).toBeUndefined();
    await here.clock.advance(30 * MINUTE);
    await escalateAlerts(here.outside);
    expect(await here.card('alert-escalation/A-1')).toBeDefined();
  });

  it('N2 N3 a recovery ends a snooze: it does not open again', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed' });
    await snooze(here.outside, ANA, 'A-1', '1h');
    await here.ran();
    await here.clock.advance(2 * HOUR);
    await escalateAlerts(here.outside);
    expect(await here.only()).toMatchObject({ state: { is: 'recovered' } });
  });
});

describe('silence', () => {
  it('N3 goes to a second person after the set time, once', async () => {
    await here.subscribed(['failure'], TO_SAM);
    await here.ran({ ending: 'failed' });
    await here.clock.advance(30 * MINUTE - 1);
    await escalateAlerts(here.outside);
    expect(await here.card('alert-escalation/A-1')).toBeUndefined();
    await here.clock.advance(1);
    await escalateAlerts(here.outside);
    await here.clock.advance(DAY);
    await escalateAlerts(here.outside);
    expect(await here.card('alert-escalation/A-1')).toMatchObject({
      place: { is: 'person', userId: 'U0SAM' },
      content: { is: 'alert-escalation', alertId: 'A-1' },
      wanted: 1,
    });
    expect(await here.only()).toMatchObject({ state: { is: 'open', escalated: expect.any(Number) } });
  });

  it('N3 goes to a second channel, whose message follows what becomes of the alert', async () => {
    await here.subscribed(['failure'], { escalation: { to: 'C0SECOND', afterMinutes: 1 } });
    await here.ran({ ending: 'failed' });
    await here.clock.advance(MINUTE);
    await escalateAlerts(here.outside);
    expect(await here.card('alert-escalation/A-1')).toMatchObject({ place: { is: 'channel', channelId: 'C0SECOND' }, wanted: 1 });
    await acknowledge(here.outside, ANA, 'A-1');
    await here.ran();
    expect(await here.card('alert-escalation/A-1')).toMatchObject({ wanted: 3, threadLines: [] });
  });

  it('N3 trouble that goes on for hours escalates once, though its message is a new one', async () => {
    await here.subscribed(['failure'], TO_SAM);
    for (let hour = 0; hour < 4; hour += 1) {
      await here.ran({ ending: 'failed' });
      await here.clock.advance(HOUR + MINUTE);
      await escalateAlerts(here.outside);
    }
    expect((await here.cards()).filter(({ content }) => content.is === 'alert-escalation')).toHaveLength(1);
  });

  it('N2 N3 another cause is escalated for itself, though the one before it was', async () => {
    await here.subscribed(['partial'], TO_SAM);
    await here.ran({ failed: 1, causes: [cause('email domain not verified')] });
    await here.clock.advance(31 * MINUTE);
    await escalateAlerts(here.outside);
    await here.ran({ failed: 1, causes: [cause('phone number is missing')] });
    await here.clock.advance(31 * MINUTE);
    await escalateAlerts(here.outside);
    const told = (await here.cards()).flatMap(({ content }) => (content.is === 'alert-escalation' ? [content.alertId] : []));
    expect(told.sort()).toEqual(['A-1', 'A-2']);
  });

  it('N3 goes nowhere where nobody asked for it, the subscription ended, or the connector is disconnected', async () => {
    await here.subscribed(['failure']);
    await here.ran({ ending: 'failed' });
    await here.clock.advance(DAY);
    await escalateAlerts(here.outside);
    await here.subscribed(['failure'], TO_SAM);
    await here.home.write([put('connector', CONNECTOR, { ...(await here.home.connector()), state: { is: 'disconnected', since: 0 } })]);
    await escalateAlerts(here.outside);
    await here.home.write([put('connector', CONNECTOR, { ...(await here.home.connector()), state: { is: 'active', since: 0 } })]);
    await unsubscribe(here.outside, ANA, { channelId: OPS, connectorId: CONNECTOR });
    await escalateAlerts(here.outside);
    expect(one(await here.cards()).id).toBe('alert/A-1');
  });
});
