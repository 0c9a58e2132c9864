import { expect, it } from 'vitest';
import type { StoredPlan } from '../../src/domain/plans/plan.ts';
import { put } from '../../src/domain/revise.ts';
import { type App, MIA, PROVISIONING, SAM, startApp } from '../app.ts';
import { everyCopy, grant, policy, request, step } from './approving.ts';
import { assignTeachers, plant, runNow } from './planted.ts';
import { reads, shows } from './steps.ts';

async function given(changes: Parameters<typeof plant>[1] = {}): Promise<App> {
  const app = await startApp({ people: 1_500 });
  await plant(app, changes);
  await assignTeachers(app);
  return app;
}

async function planNow(app: App, id = 'L-1'): Promise<StoredPlan> {
  const stored = await app.usher().outside.store.get('plan', id);
  if (stored === undefined) throw new Error(`there is no plan ${id}`);
  return stored.value;
}

/** Ana makes a plan, by words; resolves when its card offers to run it. */
async function planned(app: App): Promise<StoredPlan> {
  const { ana, workspace } = app;
  await ana.say(PROVISIONING, '/usher sync plan Zoom');
  await reads(workspace, ana, PROVISIONING, 'Approve and');
  await reads(workspace, ana, PROVISIONING, 'Nothing was sent.');
  return await planNow(app);
}

/** Three people of the plan get another name. */
async function editThree(app: App): Promise<void> {
  const { store } = app.usher().outside;
  const ids: string[] = [];
  for await (const page of store.rows('plan', { partition: 'L-1', order: 'oldest', limit: 9 })) ids.push(...page.map(({ row }) => row.personId));
  for (const id of ids.slice(6, 9)) {
    const person = (await store.get('person', id))?.value;
    if (person === undefined) throw new Error('nobody');
    await store.transaction({ puts: [put('person', id, { ...person, attributes: { ...person.attributes, familyName: 'Edited' } })] });
  }
}

it('S6 a plan is made, its whole is in the thread; three people change, two press Run at once: it runs once, skips three and says so, in the same message', async () => {
  const app = await given();
  const { ana, workspace, target } = app;
  await grant(app, { [SAM]: 'operator' });
  await target.clearRequests();
  const plan = await planned(app);
  const people = plan.counts.create;
  expect(people).toBeGreaterThan(60);
  expect((await target.state()).requests.byKind).not.toHaveProperty('create');
  const file = workspace.files().find(({ name }) => name === 'usher-plan-L-1.csv');
  expect(file?.bytes?.toString('utf8').split('\n').length).toBeGreaterThan(people);
  const cards = () => ana.messages(PROVISIONING).filter(({ ephemeralFor, threadTs }) => ephemeralFor === null && threadTs === null);
  const [card] = cards().filter(({ blocks }) => JSON.stringify(blocks).includes('sync.apply'));
  expect(ana.messages(PROVISIONING).some(({ threadTs }) => threadTs === card?.ts)).toBe(true);
  // Names are for direct messages (R3).
  expect(JSON.stringify(card?.blocks)).not.toContain('Riskiest');
  await editThree(app);
  const sam = workspace.as(SAM);
  await Promise.all([ana.press('sync.apply'), sam.press('sync.apply')]);
  const result = await reads(workspace, ana, PROVISIONING, '3 people were skipped');
  expect(result).toContain(`${(people - 3).toLocaleString('en-US')} created`);
  const ended = cards().find(({ ts }) => ts === card?.ts);
  expect(JSON.stringify(ended?.blocks)).toContain('3 people were skipped');
  expect(await app.usher().outside.store.count('run')).toBe(1);
  expect((await target.state()).users.total).toBe(people - 3);
  expect((await planNow(app)).state).toMatchObject({ is: 'applied', runId: 'R-1' });
  expect(workspace.failures).toEqual([]);
});

it('S6 runs the first five, then continues by words with the rest; cancelled, nothing more is applied', async () => {
  const app = await given();
  const { ana, workspace, target } = app;
  const { counts } = await planned(app);
  await ana.press('sync.canary');
  await reads(workspace, ana, PROVISIONING, 'The first 5 people are done');
  expect((await target.state()).users.total).toBe(5);
  await ana.say(PROVISIONING, '/usher sync continue L-1');
  await reads(workspace, ana, PROVISIONING, `${counts.create - 5} created`);
  expect((await target.state()).users.total).toBe(counts.create);
  await ana.say(PROVISIONING, '/usher sync drop L-1');
  await reads(workspace, ana, PROVISIONING, 'L-1 was applied by R-2');
  expect(workspace.failures).toEqual([]);
});

it('P1 S6 with a policy the plan is approved by somebody else, and exactly that plan runs', async () => {
  const app = await given();
  const { ana, workspace, target } = app;
  await grant(app, { [MIA]: 'approver' });
  await policy(app, { action: 'apply-plan', steps: [step(MIA)] });
  const { counts } = await planned(app);
  await ana.press('sync.apply');
  await reads(workspace, ana, PROVISIONING, 'Q-1 waits for approval');
  expect((await target.state()).users.total).toBe(0);
  const mia = workspace.as(MIA);
  await reads(workspace, mia, PROVISIONING, 'asks to *apply plan L-1 to Zoom*');
  await mia.press('approvals.approve');
  await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  expect((await target.state()).users.total).toBe(counts.create);
  expect(await planNow(app)).toMatchObject({ state: { is: 'applied' }, approvedBy: [MIA] });
  expect(await runNow(app, 'R-1')).toMatchObject({ kind: 'plan', by: ana.id });
  expect(workspace.failures).toEqual([]);
});

it('P2 S6 C13 a denied request is told on the plan’s card, which offers to run it again; cancelling the plan closes the next one', async () => {
  const app = await given();
  const { ana, workspace, target } = app;
  await grant(app, { [MIA]: 'approver' });
  await policy(app, { action: 'apply-plan', steps: [step(MIA)] });
  await planned(app);
  await ana.press('sync.apply');
  await reads(workspace, ana, PROVISIONING, 'Q-1 waits for approval');
  const mia = workspace.as(MIA);
  await reads(workspace, mia, PROVISIONING, 'asks to *apply plan L-1 to Zoom*');
  await mia.say(PROVISIONING, '/usher approvals deny Q-1 why="not before June"');
  await reads(workspace, ana, PROVISIONING, 'Q-1 was denied by mia');
  const card = () => ana.messages(PROVISIONING).find(({ blocks, threadTs }) => threadTs === null && JSON.stringify(blocks).includes('L-1 · zoom'));
  expect(JSON.stringify(card()?.blocks)).toContain('sync.apply');
  // The reason is for whoever asked, as on the request's own card.
  expect(JSON.stringify(card()?.blocks)).not.toContain('not before June');
  await ana.press('sync.apply');
  await reads(workspace, ana, PROVISIONING, 'Q-2 waits for approval');
  await ana.say(PROVISIONING, '/usher connectors disconnect zoom');
  await shows(workspace, ana, '1 open plan closes: not applied');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher sync drop L-1');
  await reads(workspace, ana, PROVISIONING, 'was cancelled: nothing more of it is applied');
  await everyCopy(app, 'Q-2', [PROVISIONING], 'Plan L-1 was cancelled');
  expect((await request(app, 'Q-2')).state).toMatchObject({ is: 'closed' });
  expect((await target.state()).users.total).toBe(0);
  expect(workspace.failures).toEqual([]);
});

it('S26 a first sync of a target that has accounts waits for an admin; what is not managed is listed, and one is linked by hand', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  const { store } = app.usher().outside;
  const zoom = await plant(app);
  const { adoption: _, ...unadopted } = zoom;
  await store.transaction({ puts: [put('connector', 'zoom', unadopted)] });
  await assignTeachers(app);
  const teachers: { id: string; userName: string }[] = [];
  const [assignment] = await all(app);
  for await (const page of store.scan('person'))
    for (const { value } of page)
      if (value.groupings.includes(assignment?.groupingId ?? ''))
        teachers.push({ id: value.id, userName: value.attributes.userName ?? value.attributes.email ?? '' });
  const [first, second] = teachers;
  if (first === undefined || second === undefined) throw new Error('no teachers');
  await target.seed({ users: [{ userName: first.userName }, { userName: 'someone.else' }] });
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await reads(workspace, ana, PROVISIONING, 'waits for approval');
  expect((await target.state()).users.total).toBe(2);
  await reads(workspace, ana, PROVISIONING, 'Approve and adopt');
  await ana.say(PROVISIONING, '/usher sync unmanaged Zoom');
  await shows(workspace, ana, 'someone.else');
  await ana.dismiss(true);
  const other = (await target.users()).users.find(({ userName }) => userName === 'someone.else')?.id ?? '';
  await ana.say(PROVISIONING, `/usher sync link Zoom ${second.id} ${other}`);
  await reads(workspace, ana, PROVISIONING, `is linked to account ${other}`);
  expect((await store.get('account', `zoom/${second.id}`))?.value).toMatchObject({ targetId: other, origin: 'adopted' });
  expect(workspace.failures).toEqual([]);
});

async function all(app: App): Promise<readonly { readonly groupingId: string }[]> {
  const found: { readonly groupingId: string }[] = [];
  for await (const page of app.usher().outside.store.scan('assignment')) found.push(...page.map(({ value }) => value));
  return found;
}
