import { expect, it, onTestFinished } from 'vitest';
import type { Connector, RehearsedSettings } from '../../src/domain/connectors/connector.ts';
import { defaultMapping } from '../../src/domain/connectors/default-mapping.ts';
import { MANAGER } from '../../src/domain/connectors/mapping.ts';
import { performRehearsal } from '../../src/domain/connectors/verbs/rehearse.ts';
import { put } from '../../src/domain/revise.ts';
import { type Quirks, SERVER_A, SERVER_B, SERVER_C, SERVER_D, SERVER_E, SERVER_F } from '../../src/sandbox/scim/quirks/quirks.ts';
import { type QuirkyServer, startQuirky } from '../../src/sandbox/scim/quirks/server.ts';
import { stepsOf } from '../../src/domain/connectors/rehearsal.ts';
import { canonical } from '../../src/domain/connectors/settings.ts';
import { connector as given, type World, world } from '../domain/sync/world.ts';

interface Rehearsed {
  readonly connector: Connector;
  readonly server: QuirkyServer;
  readonly home: World;
}

/** Rehearses new settings of an active connector with groups; `others` people are in the target already. */
async function rehearsed(quirks: Quirks, others = 3, settings: Partial<RehearsedSettings> = {}): Promise<Rehearsed> {
  const server = await startQuirky(quirks);
  onTestFinished(server.close);
  for (let at = 0; at < others; at += 1) server.seed({ userName: `other${at}` });
  const home = await world({ allow: [new URL(server.url).host] });
  onTestFinished(home.close);
  const { outside } = home;
  const one = given(server.url, { settings: { manageGroups: true, ...settings } });
  if (one.inForce === null) throw new Error('no settings');
  const steps = stepsOf(true).map((name) => ({ name, outcome: { is: 'waiting' as const } }));
  const print = outside.fingerprint.of(canonical(one.inForce));
  const rehearsal = {
    ...{ id: 'r1', baseUrl: server.url, fingerprint: print, by: 'U1', startedAt: outside.clock.now(), endedAt: null, steps, verdict: 'running' as const },
    leftOver: { userId: null, groupId: null, attempt: null },
  };
  await outside.store.transaction({ puts: [put('connector', one.id, { ...one, draft: one.inForce, rehearsal })] });
  await performRehearsal(home.outside, one.id);
  return { connector: await home.connector(), server, home };
}

it.each([
  ['A', SERVER_A, { pages: { totals: 'page' }, etag: 'checked', members: { removal: 'filter', readable: 'whole', proven: true } }],
  ['B', SERVER_B, { etag: 'checked', members: { removal: 'filter', proven: true }, shapes: {} }],
  ['C', SERVER_C, { active: 'string', members: { readable: 'never' }, filter: { letterCase: 'exact', externalId: 'fails' } }],
  ['D', SERVER_D, { shapes: { 'name.givenName': 'object' }, active: 'boolean', put: 'replaces' }],
  ['E', SERVER_E, { active: 'boolean', put: 'replaces', filter: { letterCase: 'any', externalId: 'works' } }],
  ['F', SERVER_F, { pages: { totals: 'page' }, shapes: {} }],
] as const)('C20 C7 the rehearsal learns what server %s really does, and leaves nothing behind', async (_name, quirks, dialect) => {
  const { connector, server } = await rehearsed(quirks);
  expect(connector.rehearsal?.verdict).toBe('passed');
  expect(connector.dialect).toMatchObject({ ...dialect, learntAt: expect.any(Number) });
  expect(server.users().map(({ userName }) => userName)).toEqual(['other0', 'other1', 'other2']);
  expect(server.groups()).toEqual([]);
});

it('C20 the rehearsal writes to nothing but its own test user and group', async () => {
  const { server } = await rehearsed({}, 0);
  const others = await rehearsed({ totals: 'page' }, 2);
  expect(others.server.users()).toMatchObject([
    { userName: 'other0', active: true },
    { userName: 'other1', active: true },
  ]);
  expect(server.users()).toEqual([]);
});

it('C20 S10 a target that says yes to a deactivation and does nothing fails the rehearsal', async () => {
  const { connector } = await rehearsed({ frozen: ['active'] });
  expect(connector.rehearsal?.verdict).toBe('failed');
  const step = connector.rehearsal?.steps.find(({ name }) => name === 'deactivate');
  expect(step?.outcome).toMatchObject({ is: 'failed', error: { message: expect.stringContaining('still active') } });
  expect(connector.dialect).toBeUndefined();
});

it('C20 S11 a removal of members that only the whole list brings about is learnt', async () => {
  const { connector } = await rehearsed({ ignoresMemberFilter: true });
  expect(connector.dialect?.members).toMatchObject({ removal: 'replace', proven: true });
});

it('C20 a cap of pages is learnt', async () => {
  expect((await rehearsed({ cap: 10 }, 30)).connector.dialect?.pages).toEqual({ size: 10, totals: 'honest' });
});

it('C20 S23 a target that demands versions is learnt, and one without PATCH is spoken to by PUT', async () => {
  expect((await rehearsed({ etag: 'required' })).connector.dialect?.etag).toBe('required');
  expect((await rehearsed({ noPatch: true })).connector).toMatchObject({ rehearsal: { verdict: 'passed' }, dialect: { shapes: { '*': 'put' } } });
});

it('C20 S24 learns in which shape a manager is kept, and takes it back; a test user who can’t be their own manager proves nothing', async () => {
  const mapping = defaultMapping().map((rule) =>
    rule.attribute === MANAGER ? ({ attribute: MANAGER, from: { is: 'attribute', name: 'manager' } } as const) : rule,
  );
  const kept = await rehearsed({ ignoredPaths: [MANAGER] }, 3, { mapping });
  expect(kept.connector.rehearsal?.verdict).toBe('passed');
  expect(kept.connector.dialect).toMatchObject({ shapes: { [MANAGER]: 'object' }, proven: expect.arrayContaining([MANAGER]) });
  expect(kept.server.heard().some(({ body }) => JSON.stringify(body ?? '').includes(`"remove","path":"${MANAGER}"`))).toBe(true);
  for (const manager of ['dropped', 'refused'] as const) {
    const { connector } = await rehearsed({ manager }, 3, { mapping });
    expect(connector.rehearsal?.verdict).toBe('passed');
    expect(connector.dialect?.shapes[MANAGER]).toBeUndefined();
  }
});
