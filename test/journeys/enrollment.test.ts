import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Enrollment, enrollmentKey } from '../../src/domain/enrollment/enrollment.ts';
import { dropped } from '../../src/domain/enrollment/outlook.ts';
import { enrollmentDue } from '../../src/domain/enrollment/verbs/due.ts';
import { DAY } from '../../src/domain/instant.ts';
import { put, revise } from '../../src/domain/revise.ts';
import type { Person } from '../../src/sandbox/slack/workspace.ts';
import { type App, PROVISIONING, startApp } from '../app.ts';
import { startEnrolling, syncedTask } from './enrolling.ts';
import { reads, screen, shows } from './steps.ts';
import { becomes } from './two-schools.ts';

async function entries({ usher }: Pick<App, 'usher'>): Promise<readonly Enrollment[]> {
  const found: Enrollment[] = [];
  for await (const page of usher().outside.store.scan('enrollment')) found.push(...page.map(({ value }) => value));
  return found;
}

/** The server took every mail, and the entries say so: it has them before Usher hears that it took them. */
async function everybodyMailed(app: App): Promise<void> {
  await vi.waitUntil(async () => (await entries(app)).every(({ mail }) => mail?.is === 'accepted'), { timeout: 60_000, interval: 20 });
}

/** Behind Usher's back: what the last minute's look found of the task holds no more. */
async function change(app: App, personId: string, changes: Partial<Enrollment>): Promise<void> {
  const { store } = app.usher().outside;
  const along = () => ({ puts: [dropped('T-1')] });
  const changed = await revise(store, 'enrollment', enrollmentKey('T-1', personId), (entry) => ({ ...entry, ...changes }), along);
  if (changed === undefined) throw new Error(`${personId} is not in the task`);
}

async function switchMail(app: App, on: boolean): Promise<void> {
  const { store } = app.usher().outside;
  const { connectorId } = one(await entries(app));
  const stored = await store.get('enrollmentSwitch', connectorId);
  if (stored !== undefined) await store.transaction({ puts: [put('enrollmentSwitch', connectorId, { ...stored.value, on })] });
}

/** The block of the top modal whose button carries that value. */
function blockOf(person: Person, value: string): string {
  const { blocks } = z.object({ blocks: z.array(z.looseObject({ block_id: z.string() })) }).parse(person.modal()?.view);
  return blocks.find((block) => JSON.stringify(block).includes(`"value":"${value}"`))?.block_id ?? '';
}

function one<T>(items: readonly T[], at = 0): T {
  const item = items[at];
  if (item === undefined) throw new Error(`there are only ${items.length}`);
  return item;
}

it('E1 E6 E8 E11 a sync makes one task: its result names it, its card counts, its people are listed, nudged, and one is sent to again at an address that is kept nowhere', async () => {
  const { app, mailbox } = await startEnrolling();
  const { ana, workspace } = app;
  const people = await syncedTask({ app });
  expect(people).toBeGreaterThan(3);
  await everybodyMailed(app);
  expect(mailbox.mails()).toHaveLength(people);
  // The operator's card, by direct message: numbers and no names (R3).
  const card = await reads(workspace, ana, ana.directChannel(), `${people} active`);
  expect(card).toContain('Task 1 · Zoom');

  await ana.press('enroll.task');
  await shows(workspace, ana, `People (${people})`);
  await ana.press('enroll.people');
  await shows(workspace, ana, 'Not enrolled yet');
  expect(screen(ana)).toMatch(/e-mailed to .…@/);
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher enroll');
  await shows(workspace, ana, '1 open task');
  await ana.press('enroll.filter', 'completed');
  await shows(workspace, ana, 'No completed enrollment tasks');
  await ana.dismiss(true);

  const { personId } = one(await entries(app));
  const person = (await app.usher().outside.store.get('person', personId))?.value;
  await ana.say(PROVISIONING, '/usher-enroll task 1');
  await shows(workspace, ana, 'Find a person');
  expect(JSON.stringify(await ana.suggest('enroll.find', person?.attributes.familyName ?? ''))).toContain(personId);
  await ana.press('enroll.find', personId);
  await shows(workspace, ana, 'Authentication type');
  await ana.press('enroll.resend');
  await shows(workspace, ana, 'is kept nowhere');
  // The profile's address stands there already.
  expect(screen(ana)).toContain(`"initial_value":"${person?.attributes.email}"`);
  mailbox.forget();
  app.secrets.set('the typed address', 'just-once@elsewhere.example');
  await ana.submit({ address: 'just-once@elsewhere.example' });
  await shows(workspace, ana, 'j…@elsewhere.example');
  const mail = await mailbox.until('the typed address’s mail', ([first]) => first);
  expect(mail.to).toEqual(['just-once@elsewhere.example']);
  await ana.dismiss(true);

  mailbox.forget();
  await ana.say(PROVISIONING, '/usher enroll nudge 1');
  const told = await reads(workspace, ana, PROVISIONING, 'of task 1 reminded');
  expect(told).toMatch(new RegExp(`(${people}|${people - 1}) people of task 1 reminded`));
  // Pressed again within the hour, nobody is mailed twice, and the summary says why.
  await ana.say(PROVISIONING, '/usher enroll nudge 1');
  expect(await reads(workspace, ana, PROVISIONING, '*0 people of task 1 reminded')).toMatch(/nudged within the last hour|a mail to them is on its way/);

  // A mail that was refused, and somebody who waits for a seat: the task and the hub say so, and lead there.
  await everybodyMailed(app);
  // The minute’s look may come in between at any time: here it does.
  await enrollmentDue(app.usher().outside);
  const [refused, waits] = await entries(app);
  if (refused === undefined || waits === undefined) throw new Error('nobody is in the task');
  await change(app, refused.personId, { mail: { is: 'refused', to: 'p…@example.org', at: 1, why: '550 no such user' } });
  await change(app, waits.personId, { waitingSince: app.usher().outside.clock.now() });
  await ana.say(PROVISIONING, '/usher enroll task 1');
  await shows(workspace, ana, '1 mail did not arrive');
  await ana.press('enroll.people', undefined, { blockId: blockOf(ana, 'T-1/undelivered') });
  await shows(workspace, ana, '550 no such user');
  expect(screen(ana).match(/"enroll.person/g)).toHaveLength(1);
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher');
  await reads(workspace, ana, PROVISIONING, '1 person waits for a seat');
  await ana.say(PROVISIONING, '/usher home needs');
  await reads(workspace, ana, PROVISIONING, 'See who waits');
  await ana.press('enroll.waiting');
  await shows(workspace, ana, 'wait');
  expect(workspace.failures).toEqual([]);
});

it('E5 E8 edits a task: a removal is confirmed with numbers and tells people, a new stop date revives expired and not locked ones, a removed task leaves the list and stays in reports', async () => {
  const { app, mailbox } = await startEnrolling();
  const { ana, workspace } = app;
  const people = await syncedTask({ app });
  await everybodyMailed(app);
  expect(mailbox.mails()).toHaveLength(people);
  const [gone, expired, locked, through] = (await entries(app)).map(({ personId }) => personId) as [string, string, string, string];
  const now = app.usher().outside.clock.now();
  await change(app, expired, { stop: now - DAY });
  await change(app, locked, { state: { is: 'locked', at: now }, attempts: 5 });
  await change(app, through, { state: { is: 'enrolled', at: now } });

  await ana.say(PROVISIONING, '/usher enroll edit 1');
  await shows(workspace, ana, 'New stop date');
  // Nobody chosen means everybody who has not enrolled; that stands there, with the number, before anything is done.
  await ana.press('enroll.remove');
  await shows(workspace, ana, 'Everybody who has not enrolled');
  expect(screen(ana)).toContain(`Remove ${people - 1} people`);
  await ana.dismiss(true);
  mailbox.forget();
  await ana.say(PROVISIONING, `/usher enroll remove 1 ${gone} ${through}`);
  await shows(workspace, ana, 'This can’t be undone');
  expect(screen(ana)).toContain('1 person is enrolled or removed already and skipped');
  await ana.submit({ notify: ['notify'] });
  await shows(workspace, ana, '1 person of task 1 removed');
  expect(screen(ana)).toContain('1 person skipped: enrolled already');
  const told = await mailbox.until('who was removed is told', ([first]) => first);
  expect(told.to).toHaveLength(1);
  await ana.dismiss(true);

  await ana.say(PROVISIONING, '/usher enroll extend 1');
  await shows(workspace, ana, 'The end of that day in');
  await ana.submit({ date: '2020-01-01' });
  // The form still stands, with the reason under its field.
  expect(ana.modal()?.errors.date).toContain('2020-01-01 is over');
  const far = new Date(now + 60 * DAY).toISOString().slice(0, 10);
  await ana.submit({ date: far });
  await shows(workspace, ana, 'may enroll until');
  expect(screen(ana)).toContain('1 person skipped: locked: re-issue instead');
  const byId = new Map((await entries(app)).map((entry) => [entry.personId, entry]));
  expect(byId.get(expired)?.stop).toBeGreaterThan(now + 59 * DAY);
  expect(byId.get(locked)?.state.is).toBe('locked');
  await ana.dismiss(true);

  // While no mail goes out nobody is led through a form for nothing.
  await switchMail(app, false);
  await ana.say(PROVISIONING, `/usher enroll reissue 1 ${locked}`);
  await shows(workspace, ana, 'nobody is mailed');
  await ana.dismiss(true);
  await switchMail(app, true);
  await ana.say(PROVISIONING, `/usher enroll reissue 1 ${locked}`);
  await shows(workspace, ana, 'the attempts go back to 0');
  await ana.submit({});
  await shows(workspace, ana, 'The attempts are back to 0');
  expect((await entries(app)).find(({ personId }) => personId === locked)).toMatchObject({ state: { is: 'active' }, attempts: 0 });
  await ana.dismiss(true);

  await ana.say(PROVISIONING, '/usher enroll task 1');
  await shows(workspace, ana, 'Remove task…');
  await ana.press('enroll.remove-task');
  await shows(workspace, ana, 'can no longer');
  await ana.submit({});
  await shows(workspace, ana, 'Task 1 is removed');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher enroll');
  await shows(workspace, ana, 'No open enrollment tasks');
  await ana.dismiss(true);
  const card = await reads(workspace, ana, ana.directChannel(), 'Task 1 · Zoom: removed');
  expect(card).not.toContain('"type":"button"');
  await ana.say(PROVISIONING, '/usher report enrollment');
  await reads(workspace, ana, PROVISIONING, `${people} rows`);
  await ana.say(PROVISIONING, '/usher enroll csv 1');
  await reads(workspace, ana, PROVISIONING, 'Task 1 is in your direct messages');
  expect(workspace.failures).toEqual([]);
});

it('E7 shows outstanding tasks on a person’s page with *Resend*, to who may manage them, and none where there is none; E1 provisions people by hand in one task', async () => {
  const { app } = await startEnrolling();
  const { ana, workspace } = app;
  await syncedTask({ app });
  await everybodyMailed(app);
  const [entry, other] = await entries(app);
  if (entry === undefined || other === undefined) throw new Error('nobody is in the task');
  await ana.say(PROVISIONING, `/usher person ${entry.personId.replace('district:', '')}`);
  await shows(workspace, ana, 'Task 1 · Zoom');
  expect(screen(ana).match(/requested by [^·]*/)?.[0]).toBe('requested by ana ');
  expect(screen(ana)).toContain('enroll.resend');
  await ana.dismiss(true);

  const lee = workspace.as('U0LEEOKAFOR');
  await becomes(app, lee.id, 'viewer', null);
  await lee.say(PROVISIONING, `/usher person ${entry.personId.replace('district:', '')}`);
  await shows(workspace, lee, 'Task 1 · Zoom');
  expect(screen(lee)).not.toContain('enroll.');
  await lee.dismiss(true);

  await change(app, entry.personId, { state: { is: 'enrolled', at: 1 } });
  await ana.say(PROVISIONING, `/usher person ${entry.personId.replace('district:', '')}`);
  await shows(workspace, ana, 'Last events');
  expect(screen(ana)).not.toContain('Task 1 · Zoom');
  await ana.dismiss(true);

  // Removed from one task, they may be provisioned again, in another.
  await change(app, other.personId, { state: { is: 'removed', at: 1, by: ana.id }, links: [] });
  await ana.say(PROVISIONING, '/usher enroll provision');
  await shows(workspace, ana, 'Provision people');
  await ana.suggest('enroll.provision-connector', 'zo');
  await ana.suggest('enroll.provision-people', other.personId.replace('district:', ''));
  await ana.submit({ 'enroll.provision-connector': 'zoom', 'enroll.provision-people': [other.personId] });
  await shows(workspace, ana, '1 person provisioned by hand: task 2');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, `/usher enroll provision Zoom ${entry.personId}`);
  await reads(workspace, ana, PROVISIONING, 'enrolled already');
  expect(workspace.failures).toEqual([]);
});

it('E4 X1 a viewer reads a task and changes nothing, an operator does all but remove it, and to everybody else it is absent', async () => {
  const { app } = await startEnrolling();
  const { workspace } = app;
  await syncedTask({ app });
  await everybodyMailed(app);
  const { personId } = one(await entries(app));
  // Somebody waits for a seat, and somebody has no mail: what mends that is offered to who may.
  await change(app, personId, { waitingSince: app.usher().outside.clock.now() });
  await change(app, one(await entries(app), 1).personId, { mail: null });
  const lee = workspace.as('U0LEEOKAFOR');
  const offered = async (wanted: readonly string[]): Promise<void> => {
    await lee.say(PROVISIONING, '/usher enroll task 1');
    await shows(workspace, lee, 'was not e-mailed');
    expect(screen(lee)).toContain('waits for a seat');
    for (const action of ['enroll.waiting', 'enroll.print']) expect([action, screen(lee).includes(`"${action}"`)]).toEqual([action, wanted.includes(action)]);
    await lee.dismiss(true);
    await lee.say(PROVISIONING, `/usher enroll person 1 ${personId}`);
    await shows(workspace, lee, 'and no seat was free');
    expect(screen(lee).includes('"enroll.waiting"')).toBe(wanted.includes('enroll.waiting'));
    await lee.dismiss(true);
  };
  const acts = [
    'nudge 1',
    'edit 1',
    'extend 1',
    `resend 1 ${personId}`,
    `reissue 1 ${personId}`,
    `remove 1 ${personId}`,
    'remove-task 1',
    `provision zoom ${personId}`,
  ];

  await becomes(app, lee.id, 'viewer', null);
  await lee.say(PROVISIONING, '/usher enroll task 1');
  await shows(workspace, lee, 'Download CSV');
  expect(screen(lee)).not.toMatch(/enroll\.(nudge|extend|edit|remove-task)"/);
  await lee.dismiss(true);
  await offered([]);
  for (const act of acts) {
    const before = lee.messages(PROVISIONING).length;
    await lee.say(PROVISIONING, `/usher enroll ${act}`);
    await workspace.until(
      () =>
        lee
          .messages(PROVISIONING)
          .slice(before)
          .some(({ text }) => text.startsWith('Only ')),
      `a refusal of ${act}`,
    );
  }
  await becomes(app, lee.id, 'operator', null);
  await lee.say(PROVISIONING, '/usher enroll task 1');
  await shows(workspace, lee, 'Edit people…');
  expect(screen(lee)).not.toContain('enroll.remove-task');
  await lee.dismiss(true);
  await offered(['enroll.print']);
  await becomes(app, lee.id, 'admin', null);
  await offered(['enroll.waiting', 'enroll.print']);
  for (const role of [null, 'approver', 'partner'] as const) {
    await becomes(app, lee.id, role, role === 'partner' ? 'd:nowhere' : null);
    const before = lee.messages(PROVISIONING).length;
    await lee.say(PROVISIONING, '/usher enroll task 1');
    await lee.say(PROVISIONING, '/usher enroll people 1');
    await workspace.until(() => lee.messages(PROVISIONING).length >= before + 2, `two refusals of ${role ?? 'nobody'}`);
    const said = lee
      .messages(PROVISIONING)
      .slice(before)
      .map(({ text, blocks }) => JSON.stringify([text, blocks]));
    expect(said.join()).not.toMatch(/Zoom|people of|active/);
    expect(lee.modal()).toBeUndefined();
  }
  expect((await entries(app)).every(({ state }) => state.is === 'active')).toBe(true);
  expect(workspace.failures).toEqual([]);
});

it('E13 without a connector whose enrollment is on, a sync makes no task, and the list says so', async () => {
  const app = await startApp({ people: 0 });
  const { ana, workspace } = app;
  await ana.say(PROVISIONING, '/usher enroll filter=all');
  await shows(workspace, ana, 'No enrollment tasks yet');
  expect(workspace.failures).toEqual([]);
});
