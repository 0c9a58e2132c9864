import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { put } from '../../src/domain/revise.ts';
import { type App, PROVISIONING, startApp } from '../app.ts';
import { connector } from '../domain/sync/world.ts';
import { reads, screen, shows } from './steps.ts';

const suggested = z.object({ options: z.array(z.object({ text: z.object({ text: z.string() }), value: z.string() })) });

/** What an external select offers for typed letters. */
async function offered({ ana }: App, action: string, typed: string): Promise<z.infer<typeof suggested>['options']> {
  return suggested.parse(await ana.suggest(action, typed)).options;
}

/** Puts a connector named Zoom for the whole district into the store: active and in force, or as changed. */
async function given(app: App, changes: Partial<Connector> = {}): Promise<void> {
  const { store } = app.usher().outside;
  const [district] = await rootsOf(app);
  const made = connector(app.targetUrl, { settings: { secret: { is: 'reference', name: 'env:USHER_SECRET_TARGET' } } });
  const zoom: Connector = { ...made, id: 'zoom', name: 'Zoom', instanceId: 'zoom-1', organizationId: district ?? '', ...changes };
  const instance = { id: 'zoom-1', application: 'Zoom', name: 'Zoom', organizationId: zoom.organizationId };
  await store.transaction({
    puts: [put('connector', zoom.id, zoom), put('instance', instance.id, { ...instance, seats: { is: 'set', total: 3, by: 'U1', at: 0 } })],
  });
}

/** Waits for the result card of a run, in the channel or in Ana's direct messages. */
function result({ ana, workspace }: App, runId: string): Promise<unknown> {
  const said = (channelId: string): boolean =>
    ana.messages(channelId).some((message) => message.text.includes('Zoom: success') && JSON.stringify(message.blocks).includes(runId));
  return workspace.until(() => said(PROVISIONING) || said(ana.directChannel()), `the result of ${runId}`);
}

async function rootsOf(app: App): Promise<readonly string[]> {
  const roots: string[] = [];
  for await (const page of app.usher().outside.store.scan('organization'))
    roots.push(...page.filter(({ value }) => value.parentId === null).map(({ key }) => key));
  return roots;
}

it('A1 A2 A3 A4 assigns from the hub with the numbers as one chooses, runs it, un-assigns after the list was shown, and reads it all in the history', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  await given(app);

  // Choose: the organization narrows what is offered, the numbers follow what is chosen.
  await ana.say(PROVISIONING, '/usher');
  await workspace.until(() => ana.messages(PROVISIONING).length > 0, 'the hub');
  await ana.press('assign.new');
  await shows(workspace, ana, 'Choose roles and groups to see the numbers.');
  const [school] = await offered(app, 'assign.organization', 'high');
  const place = school?.text.text ?? '';
  await ana.press('assign.organization', school?.value ?? '');
  await shows(workspace, ana, `"organizationId\\":\\"${school?.value}`);
  const roles = await offered(app, 'assign.groupings', 'teachers');
  expect(roles.map(({ text }) => text.text)).toEqual([`Teachers (${place})`]);
  await ana.press(
    'assign.groupings',
    roles.map(({ value }) => value),
  );
  await shows(workspace, ana, 'to create or adopt');
  const [, shown = ''] = /\*(\d+) accounts? to create or adopt\*/.exec(screen(ana)) ?? [];
  expect(Number(shown)).toBeGreaterThan(0);

  await ana.submit({ why: 'new school year' });
  await shows(workspace, ana, `That run: ${shown} account`);
  expect((await target.state()).users.total).toBe(0);
  await ana.press('sync.now');
  await result(app, 'R-1');
  expect((await target.state()).users).toMatchObject({ total: Number(shown), active: Number(shown) });
  await ana.dismiss(true);

  // The same once more: nothing is done.
  await ana.say(PROVISIONING, `/usher assign add Zoom Teachers organization="${place}"`);
  await reads(workspace, ana, PROVISIONING, 'is already assigned to Teachers');

  // Un-assign: number and list first.
  await ana.say(PROVISIONING, '/usher-assign list Zoom');
  await shows(workspace, ana, 'Un-assign…');
  expect(screen(ana)).toContain(`${shown} of ${shown}`);
  await ana.press('assign.remove');
  await shows(workspace, ana, 'people lose their account');
  expect(screen(ana)).toContain(`Un-assign ${shown} pe`);
  await ana.submit({ why: 'contract ends' });
  await shows(workspace, ana, 'is no longer assigned to');
  await ana.press('sync.now');
  await result(app, 'R-2');
  expect((await target.state()).users).toMatchObject({ total: Number(shown), active: 0 });
  await ana.dismiss(true);

  // The history, newest first, filtered.
  await ana.say(PROVISIONING, '/usher assign history Zoom');
  await shows(workspace, ana, 'deactivated');
  await ana.press('assign.history-kind', 'assignments');
  await workspace.until(() => screen(ana).includes('un-assigned Zoom from Teachers') && !screen(ana).includes('R-1'), 'no runs and no events');
  const text = screen(ana);
  expect(text.indexOf('un-assigned Zoom')).toBeLessThan(text.indexOf('* assigned Zoom to Teachers'));
  expect(workspace.failures).toEqual([]);
});

it('A1 says how many seats are short, and the typed twin assigns at once and says what the next run does', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await given(app);
  await ana.say(PROVISIONING, '/usher assign new Zoom');
  await shows(workspace, ana, 'Choose roles and groups');
  const [teachers] = await offered(app, 'assign.groupings', 'Teachers Riverside District');
  await ana.press('assign.groupings', [teachers?.value ?? '']);
  await shows(workspace, ana, 'seats short if everyone activates');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District" why="new school year"');
  await reads(workspace, ana, PROVISIONING, 'Zoom has no schedule: the next sync starts when somebody asks.');
  await reads(workspace, ana, PROVISIONING, 'to create or adopt');
  await ana.say(PROVISIONING, '/usher assign add Zoom Nobodies');
  await reads(workspace, ana, PROVISIONING, 'There is no role or group “Nobodies”');
  await ana.say(PROVISIONING, '/usher assign remove Zoom Teachers');
  await shows(workspace, ana, 'Nobody loses an account.');
  expect(workspace.failures).toEqual([]);
});

it('A3 shows the new list, and does nothing, where the people changed after they were shown', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await given(app);
  await ana.say(PROVISIONING, '/usher assign add Zoom Principals organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  const { store } = app.usher().outside;
  await result(app, 'R-1');
  await ana.say(PROVISIONING, '/usher assign remove Zoom Principals');
  await shows(workspace, ana, '12 people lose their account');
  for await (const page of store.scan('account', { prefix: 'zoom/' })) {
    const [first] = page;
    const person = first === undefined ? undefined : (await store.get('person', first.value.personId))?.value;
    if (person !== undefined) await store.transaction({ puts: [put('person', person.id, { ...person, status: 'inactive' })] });
  }
  await ana.submit({});
  await shows(workspace, ana, 'The list has changed since you saw it.');
  await shows(workspace, ana, '11 people lose their account');
  await ana.submit({});
  await shows(workspace, ana, 'is no longer assigned to');
  expect(workspace.failures).toEqual([]);
});

it('C5 refuses to assign a draft with “configure it first” and the button that does', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await given(app, { state: { is: 'draft' }, inForce: null, draft: { matching: 'userName' } });
  await ana.say(PROVISIONING, '/usher assign new Zoom');
  const refused = await reads(workspace, ana, PROVISIONING, 'Zoom is not configured. Configure it first, then it can be assigned.');
  expect(refused).toContain('"connectors.configure"');
  await ana.press('connectors.configure');
  await shows(workspace, ana, 'SCIM base URL');
  expect(workspace.failures).toEqual([]);
});
