import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROVISIONING, startApp } from '../app.ts';
import { assignTeachers, csvFolder, plant } from './planted.ts';
import { drawnBy, marked } from './sent-texts.ts';
import { reads, shows } from './steps.ts';

const PING = '<!channel>';
const LINK = '<https://evil.example|click>';
const MENTION = '<@U0SAMONEIL>';

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
    await admin.clear('conflict');
    await ana.say(PROVISIONING, '/usher sync retry R-1');
    await reads(workspace, ana, PROVISIONING, 'recovered');
    await ana.home();
    await ana.say(PROVISIONING, '/usher report accounts to=me');
    const file = await workspace.until(() => workspace.files().find((one) => one.completed), 'the report');
    const text = Buffer.from(file.bytes ?? '').toString('utf8');
    const rows: readonly (readonly string[])[] = parse(text, { bom: true });
    expect(rows).toHaveLength(4);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    const sent = marked(workspace);
    expect(sent.length).toBeGreaterThan(50);
    for (const one of sent) for (const bad of [PING, LINK, MENTION]) expect(one).not.toContain(bad);
    for (const one of drawnBy(workspace)) for (const bad of ['*b*', '_i_', '`c`']) expect(one).not.toContain(bad);
    expect(workspace.failures).toEqual([]);
  });

  it('X4 X7 answers odd names of connectors, runs, alerts, sources and reports in words, and touches no file', async () => {
    const app = await startApp();
    const { ana, workspace } = app;
    await plant(app);
    const odd = ['../../etc/passwd', '__proto__', 'constructor', '%00', 'zoom/../zoom', '\u202Ezoom', 'R-999999999999999999999', '💣'.repeat(200)];
    for (const name of odd)
      for (const words of [
        `connectors show ${name}`,
        `sync pause ${name}`,
        `sync show ${name}`,
        `alerts acknowledge ${name}`,
        `directory import ${name}`,
        `report ${name}`,
        `person ${name}`,
      ]) {
        const before = ana.messages(PROVISIONING).length;
        await ana.say(PROVISIONING, `/usher ${words}`);
        await workspace.until(() => ana.messages(PROVISIONING).length > before || ana.modal() !== undefined, `an answer to “${words}”`);
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
    const big = await startApp({
      environment: { USHER_TARGET_ALLOW: new URL(huge).host, USHER_SECRET_REFERENCES: `env:USHER_SECRET_TARGET@${new URL(huge).host}` },
    });
    await plant(big, {}, huge);
    await assignTeachers(big);
    await big.ana.say(PROVISIONING, '/usher sync now Zoom');
    expect(await reads(big.workspace, big.ana, PROVISIONING, 'Zoom: failure')).toContain('answered with more than');
    await big.ana.say(PROVISIONING, '/usher connectors set Zoom test=usher-test@riverside.example');
    await reads(big.workspace, big.ana, PROVISIONING, 'saved');
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
