import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { put } from '../../src/domain/revise.ts';
import type { AuditRow } from '../../src/domain/audit/audit.ts';
import { type App, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { audit } from '../contracts/store.ts';
import { grant } from './approving.ts';
import { plant } from './planted.ts';
import { reads, screen, shows } from './steps.ts';

async function write({ usher }: App, rows: readonly AuditRow[]): Promise<void> {
  await usher().outside.store.transaction({ appends: rows.map((row) => ({ log: 'audit', partition: row.connectorId ?? '-', row })) });
}

const disabled = (number: number, change: Partial<AuditRow> = {}): AuditRow =>
  audit(number, { connectorId: 'zoom', action: 'connectors.disable', summary: `disabled Zoom, time ${number}.`, by: SAM, ...change });

it('X2 shows the audit newest first, ten a page, filters it, and opens a row with before, after, way and approval', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await plant(app);
  await write(
    app,
    Array.from({ length: 12 }, (_, index) => disabled(index + 1)),
  );
  const approval = { requestId: 'Q-7', approvedBy: [MIA], singlePerson: null };
  await write(app, [disabled(99, { way: 'command-line', before: { state: 'active' }, after: { state: 'disabled' }, approval })]);
  await ana.say(PROVISIONING, `/usher audit by=<@${SAM}|sam> action=connectors connector=Zoom`);
  await shows(workspace, ana, 'time 99.');
  expect(screen(ana).match(/time \d+\./g)).toEqual([99, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((number) => `time ${number}.`));
  await ana.press('audit.older');
  await shows(workspace, ana, 'time 3.');
  expect(screen(ana).match(/time \d+\./g)).toEqual(['time 3.', 'time 2.', 'time 1.']);
  await ana.press('audit.newest');
  await shows(workspace, ana, 'time 99.');
  await ana.press('audit.open');
  await shows(workspace, ana, 'active → disabled');
  for (const words of ['the host’s command line', 'Approved: Q-7 by', 'connectors.disable', 'In the chain']) expect(screen(ana)).toContain(words);
  await ana.press('audit.back');
  await shows(workspace, ana, 'time 12.');
  await ana.press('audit.action', 'directory');
  await shows(workspace, ana, 'Nothing to show.');
  await ana.press('audit.list');
  await shows(workspace, ana, 'time 12.');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher audit from=2026-02-30');
  await reads(workspace, ana, PROVISIONING, 'is no day');
  await ana.say(PROVISIONING, '/usher audit who=sam');
  await reads(workspace, ana, PROVISIONING, 'takes no `who=`');
  expect(workspace.failures).toEqual([]);
});

it('X2 sends the audit as CSV and as JSON lines, with its place in the chain', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await plant(app);
  await write(app, [disabled(1)]);
  await ana.say(PROVISIONING, '/usher audit');
  await shows(workspace, ana, 'time 1.');
  await ana.press('audit.csv');
  const csv = await workspace.until((world) => world.files().find((one) => one.completed && one.name.endsWith('.csv')), 'a CSV');
  const rows = parse(csv.bytes ?? '', { bom: true, columns: true }) as Record<string, string>[];
  expect(rows.at(-1)).toMatchObject({ Action: 'connectors.disable', Hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await ana.say(PROVISIONING, '/usher report audit connector=Zoom format=jsonl');
  const lines = await workspace.until((world) => world.files().find((one) => one.completed && one.name.endsWith('.jsonl')), 'JSON lines');
  const records = Buffer.from(lines.bytes ?? '')
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; hash: string });
  expect(records.at(-1)).toMatchObject({ action: 'connectors.disable', salt: expect.stringMatching(/^[0-9a-f]{32}$/), digest: expect.any(String) });
  await ana.say(PROVISIONING, '/usher report runs format=jsonl');
  await reads(workspace, ana, PROVISIONING, 'takes no `format=`');
  expect(workspace.failures).toEqual([]);
});

it('X2 C3 shows others the rows of connectors that they see the whole of, and nothing else', async () => {
  const app = await startApp();
  const { workspace } = app;
  const sam = workspace.as(SAM);
  const mia = workspace.as(MIA);
  await plant(app);
  const { store } = app.usher().outside;
  const zoom = (await store.get('connector', 'zoom'))?.value;
  if (zoom === undefined) throw new Error('there is no Zoom');
  await store.transaction({ puts: [put('connector', 'box', { ...zoom, id: 'box', name: 'Box' })] });
  await write(app, [disabled(1), disabled(2, { connectorId: null, action: 'roles.give', summary: 'gave a secret role' })]);
  await sam.say(PROVISIONING, '/usher audit');
  await reads(workspace, sam, PROVISIONING, 'You have no role in Usher yet');
  await grant(app, { [SAM]: 'viewer', [MIA]: 'approver' });
  await sam.say(PROVISIONING, '/usher audit');
  await shows(workspace, sam, 'time 1.');
  expect(screen(sam)).not.toContain('secret role');
  expect(screen(sam)).not.toContain('audit.verify');
  await sam.dismiss(true);
  await sam.say(PROVISIONING, '/usher audit verify');
  await reads(workspace, sam, PROVISIONING, 'can verify the audit');
  const hidden = (await store.auditHead())?.seq ?? 0;
  let roleRow = 0;
  for await (const page of store.rows('audit', { order: 'newest', match: { action: 'roles.give' } }))
    for (const { seq, row } of page) if (row.summary.includes('secret')) roleRow = seq;
  expect(hidden).toBeGreaterThan(0);
  await sam.say(PROVISIONING, `/usher audit show ${roleRow}`);
  await reads(workspace, sam, PROVISIONING, 'There is no row of the audit');
  await mia.say(PROVISIONING, '/usher audit');
  await reads(workspace, mia, PROVISIONING, 'can read the audit');
  expect(workspace.failures).toEqual([]);
});

it('X2 verifies from Slack, typed and by button, and finds a noted head', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  const noted = (await app.usher().outside.store.auditHead())?.hash ?? '';
  await plant(app);
  await write(app, [disabled(1)]);
  const head = await app.usher().outside.store.auditHead();
  await ana.say(PROVISIONING, `/usher audit verify head=${noted}`);
  const answer = await reads(workspace, ana, PROVISIONING, 'intact, head');
  expect(answer).toContain(head?.hash);
  expect(answer).toContain('The hash you noted is row 1.');
  await ana.say(PROVISIONING, `/usher audit verify head=${'f'.repeat(64)}`);
  await reads(workspace, ana, PROVISIONING, 'cut off before it, or rewritten');
  await ana.say(PROVISIONING, '/usher audit verify head=xyz');
  await reads(workspace, ana, PROVISIONING, 'no head’s hash');
  expect(workspace.failures).toEqual([]);
});
