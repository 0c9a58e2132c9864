import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert, Subscription } from '../../../src/domain/alerts/alert.ts';
import { consequencesOf } from '../../../src/domain/connectors/consequences.ts';
import type { ConnectorState } from '../../../src/domain/connectors/connector.ts';
import { saveDraft, saveOperating } from '../../../src/domain/connectors/verbs/configure.ts';
import { deleteConnector } from '../../../src/domain/connectors/verbs/delete.ts';
import { performRehearsal, startRehearsal } from '../../../src/domain/connectors/verbs/rehearse.ts';
import { saveSecret } from '../../../src/domain/connectors/verbs/secret.ts';
import { activate, disable, disconnect, enable } from '../../../src/domain/connectors/verbs/states.ts';
import { accountKey } from '../../../src/domain/sync/account.ts';
import { executeRun } from '../../../src/domain/sync/verbs/execute.ts';
import { startDueRuns } from '../../../src/domain/sync/verbs/schedule.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { confirmModal } from '../../../views/connectors/confirm-modal.ts';
import { MORNING } from '../../clock.ts';
import { refusalOf } from '../refused.ts';
import { account, ANA, assignment, type ConnectorsWorld, connectorsWorld, patiently, person, REFERENCE, TEST_EMAIL, TOKEN } from './connectors-world.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { adopt } from '../plans/adopting.ts';

let target: ScimTarget;
let admin: Admin;
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());

const HERE = { is: 'person', userId: 'U0ANA' } as const;
const VERBS = { activate, disable, enable, disconnect, delete: deleteConnector } as const;
type Verb = keyof typeof VERBS;

const start = () => connectorsWorld({ target, admin });

/** Zoom, active, assigned to as many teachers of North. */
async function assigned(teachers: number): Promise<ConnectorsWorld> {
  const world = await start();
  await world.activated();
  await world.groupings({ teachers: 'north' });
  await world.people(Array.from({ length: teachers }, (_, index) => person(`t${index}`, 'north', ['teachers'])));
  await world.put('assignment', 'zoom/1', assignment('zoom', 1, 'north', 'teachers'));
  return world;
}

describe('states', () => {
  const states: Readonly<Record<ConnectorState['is'], ConnectorState>> = {
    draft: { is: 'draft' },
    active: { is: 'active', since: MORNING },
    disabled: { is: 'disabled', since: MORNING },
    disconnected: { is: 'disconnected', since: MORNING },
  };
  const legal: Readonly<Record<ConnectorState['is'], readonly Verb[]>> = {
    draft: ['activate', 'delete'],
    active: ['disable', 'disconnect'],
    disabled: ['enable', 'disconnect'],
    disconnected: ['activate', 'delete'],
  };
  const remedies: Readonly<Record<string, string>> = {
    'disabled activate': 'enable',
    'disconnected enable': 'reconnect',
    'active delete': 'disconnect',
    'disabled delete': 'disconnect',
  };
  const cases = Object.values(states).flatMap((state) => (Object.keys(VERBS) as Verb[]).map((verb) => [state.is, verb] as const));

  it.each(cases)('C11 a connector that is %s: %s', async (is, verb) => {
    const world = await start();
    await world.configured();
    const rehearsed = await world.rehearse();
    await world.put('connector', 'zoom', { ...rehearsed, state: states[is] });
    if (legal[is].includes(verb)) {
      await VERBS[verb](world.outside, ANA, 'zoom', CLEARED);
      expect((await world.rows('audit')).at(-1)).toMatchObject({ action: `connectors.${verb}`, by: 'U0ANA', way: 'command' });
      return;
    }
    const before = await world.rows('audit');
    expect(await refusalOf(VERBS[verb](world.outside, ANA, 'zoom', CLEARED))).toMatchObject({
      is: 'wrong-state',
      state: is,
      verb,
      remedy: remedies[`${is} ${verb}`] ?? 'none',
    });
    expect(await world.connector()).toMatchObject({ state: states[is] });
    expect(await world.rows('audit')).toEqual(before);
  });

  it('C11 goes draft, active, disabled, active, disconnected, active again with a secret and a rehearsal, disconnected, deleted; each is audited', async () => {
    const world = await start();
    await world.activated();
    await disable(world.outside, ANA, 'zoom');
    await enable(world.outside, ANA, 'zoom');
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    expect(await refusalOf(startRehearsal(world.outside, ANA, 'zoom', HERE))).toMatchObject({
      problem: 'The rehearsal still needs a test e-mail address and a secret.',
    });
    await saveDraft(world.outside, ANA, 'zoom', { testEmail: TEST_EMAIL });
    await saveSecret(world.outside, ANA, 'zoom', { reference: REFERENCE });
    expect(await refusalOf(activate(world.outside, ANA, 'zoom'))).toMatchObject({ is: 'not-rehearsed' });
    await world.rehearse();
    expect(await activate(world.outside, ANA, 'zoom')).toMatchObject({ state: { is: 'active' }, inForce: { secret: { is: 'reference', name: REFERENCE } } });
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    await deleteConnector(world.outside, ANA, 'zoom', CLEARED);
    const changes = (await world.rows('audit'))
      .filter(({ after }) => after?.state !== undefined)
      .map(({ before, after }) => `${before?.state} ${after?.state}`);
    expect(changes).toEqual(['draft active', 'active disabled', 'disabled active', 'active disconnected', 'disconnected active', 'active disconnected']);
    expect((await world.rows('audit')).at(-1)?.action).toBe('connectors.delete');
  });

  it('C11 computes what a change touches when its dialog opens', async () => {
    const world = await assigned(3);
    await saveOperating(world.outside, ANA, 'zoom', { schedule: { cron: '0 6 * * *', timeZone: 'Europe/Madrid' } });
    await world.sync();
    await world.put('account', 'zoom/csv:old', account('zoom', 'csv:old', 'inactive'));
    const of = await consequencesOf(world.outside, await world.connector());
    expect(of).toMatchObject({ accounts: { active: 3, inactive: 1 }, assignments: 1, runs: 1, running: null, scheduled: true, secret: 'reference' });
    const words = JSON.stringify(confirmModal('disconnect', of, null));
    for (const fact of ['3 active accounts in Zoom stay as they are, 1 deactivated too', '1 assignment', 'No sync is running', 'Its reference is let go'])
      expect(words).toContain(fact);
    expect(JSON.stringify(confirmModal('disable', of, null))).toContain('The schedule stops.');
  });

  it('refuses to activate, disconnect and delete what somebody else has deleted', async () => {
    const world = await start();
    await world.created();
    await deleteConnector(world.outside, ANA, 'zoom', CLEARED);
    for (const verb of [activate, disconnect, deleteConnector])
      expect(await refusalOf(verb(world.outside, ANA, 'zoom', CLEARED))).toMatchObject({ is: 'not-found' });
  });
});

describe('disable', () => {
  it('C12 stops the schedule and new runs; Sync now answers with Enable; settings stay; a running one finishes', async () => {
    const world = await assigned(3);
    await saveOperating(world.outside, ANA, 'zoom', { schedule: { cron: '*/5 * * * *', timeZone: 'UTC' } });
    expect(await startDueRuns(world.outside)).toEqual([]);
    const run = await startSync(world.outside, ANA, { connectorId: 'zoom' });
    await disable(world.outside, ANA, 'zoom');
    expect(await patiently(world.clock, executeRun(world.outside, run.id))).toMatchObject({ state: { ending: 'completed' }, counts: { created: 3 } });
    expect(await refusalOf(startSync(world.outside, ANA, { connectorId: 'zoom' }))).toMatchObject({ is: 'wrong-state', remedy: 'enable' });
    await world.clock.advance(10 * 60_000);
    expect(await startDueRuns(world.outside)).toEqual([]);
    expect(await world.connector()).toMatchObject({ inForce: { baseUrl: target.url }, operating: { schedule: { cron: '*/5 * * * *' } } });
    await enable(world.outside, ANA, 'zoom');
    await world.clock.advance(5 * 60_000);
    expect(await startDueRuns(world.outside)).toHaveLength(1);
  });
});

describe('disconnect', () => {
  it('C13 leaves the target’s accounts alone and keeps what was collected', async () => {
    const world = await assigned(3);
    await world.sync();
    await admin.clearRequests();
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    expect((await admin.requests()).length).toBe(0);
    expect((await admin.state()).users).toMatchObject({ total: 3, active: 3 });
    expect(await world.all('account')).toHaveLength(3);
    expect((await world.rows('event')).length).toBe(3);
    expect(await world.connector()).toMatchObject({ inForce: { baseUrl: target.url, secret: { is: 'erased' } }, draft: null, listing: { total: 0 } });
  });

  it('C13 erases the stored secret, that of unsaved edits too, and physically once the store is compacted', async () => {
    const world = await start();
    await world.configured();
    const sealed = async (): Promise<string> => {
      const { draft } = await saveSecret(world.outside, ANA, 'zoom', { token: TOKEN });
      return draft?.secret?.is === 'sealed' ? draft.secret.box : 'not sealed';
    };
    const boxes = [await sealed()];
    await world.rehearse();
    await activate(world.outside, ANA, 'zoom');
    boxes.push(await sealed());
    for (const box of boxes) expect(await world.onDisk()).toContain(box);
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    await world.compact();
    const bytes = await world.onDisk();
    for (const box of boxes) expect(bytes).not.toContain(box);
    const { inForce } = await world.connector();
    await expect(world.outside.secrets.reveal(inForce?.secret ?? { is: 'erased' }, `zoom ${world.host}`, world.host)).rejects.toThrow('was erased');
  });

  it('C13 stops a running sync at once and records what it had not finished as errors', async () => {
    const world = await assigned(6);
    await saveOperating(world.outside, ANA, 'zoom', { concurrency: 1 });
    await admin.set({ is: 'too-many-requests', aim: 'creates', when: { is: 'after', requests: 2 }, retryAfter: { is: 'seconds', seconds: 600 } });
    const run = await startSync(world.outside, ANA, { connectorId: 'zoom' });
    const running = executeRun(world.outside, run.id);
    while ((await admin.state()).users.total < 2) await new Promise((resolve) => setImmediate(resolve));
    world.running.length = 0;
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    expect(world.running).toEqual([run.id]);
    expect(await patiently(world.clock, running)).toMatchObject({ state: { ending: 'disconnected', result: 'failure' }, counts: { created: 2, failed: 4 } });
    expect((await admin.state()).users.total).toBe(2);
  });

  it('C13 S13 a run that a restart takes up after the disconnect records the rest as errors and sends nothing', async () => {
    const world = await assigned(4);
    const run = await startSync(world.outside, ANA, { connectorId: 'zoom' });
    await world.put('run', run.id, { ...run, state: { is: 'running' }, startedAt: MORNING });
    const { listing, ...connector } = await world.connector();
    expect(listing).toBeNull();
    await world.put('connector', 'zoom', { ...connector, listing: { at: MORNING, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } });
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    await world.restart();
    await admin.clearRequests();
    expect(await patiently(world.clock, executeRun(world.outside, run.id))).toMatchObject({
      state: { ending: 'disconnected' },
      counts: { failed: 4, created: 0 },
    });
    expect(await admin.requests()).toEqual([]);
    expect((await world.rows('event')).map(({ success }) => success)).toEqual([false, false, false, false]);
  });

  it('C13 asks the run to stop in the same transaction, and a paused one too', async () => {
    const world = await assigned(1);
    const run = await startSync(world.outside, ANA, { connectorId: 'zoom' });
    await world.put('run', run.id, { ...run, state: { is: 'paused', by: 'U1' } });
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    expect(await world.all('run')).toMatchObject([{ asked: 'disconnect', askedBy: 'U0ANA' }]);
    expect(await patiently(world.clock, executeRun(world.outside, run.id))).toMatchObject({ state: { is: 'ended', ending: 'disconnected' } });
  });

  it('C13 a rehearsal that runs sends nothing more, and what it left is reused when the connector comes back', async () => {
    const world = await start();
    await world.activated();
    await saveDraft(world.outside, ANA, 'zoom', { testEmail: TEST_EMAIL });
    await startRehearsal(world.outside, ANA, 'zoom', HERE);
    await admin.clearRequests();
    let permits = 0;
    const permit = async (): Promise<void> => {
      permits += 1;
      if (permits === 3) await disconnect(world.outside, ANA, 'zoom', CLEARED);
    };
    const pace = { ...world.outside.paces.of(target.url, null), permit };
    await performRehearsal({ ...world.outside, paces: { of: () => pace } }, 'zoom');
    const { rehearsal } = await world.connector();
    expect(rehearsal).toMatchObject({ verdict: 'failed', fingerprint: '', leftOver: { userId: expect.any(String) } });
    expect((await admin.requests()).map(({ kind }) => kind)).toEqual(['GET /Users?filter', 'POST /Users']);
    await saveDraft(world.outside, ANA, 'zoom', { testEmail: TEST_EMAIL });
    await saveSecret(world.outside, ANA, 'zoom', { reference: REFERENCE });
    expect((await world.rehearse()).rehearsal).toMatchObject({ verdict: 'passed', leftOver: { userId: null } });
    expect((await admin.state()).users.total).toBe(0);
  });

  it('C9 a connector that comes back at another address counts as a new one: nothing known of the old accounts is ever sent there', async () => {
    const world = await assigned(2);
    await world.sync();
    const [before] = await world.all('account');
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    // The same stand-in, by another path that is another tenant to us.
    await saveDraft(world.outside, ANA, 'zoom', { baseUrl: target.url, testEmail: TEST_EMAIL });
    const connector = await world.connector();
    await world.put('connector', 'zoom', {
      ...connector,
      inForce: connector.inForce === null ? null : { ...connector.inForce, baseUrl: `${target.url}/old-tenant` },
    });
    await saveSecret(world.outside, ANA, 'zoom', { reference: REFERENCE });
    await world.rehearse();
    await activate(world.outside, ANA, 'zoom');
    expect(await world.all('account')).toMatchObject([
      { state: 'gone', targetId: null, pushed: null },
      { state: 'gone', targetId: null, pushed: null },
    ]);
    expect((await world.connector()).listing).toBeNull();
    expect(await world.sync()).toMatchObject({ state: { ending: 'held' }, counts: { adopted: 0, created: 0 } });
    expect(await adopt(world.outside, ANA, 'zoom')).toMatchObject({ counts: { adopted: 2, created: 0, failed: 0 } });
    const [after] = await world.all('account');
    expect(after?.timeline.map(([, state]) => state)).toEqual(['active', 'gone', 'active']);
    expect(after?.targetId).toBe(before?.targetId);
  });
});

describe('delete', () => {
  it('C14 is refused before a disconnect, offering it, and while the last run is not over', async () => {
    const world = await assigned(1);
    expect(await refusalOf(deleteConnector(world.outside, ANA, 'zoom', CLEARED))).toMatchObject({ is: 'wrong-state', remedy: 'disconnect' });
    const run = await startSync(world.outside, ANA, { connectorId: 'zoom' });
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    expect(await refusalOf(deleteConnector(world.outside, ANA, 'zoom', CLEARED))).toMatchObject({ is: 'running', runId: run.id, verb: 'delete' });
  });

  it('C14 erases accounts, events, sightings, generated values, assignments, alerts and their cards; keeps the audit and one line per run without people', async () => {
    const world = await assigned(2);
    await admin.seed({ users: [{ userName: 'stranger' }] });
    await world.sync();
    await world.put('reservation', 'zoom/userName/ann', { personId: 'csv:ann' });
    await world.put('pushedGroup', 'zoom/teachers', { connectorId: 'zoom', groupingId: 'teachers', targetId: 'g1', name: 'Teachers', members: [] });
    await world.put('card', 'run/R-1', { ...cardOf('run/R-1'), content: { is: 'run', runId: 'R-1' } });
    await world.put('card', 'note', { ...cardOf('note'), content: { is: 'note', text: 'somebody else’s' } });
    await world.put('alert', 'A-1', { id: 'A-1', connectorId: 'zoom', state: { is: 'recovered', at: 0 } } as Alert);
    await world.put('subscription', 'C1/zoom', { channelId: 'C1', connectorId: 'zoom' } as Subscription);
    // A neighbour whose id begins alike.
    await world.put('account', accountKey('zoom-2', 'csv:t0'), account('zoom-2', 'csv:t0', 'active'));
    await disconnect(world.outside, ANA, 'zoom', CLEARED);
    const audit = await world.rows('audit');
    await deleteConnector(world.outside, ANA, 'zoom', CLEARED);
    for (const kind of ['connector', 'instance', 'assignment', 'sighting', 'reservation', 'pushedGroup', 'run', 'alert', 'subscription'] as const)
      expect(await world.all(kind), kind).toEqual([]);
    expect(await world.all('account')).toMatchObject([{ connectorId: 'zoom-2' }]);
    expect((await world.all('card')).map(({ id }) => id)).toEqual(['note']);
    expect(await world.rows('event')).toEqual([]);
    expect(await world.rows('rehearsal')).toEqual([]);
    expect(await world.rows('audit')).toEqual([...audit, expect.objectContaining({ action: 'connectors.delete' })]);
    const [line] = await world.all('runLine');
    expect(line).toMatchObject({ connector: 'Zoom', run: { id: 'R-1', counts: { created: 2 }, state: { result: 'success', detail: null } } });
    await world.compact();
    expect(JSON.stringify(line)).not.toContain('csv:');
  });

  it('C14 is permanent: a new connector of the same name is another one, with no account of the old', async () => {
    const world = await start();
    await world.created();
    await deleteConnector(world.outside, ANA, 'zoom', CLEARED);
    expect((await world.created()).id).toBe('zoom-2');
  });
});

function cardOf(id: string) {
  return { id, place: HERE, wanted: 1, shown: 1, urgent: false, postingSince: null, posted: null, threadLines: [], givenUp: null };
}
