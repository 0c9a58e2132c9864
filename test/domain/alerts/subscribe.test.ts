import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribe } from '../../../src/domain/alerts/verbs/subscribe.ts';
import { subscriptions, subscriptionsOf } from '../../../src/domain/alerts/verbs/subscriptions.ts';
import { unsubscribe } from '../../../src/domain/alerts/verbs/unsubscribe.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { actor, CONNECTOR } from '../sync/world.ts';
import { type AlertsWorld, ANA, alertsWorld, OPS } from './alerts-world.ts';

let here: AlertsWorld;
beforeEach(async () => {
  here = await alertsWorld();
});
afterEach(() => here.close());

const WISH = { channelId: OPS, connectorId: CONNECTOR, conditions: ['failure'], escalation: null, mayNames: false } as const;

async function reasonOf(work: Promise<unknown>): Promise<Refusal['reason']> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Refusal)) throw new Error(`no refusal but ${String(thrown)}`);
  return thrown.reason;
}

describe('subscribing a channel', () => {
  it('N1 keeps connector, conditions and escalation, and writes who did it into the audit', async () => {
    await here.subscribed(['recovered', 'failure'], { escalation: { to: 'U0SAM', afterMinutes: 30 } });
    const [row] = await subscriptions(here.outside, ANA);
    expect(row?.subscription).toMatchObject({
      channelId: OPS,
      conditions: ['failure', 'recovered'],
      by: 'U0ANA',
      escalation: { to: 'U0SAM', afterMinutes: 30 },
    });
    expect(row?.connector?.name).toBe('Portal');
    const audit: string[] = [];
    for await (const page of here.outside.store.rows('audit', { partition: CONNECTOR, order: 'newest' })) audit.push(...page.map((each) => each.row.action));
    expect(audit).toContain('alerts.subscribe');
  });

  it('N1 stays as old as it is when it is changed: who asked first has the cards that stand once', async () => {
    const since = here.clock.now();
    await here.subscribed(['failure']);
    await here.clock.advance(60_000);
    await here.subscribed(['failure', 'result']);
    expect((await subscriptions(here.outside, ANA))[0]?.subscription).toMatchObject({ conditions: ['result', 'failure'], at: since });
  });

  it('N1 checks at that moment that Usher can post there, and says how to mend it if not', async () => {
    here.rooms.outside.add(OPS);
    const refused = await reasonOf(subscribe(here.outside, ANA, WISH));
    expect(refused).toEqual({
      is: 'cannot-post',
      channelId: OPS,
      problem: 'Usher is not in that channel.',
      remedy: 'Type `/invite @Usher` there, then try again.',
    });
    expect(await here.home.all('subscription')).toEqual([]);
  });

  it('N1 N3 checks the second channel as well, and refuses a guest or the channel itself as the one to escalate to', async () => {
    here.rooms.outside.add('C0SECOND');
    const to = (target: string) => subscribe(here.outside, ANA, { ...WISH, escalation: { to: target, afterMinutes: 30 } });
    expect(await reasonOf(to('C0SECOND'))).toMatchObject({ is: 'cannot-post', channelId: 'C0SECOND' });
    expect(await reasonOf(to('U0GUEST'))).toMatchObject({ is: 'bad-input', field: 'escalate' });
    expect(await reasonOf(to(OPS))).toMatchObject({ is: 'bad-input', field: 'escalate' });
    expect(await here.home.all('subscription')).toEqual([]);
  });

  it('N1 X1 lets nobody have a channel told of more where they are not a member; of less they may, and silence may go elsewhere', async () => {
    here.rooms.without.add(`${OPS}/U0SAM`).add('C0SECOND/U0ANA');
    const sam = actor('operator', null, 'U0SAM');
    const absent = { is: 'cannot-post', problem: 'You are not in that channel.', channelId: OPS };
    expect(await reasonOf(subscribe(here.outside, sam, WISH))).toMatchObject(absent);
    expect(await here.home.all('subscription')).toEqual([]);
    const escalation = { to: 'C0SECOND', afterMinutes: 30 };
    const both = { ...WISH, conditions: ['failure', 'partial'] as const, mayNames: true, escalation };
    expect((await subscribe(here.outside, ANA, both)).subscription.by).toBe('U0ANA');
    const less = { ...both, conditions: ['failure'] as const, mayNames: false };
    expect((await subscribe(here.outside, sam, less)).subscription).toMatchObject({ by: 'U0SAM', conditions: ['failure'], mayNames: false });
    for (const more of [
      { ...less, mayNames: true },
      { ...less, conditions: ['failure', 'fuse'] as const },
    ])
      expect(await reasonOf(subscribe(here.outside, sam, more))).toMatchObject(absent);
  });

  it.each([
    ['nothing to tell', { conditions: [] }, 'conditions'],
    ['no channel', { channelId: 'general' }, 'channel'],
    ['a silence of no minutes', { escalation: { to: 'U0SAM', afterMinutes: 0 } }, 'after'],
    ['a silence of half a minute', { escalation: { to: 'U0SAM', afterMinutes: 0.5 } }, 'after'],
    ['a silence over a week', { escalation: { to: 'U0SAM', afterMinutes: 10_081 } }, 'after'],
  ] as const)('N1 refuses %s', async (_, wrong, field) => {
    expect(await reasonOf(subscribe(here.outside, ANA, { ...WISH, ...wrong }))).toMatchObject({ is: 'bad-input', field });
  });

  it('N1 X1 takes the right to run the connector: a viewer, an approver and an admin of a part are refused', async () => {
    expect(await reasonOf(subscribe(here.outside, actor('viewer', null, 'U0VIC'), WISH))).toMatchObject({ is: 'not-allowed' });
    expect(await reasonOf(subscribe(here.outside, actor('viewer', null, 'U0VIC'), { ...WISH, connectorId: null }))).toMatchObject({ is: 'not-allowed' });
    expect(await reasonOf(subscribe(here.outside, actor('approver', null, 'U0APP'), { ...WISH, connectorId: null }))).toMatchObject({ is: 'not-allowed' });
    expect(await reasonOf(subscribe(here.outside, actor('admin', 'csv:school', 'U0PART'), WISH))).toMatchObject({ is: 'not-allowed' });
    expect(await reasonOf(subscribe(here.outside, { ...ANA, grants: [] }, WISH))).toMatchObject({ is: 'no-role' });
  });

  it('R3 says that a channel with guests gets counts only, although it is marked', async () => {
    here.rooms.withGuests.add(OPS);
    expect((await subscribe(here.outside, ANA, { ...WISH, mayNames: true })).namesHeld).toBe(false);
    expect((await subscribe(here.outside, ANA, { ...WISH, channelId: 'C0STAFF', mayNames: true })).namesHeld).toBe(true);
  });

  it('N1 subscribing again changes the subscription; a channel’s own one to a connector takes the place of its one to all', async () => {
    await here.subscribed(['failure'], { connectorId: null });
    await here.subscribed(['partial']);
    await here.subscribed(['fuse']);
    expect(await here.home.all('subscription')).toHaveLength(2);
    const rows = await subscriptionsOf(here.outside, ANA, await here.home.connector());
    expect(rows.map(({ subscription }) => subscription.conditions)).toEqual([['fuse']]);
  });

  it('N1 all connectors are those that whoever subscribed may run now', async () => {
    await here.subscribed(['failure'], { connectorId: null });
    const portal = await here.home.connector();
    expect(await subscriptionsOf(here.outside, ANA, portal)).toHaveLength(1);
    const withoutRoles = { ...here.outside, settings: { ...here.outside.settings, grants: [] } };
    expect(await subscriptionsOf(withoutRoles, ANA, portal)).toEqual([]);
  });
});

describe('unsubscribing', () => {
  it('N1 ends the alerts of that channel, and refuses what is not subscribed', async () => {
    await here.subscribed(['failure']);
    await unsubscribe(here.outside, ANA, { channelId: OPS, connectorId: CONNECTOR });
    expect(await here.home.all('subscription')).toEqual([]);
    await here.ran({ ending: 'failed' });
    expect(await here.alerts()).toEqual([]);
    expect(await reasonOf(unsubscribe(here.outside, ANA, { channelId: OPS, connectorId: CONNECTOR }))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('X1 a subscription to all belongs to whoever made it: only they or a global admin change it', async () => {
    await here.subscribed(['failure'], { connectorId: null });
    const sam = actor('operator', null, 'U0SAM');
    const all = { channelId: OPS, connectorId: null };
    expect(await reasonOf(unsubscribe(here.outside, sam, all))).toMatchObject({ is: 'not-allowed', ask: ['U0ANA'] });
    expect(await reasonOf(subscribe(here.outside, sam, { ...WISH, connectorId: null }))).toMatchObject({ is: 'not-allowed' });
    await unsubscribe(here.outside, actor('admin', null, 'U0ADM'), all);
    expect(await here.home.all('subscription')).toEqual([]);
  });
});
