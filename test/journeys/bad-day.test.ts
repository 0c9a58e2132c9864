import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { disconnect } from '../../src/domain/connectors/verbs/states.ts';
import { SCHEDULE } from '../../src/domain/rights/verbs/who.ts';
import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { type App, PROVISIONING, startApp } from '../app.ts';
import { assignTeachers, csvFolder, plant, runNow } from './planted.ts';
import { reads, screen, shows } from './steps.ts';
import { CLEARED } from '../domain/approvals/cleared.ts';

async function ready(options: Parameters<typeof startApp>[0] = {}): Promise<App> {
  const app = await startApp(options);
  await plant(app);
  await assignTeachers(app);
  return app;
}

async function eventsOf(app: App, runId: string): Promise<readonly ProvisioningEvent[]> {
  const events: ProvisioningEvent[] = [];
  for await (const page of app.usher().outside.store.rows('event', { partition: 'zoom', order: 'oldest', match: { runId } }))
    events.push(...page.map(({ row }) => row));
  return events;
}

/** Starts a sync of two requests at a time against a slow target, and waits until its live message tells of people done. */
async function underWay(app: App): Promise<void> {
  const { ana, workspace, target } = app;
  await plant(app, { operating: { concurrency: 2 } });
  await target.set({ is: 'slow', ms: 200 });
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await workspace.until(() => workspace.messages(PROVISIONING).some(({ text }) => /^Syncing Zoom: [1-9]\d* of/.test(text)), 'people done');
}

describe('a target on a bad day', () => {
  it('S12 S3 S9 answers 429, 500 and nothing at all between times: everybody gets one account, and nobody fails', async () => {
    const app = await ready();
    const { ana, workspace, target } = app;
    await target.set({ is: 'too-many-requests', when: { is: 'every', nth: 9 }, retryAfter: { is: 'seconds', seconds: 1 } });
    await target.set({ is: 'server-error', when: { is: 'every', nth: 13 }, aim: 'writes' });
    await target.set({ is: 'lost-reply', when: { is: 'every', nth: 11 }, aim: 'creates' });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    const result = await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    expect(result).not.toContain('failed');
    const { users } = await target.state();
    const accounts = await app.usher().outside.store.count('account', 'zoom/');
    expect(users.total).toBe(accounts);
    expect(users.total).toBeGreaterThan(20);
    expect(workspace.failures).toEqual([]);
  });

  it('S3 C18 N3 takes a token away in the middle: the run ends for credentials, nobody is marked failed, the channel is told, the card asks for a new one', async () => {
    const app = await ready();
    const { ana, workspace, target } = app;
    await ana.say(PROVISIONING, '/usher alerts subscribe <#C0VENDORS|vendors>');
    await reads(workspace, ana, PROVISIONING, 'is told of');
    await target.set({ is: 'token-expired', when: { is: 'after', requests: 12 } });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: failure, needs credentials');
    await reads(workspace, ana, 'C0VENDORS', 'Zoom');
    const run = await runNow(app, 'R-1');
    expect(run.counts.failed).toBe(0);
    expect((await eventsOf(app, 'R-1')).filter(({ success }) => !success)).toEqual([]);
    expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.health.is).toBe('needs-credentials');
    await target.clear();
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    const { users, requests } = await target.state();
    expect(requests.byStatus['201']).toBe(users.total);
    expect(workspace.failures).toEqual([]);
  });
});

describe('Slack on a bad day', () => {
  it('S2 refuses edits of the live message for a while: its final state arrives, in the same message', async () => {
    const app = await ready();
    const { ana, workspace, target } = app;
    workspace.fault({ method: 'chat.update', status: 429, retryAfter: 1, times: 2 });
    workspace.fault({ method: 'chat.update', error: 'internal_error', times: 1 });
    await target.set({ is: 'slow', ms: 60 });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    const cards = workspace.messages(PROVISIONING).filter(({ ephemeralFor, blocks }) => ephemeralFor === null && JSON.stringify(blocks).includes('R-1'));
    expect(cards).toHaveLength(1);
    expect(workspace.failures).toEqual([]);
  });

  it('S2 X3 closes the sockets, with and without a word, while a sync runs: commands are answered again, and the result arrives', async () => {
    const app = await ready({ environment: { SLACK_CONNECTIONS: '2' } });
    const { ana, workspace, target } = app;
    await target.set({ is: 'slow', ms: 60 });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    workspace.disconnect();
    await workspace.until(() => workspace.connections() >= 1, 'a socket');
    workspace.disconnect({ abrupt: true });
    await workspace.until(() => workspace.connections() === 2, 'both sockets again');
    await ana.say(PROVISIONING, '/usher connectors');
    await reads(workspace, ana, PROVISIONING, '1 connector');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  });
});

describe('in the middle of a sync', () => {
  it('C13 C14 a disconnect stops it at once: what was not done is recorded as errors, accounts stay, the secret is gone; then it can be deleted', async () => {
    const app = await ready();
    const { ana, workspace, target } = app;
    const { store } = app.usher().outside;
    await underWay(app);
    await ana.say(PROVISIONING, '/usher connectors delete Zoom');
    await reads(workspace, ana, PROVISIONING, 'isconnect');
    await ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
    await shows(workspace, ana, 'Disconnect');
    await workspace.until(() => !screen(ana).includes('Counting'), 'the consequences');
    await ana.submit();
    await shows(workspace, ana, 'Zoom is disconnected');
    await ana.dismiss(true);
    await reads(workspace, ana, PROVISIONING, 'Zoom: failure, disconnected');
    const events = await eventsOf(app, 'R-1');
    expect(events.some(({ success, errorCode }) => !success && errorCode === 'disconnected')).toBe(true);
    const connector = (await store.get('connector', 'zoom'))?.value;
    expect(connector?.inForce?.secret).toEqual({ is: 'erased' });
    const before = (await target.state()).requests.total;
    const { users } = await target.state();
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'disconnected');
    await ana.say(PROVISIONING, '/usher connectors delete Zoom');
    await workspace.until(() => screen(ana).includes('typedName'), 'the consequences of deleting');
    await ana.submit({ typedName: 'Zoom' });
    await shows(workspace, ana, 'Zoom is deleted');
    expect(await store.count('account', 'zoom/')).toBe(0);
    expect(await eventsOf(app, 'R-1')).toEqual([]);
    expect(await store.get('run', 'R-1')).toBeUndefined();
    expect((await store.get('runLine', 'R-1'))?.value).toMatchObject({
      connector: 'Zoom',
      run: { id: 'R-1', state: { ending: 'disconnected', detail: null } },
    });
    const after = await target.state();
    expect([after.requests.total, after.users]).toEqual([before, users]);
    expect(workspace.failures).toEqual([]);
  });

  it('S2 S13 a paused run rests over a restart, and Resume in the same message goes on to the end', async () => {
    const app = await ready();
    const { ana, workspace, target } = app;
    await underWay(app);
    await ana.press('sync.pause');
    await reads(workspace, ana, PROVISIONING, 'is paused at');
    const done = (await target.state()).users.total;
    await app.restart();
    await target.clear();
    await ana.press('sync.resume');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    const { users, requests } = await target.state();
    expect(users.total).toBeGreaterThan(done);
    expect(requests.byStatus['201']).toBe(users.total);
    const cards = workspace.messages(PROVISIONING).filter(({ ephemeralFor, blocks }) => ephemeralFor === null && JSON.stringify(blocks).includes('R-1'));
    expect(cards).toHaveLength(1);
    expect(workspace.failures).toEqual([]);
  });

  it('C13 S13 a crash right after a paused run’s connector was disconnected leaves no run that rests for ever', async () => {
    const app = await ready();
    const { ana, workspace } = app;
    await underWay(app);
    await ana.press('sync.pause');
    await reads(workspace, ana, PROVISIONING, 'is paused at');
    const { outside } = app.usher();
    await disconnect({ ...outside, work: { run: () => {}, rehearse: () => {}, mail: () => {}, activate: () => {} } }, SCHEDULE, 'zoom', CLEARED);
    await app.restart();
    await reads(workspace, ana, PROVISIONING, 'Zoom: failure, disconnected');
    expect(workspace.failures).toEqual([]);
  });
});

describe('a directory on a bad day', () => {
  const names = { district: 'Riverside District', school: 'North High', teachers: 'Teachers' };
  const staff = Array.from({ length: 30 }, (_, at) => [`p${at}`, `user${at}`, `user${at}@riverside.example`, `Given${at}`, `Family${at}`]);

  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'usher-bad-day-'));
    onTestFinished(() => rm(made, { recursive: true, force: true }));
    await csvFolder(made, staff, names);
    return made;
  }

  it('S14 halves a group on purpose: joins go on, not one account is removed, and the card says how many would have been', async () => {
    const place = await folder();
    const app = await startApp({ people: 0, environment: { USHER_SOURCES: `csv:hr=${place}`, USHER_IMPORT_HOLD_PEOPLE: '1000' } });
    const { ana, workspace, target } = app;
    await plant(app);
    await ana.say(PROVISIONING, '/usher assign add Zoom Teachers');
    await reads(workspace, ana, PROVISIONING, 'next sync');
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    await csvFolder(place, [...staff.slice(0, 15), ['new', 'newcomer', 'new@riverside.example', 'New', 'Comer']], names);
    await ana.say(PROVISIONING, '/usher directory import');
    await reads(workspace, ana, PROVISIONING, '15 removed');
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    const held = await reads(workspace, ana, PROVISIONING, 'removals held');
    expect(held).toContain('15 of 30');
    expect((await target.state()).users).toMatchObject({ total: 31, active: 31 });
    expect(workspace.failures).toEqual([]);
  });

  it('D3 holds an import that would remove half: the directory stays, the next sync removes nobody', async () => {
    const place = await folder();
    const app = await startApp({ people: 0, environment: { USHER_SOURCES: `csv:hr=${place}` } });
    const { ana, workspace, target } = app;
    await plant(app);
    await ana.say(PROVISIONING, '/usher assign add Zoom Teachers');
    await reads(workspace, ana, PROVISIONING, 'next sync');
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    await csvFolder(place, staff.slice(0, 15), names);
    await ana.say(PROVISIONING, '/usher directory import');
    await reads(workspace, ana, PROVISIONING, 'held');
    expect(await app.usher().outside.store.count('person')).toBe(30);
    await target.clearRequests();
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await workspace.until(
      () => workspace.messages(PROVISIONING).some(({ text, blocks }) => text.includes('Zoom: success') && JSON.stringify(blocks).includes('R-2')),
      'R-2',
    );
    expect((await target.state()).requests.total).toBe(0);
    expect((await target.state()).users).toMatchObject({ total: 30, active: 30 });
    expect(workspace.failures).toEqual([]);
  });
});
