import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Workspace } from '../../src/sandbox/slack/workspace.ts';
import { ANA, type App, MIA, PROVISIONING, SAM, SLACK, startApp, TARGET_TOKEN } from '../app.ts';
import { assignTeachers, csvFolder, plant, rootOf, runNow } from './planted.ts';
import { reads, screen, shows } from './steps.ts';

const GENERAL = 'C0GENERAL';
const TEAM = 'T0RIVERSIDE';
const PING = '<!channel>';
const LINK = '<https://evil.example|click>';
const MENTION = '<@U0SAMONEIL>';

/** Texts that Slack would read as markup, of everything the app sent; text objects that are plain are not among them. */
function marked({ calls }: Workspace): readonly string[] {
  const texts: string[] = [];
  const look = (value: unknown, key: string, isPlain: boolean): void => {
    if (typeof value === 'string' && !isPlain && ['text', 'initial_comment', 'markdown_text'].includes(key)) texts.push(value);
    if (Array.isArray(value)) for (const one of value) look(one, key, isPlain);
    else if (typeof value === 'object' && value !== null) {
      const type = 'type' in value ? value.type : undefined;
      const plain = type === 'plain_text' || type === 'raw_text' || type === 'text';
      for (const [name, inner] of Object.entries(value)) look(inner, name, plain);
    }
  };
  for (const call of calls) look(call.args, '', false);
  return texts;
}

/** Sends what Slack would send, with that signature; gives the HTTP status and the ack. */
async function forged(app: App, payload: object, secret = SLACK.signingSecret): Promise<{ readonly status: number; readonly body: string }> {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const answer = await fetch(`http://127.0.0.1:${app.usher().connection.port}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': at, 'x-slack-signature': signature },
    body,
  });
  return { status: answer.status, body: await answer.text() };
}

function submission(userId: string, callbackId: string, metadata: unknown, values: object = {}): object {
  return {
    type: 'view_submission',
    team: { id: TEAM },
    user: { id: userId, team_id: TEAM },
    trigger_id: `forged.${Math.random()}`,
    view: {
      ...{ id: 'V1', hash: '1.a', type: 'modal', callback_id: callbackId, private_metadata: JSON.stringify(metadata), state: { values }, blocks: [] },
      ...{ previous_view_id: null, root_view_id: 'V1' },
    },
  };
}

function pressing(userId: string, actionId: string, value: string): object {
  return {
    type: 'block_actions',
    team: { id: TEAM },
    user: { id: userId, team_id: TEAM },
    trigger_id: `forged.${Math.random()}`,
    channel: { id: PROVISIONING },
    container: { type: 'message', message_ts: '1.1', channel_id: PROVISIONING, is_ephemeral: true },
    actions: [{ type: 'button', action_id: actionId, block_id: 'b', value }],
  };
}

/** A target of the test's own; ends with it. */
async function target(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`;
}

async function contents(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}

describe('texts from outside', () => {
  it('X4 R2 neither ping, link, mention nor format in any message, and do not run in a spreadsheet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-hostile-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const hostile = `${PING} ${LINK} ${MENTION} *b* _i_ \`c\` & ok`;
    await csvFolder(
      folder,
      [
        ['../../p1', '=cmd|calc', 'one@riverside.example', `=HYPERLINK("x") ${hostile}`, '+1'],
        ['p2', '@sum', 'two@riverside.example', PING, '-2'],
        ['p3', `three ${PING}`, 'three@riverside.example', MENTION, LINK],
      ],
      { district: `District ${hostile}`, school: `School ${hostile}`, teachers: `Teachers ${hostile}` },
    );
    const app = await startApp({ people: 0, environment: { USHER_SOURCES: `csv:hr=${folder}` } });
    const { ana, workspace, target: admin } = app;
    const name = `Zoom ${hostile}`.slice(0, 60);
    await plant(app, { connector: { name } });
    await ana.say(PROVISIONING, `/usher alerts subscribe <#${PROVISIONING}>`);
    await reads(workspace, ana, PROVISIONING, 'is told of');
    await admin.set({ is: 'conflict', detail: `nope ${hostile}` });
    await ana.say(PROVISIONING, `/usher assign add zoom Teachers why="${hostile.replaceAll('"', '')}"`);
    await reads(workspace, ana, PROVISIONING, 'next sync');
    await ana.say(PROVISIONING, '/usher sync preview zoom');
    await reads(workspace, ana, PROVISIONING, 'Nothing was sent.');
    await ana.say(PROVISIONING, '/usher sync now zoom');
    await reads(workspace, ana, PROVISIONING, 'sync finished with errors');
    for (const words of ['connectors', 'connectors show zoom', 'directory', 'directory import', '', 'help', `connectors ${hostile}`, `sync now ${hostile}`]) {
      const before = ana.messages(PROVISIONING).length;
      await ana.say(PROVISIONING, `/usher ${words}`);
      await workspace.until(() => ana.messages(PROVISIONING).length > before, `an answer to “${words}”`);
    }
    for (const [words, says] of [
      ['sync history zoom', 'R-1'],
      ['sync errors R-1', 'nope'],
      ['assign list zoom', 'Teachers'],
      ['assign history zoom', 'Teachers'],
      ['assign remove zoom Teachers', 'Un-assign'],
      ['connectors disconnect zoom', 'isconnect'],
      ['person p2', 'p2'],
    ] as const) {
      await ana.say(PROVISIONING, `/usher ${words}`);
      await shows(workspace, ana, says);
      await ana.dismiss(true);
    }
    await ana.home();
    await ana.say(PROVISIONING, '/usher report accounts to=me');
    const file = await workspace.until(() => workspace.files().find((one) => one.completed), 'the report');
    const text = Buffer.from(file.bytes ?? '').toString('utf8');
    for (const row of parse(text, { bom: true }) as readonly (readonly string[])[]) for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    const sent = marked(workspace);
    expect(sent.length).toBeGreaterThan(50);
    for (const one of sent) for (const bad of [PING, LINK, MENTION, '*b*', '`c`', '<!here', '<!everyone']) expect(one).not.toContain(bad);
    expect(workspace.failures).toEqual([]);
  });

  it('X4 X7 answers odd names of connectors, runs, alerts, sources and reports in words, and touches no file', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    await plant(app);
    const odd = ['../../etc/passwd', '__proto__', 'constructor', '%00', 'zoom/../zoom', '\u202Ezoom', 'R-999999999999999999999', '💣'.repeat(200)];
    for (const name of odd)
      for (const words of [`connectors show ${name}`, `sync pause ${name}`, `sync show ${name}`, `alerts acknowledge ${name}`, `directory import ${name}`, `report ${name}`, `person ${name}`]) {
        const before = ana.messages(PROVISIONING).length;
        const opened = ana.modal()?.view.id;
        await ana.say(PROVISIONING, `/usher ${words}`);
        await workspace.until(() => ana.messages(PROVISIONING).length > before || ana.modal()?.view.id !== opened, `an answer to “${words}”`);
        if (ana.modal() !== undefined) await ana.dismiss(true);
      }
    expect(app.logged.filter(({ level }) => level === 'error')).toEqual([]);
    expect(workspace.failures).toEqual([]);
  });
});

describe('what the target answers', () => {
  it('C8 X5 says in words that an answer is too large, or a web page, in the rehearsal and in a sync, and goes on living', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    await plant(app);
    await assignTeachers(app);
    await app.target.set({ is: 'html-body', status: 200 });
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    const page = await reads(workspace, ana, PROVISIONING, 'Zoom: failure');
    expect(page).toMatch(/web page|HTML/i);
    const huge = await target((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/scim+json' });
      response.end(`{"Resources":[],"x":"${'x'.repeat(11 * 1_048_576)}"}`);
    });
    const big = await startApp({ environment: { USHER_TARGET_ALLOW: new URL(huge).host, USHER_SECRET_REFERENCES: `env:USHER_SECRET_TARGET@${new URL(huge).host}` } });
    await plant(big, {}, huge);
    await assignTeachers(big);
    await big.ana.say(PROVISIONING, '/usher sync now Zoom');
    expect(await reads(big.workspace, big.ana, PROVISIONING, 'Zoom: failure')).toContain('more than 10 MiB');
    await big.ana.say(PROVISIONING, '/usher connectors rehearse Zoom');
    await reads(big.workspace, big.ana, big.ana.directChannel(), 'more than 10 MiB');
    await big.ana.say(PROVISIONING, '/usher connectors');
    await reads(big.workspace, big.ana, PROVISIONING, '1 connector');
    expect([...workspace.failures, ...big.workspace.failures]).toEqual([]);
  });

  it('X5 follows no redirect with the token, and takes no address that is private, in the clear or holds credentials', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await target((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200).end('{}');
    });
    const redirecting = await target((_request, response) => void response.writeHead(302, { location: elsewhere }).end());
    const hosts = [new URL(redirecting).host, new URL(elsewhere).host];
    const app = await startApp({ environment: { USHER_TARGET_ALLOW: hosts.join(','), USHER_SECRET_REFERENCES: `env:USHER_SECRET_TARGET@${hosts[0]}` } });
    const { ana, workspace } = app;
    await plant(app, {}, redirecting);
    await assignTeachers(app);
    await ana.say(PROVISIONING, '/usher sync now Zoom');
    expect(await reads(workspace, ana, PROVISIONING, 'Zoom: failure')).toContain('redirect');
    expect(seen).toEqual([]);

    await ana.say(PROVISIONING, '/usher connectors new Other');
    await shows(workspace, ana, 'baseUrl');
    await ana.dismiss(true);
    const bad = ['http://api.example.com/scim', 'https://u:p@api.example.com/scim', 'https://10.0.0.1/scim', 'https://169.254.169.254/', 'https://[::1]/scim'];
    for (const url of [...bad, 'https://2130706433/scim', 'https://localhost/scim', 'file:///etc/passwd', 'https://nobody.invalid/scim', 'no url']) {
      const before = ana.messages(PROVISIONING).length;
      await ana.say(PROVISIONING, `/usher connectors set Other url=${url}`);
      const answer = await workspace.until(() => ana.messages(PROVISIONING).slice(before).at(-1), `an answer to ${url}`);
      expect(JSON.stringify(answer), url).not.toContain('saved');
      expect(JSON.stringify(answer), url).not.toContain('eference');
    }
    expect((await app.usher().outside.store.get('connector', 'other'))?.value.draft?.baseUrl).toBeUndefined();
    expect(workspace.failures).toEqual([]);
  });
});

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
    for (const action of ['sync.now', 'sync.pause', 'connectors.activate', 'connectors.enable', 'connectors.revert', 'sync.keep', 'directory.run', '__proto__']) {
      const told = app.workspace.calls.length;
      expect((await forged(app, pressing(SAM, action, 'zoom'))).status).toBe(200);
      await app.workspace.until(() => app.workspace.calls.length > told, `an answer to ${action}`);
    }
    expect((await forged(app, pressing(ANA, 'sync.now', 'zoom'), 'wrong')).status).toBe(401);
    expect((await forged(app, submission(ANA, 'connectors.disable', { connectorId: 'zoom' }), 'wrong')).status).toBe(401);
    expect(JSON.stringify((await store.get('connector', 'zoom'))?.value)).toBe(before);
    expect(await store.count('run')).toBe(runs);
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
    await workspace.until(() => ana.messages(PROVISIONING).filter(({ text, blocks }) => JSON.stringify([text, blocks]).includes('next sync')).length > 1, 'both');
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
      await workspace.until(() => (screen(mia).length > 2 && !/Reading|Counting/.test(screen(mia))) || mia.messages(PROVISIONING).at(-1)?.ephemeralFor === MIA, words);
      for (const name of strangers) expect(screen(mia), words).not.toContain(name);
      if (mia.modal() !== undefined) await mia.dismiss(true);
    }
    for (const words of ['connectors disable Zoom', 'connectors configure Zoom', `connectors set Zoom rate=1`, 'connectors activate Zoom', `assign remove Zoom Teachers organization="${other.name}"`, `assign add Zoom Students organization="${other.name}"`]) {
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
    await shows(workspace, ana, 'refused');
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
