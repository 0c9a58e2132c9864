import { afterEach, beforeEach, expect, it } from 'vitest';
import { invitationBehind } from '../../../src/domain/enrollment/verbs/accept.ts';
import { nudge } from '../../../src/domain/enrollment/verbs/nudge.ts';
import { resend } from '../../../src/domain/enrollment/verbs/resend.ts';
import { offboard } from '../../../src/domain/halts/verbs/offboard.ts';
import { pursueOffboardings } from '../../../src/domain/halts/verbs/pursue.ts';
import { CONNECTOR } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ADMIN, ANA, id, ON, secretIn, type TasksWorld, tasksWorld } from './tasks-world.ts';

let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
  await here.seeded(2);
  await here.put('enrollmentSwitch', CONNECTOR, { ...ON, arriveAs: 'invited' });
});
afterEach(() => here.close());

const out = () => offboard(here.outside, ADMIN, id(0), null);

it('S25 E11 who is off-boarded while invited leaves their tasks at once, though no run has anything to do: nothing reminds, nudges or invites them again', async () => {
  await here.sync();
  await here.deliver();
  const link = secretIn(here.sent.find(({ to }) => to.address === 'p00000@example.org'));
  here.sent.length = 0;
  await out();
  expect(await here.statuses()).toEqual({ removed: 1, active: 1 });
  expect((await invitationBehind(here.outside, link)).is).toBe('closed');
  expect((await nudge(here.outside, ANA, 'T-1')).done).toBe(1);
  expect(await refusalOf(resend(here.outside, ANA, 'T-1', id(0), null))).toMatchObject({ is: 'nothing-to-do' });
  await here.deliver();
  await here.due(6);
  await here.deliver();
  expect(new Set(here.sent.map(({ to }) => to.address))).toEqual(new Set(['p00001@example.org']));
  expect((await here.audited('enrollment.left')).map(({ summary }) => summary)).toEqual(['removed 1 person who is off-boarded from task 1']);
});

it('S25 a letter that waits for somebody who is off-boarded is not sent, though a crash left them in their task; a minute later they are out of it', async () => {
  await here.sync();
  await here.put('offboarding', id(0), { personId: id(0), name: 'p', by: 'U0ADMIN', at: here.clock.now(), why: null, steps: [], released: null });
  await here.deliver();
  expect(here.sent.map(({ to }) => to.address)).toEqual(['p00001@example.org']);
  expect((await here.entry(id(0))).mail).toMatchObject({ is: 'given-up', why: 'off-boarded' });
  await pursueOffboardings(here.outside);
  expect(await here.statuses()).toEqual({ removed: 1, active: 1 });
});

it('S25 E1 who is off-boarded between their account and its task comes into none', async () => {
  const run = await here.home.sync();
  await out();
  await here.execute(run.id);
  expect((await here.entries()).map(({ personId }) => personId)).toEqual([id(1)]);
});
