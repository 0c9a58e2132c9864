import { expect, it } from 'vitest';
import { fullName, type Person } from '../../src/domain/directory/person.ts';
import { accountKey } from '../../src/domain/sync/account.ts';
import { PROVISIONING, startApp } from '../app.ts';
import { connectZoom, reads, screen, shows } from './steps.ts';

type App = Awaited<ReturnType<typeof startApp>>;

/** Some active teacher, and the name of their school. */
async function aTeacher({ usher }: App): Promise<{ readonly teacher: Person; readonly school: string }> {
  const { store } = usher().outside;
  for await (const page of store.scan('person')) {
    for (const { value } of page) {
      const grouping = value.groupings.find((id) => id.endsWith('/role/teacher'));
      const organizationId = grouping === undefined ? '' : ((await store.get('grouping', grouping))?.value.organizationId ?? '');
      const school = (await store.get('organization', organizationId))?.value;
      if (value.status === 'active' && school !== undefined) return { teacher: value, school: school.name };
    }
  }
  throw new Error('the district has no teacher');
}

it('S18 S16 S20 S19 S5 explains a person before and after, traces them, verifies and re-asserts a hand-made change with one request, and undoes a run', async () => {
  const app = await startApp();
  const { ana, workspace, target } = app;
  const { store } = app.usher().outside;
  await connectZoom(app);
  const { teacher, school } = await aTeacher(app);
  const why = async (words: string) => {
    await ana.say(PROVISIONING, `/usher why ${teacher.sourceId} zoom`);
    await shows(workspace, ana, words);
  };

  await why('none of their roles and groups is assigned. It is assigned to nobody.');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, `/usher assign add Zoom Teachers organization="${school}"`);
  await reads(workspace, ana, PROVISIONING, 'assigned to');
  await why('not run yet');
  await ana.dismiss(true);

  // A failure, in the provider's words.
  const domain = (teacher.attributes.email ?? '').split('@')[1] ?? '';
  await target.set({ is: 'unverified-domain', domain });
  await ana.say(PROVISIONING, `/usher person provision ${teacher.sourceId} connector=zoom`);
  await reads(workspace, ana, PROVISIONING, '✕ Written: not created');
  await why('could not be created in Zoom');
  expect(screen(ana)).toContain('“email domain not verified” (400)');
  await ana.dismiss(true);
  await target.clear();

  // The trace, in the run's own message.
  await ana.say(PROVISIONING, `/usher person ${teacher.sourceId}`);
  await shows(workspace, ana, 'no account, assigned through Teachers');
  await ana.press('person.provision');
  await shows(workspace, ana, 'is being provisioned in Zoom');
  await ana.dismiss(true);
  const trace = await reads(workspace, ana, ana.directChannel(), '✓ Written: created');
  for (const step of [`✓ Directory: ${fullName(teacher)}`, '✓ Scope: Teachers', '✓ Account:', '✓ Values:']) expect(trace).toContain(step);

  await why('has an account in Zoom because Teachers');
  expect(screen(ana)).toContain('last written');
  expect(screen(ana)).toContain('*created* in run R-2');
  await ana.dismiss(true);

  // Verify finds a hand-made change and re-asserts it with exactly one request.
  const key = accountKey('zoom', teacher.id);
  const targetId = (await store.get('account', key))?.value.targetId ?? '';
  await target.edit(targetId, { name: { givenName: 'Somebody', familyName: 'Else' } });
  await ana.say(PROVISIONING, '/usher verify zoom');
  await reads(workspace, ana, PROVISIONING, 'account differs from what was last pushed');
  await ana.say(PROVISIONING, '/usher verify show zoom');
  await shows(workspace, ana, 'Somebody');
  await target.clearRequests();
  const seq = /#(\d+)/.exec(screen(ana))?.[1] ?? '';
  await ana.dismiss(true);
  await ana.say(PROVISIONING, `/usher verify re-assert zoom rows=${seq}`);
  await reads(workspace, ana, PROVISIONING, '1 updated');
  expect((await target.requests()).filter(({ method }) => method !== 'GET')).toHaveLength(1);
  expect(JSON.stringify(await target.user(targetId))).toContain(teacher.attributes.familyName);
  await ana.say(PROVISIONING, '/usher verify zoom');
  await reads(workspace, ana, PROVISIONING, 'is as it was pushed');

  // Undo of the run that created them: a plan like any.
  await ana.say(PROVISIONING, '/usher undo R-2');
  await reads(workspace, ana, PROVISIONING, '1 account deactivated');
  const isActive = async (): Promise<boolean> => JSON.stringify(await target.user(targetId)).includes('"active":true');
  const applied = async (planId: string): Promise<string> => {
    const offered = (text: string): boolean => text.includes(`${planId} · zoom`) && text.includes('sync.apply');
    await workspace.until(() => ana.messages(PROVISIONING).find(({ blocks }) => offered(JSON.stringify(blocks))), `${planId} is offered`);
    await ana.press('sync.apply');
    const card = (text: string): boolean => text.includes(`applies plan ${planId}`) && text.includes('success');
    await workspace.until(() => ana.messages(PROVISIONING).find(({ blocks }) => card(JSON.stringify(blocks))), `${planId} is applied`);
    const state = (await store.get('plan', planId))?.value.state;
    return state?.is === 'applied' ? state.runId : '';
  };
  const undoing = await applied('L-1');
  expect(await isActive()).toBe(false);
  // And the undo is undone: the same account is active again, with the values it had.
  await ana.say(PROVISIONING, `/usher undo ${undoing}`);
  await reads(workspace, ana, PROVISIONING, '1 re-activated');
  await applied('L-2');
  expect(await isActive()).toBe(true);
  expect((await store.get('account', key))?.value).toMatchObject({ targetId });
  expect(JSON.stringify(await target.user(targetId))).toContain(teacher.attributes.familyName);

  await ana.say(PROVISIONING, `/usher events person=${teacher.sourceId} outcome=done`);
  await shows(workspace, ana, 'created');
  await ana.press('events.open');
  await shows(workspace, ana, 'started by');
  expect(workspace.failures).toEqual([]);
});
