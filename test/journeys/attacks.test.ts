import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANA, MIA, PROVISIONING, SAM, SLACK, startApp, TARGET_TOKEN } from '../app.ts';
import { forged, pressing, submission } from './forged.ts';
import { assignTeachers, plant, runNow } from './planted.ts';
import { reads, screen, shows } from './steps.ts';

/** *Edit* of an attribute. */
const EDIT = { type: 'button', action_id: 'connectors.attribute', block_id: 'b' };

async function contents(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}

describe('somebody else', () => {
  it('X1 presses the buttons of a public card in vain, and is told whom to ask', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    const sam = workspace.as(SAM);
    await plant(app);
    await assignTeachers(app);
    await app.target.set({ is: 'slow', ms: 400 });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await workspace.until(() => JSON.stringify(workspace.messages(PROVISIONING)).includes('"sync.pause"'), 'the live card');
    for (const action of ['sync.pause', 'sync.cancel']) {
      const before = sam.messages(PROVISIONING).filter(({ ephemeralFor }) => ephemeralFor === SAM).length;
      await sam.press(action);
      await workspace.until(() => sam.messages(PROVISIONING).filter(({ ephemeralFor }) => ephemeralFor === SAM).length > before, `an answer to ${action}`);
      expect(sam.messages(PROVISIONING).at(-1)?.text).toContain(`<@${ANA}>`);
    }
    expect((await runNow(app, 'R-1')).asked).toBeNull();
    await app.target.clear('slow');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    expect(workspace.failures).toEqual([]);
  });

  it('X1 X3 is refused by the domain whatever a forged button or form says, and a wrong signature gets 401', async () => {
    const app = await startApp({ delivery: 'http' });
    await plant(app);
    await assignTeachers(app);
    const { store } = app.usher().outside;
    const before = JSON.stringify((await store.get('connector', 'zoom'))?.value);
    const runs = await store.count('run');
    const forms = [
      submission(SAM, 'connectors.disconnect', { connectorId: 'zoom' }),
      submission(SAM, 'connectors.disable', { connectorId: 'zoom' }),
      submission(SAM, 'connectors.configure.secret', { connectorId: 'zoom' }, { token: { token: { type: 'plain_text_input', value: 'stolen' } } }),
      submission(SAM, 'assign.new', { connectorId: 'zoom', organizationId: null }),
      submission(SAM, 'assign.remove', { assignmentId: 'zoom/1', agreed: 'x' }),
      submission(ANA, 'connectors.disconnect', { connectorId: { $ne: null } }),
      submission(ANA, 'connectors.disconnect', null),
      submission(ANA, 'assign.remove', { assignmentId: '../zoom/1', agreed: [] }),
      submission(ANA, 'no.such.form', { connectorId: 'zoom' }),
    ];
    for (const form of forms) {
      const { status, body } = await forged(app, form);
      expect(status).toBe(200);
      expect(body).toMatch(/response_action/);
    }
    for (const action of ['sync.now', 'sync.pause', 'connectors.activate', 'connectors.enable', 'connectors.revert', 'directory.run', '__proto__']) {
      const told = app.workspace.calls.length;
      expect((await forged(app, pressing(SAM, action, 'zoom'))).status).toBe(200);
      await app.workspace.until(() => app.workspace.calls.length > told, `an answer to ${action}`);
    }
    expect((await forged(app, pressing(ANA, 'sync.now', 'zoom'), 'wrong')).status).toBe(401);
    expect((await forged(app, submission(ANA, 'connectors.disable', { connectorId: 'zoom' }), 'wrong')).status).toBe(401);
    expect(JSON.stringify((await store.get('connector', 'zoom'))?.value)).toBe(before);
    expect(await store.count('run')).toBe(runs);
  });

  it('X3 X7 a forged press with words as long as a message gets a refusal, and nothing that Slack would refuse', async () => {
    const app = await startApp({ delivery: 'http' });
    await plant(app);
    const view = { id: 'V1', hash: '1.a', type: 'modal', callback_id: 'connectors.attribute', state: { values: {} }, blocks: [] };
    const carried = { ...view, private_metadata: JSON.stringify({ connectorId: 'zoom', path: 'x'.repeat(2_900), page: 1 }) };
    const press = pressing(ANA, 'connectors.preview', 'csv:1');
    const refusals = () => app.workspace.calls.filter(({ args }) => JSON.stringify(args).includes('doesn’t know the attribute')).length;
    const inView = { ...press, container: { type: 'view', view_id: 'V1' }, view: carried };
    for (const [index, forgery] of [inView, { ...inView, trigger_id: 'forged.2', actions: [{ ...EDIT, value: 'x'.repeat(4_000) }] }].entries()) {
      expect((await forged(app, forgery)).status).toBe(200);
      await app.workspace.until(() => refusals() > index, 'a refusal');
    }
    expect(app.logged.filter(({ fields }) => fields.err instanceof RangeError)).toEqual([]);
  });

  it('C3 X1 an admin of one school reaches neither another school’s people nor the whole connector, by words or by forged forms', async () => {
    const first = await startApp();
    const organizations: { readonly id: string; readonly name: string; readonly parentId: string | null }[] = [];
    for await (const page of first.usher().outside.store.scan('organization')) organizations.push(...page.map(({ value }) => value));
    const [own, other] = organizations.filter(({ parentId }) => parentId !== null);
    if (own === undefined || other === undefined) throw new Error('the district has no two schools');
    const app = await startApp({ environment: { USHER_FIRST_ADMINS: `${ANA},${MIA}@${own.id}` } });
    const { ana, workspace } = app;
    const mia = workspace.as(MIA);
    await plant(app);
    await ana.say(PROVISIONING, `/usher assign add Zoom Teachers organization="${other.name}"`);
    await reads(workspace, ana, PROVISIONING, 'next sync');
    await ana.say(PROVISIONING, `/usher assign add Zoom Teachers organization="${own.name}"`);
    await workspace.until(
      () => ana.messages(PROVISIONING).filter(({ text, blocks }) => JSON.stringify([text, blocks]).includes('next sync')).length > 1,
      'both',
    );
    await app.target.set({ is: 'unverified-domain', domain: 'riverside.example' });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: partial success');
    const events: { readonly name: string; readonly organizationId: string }[] = [];
    for await (const page of app.usher().outside.store.rows('event', { partition: 'zoom', order: 'oldest' }))
      events.push(...page.map(({ row }) => ({ name: row.subjectName, organizationId: row.organizationId })));
    const mine = new Set(events.filter(({ organizationId }) => organizationId === own.id).map(({ name }) => name));
    const strangers = events.filter(({ organizationId, name }) => organizationId === other.id && !mine.has(name)).map(({ name }) => name);
    expect(strangers.length).toBeGreaterThan(0);
    for (const words of ['sync show R-1', 'sync errors R-1', 'sync history Zoom', 'assign history Zoom', 'assign list Zoom', 'sync deletions Zoom']) {
      await mia.say(PROVISIONING, `/usher ${words}`);
      await workspace.until(
        () => (screen(mia).length > 2 && !/Reading|Counting/.test(screen(mia))) || mia.messages(PROVISIONING).at(-1)?.ephemeralFor === MIA,
        words,
      );
      for (const name of strangers) expect(screen(mia), words).not.toContain(name);
      if (words === 'sync history Zoom') expect(screen(mia)).not.toMatch(/\d+ (created|failed)/);
      if (mia.modal() !== undefined) await mia.dismiss(true);
    }
    for (const words of [
      'connectors disable Zoom',
      'connectors configure Zoom',
      'connectors set Zoom rate=1',
      'connectors activate Zoom',
      `assign remove Zoom Teachers organization="${other.name}"`,
      `assign add Zoom Students organization="${other.name}"`,
    ]) {
      const before = mia.messages(PROVISIONING).length;
      await mia.say(PROVISIONING, `/usher ${words}`);
      await workspace.until(() => mia.messages(PROVISIONING).length > before, `a refusal of ${words}`);
      expect(mia.modal(), words).toBeUndefined();
    }
    expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.operating.requestsPerSecond).toBeNull();
    expect(workspace.failures).toEqual([]);
  });
});

describe('the same thing twice', () => {
  it('X3 does nothing for a request that was signed by Slack and is sent again later', async () => {
    const app = await startApp({ delivery: 'http' });
    const { ana, workspace } = app;
    await plant(app);
    await assignTeachers(app);
    const press = pressing(ANA, 'sync.now', 'zoom');
    await forged(app, press);
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    expect((await forged(app, press)).status).toBe(200);
    await ana.say(PROVISIONING, '/usher connectors');
    await reads(workspace, ana, PROVISIONING, '1 connector');
    expect(await app.usher().outside.store.count('run')).toBe(1);
  });

  it('X3 S1 has one effect: a repeated delivery, a double click, two admins at once', async () => {
    const app = await startApp({ environment: { USHER_FIRST_ADMINS: `${ANA},${SAM}` } });
    const { ana, workspace } = app;
    const sam = workspace.as(SAM);
    const { store } = app.usher().outside;
    await plant(app);
    workspace.deliverTwice('slash_commands');
    await assignTeachers(app);
    await Promise.all([ana, sam].map((who) => who.say(PROVISIONING, '/usher assign add Zoom Principals organization="Riverside District"')));
    await reads(workspace, ana, PROVISIONING, 'Principals');
    await reads(workspace, sam, PROVISIONING, 'Principals');
    expect(await store.count('assignment')).toBe(2);

    await app.target.set({ is: 'slow', ms: 100 });
    await ana.say(PROVISIONING, '/usher sync preview Zoom');
    await reads(workspace, ana, PROVISIONING, 'Nothing was sent.');
    workspace.deliverTwice('interactive');
    await Promise.all([ana.press('sync.now'), ana.press('sync.now'), sam.say(PROVISIONING, '/usher sync now Zoom')]);
    await app.target.clear('slow');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    expect(await store.count('run')).toBe(1);
    const { users, requests } = await app.target.state();
    expect(requests.byStatus['201']).toBe(users.total);
    const cards = workspace.messages(PROVISIONING).filter(({ text }) => text.includes('Zoom: success'));
    expect(cards).toHaveLength(1);
    expect(workspace.failures).toEqual([]);
  });

  it('X3 C11 two admins activate, disable and delete at once: each happens once, the other is told', async () => {
    const app = await startApp({ environment: { USHER_FIRST_ADMINS: `${ANA},${SAM}` } });
    const { ana, workspace } = app;
    const sam = workspace.as(SAM);
    await plant(app);
    for (const who of [ana, sam]) {
      await who.say(PROVISIONING, '/usher connectors disable Zoom');
      await shows(workspace, who, 'Disable');
    }
    await workspace.until(() => [ana, sam].every((who) => !screen(who).includes('Counting')), 'both dialogs');
    await Promise.all([ana.submit(), sam.submit()]);
    expect([screen(ana), screen(sam)].filter((text) => text.includes('Zoom is disabled.'))).toHaveLength(1);
    const disabled: string[] = [];
    for await (const page of app.usher().outside.store.rows('audit', { partition: 'zoom', order: 'oldest' }))
      disabled.push(...page.filter(({ row }) => row.action === 'connectors.disable').map(({ row }) => row.id));
    expect(disabled).toHaveLength(1);
    expect(workspace.failures).toEqual([]);
  });
});

describe('secrets', () => {
  it('C6 X6 neither the configured nor a typed token is in any message, log line, stored file or report', async () => {
    const app = await startApp();
    const { ana, workspace, folder } = app;
    const typed = 'typed-token-never-to-be-seen';
    await plant(app);
    await assignTeachers(app);
    await ana.say(PROVISIONING, '/usher connectors new Other');
    await shows(workspace, ana, 'baseUrl');
    await ana.submit({ baseUrl: app.targetUrl, testEmail: 'usher-test@riverside.example' });
    for (let step = 0; step < 3; step += 1) await ana.submit({});
    await ana.submit({ token: typed });
    await shows(workspace, ana, '401');
    await ana.dismiss(true);
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    await reads(workspace, ana, PROVISIONING, 'Zoom: success');
    for (const name of ['connectors', 'events', 'audit', 'accounts']) await ana.say(PROVISIONING, `/usher report ${name} to=me`);
    await workspace.until(() => workspace.files().filter((one) => one.completed).length === 4, 'four reports');
    const reports = workspace.files().map((one) => Buffer.from(one.bytes ?? '').toString('utf8'));
    await app.usher().stop();
    const everything = [JSON.stringify(workspace.calls), JSON.stringify(app.logged), await contents(join(folder, 'store')), ...reports];
    for (const secret of [typed, TARGET_TOKEN, SLACK.botToken, SLACK.appToken]) for (const place of everything) expect(place.includes(secret)).toBe(false);
  });
});
