import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignableConnectors } from '../../../src/domain/assignments/verbs/assignable.ts';
import { connectorHistory } from '../../../src/domain/assignments/verbs/history.ts';
import { subscribable, subscriptions } from '../../../src/domain/alerts/verbs/subscriptions.ts';
import { connectorCard } from '../../../src/domain/connectors/verbs/card.ts';
import { connectorById, connectorNamed, visibleConnectors } from '../../../src/domain/connectors/verbs/find.ts';
import { connectorsOverview } from '../../../src/domain/connectors/verbs/overview.ts';
import { partnerView, sendPartnerView } from '../../../src/domain/connectors/verbs/partner-view.ts';
import { requireConnector } from '../../../src/domain/connectors/verbs/require.ts';
import { findPeople } from '../../../src/domain/directory/verbs/find.ts';
import { showPerson } from '../../../src/domain/people/verbs/show.ts';
import { reportScope } from '../../../src/domain/reports/verbs/scope.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { roleGrants } from '../../../src/domain/rights/verbs/role-grants.ts';
import { deletionsOf } from '../../../src/domain/sync/verbs/deletions.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { actor as sawAll, assignment, CONNECTOR, connector, organization, person as somebody, TEACHERS } from '../sync/world.ts';
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

describe('the partner’s view', () => {
  const all = { typed: '', by: 'organization' } as const;

  beforeEach(async () => {
    const { home } = here;
    await home.put('organization', 'csv:bright', { ...organization('csv:bright', 'Brightpath Inc.', null), kind: 'partner' });
    await home.put('organization', 'csv:state', organization('csv:state', 'Ñorth State', null));
    await home.put('organization', 'csv:district', organization('csv:district', 'Łódź District', 'csv:state'));
    await home.put('grouping', TEACHERS, { id: TEACHERS, organizationId: 'csv:school', kind: 'role', sourceId: 'teacher', name: 'Teachers' });
  });

  it('C4 shows the organizations that activated the partner’s entries, with roles, counts, last assign and last provision, and nobody by name', async () => {
    const { view, ...rest } = { view: await partnerView(here.outside, nadia, null, all) };
    expect(rest).toEqual({});
    expect(view.partner).toEqual({ id: 'csv:bright', name: 'Brightpath Inc.' });
    expect(view.rows).toMatchObject([
      {
        ...{ connectorId: 'c1', entry: 'Brightpath', organization: 'Łódź District', parent: 'Ñorth State' },
        ...{ total: { have: 0, of: 1 }, parts: [{ grouping: 'Teachers', have: 0, of: 1 }], lastProvision: null },
      },
    ]);
    expect(JSON.stringify(view)).not.toContain('p1');
  });

  it('C4 searches by words in either name: all must match, a part is enough, case and accents don’t count', async () => {
    const found = async (typed: string, by: 'organization' | 'parent') => (await partnerView(here.outside, nadia, null, { typed, by })).rows.length;
    expect(await found('LODZ dist', 'organization')).toBe(1);
    expect(await found('lodz north', 'organization')).toBe(0);
    expect(await found('north', 'parent')).toBe(1);
    expect(await found('distr', 'parent')).toBe(0);
  });

  it('C4 X1 a global admin opens any partner’s view; a partner no other one, and nobody else any', async () => {
    await here.home.put('entry', 'rival', {
      id: 'rival',
      name: 'Rival',
      partnerId: 'csv:rival',
      mapping: [],
      documented: { requestsPerSecond: null, deletes: 'unknown' },
      seatReading: null,
    });
    const ana = sawAll('admin');
    expect((await partnerView(here.outside, ana, 'brightpath inc.', all)).rows).toHaveLength(1);
    expect((await partnerView(here.outside, ana, 'csv:rival', all)).rows).toEqual([]);
    expect((await partnerView(here.outside, ana, null, all)).choices).toHaveLength(2);
    const one = await partnerView(here.outside, nadia, 'csv:rival', all).catch((error: unknown) => error);
    const none = await partnerView(here.outside, nadia, 'csv:nobody', all).catch((error: unknown) => error);
    expect(one).toMatchObject({ reason: { is: 'not-found', what: 'partner' } });
    expect(none).toMatchObject({ reason: { is: 'not-found', what: 'partner' } });
    for (const role of ['viewer', 'operator', 'approver'] as const)
      await expect(partnerView(here.outside, sawAll(role), 'csv:bright', all)).rejects.toMatchObject({ reason: { is: 'not-found' } });
  });

  it('C4 R2 the CSV has every row that the search matches, whatever the page', async () => {
    for (let at = 0; at < 40; at += 1)
      await here.home.put('connector', `d${at}`, { ...connector('https://x.example'), id: `d${at}`, name: `D${at}`, entryId: 'bright' });
    const lines: (readonly string[])[] = [];
    const sheets = {
      make: async (_: readonly string[], rows: AsyncIterable<readonly string[]>) => {
        for await (const row of rows) lines.push(row);
        return lines.length;
      },
    };
    const outside = { ...here.outside, sheets } as unknown as Parameters<typeof sendPartnerView>[0];
    expect(await sendPartnerView(outside, nadia, null, { typed: 'lodz', by: 'organization' })).toBe(41);
    expect(lines[0]).toContain('Łódź District');
    expect(await sendPartnerView(outside, nadia, null, { typed: 'nowhere', by: 'organization' })).toBe(41);
  });
});
