import { expect, it } from 'vitest';
import { type Enrollment, enrollmentKey } from '../../src/domain/enrollment/enrollment.ts';
import { switchOf } from '../../src/domain/enrollment/rules-in-force.ts';
import type { EnrollmentTask } from '../../src/domain/enrollment/task.ts';
import { DAY } from '../../src/domain/instant.ts';
import { put } from '../../src/domain/revise.ts';
import type { Person } from '../../src/sandbox/slack/workspace.ts';
import { ANA, type App, MIA, PROVISIONING } from '../app.ts';
import { startEnrolling } from './enrolling.ts';
import { reads, screen, shows } from './steps.ts';
import { becomes } from './two-schools.ts';

/** Everything that the person is told from now on. */
function hearing(person: Person): () => string {
  const channels = [PROVISIONING, person.directChannel()];
  const before = channels.map((channel) => person.messages(channel).length);
  return () => `${screen(person)}${JSON.stringify(channels.map((channel, at) => person.messages(channel).slice(before[at])))}`;
}

it('E13 E8 X7 what is saved by a form that shows old news is refused in words: a switch that somebody else set, a policy out of reach', async () => {
  const { app } = await startEnrolling();
  const { ana, workspace } = app;
  const { store } = app.usher().outside;
  const mia = workspace.as(MIA);
  await becomes(app, MIA, 'admin', null);

  await mia.say(PROVISIONING, '/usher enroll on Zoom');
  await shows(workspace, mia, 'Change enrollment');
  await ana.say(PROVISIONING, '/usher enroll off Zoom');
  await shows(workspace, ana, 'Switch off enrollment?');
  await ana.submit();
  await shows(workspace, ana, '○ off');
  const heard = hearing(mia);
  await mia.submit({ arriveAs: 'invited' });
  await workspace.until(() => heard().includes('was changed by someone else'), 'a refusal of the old form');
  expect(await switchOf(store, 'zoom')).toMatchObject({ on: false, arriveAs: 'active', by: ANA });
  await mia.dismiss(true);
  await ana.press('enroll.on');
  await shows(workspace, ana, 'must enroll');
  await ana.submit({});
  await shows(workspace, ana, '● on');
  await ana.dismiss(true);

  // The form of the district's policy stays open while her role shrinks.
  await mia.say(PROVISIONING, '/usher enroll policy organization="Riverside District" days=9');
  await reads(workspace, mia, PROVISIONING, '9 days');
  await mia.say(PROVISIONING, '/usher enroll policy organization="Riverside District"');
  await shows(workspace, mia, 'It is set here.');
  await becomes(app, MIA, 'admin', 'district:nowhere');
  const refused = hearing(mia);
  await mia.press('enroll.policy-remove');
  await workspace.until(() => refused().includes('There is no organization'), 'a refusal of the button');
  await mia.dismiss();
  const again = hearing(mia);
  await mia.submit({ days: 3 });
  await workspace.until(() => again().includes('There is no organization'), 'a refusal of the form');

  // By words a policy goes away by exactly `remove=yes`.
  const policies = async (): Promise<number> => {
    let standing = 0;
    for await (const page of store.scan('enrollmentPolicy')) standing += page.filter(({ value }) => value.removed === undefined).length;
    return standing;
  };
  for (const wrong of ['remove=no', 'remove=', 'days=20 remove=no', 'days=20 remove=yes']) {
    const before = hearing(ana);
    await ana.say(PROVISIONING, `/usher enroll policy organization="Riverside District" ${wrong}`);
    await workspace.until(() => before().includes('[remove=yes]'), `how to say ${wrong}`);
  }
  expect(await policies()).toBe(1);
  await ana.say(PROVISIONING, '/usher enroll policy organization="Riverside District" remove=yes');
  await reads(workspace, ana, PROVISIONING, 'is removed');
  expect(await policies()).toBe(0);
  expect(workspace.failures).toEqual([]);
});

it('E3 E8 X7 of two admins who edit a mail’s text or a policy at once the later one is told, and overwrites, resets and removes nothing', async () => {
  const { app } = await startEnrolling();
  const { ana, workspace } = app;
  const { store } = app.usher().outside;
  const mia = workspace.as(MIA);
  await becomes(app, MIA, 'admin', null);
  const mailNamed = async (subject: string): Promise<void> => {
    await ana.say(PROVISIONING, '/usher enroll letters invitation');
    await shows(workspace, ana, 'Places: ');
    await ana.submit({ subject, body: 'Come in:\n\n{{link}}' });
    await shows(workspace, ana, `\\n${subject}`);
    await ana.dismiss(true);
  };
  const policyOfDays = async (days: number): Promise<void> => {
    await ana.say(PROVISIONING, `/usher enroll policy for=everybody days=${days}`);
    await reads(workspace, ana, PROVISIONING, `${days} days`);
  };
  const refused = async (act: () => Promise<unknown>, what: string): Promise<void> => {
    const heard = hearing(mia);
    await act();
    await workspace.until(() => heard().includes(`${what} was changed by someone else`), `a refusal: ${what}`);
    await mia.dismiss(true);
  };
  const MAIL = 'The text of the invitation mail';
  const POLICY = 'The enrollment policy of everybody';

  await mia.say(PROVISIONING, '/usher enroll letters invitation');
  await shows(workspace, mia, 'Places: ');
  await mailNamed('Ana’s first');
  await refused(() => mia.submit({ subject: 'Mia’s', body: '{{link}}' }), MAIL);
  await mia.say(PROVISIONING, '/usher enroll letters invitation');
  await shows(workspace, mia, 'Ana’s first');
  await mailNamed('Ana’s second');
  await refused(() => mia.press('enroll.letter-reset'), MAIL);
  expect((await store.get('letterTemplate', 'invitation/en'))?.value).toMatchObject({ subject: 'Ana’s second', by: ANA });

  await mia.say(PROVISIONING, '/usher enroll policy for=everybody');
  await shows(workspace, mia, 'Nothing is set here yet');
  await policyOfDays(20);
  await refused(() => mia.submit({ days: 3 }), POLICY);
  await mia.say(PROVISIONING, '/usher enroll policy for=everybody');
  await shows(workspace, mia, 'It is set here.');
  await policyOfDays(21);
  await refused(() => mia.press('enroll.policy-remove'), POLICY);
  expect((await store.get('enrollmentPolicy', 'default'))?.value).toMatchObject({ days: 21, by: ANA });
  // What was seen last counts.
  await mia.say(PROVISIONING, '/usher enroll policy for=everybody');
  await shows(workspace, mia, 'It is set here.');
  await mia.press('enroll.policy-remove');
  await shows(workspace, mia, 'is removed');
  expect(workspace.failures).toEqual([]);
});

/** Task 1 of Zoom with people of so long ids, none of them in the directory. */
async function enter({ usher }: App, count: number, length: number): Promise<readonly string[]> {
  const { store, clock } = usher().outside;
  const [start, stop] = [clock.now(), clock.now() + 10 * DAY];
  const task: EnrollmentTask = {
    ...{ id: 'T-1', number: 1, connectorId: 'zoom', organizationId: (await store.get('connector', 'zoom'))?.value.organizationId ?? '' },
    ...{ runId: null, by: ANA, start, stop, days: 10, attempts: 5, types: ['link'], state: { is: 'open' }, mailedTo: null, timeZone: 'UTC' },
  };
  const ids = Array.from({ length: count }, (_, at) => `x:${String(at).padStart(length - 2, '0')}`);
  const entry: Omit<Enrollment, 'personId'> = {
    ...{ taskId: 'T-1', connectorId: 'zoom', state: { is: 'active' }, stop, attempts: 0, links: [], type: 'link', serial: null },
    ...{ reserved: null, waitingSince: null, mail: null, reminded: [] },
  };
  await store.transaction({ puts: [put('task', 'T-1', task), ...ids.map((id) => put('enrollment', enrollmentKey('T-1', id), { ...entry, personId: id }))] });
  return ids;
}

it('E5 X7 by words as many people are removed as fit the confirmation, however long their ids; of more it says what to type', async () => {
  const { app } = await startEnrolling();
  const { ana, workspace } = app;
  const ids = await enter(app, 31, 150);
  await ana.say(PROVISIONING, `/usher enroll remove 1 ${ids.join(' ')}`);
  await reads(workspace, ana, PROVISIONING, 'type unfinished');
  await ana.say(PROVISIONING, `/usher enroll remove 1 ${ids.slice(1).join(' ')}`);
  await shows(workspace, ana, 'Remove 30 people');
  expect(screen(ana)).toContain('they have no address');
  await ana.submit();
  await shows(workspace, ana, '30 people of task 1 removed');
  expect(workspace.failures).toEqual([]);
});
