import { afterEach, beforeEach, expect, it } from 'vitest';
import { clear } from '../../../src/domain/approvals/clearance.ts';
import type { AuditRow } from '../../../src/domain/audit/audit.ts';
import type { ProtectedChange } from '../../../src/domain/protected/protected.ts';
import { applyProtected, describeProtected } from '../../../src/domain/protected/verbs/edit.ts';
import { protectedPeople } from '../../../src/domain/protected/verbs/list.ts';
import type { RefusalReason } from '../../../src/domain/refusal.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { ROLES } from '../../../src/domain/rights/grant.ts';
import type { Account } from '../../../src/domain/sync/account.ts';
import { manualClock, MORNING } from '../../clock.ts';
import { actor, CONNECTOR, connector, person, type World, world } from '../sync/world.ts';

const APPROVED = clear({ requestId: 'Q-7', approvedBy: ['U2'], singlePerson: null }, MORNING);
const admin = actor('admin');
let home: World;

beforeEach(async () => {
  home = await world({ clock: manualClock() });
  await home.seed(connector('https://portal.example/scim'), [person('ann'), person('bob', { groupings: [] })]);
});
afterEach(() => home.close());

const protect = (id: string, connectorId: string | null = null, why = 'break-glass'): ProtectedChange => ({
  is: 'protect',
  personId: `csv:${id}`,
  connectorId,
  why,
});

const account = (id: string, changes: Partial<Account> = {}): Account => ({
  ...{ connectorId: CONNECTOR, personId: `csv:${id}`, targetId: `t-${id}`, state: 'active', origin: 'created', intent: null, generated: {}, deleteAt: null },
  ...{ pushed: { values: { userName: id, displayName: `${id} Gone` }, at: MORNING }, timeline: [] },
  ...changes,
});

async function audit(): Promise<readonly AuditRow[]> {
  const found: AuditRow[] = [];
  for await (const page of home.outside.store.rows('audit', { order: 'oldest' })) found.push(...page.map(({ row }) => row));
  return found;
}

async function refused(work: Promise<unknown>): Promise<RefusalReason> {
  const outcome = await work.then(
    () => null,
    (fault: unknown) => fault,
  );
  if (!(outcome instanceof Refusal)) throw new Error(`not refused: ${String(outcome)}`);
  return outcome.reason;
}

it('A7 X1 only a global admin sees or edits the list, whatever else somebody holds', async () => {
  for (const role of ROLES) {
    for (const organizationId of [null, 'csv:district', 'csv:school']) {
      if (role === 'admin' && organizationId === null) continue;
      const somebody = actor(role, organizationId);
      expect((await refused(protectedPeople(home.outside, somebody))).is).toBe('not-allowed');
      expect((await refused(describeProtected(home.outside, somebody, protect('ann')))).is).toBe('not-allowed');
      expect((await refused(applyProtected(home.outside, somebody, protect('ann'), APPROVED))).is).toBe('not-allowed');
    }
  }
  expect(await home.all('protected')).toEqual([]);
});

it('A7 X2 takes two people, who both stand in the list and in the audit', async () => {
  await expect(applyProtected(home.outside, admin, protect('ann'), clear(null, null))).rejects.toThrow('takes two people');
  expect(await home.all('protected')).toEqual([]);
  await applyProtected(home.outside, admin, protect('ann'), APPROVED);
  const [row] = await protectedPeople(home.outside, admin);
  expect(row).toMatchObject({
    entry: { personId: 'csv:ann', why: 'break-glass', by: 'U1', approvedBy: ['U2'], at: MORNING },
    ...{ name: 'ann Example', organization: 'North School', connector: null },
  });
  await applyProtected(home.outside, admin, { is: 'unprotect', id: 'csv:ann', why: 'replaced' }, APPROVED);
  expect(await home.all('protected')).toEqual([]);
  expect(await audit()).toMatchObject([
    {
      ...{ action: 'protected.protect', by: 'U1', subject: 'csv:ann', before: null, after: { for: 'all connectors', why: 'break-glass' } },
      approval: { requestId: 'Q-7', approvedBy: ['U2'] },
    },
    {
      ...{ action: 'protected.unprotect', before: { for: 'all connectors', why: 'break-glass' }, after: { why: 'replaced' } },
      approval: { requestId: 'Q-7', approvedBy: ['U2'] },
    },
  ]);
});

it('A7 refuses with what to do: nobody of that name, twice, in a connector too, un-protecting nobody, no reason, one too long, no such connector', async () => {
  expect(await refused(applyProtected(home.outside, admin, protect('nobody'), APPROVED))).toMatchObject({ is: 'not-found', what: 'person' });
  expect(await refused(describeProtected(home.outside, admin, protect('ann', 'nowhere')))).toEqual({
    ...{ is: 'not-found', what: 'connector', typed: 'nowhere', near: ['Portal'] },
  });
  expect(await refused(describeProtected(home.outside, admin, protect('ann', null, '  ')))).toMatchObject({ is: 'bad-input', field: 'why' });
  expect(await refused(describeProtected(home.outside, admin, protect('ann', null, 'x'.repeat(301))))).toMatchObject({ is: 'bad-input', field: 'why' });
  expect(await refused(applyProtected(home.outside, admin, { is: 'unprotect', id: 'csv:ann', why: 'x' }, APPROVED))).toMatchObject({ is: 'nothing-to-do' });
  await applyProtected(home.outside, admin, protect('ann'), APPROVED);
  for (const again of [protect('ann'), protect('ann', CONNECTOR)]) {
    expect(await refused(describeProtected(home.outside, admin, again))).toEqual({
      ...{ is: 'nothing-to-do', detail: 'ann Example is protected in all connectors already: break-glass' },
    });
  }
  expect(await home.all('protected')).toHaveLength(1);
});

it('A7 protects for one connector and then for all, and tells each by its own entry', async () => {
  await applyProtected(home.outside, admin, protect('ann', CONNECTOR), APPROVED);
  await applyProtected(home.outside, admin, protect('ann', null, 'everywhere'), APPROVED);
  expect((await protectedPeople(home.outside, admin)).map(({ connector: where, entry }) => [where, entry.why])).toEqual([
    [null, 'everywhere'],
    ['Portal', 'break-glass'],
  ]);
});

it('A7 says what it comes to: the accounts held, and those that the next sync takes once the protection ends', async () => {
  await home.put('account', `${CONNECTOR}/csv:bob`, account('bob'));
  expect(await describeProtected(home.outside, admin, protect('bob'))).toMatchObject({
    ...{ title: 'protect bob Example in all connectors', size: 1, organizationId: null },
    lines: ['bob Example (North School) has an account: Portal.', expect.stringContaining('No sync, un-assignment')],
  });
  await applyProtected(home.outside, admin, protect('bob'), APPROVED);
  await home.put('person', 'csv:bob', null);
  const { title, lines } = await describeProtected(home.outside, admin, { is: 'unprotect', id: 'csv:bob', why: 'over' });
  expect(title).toBe('stop protecting bob Gone in all connectors');
  expect(lines[0]).toBe('bob Gone, who left the directory, has an account: Portal.');
  expect(lines[1]).toBe('The next sync deactivates an account that nothing else keeps: Portal.');
  expect(lines[2]).toBe('They were protected because: break-glass');
});

it('A7 can protect somebody who left the directory and still has an account', async () => {
  await home.put('account', `${CONNECTOR}/csv:zoe`, account('zoe'));
  await applyProtected(home.outside, admin, protect('zoe'), APPROVED);
  expect(await protectedPeople(home.outside, admin)).toMatchObject([{ name: 'zoe Gone', organization: null }]);
});
