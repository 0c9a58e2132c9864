import { expect, it } from 'vitest';
import { PROVISIONING, startApp } from '../app.ts';

const said = (texts: readonly { readonly text: string }[]): string => texts.map(({ text }) => text).join('\n');

it('C6 C7 C8 A1 A2 S1 S2 S3 N1 lets an admin configure, rehearse, activate, assign and sync a connector over the wire', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;

  await ana.say(PROVISIONING, '/usher-connectors new');
  await workspace.until(() => ana.modal(), 'the form');
  await ana.submit({ name: 'Zoom' });
  await ana.submit({ baseUrl: app.targetUrl, testEmail: 'usher-test@riverside.example' });
  await ana.submit({});
  await ana.submit({});
  await ana.submit({});
  await ana.submit({ reference: 'env:USHER_SECRET_TARGET' });
  await workspace.until(() => JSON.stringify(ana.modal()?.view).includes('Every step passed'), 'the rehearsal to pass');
  expect((await target.state()).users.total).toBe(0);

  await ana.press('connectors.activate');
  await workspace.until(() => JSON.stringify(ana.modal()?.view).includes('active, not synced yet'), 'the card of an active connector');
  expect(said(workspace.failures.map((failure) => ({ text: JSON.stringify(failure) })))).toBe('');
});
