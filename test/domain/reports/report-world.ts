import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { onTestFinished } from 'vitest';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createWorkspace } from '../../../src/adapters/slack/workspace.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import type { Assignment } from '../../../src/domain/assignments/assignment.ts';
import { type Connector, DEFAULT_OPERATING } from '../../../src/domain/connectors/connector.ts';
import type { Grouping } from '../../../src/domain/directory/grouping.ts';
import type { Organization } from '../../../src/domain/directory/organization.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { NO_FILTER, type ReportFilter, type ReportName } from '../../../src/domain/reports/report.ts';
import { type Destination, type SentReport, sendReport } from '../../../src/domain/reports/verbs/make.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Actor, Role } from '../../../src/domain/rights/grant.ts';
import type { Account, AccountState } from '../../../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../../../src/domain/sync/event.ts';
import type { Append, Put } from '../../../src/ports/store.ts';
import { manualClock, MORNING } from '../../clock.ts';
import { ANA, openWorkspace } from '../../sandbox/slack/bolt-app.ts';

export { ANA };
export const CONNECTOR = 'c1';
export const TEACHERS_NORTH = 'csv:north/role/t';
const TEACHERS_SOUTH = 'csv:south/role/t';

export function actor(role: Role = 'operator', organizationId: string | null = null, userId = ANA): Actor {
  return { teamId: 'T1', userId, way: 'command', grants: [{ teamId: 'T1', userId, role, organizationId }] };
}

export function person(id: string, changes: Partial<Person> = {}): Person {
  const attributes = { userName: id, email: `${id}@example.org`, givenName: id, familyName: 'Example' };
  const base = { id: `csv:${id}`, source: 'csv', sourceId: id, organizationId: 'csv:north', groupings: [TEACHERS_NORTH], attributes } as const;
  return { ...base, status: 'active', ...changes };
}

function grouping(id: string, name: string, organizationId: string): Grouping {
  return { id, organizationId, kind: 'role', sourceId: 't', name };
}

export function assignment(number: number, groupingId: string, changes: Partial<Assignment> = {}): Assignment {
  const base = { id: `${CONNECTOR}/${number}`, connectorId: CONNECTOR, organizationId: 'csv:north', groupingId, by: ANA, why: null };
  return { ...base, requestedAt: MORNING - HOUR, effectiveAt: MORNING - HOUR, ended: null, ...changes };
}

/** An active connector of the district, named Portal. */
export function connector(changes: Partial<Connector> = {}): Connector {
  return {
    ...{
      id: CONNECTOR,
      name: 'Portal',
      entryId: 'custom-scim',
      instanceId: 'i1',
      organizationId: 'csv:district',
      state: { is: 'active', since: MORNING - DAY },
    },
    ...{
      health: { is: 'ok' },
      inForce: null,
      draft: null,
      operating: DEFAULT_OPERATING,
      rehearsal: null,
      lastAssign: null,
      lastProvision: null,
      listing: null,
    },
    ...{ createdAt: MORNING, createdBy: ANA },
    ...changes,
  };
}

export function organization(id: string, name: string, parentId: string | null, timeZone: string | null = null): Organization {
  return { id, source: 'csv', sourceId: id.slice(4), name, kind: 'school', parentId, timeZone };
}

/** An account of c1 with its whole life: `[days before MORNING, state]`, oldest first. */
export function account(id: string, life: readonly (readonly [daysAgo: number, state: AccountState])[], changes: Partial<Account> = {}): Account {
  return {
    ...{
      connectorId: CONNECTOR,
      personId: `csv:${id}`,
      targetId: `target-${id}`,
      state: life.at(-1)?.[1] ?? 'active',
      origin: 'created',
      intent: null,
      generated: {},
    },
    ...{ pushed: { values: { userName: id, displayName: `Name ${id}` }, at: MORNING - DAY }, deleteAt: null },
    timeline: life.map(([daysAgo, state]) => [MORNING - daysAgo * DAY, state] as const),
    ...changes,
  };
}

export function event(id: string, at: number, changes: Partial<ProvisioningEvent> = {}): Append {
  const row: ProvisioningEvent = {
    ...{ id, at, type: 'user_create_provision', runId: 'R-1', connectorId: CONNECTOR, application: 'Zoom', organizationId: 'csv:north', by: ANA },
    ...{
      subjectId: 'csv:p1',
      subjectName: 'p1 Example',
      targetId: 'target-p1',
      success: true,
      errorCode: null,
      errorMessage: null,
      httpStatus: 201,
      attempts: 1,
    },
    ...{ cause: null, changes: [] },
    ...changes,
  };
  return { log: 'event', partition: row.connectorId, row };
}

/** A district with two schools, and one connector, which is assigned to the teachers of both. */
function district(): readonly Put[] {
  const groupings = [grouping(TEACHERS_NORTH, 'Teachers', 'csv:north'), grouping(TEACHERS_SOUTH, 'Teachers', 'csv:south')];
  const people = [
    person('p1', { organizationId: 'csv:north', groupings: [TEACHERS_NORTH] }),
    person('p2', { organizationId: 'csv:south', groupings: [TEACHERS_SOUTH] }),
  ];
  const organizations = [
    organization('csv:district', 'Riverside', null, 'Europe/Madrid'),
    organization('csv:north', 'North High', 'csv:district'),
    organization('csv:south', 'South High', 'csv:district'),
  ];
  return [
    ...organizations.map((one) => put('organization', one.id, one)),
    ...groupings.map((one) => put('grouping', one.id, one)),
    ...people.map((one) => put('person', one.id, one)),
    put('connector', CONNECTOR, connector()),
    put('instance', 'i1', { id: 'i1', application: 'Zoom', name: 'Zoom', organizationId: 'csv:district', seats: { is: 'unlimited' } }),
    put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS_NORTH, { organizationId: 'csv:north', by: ANA })),
    put('assignment', `${CONNECTOR}/2`, assignment(2, TEACHERS_SOUTH, { organizationId: 'csv:south', by: ANA })),
  ];
}

/** A real store, and the real way to Slack over the wire; closed when the test ends. */
export async function reportWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'usher-reports-'));
  const clock = manualClock();
  const log = { info() {}, warn() {}, error() {} };
  const store = await openJsonStore({ folder, clock, log });
  const { workspace, client } = await openWorkspace({ rateLimits: false });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const outside = {
    settings: { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } },
    ...{
      store,
      clock,
      chance: createChance(clock),
      breath: createBreath(),
      calendar: createCalendar(),
      sheets: createSheets(),
      workspace: createWorkspace(client),
    },
  };
  await store.transaction({ puts: district() });
  const global = actor('viewer', null, ANA);
  return {
    outside,
    slack: workspace,
    write: (puts: readonly Put[], appends: readonly Append[] = []) => store.transaction({ puts, appends }),
    send: (name: ReportName, filter: Partial<ReportFilter> = {}, by: Actor = global, to: Destination = { userId: by.userId }): Promise<SentReport> =>
      sendReport(outside, by, { name, filter: { ...NO_FILTER, ...filter }, to }),
    /** Makes it, and reads back what Slack got: a record per row. */
    async rows(name: ReportName, filter: Partial<ReportFilter> = {}, by: Actor = global): Promise<Readonly<Record<string, string>>[]> {
      await sendReport(outside, by, { name, filter: { ...NO_FILTER, ...filter }, to: { userId: by.userId } });
      return parse(workspace.files().at(-1)?.bytes ?? '', { bom: true, columns: true });
    },
    text: (): string => workspace.files().at(-1)?.bytes?.toString() ?? '',
  };
}
