import { expect, it } from 'vitest';
import { put } from '../../src/domain/revise.ts';
import { type App, PROVISIONING, startApp } from '../app.ts';
import { drawnBy, marked } from './sent-texts.ts';
import { reads, screen, shows } from './steps.ts';
import { becomes, seedTwoSchools } from './two-schools.ts';

/** Sorted behind all others, with an id that no option of Slack's can carry whole. */
const LAST = { id: `d:${'z'.repeat(400)}|1`, name: 'Zebra <https://evil.example|click> *Ltd*' };
const NADIA = 'U0NADIAPETROVA';

/** Two schools and a hundred and two partners. Brightpath's entry was activated by the district, whose parent is the state. */
async function manyPartners(): Promise<App> {
  const app = await startApp({ people: 0 });
  const { store } = app.usher().outside;
  await seedTwoSchools(app);
  const place = { source: 'd', timeZone: null };
  const partners = [LAST, ...Array.from({ length: 100 }, (_, at) => ({ id: `d:p${at}`, name: `Partner ${at}` }))];
  const entry = { mapping: [], documented: { requestsPerSecond: null, deletes: 'unknown' as const }, seatReading: null };
  await store.transaction({
    puts: [
      put('organization', 'd:state', { ...place, id: 'd:state', sourceId: 'state', name: 'Northland', kind: 'state', parentId: null }),
      put('organization', 'd:district', { ...place, id: 'd:district', sourceId: 'district', name: 'Riverside', kind: 'district', parentId: 'd:state' }),
      ...partners.flatMap(({ id, name }, at) => [
        put('organization', id, { ...place, id, sourceId: id.slice(2), name, kind: 'partner', parentId: 'd:state' }),
        put('entry', `e${at}`, { ...entry, id: `e${at}`, name: `Entry ${at}`, partnerId: id }),
      ]),
    ],
  });
  return app;
}

it('C4 the typed search refuses what it does not understand, rather than search, show and send something else', async () => {
  const app = await manyPartners();
  const { ana, workspace } = app;
  const said = async (words: string, answer: string): Promise<void> => {
    const before = ana.messages(PROVISIONING).length;
    await ana.say(PROVISIONING, `/usher connectors partner Brightpath ${words}`);
    await workspace.until(() => JSON.stringify(ana.messages(PROVISIONING).slice(before)).includes(answer), `“${answer}” to “${words}”`);
  };
  await said('search=north in=parents to=file', 'in=organization or in=parent');
  await said('search=north in=Parent', '1 organization with “north” in the parent organization name');
  await said('search=north', 'No organization with “north” in the organization name');
  await said('search=river IN=ORGANIZATION', '1 organization with “river” in the organization name');
  await said('search=river to=me', 'to=file');
  await said('serach=north', 'connectors partner [partner]');
  await said(`search=${'x'.repeat(101)}`, 'at most 100 characters');
  expect(workspace.files()).toEqual([]);
  await said('search=north in=PARENT to=FILE', '1 line.');
  expect(workspace.files().map(({ bytes }) => bytes?.toString().trim().split('\r\n').length)).toEqual([2]);
  expect(workspace.failures).toEqual([]);
});

it('C4 X4 the select finds every partner by its name, the last of a hundred and two with a long id too, and search and file stay with it', async () => {
  const app = await manyPartners();
  const { ana, workspace } = app;
  await ana.say(PROVISIONING, '/usher connectors partner');
  await reads(workspace, ana, PROVISIONING, 'Who uses Brightpath');
  expect(JSON.stringify(await ana.suggest('connectors.partner', ''))).toContain('and 3 more');
  const found = await ana.suggest('connectors.partner', 'ZEBRA');
  const values = [...JSON.stringify(found).matchAll(/"value":"([^"]+)"/g)].map(([, value = '']) => value);
  expect(values).toHaveLength(1);
  await ana.press('connectors.partner', values[0] ?? '');
  await reads(workspace, ana, PROVISIONING, 'activated an entry of Zebra');

  // From the Home tab too, where it is a modal.
  await ana.home();
  await workspace.until(() => workspace.homeView(ana.id) !== undefined, 'the Home tab');
  await ana.press('connectors.partner', {}, { in: { is: 'home' } });
  await shows(workspace, ana, 'Who uses Brightpath');
  await ana.press('connectors.partner', values[0] ?? '');
  await shows(workspace, ana, 'activated an entry of Zebra');
  await ana.press('connectors.partner-search');
  await shows(workspace, ana, 'Which name');
  await ana.submit({ words: 'x"|y', by: 'parent' });
  await shows(workspace, ana, 'activated an entry of Zebra');
  expect(screen(ana)).toContain('in the parent organization name');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, `/usher connectors partner ${LAST.id} to=file`);
  await reads(workspace, ana, PROVISIONING, '0 lines');
  for (const text of drawnBy(workspace)) for (const bad of ['<https://evil', '*Ltd*']) expect(text).not.toContain(bad);
  expect(marked(workspace).filter((text) => text.startsWith('Organizations that activated the entries of Zebra'))).toHaveLength(1);
  expect(workspace.failures).toEqual([]);
});

it('C4 where nobody publishes an entry, the partner’s view says so', async () => {
  const { ana, workspace } = await startApp({ people: 0 });
  await ana.say(PROVISIONING, '/usher connectors partner');
  await reads(workspace, ana, PROVISIONING, 'There is no partner yet.');
  expect(workspace.failures).toEqual([]);
});

it('C4 X1 the Home tab has the partner’s view for partners and global admins, and for nobody else', async () => {
  const app = await manyPartners();
  const { workspace } = app;
  const drawn = async (userId: string): Promise<boolean> => {
    const before = workspace.calls.length;
    await workspace.as(userId).home();
    const call = await workspace.until(() => workspace.calls.slice(before).find(({ method }) => method === 'views.publish'), 'the Home tab');
    return JSON.stringify(call.args.view).includes('"connectors.partner"');
  };
  await becomes(app, NADIA, 'partner', 'd:bright');
  expect(await drawn(NADIA)).toBe(true);
  expect(await drawn(app.ana.id)).toBe(true);
  await becomes(app, NADIA, 'admin', 'd:north');
  expect(await drawn(NADIA)).toBe(false);
  expect(workspace.failures).toEqual([]);
});
