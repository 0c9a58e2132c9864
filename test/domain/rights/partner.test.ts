import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignableConnectors } from '../../../src/domain/assignments/verbs/assignable.ts';
import { connectorHistory } from '../../../src/domain/assignments/verbs/history.ts';
import { subscribable, subscriptions } from '../../../src/domain/alerts/verbs/subscriptions.ts';
import { connectorCard } from '../../../src/domain/connectors/verbs/card.ts';
import { connectorById, connectorNamed, visibleConnectors } from '../../../src/domain/connectors/verbs/find.ts';
import { connectorsOverview } from '../../../src/domain/connectors/verbs/overview.ts';
import { requireConnector } from '../../../src/domain/connectors/verbs/require.ts';
import { findPeople } from '../../../src/domain/directory/verbs/find.ts';
import { showPerson } from '../../../src/domain/people/verbs/show.ts';
import { reportScope } from '../../../src/domain/reports/verbs/scope.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { roleGrants } from '../../../src/domain/rights/verbs/role-grants.ts';
import { deletionsOf } from '../../../src/domain/sync/verbs/deletions.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { assignment, CONNECTOR, connector, person as somebody } from '../sync/world.ts';
import { person, type RightsWorld, rightsWorld } from './rights-world.ts';

const NADIA = 'U0NADIA';
let here: RightsWorld;
let nadia: Actor;

beforeEach(async () => {
  here = await rightsWorld();
  const entry = { mapping: [], documented: { requestsPerSecond: null, deletes: 'unknown' as const }, seatReading: null };
  await here.home.put('entry', 'bright', { ...entry, id: 'bright', name: 'Brightpath', partnerId: 'csv:bright' });
  await here.home.put('entry', 'custom', { ...entry, id: 'custom', name: 'Custom', partnerId: null });
  const one = connector('https://x.example');
  await here.home.put('connector', 'c1', { ...one, entryId: 'bright' });
  await here.home.put('connector', 'c2', { ...one, id: 'c2', name: 'Other' });
  await here.home.put('connector', 'c3', { ...one, id: 'c3', name: 'Draft', entryId: 'bright', state: { is: 'draft' } });
  await here.home.put('person', 'csv:p1', somebody('p1'));
  await here.home.put('assignment', `${CONNECTOR}/1`, assignment(1));
  here.change(NADIA, { guest: true });
  await here.give(person(NADIA), 'partner', 'csv:bright');
  nadia = await here.actor(NADIA);
});
afterEach(() => here.home.close());

describe('a partner', () => {
  it('X1 C4 sees the connectors made from their own entries, drafts not, and no other', async () => {
    expect((await visibleConnectors(here.outside, nadia)).map(({ connector: { name }, whole, asPartner }) => [name, whole, asPartner])).toEqual([
      ['Portal', false, true],
    ]);
  });

  it('X1 C4 sees no people, counts, roles, groups or runs of them', async () => {
    const [row, ...more] = await connectorsOverview(here.outside, nadia, null);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ asPartner: true, whole: false, total: { have: 0, of: 0 }, parts: [] });
    const card = await connectorCard(here.outside, nadia, CONNECTOR);
    expect(card).toMatchObject({ activeAccounts: 0, lastRun: null, running: null, may: { run: false, assign: false, administer: false } });
    expect((await findPeople(here.outside, nadia, '')).people).toEqual([]);
    expect(await assignableConnectors(here.outside, nadia)).toEqual([]);
    expect(await subscribable(here.outside, nadia)).toEqual([]);
    expect(await subscriptions(here.outside, nadia)).toEqual([]);
  });

  it('X1 can do nothing else: every other verb refuses', async () => {
    const { outside } = here;
    const page = { after: null, limit: 10 };
    const verbs: readonly (() => Promise<unknown>)[] = [
      () => connectorById(outside, nadia, CONNECTOR),
      () => connectorNamed(outside, nadia, 'Portal'),
      () => requireConnector(outside, nadia, CONNECTOR, 'see', 'look at'),
      () => startSync(outside, nadia, { connectorId: CONNECTOR, scope: { is: 'all' } }),
      () => connectorHistory(outside, nadia, CONNECTOR, { kind: 'all', personId: null, outcome: 'all' }, page),
      () => deletionsOf(outside, nadia, CONNECTOR),
      () => reportScope(outside, nadia, { organizationId: null, connectorId: null }),
      () => reportScope(outside, nadia, { organizationId: null, connectorId: CONNECTOR }),
    ];
    for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
    for (const verb of [() => showPerson(outside, nadia, 'csv:p1'), () => connectorById(outside, nadia, 'c2'), () => connectorById(outside, nadia, 'c3')])
      await expect(verb()).rejects.toMatchObject({ reason: { is: 'not-found' } });
  });

  it('X1 sees their own role only', async () => {
    expect((await roleGrants(here.outside, nadia)).map(({ role, mayTake }) => [role, mayTake])).toEqual([['partner', false]]);
  });
});
