import { expect, it } from 'vitest';
import { PROVISIONING, startApp, TARGET_TOKEN } from '../app.ts';
import { connectZoom, reads } from './steps.ts';

it('C6 the typed twin takes no secret of the server but the reference that is bound to the connector’s host', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await connectZoom(app);
  for (const name of ['env:USHER_SECRET_KEY', 'env:SLACK_BOT_TOKEN', 'env:HOME', 'file:../store.json', TARGET_TOKEN]) {
    const before = ana.messages(PROVISIONING).length;
    await ana.say(PROVISIONING, `/usher connectors set Zoom secret=${name}`);
    await workspace.until(() => ana.messages(PROVISIONING).length > before, `an answer to secret=${name}`);
    expect(JSON.stringify(ana.messages(PROVISIONING).at(-1)), name).toContain('The configuration has no such reference');
  }
  await reads(workspace, ana, PROVISIONING, 'USHER_SECRET_REFERENCES');
  expect((await app.usher().outside.store.get('connector', 'zoom'))?.value.inForce?.secret).toEqual({ is: 'reference', name: 'env:USHER_SECRET_TARGET' });
  expect(workspace.failures).toEqual([]);
});
