import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/assemble.ts';
import { claim } from '../../src/adapters/lowdb/owner-lock.ts';
import { run } from '../../src/command-line/run.ts';
import { readConfiguration } from '../../src/config.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { PROVISIONING, startApp, startStage } from '../app.ts';
import { manualClock } from '../clock.ts';
import { policy } from '../journeys/approving.ts';
import { plant } from '../journeys/planted.ts';
import { shows } from '../journeys/steps.ts';
import { newFolder, openIn, removeFolder } from '../adapters/lowdb/home.ts';
import { audit } from '../contracts/store.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly faults: string;
}

/** Types `usher …` on the host, as root. */
async function usher(folder: string, ...words: readonly string[]): Promise<Said> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const [out, faults] = [buffer(stdout), text(stderr)];
  const code = await run({ words, environment: { USHER_DATA: folder }, user: 'root', stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, out: (await out).toString('utf8'), faults: await faults };
}

const storeOf = (folder: string) => join(folder, 'store');

describe('X2 X6 P3 the command line of a running Usher', () => {
  it('X2 verifies, exports and shows how it stands, over a socket that only its user can open (X6)', async () => {
    const app = await startApp();
    const data = storeOf(app.folder);
    expect((await stat(join(data, 'usher.sock'))).mode & 0o777).toBe(0o600);
    const head = await app.usher().outside.store.auditHead();
    expect(await usher(data, 'audit', 'verify')).toEqual({ code: 0, out: `${head?.seq} row, intact, head ${head?.hash}\n`, faults: '' });
    expect(await usher(data, 'audit', 'verify', '--head', head?.hash ?? '')).toMatchObject({
      code: 0,
      out: expect.stringContaining('The hash you noted is row 1.'),
    });
    expect(await usher(data, 'audit', 'verify', '--head', 'abc')).toMatchObject({ code: 2, out: '', faults: expect.stringContaining('no head’s hash') });
    expect(await usher(data, 'status')).toMatchObject({ code: 0, out: expect.stringContaining(`Audit: row 1, head ${head?.hash}`) });

    const csv = await usher(data, 'audit', 'export');
    expect(csv.out.startsWith('\ufeff')).toBe(true);
    expect(parse(csv.out, { bom: true, columns: true })).toMatchObject([
      { Seq: '1', Action: 'directory.import', Way: 'job', Hash: head?.hash },
      { Seq: '2', Action: 'audit.export', Way: 'command-line', 'By ID': 'host:root' },
    ]);
    const lines = (await usher(data, 'audit', 'export', '--format', 'jsonl', '--until', '2020-01-01')).out;
    expect(lines).toBe('');
    const all = (await usher(data, 'audit', 'export', '--format', 'jsonl')).out.trim().split('\n');
    expect(all.map((line): unknown => JSON.parse(line))).toMatchObject([
      { seq: 1, hash: head?.hash, way: 'job' },
      { seq: 2 },
      { seq: 3, after: { until: '2020-01-01' } },
      { seq: 4 },
    ]);
    expect(await usher(data, 'audit', 'export', '--from', '2020-02-30')).toMatchObject({ code: 2, faults: expect.stringContaining('is no day') });
  });

  it('P3 lists what waits and releases it alone after a day, with a reason, under the host’s user name', async () => {
    const clock = manualClock();
    const app = await startApp({ clock });
    const data = storeOf(app.folder);
    await plant(app);
    await policy(app, { action: 'disconnect', mayNames: true });
    expect((await usher(data, 'approvals', 'list')).out).toBe('No request waits for an approval.\n');
    await app.ana.say(PROVISIONING, '/usher connectors disconnect Zoom');
    await shows(app.workspace, app.ana, 'Needs approval');
    await app.ana.submit({});
    await shows(app.workspace, app.ana, 'Only you could approve it');
    expect((await usher(data, 'approvals', 'list')).out).toMatch(/^Q-1 {2}\S+ asks to disconnect Zoom\. .* Can be released here from /);
    expect(await usher(data, 'approvals', 'release', 'Q-1', '--why', 'alone')).toMatchObject({
      code: 2,
      out: '',
      faults: expect.stringContaining('Q-1 waits a day after it was announced'),
    });
    await clock.advance(24 * HOUR + MINUTE);
    expect(await usher(data, 'approvals', 'release', 'Q-1')).toMatchObject({ code: 64, faults: expect.stringContaining('A reason is missing') });
    expect(await usher(data, 'approvals', 'release', 'q-1', '--why', 'nobody else is here')).toEqual({
      code: 0,
      out: 'Q-1 is released. Zoom is disconnected. Its accounts stay as they are.\n',
      faults: '',
    });
    const rows = [];
    for await (const page of app.usher().outside.store.rows('audit', { order: 'oldest', match: { way: 'command-line' } }))
      rows.push(...page.map(({ row }) => row));
    expect(rows).toMatchObject([{ action: 'approvals.release', by: 'host:root' }]);
    expect(await usher(data, 'approvals', 'release', 'Q-9', '--why', 'x')).toMatchObject({ code: 2, faults: expect.stringContaining('no request “Q-9”') });
  });

  it('X6 rotates the secrets, and says that the old key may go', async () => {
    const app = await startApp({ people: 0 });
    expect(await usher(storeOf(app.folder), 'secrets', 'rotate')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Nothing to seal anew: every secret that opens has the key k1\.\nNo stored secret needs an older key any more/),
    });
  });

  it('X6 takes the place of a crashed owner’s socket, answers a foreign request, and closes with Usher', async () => {
    const stage = await startStage({ people: 0 });
    const data = storeOf(stage.folder);
    await writeFile(join(stage.folder, 'touch'), '');
    const first = await assemble(readConfiguration(stage.environment), { environment: stage.environment, log: QUIET });
    await first.stop();
    expect(await usher(data, 'status')).toMatchObject({
      code: 69,
      out: '',
      faults: expect.stringMatching(/^No Usher answers in .*Start it, or name its data folder/),
    });
    await writeFile(join(data, 'usher.sock'), 'left behind');
    const second = await assemble(readConfiguration(stage.environment), { environment: stage.environment, log: QUIET });
    expect(await usher(data, 'status')).toMatchObject({ code: 0 });
    const socket = connect(join(data, 'usher.sock'));
    socket.write('{"protocol":99}\n');
    expect((await text(socket)).split('\n')[0]).toContain('does not understand that request');
    await second.stop();
    expect((await usher(data, 'status')).code).toBe(69);
  });
});

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('X2 the command line without an Usher', () => {
  it('X2 verifies the files of a stopped store: intact, and tampered with (code 1)', async () => {
    const folder = await newFolder();
    const store = await openIn(folder);
    for (const number of [1, 2, 3]) await store.transaction({ appends: [{ log: 'audit', partition: '-', row: audit(number) }] });
    await store.close();
    expect(await usher(folder, 'audit', 'verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^3 rows, intact, head [0-9a-f]{64}\n$/) });
    const path = join(folder, 'segments', 'audit.1.1.ndjson');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"id":"a-2","at":1002,"by":"U1"', '"id":"a-2","at":1002,"by":"U2"'));
    expect(await usher(folder, 'audit', 'verify')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^Row 2 was altered: .* segments\/audit\.1\.1\.ndjson, line 2\./),
    });
    await removeFolder(folder);
  });

  it('X2 refuses with a sentence where an owner is alive but does not answer', async () => {
    const folder = await newFolder();
    const store = await openIn(folder);
    await store.close();
    const owner = await claim(folder);
    expect(await usher(folder, 'audit', 'verify')).toMatchObject({ code: 69, out: '', faults: expect.stringContaining(`in use by process ${process.pid}`) });
    await owner.release();
    await removeFolder(folder);
  });

  it('answers help, and names what was typed wrongly (code 64)', async () => {
    const folder = await newFolder();
    expect(await usher(folder)).toMatchObject({ code: 0, out: expect.stringContaining('usher approvals release <Q-7> --why <reason>') });
    expect(await usher(folder, 'help')).toEqual(await usher(folder, '--help'));
    for (const words of [
      ['audit'],
      ['sync'],
      ['audit', 'verify', 'now'],
      ['audit', 'export', '--format', 'xml'],
      ['status', '--verbose'],
      ['approvals', 'release'],
    ])
      expect(await usher(folder, ...words), words.join(' ')).toMatchObject({ code: 64, out: '', faults: expect.stringContaining('`usher help`') });
    await rm(folder, { recursive: true });
  });
});
