import { expect, it } from 'vitest';
import { put } from '../../src/domain/revise.ts';
import { type App, startApp, PROVISIONING, SAM } from '../app.ts';
import { connector } from '../domain/sync/world.ts';
import { grant } from './approving.ts';
import { reads, screen, shows } from './steps.ts';

const GENERAL = 'C0GENERAL';

/** An active connector as its own journey leaves it: straight into the store. */
async function connected(app: App): Promise<void> {
  const { store } = app.usher().outside;
  const roots: string[] = [];
  for await (const page of store.scan('organization')) roots.push(...page.filter(({ value }) => value.parentId === null).map(({ key }) => key));
  const organizationId = roots[0] ?? '';
  const secret = { is: 'reference', name: 'env:USHER_SECRET_TARGET' } as const;
  const zoom = connector(app.targetUrl, { settings: { secret }, connector: { id: 'zoom', name: 'Zoom', instanceId: 'zoom', organizationId } });
  await store.transaction({
    puts: [
      put('connector', zoom.id, zoom),
      put('instance', 'zoom', { id: 'zoom', application: 'Zoom', name: 'Zoom', organizationId, seats: { is: 'unlimited' } }),
    ],
  });
}

it('N1 N2 N3 S15 subscribes a channel from the form, alerts it in one message, is acknowledged, retried and recovers in place', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  await connected(app);

  // Usher is not in #general: the form stands again, as it was filled in, with how to mend it.
  await ana.say(PROVISIONING, '/usher alerts subscribe');
  await shows(workspace, ana, 'Subscribe a channel');
  await ana.submit({ channel: GENERAL, names: ['may'] });
  await shows(workspace, ana, '/invite @Usher');
  expect(screen(ana)).toContain(`"initial_conversation":"${GENERAL}"`);
  await ana.submit({ channel: PROVISIONING });
  await shows(workspace, ana, 'is told of all connectors');
  await ana.dismiss(true);

  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await target.set({ is: 'unverified-domain', domain: 'riverside.example' });
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  const alert = await reads(workspace, ana, PROVISIONING, 'Zoom: sync finished with errors');
  expect(alert).toContain('“email domain not verified” (status 400)');
  const posted = workspace.messages(PROVISIONING).find(({ text }) => text.includes('finished with errors'));

  await ana.press('alerts.acknowledge');
  await reads(workspace, ana, PROVISIONING, 'Acknowledged by <@U0ANARUIZ>');
  await target.clear('unverified-domain');
  await ana.press('sync.retry');
  await reads(workspace, ana, PROVISIONING, 'Zoom: recovered');
  await reads(workspace, ana, PROVISIONING, 'Recovered with R-2.');
  const now = workspace.messages(PROVISIONING).filter(({ text, threadTs }) => text.includes('Zoom: recovered') && threadTs === null);
  expect(now.map(({ ts }) => ts)).toEqual([posted?.ts]);
  expect(workspace.failures).toEqual([]);
});

it('N1 N3 R3 has a typed twin for every button: subscribe, list, snooze, acknowledge, unsubscribe; and stands on the connector’s page', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  await connected(app);
  const say = async (text: string, answer: string): Promise<string> => {
    await ana.say(PROVISIONING, `/usher ${text}`);
    return reads(workspace, ana, PROVISIONING, answer);
  };

  await say(`alerts subscribe <#${GENERAL}|general> connector=Zoom`, 'Usher is not in that channel');
  await say('alerts subscribe #nowhere', 'is no channel');
  await grant(app, { [SAM]: 'operator' });
  const sam = workspace.as(SAM);
  await sam.say(PROVISIONING, '/usher alerts subscribe <#C0VENDORS|vendors> connector=Zoom names=yes');
  expect(await reads(workspace, sam, PROVISIONING, 'You are not in that channel')).toContain('Join it, or choose another place');
  await say(`alerts subscribe <#${PROVISIONING}> conditions=doom`, 'is no condition');
  await say('alerts subscribe <#C0VENDORS|vendors> connector=Zoom conditions=partial names=yes', 'counts only for as long as they do');
  await say(`alerts subscribe <#${PROVISIONING}> connector=Zoom escalate=<@U0SAMONEIL|sam> after=30`, `<#${PROVISIONING}> is told of Zoom`);
  expect(await say('alerts', '2 alert subscriptions')).toContain('unanswered for 30 min: sam');

  await say('connectors show Zoom', 'Accounts');
  await ana.press('connectors.more', 'alerts/zoom');
  await shows(workspace, ana, '2 channels are told of Zoom');
  await ana.press('alerts.subscribe');
  await shows(workspace, ana, 'Tell of');
  expect(JSON.stringify(await ana.suggest('alerts.connector', 'zo'))).toContain('"value":"zoom"');
  await ana.dismiss(true);

  await say('assign add Zoom Teachers organization="Riverside District"', 'next sync');
  await target.set({ is: 'unverified-domain', domain: 'riverside.example' });
  await say('sync now Zoom', 'Zoom: sync finished with errors');
  await reads(workspace, ana, 'C0VENDORS', 'Zoom: sync finished with errors');
  await say('alerts snooze A-1 for=4h', 'A-1 is quiet until');
  await reads(workspace, ana, PROVISIONING, 'Snoozed by <@U0ANARUIZ>');
  await say('alerts acknowledge A-1', 'A-1 is acknowledged');
  await say('alerts acknowledge A-1', 'was acknowledged already');

  await say(`alerts unsubscribe <#${PROVISIONING}> connector=Zoom`, `<#${PROVISIONING}> is told no more of Zoom."`);
  await say('alerts list', '1 alert subscription');
  await ana.press('alerts.unsubscribe');
  await reads(workspace, ana, PROVISIONING, 'No channel is told of anything yet');
  expect(workspace.failures).toEqual([]);
});
