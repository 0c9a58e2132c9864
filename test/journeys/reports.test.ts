import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { PROVISIONING, startApp } from '../app.ts';
import { reads, shows } from './steps.ts';

type App = Awaited<ReturnType<typeof startApp>>;

/** The newest file as records. */
async function file({ workspace }: App, named: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const found = await workspace.until((world) => world.files().findLast((one) => one.completed && one.name.includes(named)), `the file ${named}`);
  return parse(found.bytes ?? '', { bom: true, columns: true });
}

it('R1 R2 makes a report from typed words, from the form and from a button, and says rows and place', async () => {
  const app = await startApp();
  const { ana, workspace } = app;

  await ana.say(PROVISIONING, '/usher-report audit to=here');
  await reads(workspace, ana, PROVISIONING, 'Audit');
  expect(await file(app, 'audit')).toMatchObject([{ Action: 'directory.import', Way: 'job' }]);
  await reads(workspace, ana, PROVISIONING, '1 row, in');

  expect(workspace.messages(PROVISIONING).map(({ text }) => text)).toContain('Report of audit: 1 row, asked for by ana.');
  await ana.say(PROVISIONING, '/usher audit action=reports');
  await shows(workspace, ana, `to the channel <#${PROVISIONING}>`);
  await ana.dismiss(true);

  await ana.press('report.new');
  await shows(workspace, ana, 'New report');
  await ana.submit({ report: 'accounts', to: 'channel', 'as-of': '2026-01-31' });
  await shows(workspace, ana, '0 rows');
  expect(JSON.stringify(ana.modal()?.view)).toContain('the file holds the header only');
  expect(await file(app, 'accounts')).toEqual([]);
  await ana.dismiss(true);

  await ana.say(PROVISIONING, '/usher connectors new Zoom');
  await shows(workspace, ana, 'baseUrl');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher connectors');
  await reads(workspace, ana, PROVISIONING, '1 connector in');
  await ana.press('report.connectors');
  expect(await file(app, 'connectors')).toMatchObject([{ Connector: 'Zoom', State: 'draft' }]);
  await reads(workspace, ana, PROVISIONING, 'in your direct messages');
  expect(workspace.failures).toEqual([]);
});

it('R1 refuses words that it does not understand, and days that are none, where the person stands', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await ana.say(PROVISIONING, '/usher report accounts asof=2026-01-01');
  await reads(workspace, ana, PROVISIONING, 'takes no `asof=`. Did you mean `as-of=`?');
  await ana.say(PROVISIONING, '/usher connectors list staet=active');
  await reads(workspace, ana, PROVISIONING, 'takes no `staet=`');
  await ana.say(PROVISIONING, '/usher report events from=2026-02-30');
  await reads(workspace, ana, PROVISIONING, 'is no day');
  await ana.say(PROVISIONING, '/usher report runs organization=Nowhere');
  await reads(workspace, ana, PROVISIONING, 'There is no organization');
  await ana.say(PROVISIONING, '/usher report');
  await shows(workspace, ana, 'New report');
  await ana.submit({ report: 'seats', from: '2026-01-01' });
  expect(JSON.stringify(ana.modal())).toContain('tells how things are now');
  expect(workspace.files()).toEqual([]);
  expect(workspace.failures).toEqual([]);
});
