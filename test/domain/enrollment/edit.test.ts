import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLEARED } from '../approvals/cleared.ts';
import { consequencesOf } from '../../../src/domain/connectors/consequences.ts';
import { deleteConnector } from '../../../src/domain/connectors/verbs/delete.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { accept, invitationBehind } from '../../../src/domain/enrollment/verbs/accept.ts';
import { extendStragglers, moveStop } from '../../../src/domain/enrollment/verbs/extend.ts';
import { nudge } from '../../../src/domain/enrollment/verbs/nudge.ts';
import { removePeople, removeTask } from '../../../src/domain/enrollment/verbs/remove.ts';
import { reissue, resend } from '../../../src/domain/enrollment/verbs/resend.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import type { OutgoingMail } from '../../../src/ports/mail.ts';
import { actor, CONNECTOR } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ADMIN, ANA, id, secretIn, STOP, type TasksWorld, tasksWorld } from './tasks-world.ts';

const LINK = { type: 'link', serial: null } as const;
let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
  await here.seeded(4);
  await here.sync();
  await here.deliver();
});
afterEach(() => here.close());

function mailTo(number: number): OutgoingMail | undefined {
  return here.sent.findLast(({ to }) => to.address === `p0000${number}@example.org`);
}

async function lock(number: number): Promise<void> {
  const entry = await here.entry(id(number));
  await here.put('enrollment', `T-1/${id(number)}`, { ...entry, state: { is: 'locked', at: here.clock.now() }, attempts: 5, links: [] });
}

describe('Remove people', () => {
  it('E5 their links stop working at once, the others go on; who is through stays in, and the summary says so', async () => {
    expect(await accept(here.outside, secretIn(mailTo(3)), LINK)).toEqual({ is: 'enrolled' });
    const summary = await removePeople(here.outside, ANA, 'T-1', [id(0), id(3), id(0), 'csv:nobody'], { notify: false });
    expect(summary).toEqual({
      done: 1,
      skipped: [
        { why: 'enrolled already', count: 1, people: ['p00003 Example'] },
        { why: 'not in the task', count: 1, people: ['csv:nobody'] },
      ],
    });
    expect(await accept(here.outside, secretIn(mailTo(0)), LINK)).toEqual({ is: 'closed', why: 'unknown' });
    expect((await invitationBehind(here.outside, secretIn(mailTo(1)))).is).toBe('open');
    expect(await here.statuses()).toEqual({ removed: 1, active: 2, enrolled: 1 });
    expect(await here.entry(id(0))).toMatchObject({ links: [], state: { is: 'removed', by: 'U0ANA' } });
    expect(await here.audited('enrollment.remove-people')).toEqual([
      { summary: 'removed 1 person from task 1 of Portal', by: 'U0ANA', after: { people: id(0) } },
    ]);
    expect((await removePeople(here.outside, ANA, 'T-1', [id(0)], { notify: true })).skipped).toMatchObject([{ why: 'removed already' }]);
  });

  it('E5 an optional mail tells them, and whoever isn’t told gets none', async () => {
    await removePeople(here.outside, ANA, 'T-1', [id(0)], { notify: true });
    await removePeople(here.outside, ANA, 'T-1', [id(1)], { notify: false });
    here.sent.length = 0;
    await here.deliver();
    expect(here.sent.map(({ to, text }) => [to.address, text])).toEqual([['p00000@example.org', '']]);
  });

  it('E5 E8 E13 whom no mail tells is counted, of a removal as of a new date: no address, or mail that is off', async () => {
    for (const number of [0, 1]) {
      const person = (await here.outside.store.get('person', id(number)))?.value;
      if (person === undefined) throw new Error(id(number));
      const { email: _none, ...attributes } = person.attributes;
      await here.put('person', id(number), { ...person, attributes });
    }
    const [first, second, third] = [id(0), id(1), id(2)];
    expect(await moveStop(here.outside, ANA, 'T-1', 'unfinished', '2026-03-20')).toMatchObject({ done: 4, untold: { why: 'no-address', count: 2 } });
    expect((await removePeople(here.outside, ANA, 'T-1', [first], { notify: false })).untold).toBeUndefined();
    expect(await removePeople(here.outside, ANA, 'T-1', [first, second, third], { notify: true })).toMatchObject({
      done: 2,
      untold: { why: 'no-address', count: 1 },
    });
    await here.put('enrollmentSwitch', CONNECTOR, { on: false, arriveAs: 'active', testAddress: null, at: 0, by: 'U1' });
    expect((await moveStop(here.outside, ANA, 'T-1', 'unfinished', '2026-03-21')).untold).toEqual({ why: 'mail-off', count: 1 });
    expect((await removePeople(here.outside, ANA, 'T-1', [id(3)], { notify: true })).untold).toEqual({ why: 'mail-off', count: 1 });
  });

  it('E5 takes the right to run there, and an operator elsewhere does not see the task', async () => {
    expect(await refusalOf(removePeople(here.outside, actor('viewer'), 'T-1', [id(0)], { notify: false }))).toMatchObject({ is: 'not-allowed', right: 'run' });
    expect(await refusalOf(removePeople(here.outside, actor('operator', 'csv:other'), 'T-1', [id(0)], { notify: false }))).toMatchObject({
      is: 'not-found',
      what: 'task',
    });
    expect(await here.statuses()).toEqual({ active: 4 });
  });
});

describe('at the same moment', () => {
  it('E5 E8 whoever accepts while others are removed and extended is either in or out: no acceptance is lost, nobody is both', async () => {
    const secrets = [0, 1, 2, 3].map((number) => secretIn(mailTo(number)));
    const all = [0, 1, 2, 3].map(id);
    const [answers, removed, moved] = await Promise.all([
      Promise.all(secrets.map((secret) => accept(here.outside, secret, LINK))),
      removePeople(here.outside, ANA, 'T-1', all.slice(0, 2), { notify: false }),
      moveStop(here.outside, ANA, 'T-1', all, '2026-03-20'),
    ]);
    const enrolled = answers.filter((answer) => answer.is === 'enrolled').length;
    const { enrolled: stand = 0, removed: out = 0 } = await here.statuses();
    expect({ stand, out }).toEqual({ stand: enrolled, out: removed.done });
    expect(stand + out).toBe(4);
    expect(moved.done + moved.skipped.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect(await here.home.all('enrollmentLink')).toEqual([]);
  });
});

describe('Remove task', () => {
  it('E5 whoever is not enrolled can no longer; it takes an admin, and is done once', async () => {
    expect(await refusalOf(removeTask(here.outside, ANA, 'T-1'))).toMatchObject({ is: 'not-allowed', right: 'administer' });
    await accept(here.outside, secretIn(mailTo(3)), LINK);
    await removeTask(here.outside, ADMIN, '1');
    expect(await here.task()).toMatchObject({ state: { is: 'removed', by: 'U0ADMIN' } });
    expect(await here.statuses()).toEqual({ removed: 3, enrolled: 1 });
    expect(await accept(here.outside, secretIn(mailTo(0)), LINK)).toMatchObject({ is: 'closed' });
    expect(await here.audited('enrollment.remove-task')).toHaveLength(1);
    for (const again of [removeTask(here.outside, ADMIN, 'T-1'), nudge(here.outside, ANA, 'T-1'), resend(here.outside, ANA, 'T-1', id(0), null)])
      expect(await refusalOf(again)).toMatchObject({ is: 'nothing-to-do' });
  });

  it('E5 lets nobody in from the moment it is removed, though a crash left its people in; a restart takes them out', async () => {
    await here.put('task', 'T-1', { ...(await here.task()), state: { is: 'removed', at: here.clock.now(), by: 'U0ADMIN' } });
    expect(await accept(here.outside, secretIn(mailTo(0)), LINK)).toMatchObject({ is: 'closed', why: 'removed' });
    await here.restart();
    expect(await here.statuses()).toEqual({ removed: 4 });
  });
});

describe('New stop date', () => {
  it('E5 is the end of that day in the organization’s zone, for the chosen people, later or earlier; whoever’s date moves is mailed', async () => {
    const { stop, done } = await moveStop(here.outside, ANA, 'T-1', [id(0)], '2026-03-20');
    expect({ stop, done }).toEqual({ stop: Date.UTC(2026, 2, 20, 23), done: 1 });
    // Summer time begins in Berlin on 29 March.
    expect((await moveStop(here.outside, ANA, 'T-1', [id(1)], '2026-03-31')).stop).toBe(Date.UTC(2026, 2, 31, 22));
    expect((await moveStop(here.outside, ANA, 'T-1', [id(2)], '2026-03-02')).stop).toBe(Date.UTC(2026, 2, 2, 23));
    expect((await here.entries()).map((entry) => entry.stop)).toEqual([stop, Date.UTC(2026, 2, 31, 22), Date.UTC(2026, 2, 2, 23), STOP]);
    expect((await here.letters()).map((letter) => [letter.is, letter.personId]).sort()).toEqual([id(0), id(1), id(2)].map((one) => ['extended', one]));
    expect(await here.audited('enrollment.stop-date')).toHaveLength(3);
  });

  it('E5 by default all unfinished: it revives expired people with the link they have, not locked ones', async () => {
    await lock(1);
    await accept(here.outside, secretIn(mailTo(2)), LINK);
    await here.clock.advanceTo(STOP);
    expect(await here.statuses()).toEqual({ expired: 2, locked: 1, enrolled: 1 });
    expect(await accept(here.outside, secretIn(mailTo(0)), LINK)).toEqual({ is: 'closed', why: 'expired' });
    const summary = await extendStragglers(here.outside, ANA, 'T-1', '2026-03-20');
    expect(summary).toMatchObject({ done: 2, skipped: [{ why: 'locked: re-issue instead', count: 1 }] });
    expect(await here.statuses()).toEqual({ active: 2, locked: 1, enrolled: 1 });
    expect(await accept(here.outside, secretIn(mailTo(0)), LINK)).toEqual({ is: 'enrolled' });
    expect((await moveStop(here.outside, ANA, 'T-1', 'unfinished', '2026-03-20')).skipped).toContainEqual(
      expect.objectContaining({ why: 'had that date already' }),
    );
  });

  it('E5 refuses what is no day, a day that is over, and a slip of the finger; nothing changes', async () => {
    for (const date of ['2026-02-30', 'soon', '2026-03-01', '2036-03-01'])
      expect(await refusalOf(moveStop(here.outside, ANA, 'T-1', 'unfinished', date))).toMatchObject({ is: 'bad-input', field: 'date' });
    expect(new Set((await here.entries()).map(({ stop }) => stop))).toEqual(new Set([STOP]));
  });
});

describe('Resend and Re-issue', () => {
  it('E6 a typed address serves that message only: masked on the entry, in no document, no audit row; the earlier link dies, the stop date is recomputed', async () => {
    const before = secretIn(mailTo(0));
    await here.clock.advance(3 * DAY);
    await resend(here.outside, ANA, 'T-1', id(0), 'pat.private@elsewhere.example');
    expect(await here.entry(id(0))).toMatchObject({ mail: { is: 'queued', to: 'p…@elsewhere.example' }, stop: STOP + 3 * DAY });
    expect(await accept(here.outside, before, LINK)).toEqual({ is: 'closed', why: 'unknown' });
    await here.deliver();
    expect(here.sent.at(-1)?.to.address).toBe('pat.private@elsewhere.example');
    expect(await here.task()).toMatchObject({ mailedTo: 'p…@elsewhere.example' });
    const rows = JSON.stringify(await here.audited('enrollment.resend'));
    const kept = JSON.stringify([
      await here.entries(),
      await here.tasks(),
      await here.letters(),
      await here.home.all('card'),
      await here.home.all('enrollmentLink'),
    ]);
    for (const text of [rows, kept]) expect(text).not.toContain('private');
    await resend(here.outside, ANA, 'T-1', id(0), null);
    await here.deliver();
    expect(here.sent.at(-1)?.to.address).toBe('p00000@example.org');
    expect(await accept(here.outside, secretIn(here.sent.at(-1)), LINK)).toEqual({ is: 'enrolled' });
  });

  it('E6 a letter that still waits is taken back: one mail comes, with a link that works', async () => {
    here.sent.length = 0;
    await resend(here.outside, ANA, 'T-1', id(0), null);
    await resend(here.outside, ANA, 'T-1', id(0), 'other@example.org');
    await here.deliver();
    expect(here.sent.map(({ to }) => to.address)).toEqual(['other@example.org']);
  });

  it('E6 is for active entries only; locked and expired ones are re-issued: attempts back to 0, another link, another date', async () => {
    await lock(1);
    expect(await refusalOf(resend(here.outside, ANA, 'T-1', id(1), null))).toMatchObject({ is: 'nothing-to-do', detail: expect.stringContaining('re-issue') });
    expect(await refusalOf(reissue(here.outside, ANA, 'T-1', id(0)))).toMatchObject({ is: 'nothing-to-do', detail: expect.stringContaining('resend') });
    await here.clock.advanceTo(STOP);
    expect(await refusalOf(resend(here.outside, ANA, 'T-1', id(0), null))).toMatchObject({ is: 'nothing-to-do' });
    const expired = secretIn(mailTo(0));
    expect(await reissue(here.outside, ANA, 'T-1', id(1))).toMatchObject({ state: { is: 'active' }, attempts: 0, stop: STOP + 11 * DAY });
    await reissue(here.outside, ANA, 'T-1', id(0));
    expect(await here.statuses()).toEqual({ active: 2, expired: 2 });
    expect(await accept(here.outside, expired, LINK)).toEqual({ is: 'closed', why: 'unknown' });
    await here.deliver();
    expect(await accept(here.outside, secretIn(mailTo(1)), LINK)).toEqual({ is: 'enrolled' });
  });

  it('E6 E11 refuses who is through, who was removed, what is no address, and everything while no mail goes out', async () => {
    await accept(here.outside, secretIn(mailTo(2)), LINK);
    await removePeople(here.outside, ANA, 'T-1', [id(3)], { notify: false });
    for (const number of [2, 3]) {
      expect(await refusalOf(resend(here.outside, ANA, 'T-1', id(number), null))).toMatchObject({ is: 'nothing-to-do' });
      expect(await refusalOf(reissue(here.outside, ANA, 'T-1', id(number)))).toMatchObject({ is: 'nothing-to-do' });
    }
    for (const typed of ['nobody', 'a@b', 'x@example.org\nbcc: y@example.org', 'Lee <lee@example.org>'])
      expect(await refusalOf(resend(here.outside, ANA, 'T-1', id(0), typed))).toMatchObject({ is: 'bad-input', field: 'address' });
    await here.put('enrollmentSwitch', CONNECTOR, { on: false, arriveAs: 'active', testAddress: null, at: 0, by: 'U1' });
    expect(await refusalOf(resend(here.outside, ANA, 'T-1', id(0), null))).toMatchObject({ is: 'bad-input', problem: expect.stringContaining('off') });
    expect(await refusalOf(resend({ ...here.outside, enrollment: null }, ANA, 'T-1', id(0), null))).toMatchObject({
      is: 'bad-input',
      problem: expect.stringContaining('set up'),
    });
    expect(await here.letters()).toEqual([]);
  });
});

describe('Nudge', () => {
  it('E11 reminds stragglers by mail, with a link beside the earlier one; never who is through, locked, expired or waits for a seat; twice is once', async () => {
    await accept(here.outside, secretIn(mailTo(1)), LINK);
    await lock(2);
    await here.put('enrollment', `T-1/${id(3)}`, { ...(await here.entry(id(3))), waitingSince: here.clock.now() });
    here.sent.length = 0;
    const first = secretIn(await firstMail());
    expect(await nudge(here.outside, ANA, 'T-1')).toEqual({
      done: 1,
      skipped: [
        { why: 'locked', count: 1, people: ['p00002 Example'] },
        { why: 'waits for a seat', count: 1, people: ['p00003 Example'] },
      ],
    });
    expect((await nudge(here.outside, ANA, 'T-1')).done).toBe(0);
    await here.deliver();
    expect((await nudge(here.outside, ANA, 'T-1')).skipped).toContainEqual(expect.objectContaining({ why: 'nudged within the last hour' }));
    expect(here.sent.map(({ to }) => to.address)).toEqual(['p00000@example.org']);
    expect((await invitationBehind(here.outside, first)).is).toBe('open');
    await here.clock.advance(HOUR);
    expect((await nudge(here.outside, ANA, 'T-1')).done).toBe(1);
    expect(await here.audited('enrollment.nudge')).toHaveLength(2);
  });

  async function firstMail(): Promise<OutgoingMail | undefined> {
    await resend(here.outside, ANA, 'T-1', id(0), null);
    await here.deliver();
    return here.sent.pop();
  }
});

describe('when the connector goes', () => {
  it('C13 disconnecting closes open tasks, and the dialog counts them first: nobody enrolls by them any more', async () => {
    const connector = await here.home.connector();
    expect((await consequencesOf(here.outside, connector)).enrollmentTasks).toBe(1);
    await disconnect(here.outside, ADMIN, CONNECTOR, CLEARED);
    expect(await here.task()).toMatchObject({ state: { is: 'removed', because: 'disconnected' } });
    expect(await here.statuses()).toEqual({ removed: 4 });
    expect(await accept(here.outside, secretIn(mailTo(0)), LINK)).toMatchObject({ is: 'closed' });
    expect((await consequencesOf(here.outside, await here.home.connector())).enrollmentTasks).toBe(0);
  });

  it('C14 deleting erases tasks, people, links, letters, switch and policy; the audit stays', async () => {
    await nudge(here.outside, ANA, 'T-1');
    await here.put('enrollmentPolicy', `connector/${CONNECTOR}`, { days: 3, attempts: 5, reminders: [], types: ['link'], at: 0, by: 'U1' });
    await disconnect(here.outside, ADMIN, CONNECTOR, CLEARED);
    await deleteConnector(here.outside, ADMIN, CONNECTOR, CLEARED);
    for (const kind of [
      'task',
      'enrollment',
      'tasksOf',
      'enrollmentLink',
      'letter',
      'taskOfRun',
      'enrollmentSwitch',
      'enrollmentPolicy',
      'seatBook',
      'outlook',
    ] as const)
      expect(await here.home.all(kind), kind).toEqual([]);
    expect(await here.card()).toBeUndefined();
    expect(await here.audited('enrollment.nudge')).toHaveLength(1);
  });
});
