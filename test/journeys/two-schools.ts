import { put } from '../../src/domain/revise.ts';
import type { Role } from '../../src/domain/rights/grant.ts';
import type { Put } from '../../src/ports/store.ts';
import { NO_COUNTS, type Run } from '../../src/domain/sync/run.ts';
import type { App } from '../app.ts';
import { connector } from '../domain/sync/world.ts';

export const TEAM = 'T0RIVERSIDE';
/** Stands in every name of the other school: its organization, groups, people, connectors, and what was said of them. */
export const SOUTHERN = 'Zquokka';
/** The district's own connector, assigned in the other school only. */
export const DISTRICTS = 'Wombatwide';
/** Stands in the name of whoever belongs to their own school. */
export const NORTHERN = 'Norrvik';
/** How many people there are: in the other school, and in all. */
export const COUNTS = [37, 41] as const;

const AT = Date.UTC(2026, 10, 20, 6);
const HELD_BY = 'U0KENJIMORI';
const source = { source: 'd' };

function organization(id: string, name: string, kind: string, parentId: string | null): Put {
  return put('organization', id, { ...source, id, sourceId: id.slice(2), name, kind, parentId, timeZone: null });
}

function grouping(organizationId: string, name: string): Put {
  const id = `${organizationId}/role/teacher`;
  return put('grouping', id, { id, organizationId, kind: 'role', sourceId: 'teacher', name });
}

function people(school: 'north' | 'south', count: number, family: string): readonly Put[] {
  return Array.from({ length: count }, (_, index) => {
    const sourceId = `${school}${index}`;
    return put('person', `d:${sourceId}`, {
      ...{ ...source, id: `d:${sourceId}`, sourceId, organizationId: `d:${school}`, status: 'active' },
      // One of the north is in a group of the south too.
      groupings: [`d:${school}/role/teacher`, ...(sourceId === 'north0' ? ['d:south/role/teacher'] : [])].sort(),
      attributes: { userName: sourceId, email: `${sourceId}@example.org`, givenName: `Birgit${index}`, familyName: family },
    });
  });
}

function assignment(connectorId: string, number: number, school: 'north' | 'south'): Put {
  const of = { id: `${connectorId}/${number}`, connectorId, organizationId: `d:${school}`, groupingId: `d:${school}/role/teacher` };
  const why = school === 'south' ? `for ${SOUTHERN}` : null;
  return put('assignment', of.id, { ...of, by: school === 'south' ? HELD_BY : 'U0ANARUIZ', why, requestedAt: AT, effectiveAt: AT, ended: null });
}

function account(connectorId: string, sourceId: string, name: string): Put {
  const personId = `d:${sourceId}`;
  return put('account', `${connectorId}/${personId}`, {
    ...{
      connectorId,
      personId,
      targetId: `t-${sourceId}`,
      state: 'active',
      origin: 'created',
      deleteAt: null,
      timeline: [[AT, 'active']],
      intent: null,
      generated: {},
    },
    pushed: { at: AT, values: { userName: sourceId, displayName: name } },
  });
}

function run(id: string, connectorId: string, changes: Partial<Run>): readonly Put[] {
  const state = { is: 'ended', at: AT + 1_000, ending: 'completed', result: 'partial', detail: `about ${SOUTHERN}` } as const;
  const value: Run = {
    ...{ id, connectorId, kind: 'sync', scope: { is: 'all' }, by: 'schedule', requestedAt: AT, startedAt: AT, state, asked: null, previous: null },
    ...{ total: COUNTS[0], done: COUNTS[0], counts: { ...NO_COUNTS, created: COUNTS[0], failed: 1 }, held: null },
    causes: [{ key: 'cause', status: 400, message: `no domain for ${SOUTHERN}`, count: 1 }],
    frozen: { count: 1, first: [{ personId: 'd:south1', reason: `two people are called ${SOUTHERN}` }] },
    ...changes,
  };
  return [put('run', id, value), put('counter', `run/${connectorId}`, { value: Number(id.slice(2)) })];
}

function event(connectorId: string, runId: string, school: 'north' | 'south', subject: string, name: string) {
  const of = {
    id: `${runId}-${subject}`,
    at: AT,
    type: 'user_create_provision' as const,
    runId,
    connectorId,
    application: 'App',
    organizationId: `d:${school}`,
  };
  const failed = { success: false, errorCode: 'invalidValue', errorMessage: `${name} is not known`, httpStatus: 400, attempts: 1, cause: 'cause', changes: [] };
  return {
    log: 'event' as const,
    partition: connectorId,
    row: { ...of, by: 'schedule', subjectId: `d:${subject}`, subjectName: name, targetId: null, ...failed },
  };
}

function setting(connectorId: string | null, summary: string) {
  const of = { id: `a-${connectorId}`, at: AT, by: HELD_BY, way: 'button' as const, action: 'connectors.set', connectorId, subject: null };
  return { log: 'audit' as const, partition: connectorId ?? '-', row: { ...of, summary, before: null, after: null } };
}

/**
 * A district with two schools that know nothing of each other. Zoom is the district's and assigned in both; *Zquokkamail*
 * is the southern school's own. Everything of the south is named so that it can be found wherever it leaks.
 */
export async function seedTwoSchools({ usher, targetUrl }: Pick<App, 'usher' | 'targetUrl'>): Promise<void> {
  const { store } = usher().outside;
  const made = (id: string, name: string, organizationId: string, entryId = 'custom') => {
    const lastAssign = { at: AT, by: HELD_BY };
    const secret = { is: 'reference', name: 'env:USHER_SECRET_TARGET' } as const;
    const value = connector(targetUrl, { settings: { secret }, connector: { id, name, instanceId: `${id}-1`, organizationId, entryId, lastAssign } });
    const instance = { id: `${id}-1`, application: name, name, organizationId, seats: { is: 'set', total: 500, by: HELD_BY, at: AT } } as const;
    return [put('connector', id, value), put('instance', instance.id, instance)];
  };
  await store.transaction({
    puts: [
      organization('d:district', 'Riverside', 'district', null),
      organization('d:north', `${NORTHERN} High`, 'school', 'd:district'),
      organization('d:south', `${SOUTHERN} High`, 'school', 'd:district'),
      organization('d:bright', 'Brightpath', 'partner', 'd:district'),
      grouping('d:north', 'Teachers'),
      grouping('d:south', `${SOUTHERN} teachers`),
      ...people('north', COUNTS[1] - COUNTS[0], NORTHERN),
      ...people('south', COUNTS[0], SOUTHERN),
      put('entry', 'bright', {
        ...{ id: 'bright', name: 'Bright', partnerId: 'd:bright', mapping: [] },
        ...{ documented: { requestsPerSecond: null, deletes: 'unknown' }, seatReading: null },
      }),
      ...made('zoom', 'Zoom', 'd:district'),
      ...made('districtwide', DISTRICTS, 'd:district'),
      ...made('southmail', `${SOUTHERN}mail`, 'd:south'),
      ...made('brightlms', 'Brightlms', 'd:district', 'bright'),
      assignment('zoom', 1, 'north'),
      assignment('zoom', 2, 'south'),
      assignment('districtwide', 3, 'south'),
      assignment('southmail', 4, 'south'),
      put('counter', 'assignment', { value: 4 }),
      account('zoom', 'north0', NORTHERN),
      account('zoom', 'south1', SOUTHERN),
      account('southmail', 'south1', SOUTHERN),
      put('counter', 'run', { value: 3 }),
      ...run('R-1', 'zoom', {}),
      ...run('R-2', 'southmail', {}),
      ...run('R-3', 'zoom', { scope: { is: 'organizations', ids: ['d:south'] }, by: HELD_BY, previous: 'R-1' }),
      ...['zoom', 'southmail'].map((connectorId, index) =>
        put('alert', `A-${index + 1}`, {
          ...{ id: `A-${index + 1}`, connectorId, channelId: 'C0ITLEADS', condition: 'partial', runId: `R-${index + 1}`, since: AT, raisedAt: AT, lastAt: AT },
          ...{ times: 1, affected: { now: 1, before: null }, seats: null, state: { is: 'open', since: AT, escalated: null } },
        }),
      ),
      ...[null, 'zoom', 'southmail'].map((connectorId) =>
        put('subscription', `C0ITLEADS/${connectorId ?? '*'}`, {
          ...{ channelId: 'C0ITLEADS', connectorId, conditions: ['failure'], teamId: TEAM, by: HELD_BY, at: AT, mayNames: false, escalation: null },
        }),
      ),
      put('grant', 'G-90', {
        ...{ id: 'G-90', holder: { is: 'person', teamId: TEAM, userId: HELD_BY }, role: 'admin', organizationId: 'd:south' },
        ...{ by: HELD_BY, at: AT, why: `for ${SOUTHERN}` },
      }),
      put('counter', 'grant', { value: 90 }),
      put('import', 'd', {
        ...{ id: 'i1', source: 'd', startedAt: AT, endedAt: AT, by: 'schedule', outcome: { is: 'done' } },
        ...{ organizations: tally(4), groupings: tally(2), people: tally(COUNTS[1]), errorCount: 1, warnings: [`two people are called ${SOUTHERN}`] },
        errors: [{ file: 'users.csv', line: 7, reason: `${SOUTHERN} has no name`, sourceId: 'south3' }],
      }),
      ...request('Q-90', 'd:south', 'southmail', `disconnect ${SOUTHERN}mail`),
      ...request('Q-91', 'd:north', 'zoom', 'assign Zoom to Teachers'),
      put('counter', 'approval', { value: 91 }),
      put('policy', 'P-90', {
        ...{ id: 'P-90', action: 'disconnect', organizationId: 'd:south', from: 0, steps: [{ approvers: { people: [HELD_BY], groups: [] }, count: 1 }] },
        ...{ channelId: null, hours: 72, by: HELD_BY, at: AT },
      }),
      put('counter', 'policy', { value: 90 }),
      ...task(1, 'zoom', 'd:district', ['north0', 'south1']),
      ...task(2, 'southmail', 'd:south', ['south1']),
      put('counter', 'task', { value: 2 }),
      put('protected', 'd:south2', {
        ...{ id: 'd:south2', personId: 'd:south2', connectorId: null, why: `runs ${SOUTHERN}` },
        by: HELD_BY,
        approvedBy: [],
        at: AT,
      }),
    ],
    appends: [
      event('zoom', 'R-1', 'north', 'north0', `Birgit0 ${NORTHERN}`),
      event('zoom', 'R-1', 'south', 'south1', `Birgit1 ${SOUTHERN}`),
      event('zoom', 'R-3', 'south', 'south1', `Birgit1 ${SOUTHERN}`),
      event('southmail', 'R-2', 'south', 'south1', `Birgit1 ${SOUTHERN}`),
      setting('zoom', `set something for ${SOUTHERN}`),
      setting('southmail', `set something for ${SOUTHERN}`),
      setting(null, `did something for ${SOUTHERN}`),
    ],
  });
}

/** An enrollment task whose people have not enrolled; its serials say whose they are. */
function task(number: number, connectorId: string, organizationId: string, sourceIds: readonly string[]): readonly Put[] {
  const taskId = `T-${number}`;
  const stop = Date.UTC(2036, 0, 1);
  return [
    put('task', taskId, {
      ...{ id: taskId, number, connectorId, organizationId, runId: `R-${number}`, by: organizationId === 'd:south' ? HELD_BY : 'U0ANARUIZ', start: AT, stop },
      ...{ days: 10, attempts: 5, types: ['link'], state: { is: 'open' }, mailedTo: null, timeZone: 'Europe/Madrid' },
    }),
    put('taskOfRun', `R-${number}`, { taskId }),
    ...sourceIds.flatMap((sourceId) => [
      put('enrollment', `${taskId}/d:${sourceId}`, {
        ...{ taskId, personId: `d:${sourceId}`, connectorId, state: { is: 'active' }, stop, attempts: 0, links: [], type: 'link', reserved: null },
        ...{ serial: sourceId.startsWith('south') ? SOUTHERN : null, waitingSince: null, mail: null, reminded: [] },
      }),
      put('tasksOf', `d:${sourceId}/${taskId}`, { taskId }),
    ]),
  ];
}

function tally(added: number) {
  return { added, changed: 0, removed: 0, unchanged: 0 };
}

function request(id: string, organizationId: string, connectorId: string, title: string): readonly Put[] {
  return [
    put('approval', id, {
      ...{ id, action: 'disconnect', effect: { is: 'disconnect', connectorId }, why: null, policyId: null, singlePerson: null, cards: [] },
      ...{ described: { title, lines: [`${title}.`], size: 1, organizationId, connectorId }, by: { teamId: TEAM, userId: 'U0ANARUIZ', way: 'button' } },
      ...{ askedAt: AT, expiresAt: Date.UTC(2036, 0, 1), steps: [{ approvers: { people: [], groups: [] }, count: 1 }], decisions: [] },
      ...{ aloneUntil: null, remindedAt: null, state: { is: 'open' } },
    }),
  ];
}

/** Gives a person exactly this role, and takes all others. */
export async function becomes({ usher }: Pick<App, 'usher'>, userId: string, role: Role | null, organizationId: string | null): Promise<void> {
  const { store } = usher().outside;
  const holder = { is: 'person', teamId: TEAM, userId } as const;
  const value = role === null ? null : { id: 'G-1', holder, role, organizationId, by: 'U0ANARUIZ', at: AT, why: null };
  await store.transaction({ puts: [put('grant', 'G-1', value)] });
}
