import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fullName, type Person } from '../../src/domain/directory/person.ts';
import { put } from '../../src/domain/revise.ts';
import type { RoleGrant } from '../../src/domain/rights/role-grant.ts';
import { type App, ANA, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { connectZoom, reads, screen, shows } from './steps.ts';

const ADMINS = { USHER_FIRST_ADMINS: `${ANA},${SAM}` };

/** Two teachers with an account, by their ids. */
async function twoTeachers({ usher }: App): Promise<readonly [Person, Person]> {
  const found: Person[] = [];
  for await (const page of usher().outside.store.scan('account')) {
    for (const { value } of page) {
      const person = (await usher().outside.store.get('person', value.personId))?.value;
      if (person !== undefined && value.state === 'active') found.push(person);
    }
  }
  const [first, second] = found;
  if (first === undefined || second === undefined) throw new Error('nobody has an account');
  return [first, second];
}

/** People leave the roster; with them the sample's row that can't be read, since anybody could be meant by it and nobody leaves then (D2). */
async function withoutRows(roster: string, sourceIds: readonly string[]): Promise<void> {
  for (const name of ['users.csv', 'roles.csv', 'enrollments.csv']) {
    const lines = (await readFile(join(roster, name), 'utf8')).split('\r\n');
    await writeFile(join(roster, name), lines.filter((line) => ![...sourceIds, ' Jr.'].some((gone) => line.includes(gone))).join('\r\n'));
  }
}

it('A7 P3 X2 protects a teacher with two people, spares them when they leave the roster, removes the other, and says so on the card and on their page', async () => {
  const app = await startApp({ environment: ADMINS });
  const { ana, workspace, target, usher } = app;
  const sam = workspace.as(SAM);
  await connectZoom(app);
  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  const [teacher, other] = await twoTeachers(app);
  const { store } = usher().outside;

  // Ana asks, from the person's page.
  await ana.say(PROVISIONING, `/usher person ${teacher.sourceId}`);
  await shows(workspace, ana, 'Protect…');
  await ana.press('protected.add');
  await shows(workspace, ana, 'Protect a person');
  await ana.submit({ why: 'runs the bell system' });
  await shows(workspace, ana, 'Q-1');
  expect(await store.count('protected')).toBe(0);
  await ana.press('approvals.show');
  await shows(workspace, ana, 'runs the bell system');
  expect(screen(ana)).not.toContain('"approvals.approve"');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher approvals approve Q-1');
  await reads(workspace, ana, PROVISIONING, 'needs somebody else');

  // Sam approves, on his card.
  const card = await reads(workspace, sam, sam.directChannel(), 'asks to');
  expect(card).toContain(`protect ${fullName(teacher)} in all connectors`);
  await sam.press('approvals.approve');
  await reads(workspace, ana, ana.directChannel(), 'is protected in all connectors');
  await ana.say(PROVISIONING, '/usher protected');
  await shows(workspace, ana, 'runs the bell system');
  expect(screen(ana)).toContain('approved by');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, `/usher person ${teacher.sourceId}`);
  await shows(workspace, ana, '; protected: runs the bell system');
  expect(screen(ana)).toContain('protected.remove');
  expect(screen(ana)).not.toContain('Protect…');
  await ana.dismiss(true);

  // Both leave the roster.
  await withoutRows(join(app.folder, 'roster'), [teacher.sourceId, other.sourceId]);
  await ana.say(PROVISIONING, '/usher directory import district');
  await reads(workspace, ana, PROVISIONING, '2 removed');
  await ana.say(PROVISIONING, '/usher sync preview Zoom');
  await reads(workspace, ana, PROVISIONING, 'protected, so neither removed nor downgraded');
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  const run = await reads(workspace, ana, PROVISIONING, '1 person left as they are: protected.');
  expect(run).toContain('1 deactivated, 22 unchanged');
  expect(run).toContain('Zoom: success');
  await ana.press('sync.frozen');
  await shows(workspace, ana, 'is protected and keeps the account: runs the bell system');
  await ana.dismiss(true);
  const active = async (person: Person) => (await target.users({ search: person.id })).users.map((user) => user.active);
  expect(await active(teacher)).toEqual([true]);
  expect(await active(other)).toEqual([false]);
  const audited: (readonly unknown[])[] = [];
  for await (const page of store.rows('audit', { order: 'oldest', match: { action: 'protected.protect' } }))
    audited.push(...page.map(({ row }) => [row.by, row.subject, row.approval?.approvedBy]));
  expect(audited).toEqual([[ANA, teacher.id, [SAM]]]);

  // Un-protecting takes two people as well, and says what it comes to: by words, since their page is gone with them.
  await ana.say(PROVISIONING, `/usher protected remove ${teacher.sourceId} why="the bells are new"`);
  await reads(workspace, ana, PROVISIONING, 'The next sync deactivates an account that nothing else keeps: Zoom.');
  expect(await store.count('protected')).toBe(1);
  await sam.say(PROVISIONING, '/usher approvals approve Q-2');
  await reads(workspace, ana, ana.directChannel(), 'is no longer protected in all connectors');
  expect(await store.count('protected')).toBe(0);
  expect(workspace.failures).toEqual([]);
});

it('A7 X1 has a typed twin for each button, refuses with what to do, and shows nothing of it to anybody but global admins', async () => {
  const app = await startApp({ environment: ADMINS });
  const { ana, workspace, usher } = app;
  const { store } = usher().outside;
  const people: Person[] = [];
  for await (const page of store.scan('person')) people.push(...page.map(({ value }) => value));
  const [first] = people;
  if (first === undefined) throw new Error('the district is empty');
  const say = async (text: string, answer: string): Promise<string> => {
    await ana.say(PROVISIONING, `/usher ${text}`);
    return reads(workspace, ana, PROVISIONING, answer);
  };

  await say('protected add', 'Type it like this');
  await say('protected add nobody-at-all why=x', 'There is no person');
  await say(`protected add ${first.sourceId} why=x connector=Nothing`, 'There is no connector');
  await say(`protected remove ${first.sourceId} why=x`, 'is nobody on the list');
  await say(`protected add ${first.sourceId} why="break-glass"`, 'Asked: ');
  await say(`protected add ${first.sourceId} why="break-glass"`, 'asks for that already');

  await ana.say(PROVISIONING, '/usher protected');
  await shows(workspace, ana, 'Nobody is protected yet');
  await ana.press('protected.add');
  await shows(workspace, ana, 'Protect a person');
  expect(JSON.stringify(await ana.suggest('protected.person', first.sourceId))).toContain(first.id);
  expect(JSON.stringify(await ana.suggest('protected.connector', ''))).toContain('All connectors');
  await ana.dismiss(true);

  // Mia administers the whole district, and is no global admin.
  const organizations: string[] = [];
  for await (const page of store.scan('organization')) organizations.push(...page.filter(({ value }) => value.parentId === null).map(({ key }) => key));
  const [teamId] = usher().outside.settings.grants.map((grant) => grant.teamId);
  const grant: RoleGrant = {
    ...{ id: 'G-99', holder: { is: 'person', teamId: teamId ?? '', userId: MIA }, role: 'admin', organizationId: organizations[0] ?? '' },
    ...{ by: ANA, at: 0, why: null },
  };
  await store.transaction({ puts: [put('grant', grant.id, grant)] });
  const mia = workspace.as(MIA);
  await mia.say(PROVISIONING, '/usher protected');
  await reads(workspace, mia, PROVISIONING, 'can see and edit the list of protected people');
  await mia.say(PROVISIONING, `/usher person ${first.sourceId}`);
  await shows(workspace, mia, 'Accounts');
  expect(screen(mia)).not.toContain('protected.add');
  expect(screen(mia)).not.toContain('protected.list');
  expect(workspace.failures).toEqual([]);
});
