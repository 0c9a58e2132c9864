import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { fullName, type Person } from '../../src/domain/directory/person.ts';
import { put } from '../../src/domain/revise.ts';
import { accountKey } from '../../src/domain/sync/account.ts';
import { PROVISIONING, SAM, startApp } from '../app.ts';
import { connectZoom, reads, screen, shows } from './steps.ts';

type App = Awaited<ReturnType<typeof startApp>>;

/** Some teacher, and the name of their role's organization. */
async function aTeacher({ usher }: App): Promise<{ readonly teacher: Person; readonly school: string }> {
  const { store } = usher().outside;
  for await (const page of store.scan('person')) {
    for (const { value } of page) {
      const grouping = value.groupings.find((id) => id.endsWith('/role/teacher'));
      const school =
        grouping === undefined ? undefined : (await store.get('organization', (await store.get('grouping', grouping))?.value.organizationId ?? ''))?.value;
      if (value.status === 'active' && school !== undefined) return { teacher: value, school: school.name };
    }
  }
  throw new Error('the district has no teacher');
}

it('D6 S1 finds someone, shows where they have an account, and provisions that one person now', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  await connectZoom(app);
  const { teacher, school } = await aTeacher(app);
  await ana.say(PROVISIONING, `/usher assign add Zoom Teachers organization="${school}"`);
  await reads(workspace, ana, PROVISIONING, 'assigned to');

  await ana.say(PROVISIONING, '/usher person');
  await shows(workspace, ana, 'Find a person');
  const found = await ana.suggest('person.open', teacher.attributes.email ?? teacher.sourceId);
  expect(JSON.stringify(found)).toContain(teacher.id);
  await ana.press('person.open', teacher.id);
  await shows(workspace, ana, 'no account, assigned through Teachers');
  expect(screen(ana)).toContain('Nothing was done to them yet.');

  await ana.press('person.provision');
  await shows(workspace, ana, 'is being provisioned in Zoom');
  await ana.dismiss(true);
  await reads(workspace, ana, ana.directChannel(), 'Zoom: success');
  expect((await target.state()).users.total).toBe(1);

  await ana.say(PROVISIONING, `/usher person ${teacher.sourceId}`);
  await shows(workspace, ana, '● active');
  expect(screen(ana)).toContain('Zoom · create');
  await ana.dismiss(true);

  await ana.say(PROVISIONING, `/usher person provision ${teacher.sourceId} connector=zoom`);
  await reads(workspace, ana, PROVISIONING, 'is being provisioned in Zoom');
  await ana.say(PROVISIONING, '/usher person nobody-at-all');
  await shows(workspace, ana, 'There is no person');
  expect(workspace.failures).toEqual([]);
});

it('D6 everybody is read right after the start: the first search reads none of them again', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  const { teacher } = await aTeacher(app);
  const scan = vi.spyOn((await app.restart()).outside.store, 'scan');
  await ana.say(PROVISIONING, `/usher person ${teacher.sourceId}`);
  await shows(workspace, ana, fullName(teacher));
  expect(scan.mock.calls.map(([kind]) => kind)).not.toContain('person');
});

it('S10 lists accounts that are scheduled for deletion, and cancels it from the list and by words', async () => {
  const app = await startApp();
  const { ana, workspace } = app;
  await connectZoom(app);
  const { outside } = app.usher();
  const { teacher } = await aTeacher(app);
  const dueAt = Date.UTC(2030, 0, 15, 12);
  const account = {
    connectorId: 'zoom',
    personId: teacher.id,
    targetId: 't1',
    state: 'inactive',
    origin: 'created',
    pushed: null,
    intent: null,
    generated: {},
    deleteAt: dueAt,
    timeline: [],
  } as const;
  const schedule = () => outside.store.transaction({ puts: [put('account', accountKey('zoom', teacher.id), account)] });
  const deleteAt = async () => (await outside.store.get('account', accountKey('zoom', teacher.id)))?.value.deleteAt;

  await schedule();
  await ana.say(PROVISIONING, '/usher-sync deletions Zoom');
  await shows(workspace, ana, '1 account is scheduled for deletion');
  expect(screen(ana)).toContain(fullName(teacher));
  await ana.press('sync.keep');
  await shows(workspace, ana, 'no account is scheduled for deletion');
  expect(await deleteAt()).toBeNull();
  await ana.dismiss(true);

  await schedule();
  await ana.say(PROVISIONING, `/usher sync keep ${teacher.id} connector=zoom`);
  await reads(workspace, ana, PROVISIONING, 'is cancelled');
  expect(await deleteAt()).toBeNull();
  expect(workspace.failures).toEqual([]);
});

it('D2 D3 shows what an import changed, the broken rows by file and line, and why one was rejected or held with what to do', async () => {
  const app = await startApp();
  const { ana, workspace, folder } = app;
  await ana.say(PROVISIONING, '/usher directory');
  await reads(workspace, ana, PROVISIONING, 'OneRoster CSV in');
  await ana.press('directory.import');
  await shows(workspace, ana, 'started by its schedule');
  expect(screen(ana)).toContain('broken row');
  await ana.press('directory.errors');
  await shows(workspace, ana, 'Broken rows');
  expect(screen(ana)).toMatch(/users\.csv:\d+/);
  await ana.press('directory.import');
  await shows(workspace, ana, 'Import again');

  await writeFile(join(folder, 'roster', 'users.csv'), 'nonsense\n');
  await ana.press('directory.run');
  await shows(workspace, ana, 'rejected');
  expect(screen(ana)).toContain('Mend the export and import it again.');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher directory import');
  await reads(workspace, ana, PROVISIONING, 'is rejected');

  await workspace.as(SAM).say(PROVISIONING, '/usher directory import');
  await reads(workspace, workspace.as(SAM), PROVISIONING, 'You have no role in Usher yet');
  expect(workspace.failures).toEqual([]);
});
