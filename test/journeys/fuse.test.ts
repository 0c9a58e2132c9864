import { expect, it } from 'vitest';
import type { Person } from '../../src/domain/directory/person.ts';
import { holdsDue } from '../../src/domain/holds/verbs/due.ts';
import { put } from '../../src/domain/revise.ts';
import { SCHEDULE } from '../../src/domain/rights/verbs/who.ts';
import { startSync } from '../../src/domain/sync/verbs/start.ts';
import { type App, ANA, PROVISIONING, SAM, startApp } from '../app.ts';
import { connectZoom, reads, screen, shows } from './steps.ts';

const ADMINS = { USHER_FIRST_ADMINS: `${ANA},${SAM}` };

/** Everybody with an active account, in order. */
async function active({ usher }: App): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of usher().outside.store.scan('account')) for (const { value } of page) if (value.state === 'active') found.push(value.personId);
  return found;
}

/** They lose every role and group, as if a roster had said so. */
async function strip({ usher }: App, ids: readonly string[]): Promise<void> {
  const { store } = usher().outside;
  const people: Person[] = [];
  for (const id of ids) {
    const person = (await store.get('person', id))?.value;
    if (person !== undefined) people.push({ ...person, groupings: [] });
  }
  await store.transaction({ puts: people.map((person) => put('person', person.id, person)) });
}

/** What the clock would do at the time of the schedule. */
async function scheduled({ usher }: App): Promise<string> {
  const { outside } = usher();
  const [connector] = await first(outside.store.scan('connector'));
  const run = await startSync(outside, SCHEDULE, { connectorId: connector?.value.id ?? '' });
  return run.id;
}

async function first<T>(pages: AsyncIterable<T>): Promise<T> {
  for await (const page of pages) return page;
  throw new Error('there is none');
}

it('S14 a scheduled sync trips the fuse: Sam releases two by name, the next sync removes exactly these and the same card tells of the rest', async () => {
  const app = await startApp({ environment: ADMINS });
  const { ana, workspace, usher } = app;
  const sam = workspace.as(SAM);
  await connectZoom(app);
  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  const before = await active(app);
  const leaving = before.slice(0, before.length - 1);
  expect(leaving.length).toBeGreaterThan(10);
  await strip(app, leaving);

  await scheduled(app);
  const card = await reads(workspace, sam, sam.directChannel(), 'Stopped before removing anyone');
  expect(card).toContain(`Zoom would lose ${leaving.length} of ${before.length} people`);
  expect(card).toContain('Nothing was removed');
  expect(card).toContain(`Release all ${leaving.length}…`);
  expect(await active(app)).toEqual(before);
  const [message] = sam.messages(sam.directChannel()).filter((each) => JSON.stringify(each.blocks).includes('Stopped before removing anyone'));

  // See who, by name, for Sam alone; then two of them.
  await sam.press('sync.hold');
  await shows(workspace, sam, 'not released');
  await sam.dismiss(true);
  const [one = '', two = ''] = leaving;
  await sam.press('sync.release-some');
  await shows(workspace, sam, 'Release ticked');
  await sam.submit({ 'held-1': ['0', '1'], why: 'they left' });
  await shows(workspace, sam, '2 removals of Zoom are released');
  await sam.dismiss(true);
  expect(await active(app)).toEqual(before);
  await scheduled(app);
  await reads(workspace, sam, sam.directChannel(), `${leaving.length - 2} removals still held`);
  expect(before.filter((id) => ![one, two].includes(id))).toEqual(await active(app));
  const now = sam.messages(sam.directChannel()).find((each) => JSON.stringify(each.blocks).includes('still held'));
  expect(now?.ts).toBe(message?.ts);

  // All of the rest, by the form: a reason is asked for.
  await sam.press('sync.release-all');
  await shows(workspace, sam, 'Keep them held');
  await sam.submit({ why: 'the school closed' });
  await shows(workspace, sam, 'Run now');
  await sam.dismiss(true);
  await scheduled(app);
  await reads(workspace, sam, sam.directChannel(), 'nothing is held any more');
  expect(await active(app)).toEqual(before.slice(-1));
  expect(await usher().outside.store.count('hold')).toBe(1);
});

it('S14 one’s own run takes somebody else; unanswered it expires; everything has a typed twin', async () => {
  const app = await startApp({ environment: ADMINS });
  const { ana, workspace, usher } = app;
  await connectZoom(app);
  await ana.say(PROVISIONING, '/usher assign add Zoom Teachers organization="Riverside District"');
  await reads(workspace, ana, PROVISIONING, 'next sync');
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  await reads(workspace, ana, PROVISIONING, 'Zoom: success');
  const before = await active(app);
  await strip(app, before);
  await ana.say(PROVISIONING, '/usher sync now Zoom');
  const card = await reads(workspace, ana, ana.directChannel(), 'Stopped before removing anyone');
  expect(card).toContain('needs someone other than ana');
  await ana.say(PROVISIONING, '/usher sync release H-1 all why="I say so"');
  await reads(workspace, ana, PROVISIONING, 'takes someone other than you');
  expect(await active(app)).toEqual(before);
  await ana.say(PROVISIONING, '/usher sync hold Zoom');
  await shows(workspace, ana, 'not released');
  expect(screen(ana)).toContain('Release some…');
  await ana.dismiss(true);

  const { outside } = usher();
  await holdsDue({ ...outside, clock: { ...outside.clock, now: () => outside.clock.now() + 73 * 3_600_000 } });
  await reads(workspace, ana, ana.directChannel(), 'expired, not applied');
  await ana.say(PROVISIONING, '/usher sync leave H-1');
  await reads(workspace, ana, PROVISIONING, 'does not wait any more');
  expect(await active(app)).toEqual(before);

  // The freeze calendar, typed.
  await ana.say(PROVISIONING, '/usher freeze add Exams from=2099-06-01 until=2099-06-20 connector=Zoom');
  await reads(workspace, ana, PROVISIONING, 'Exams');
  await ana.say(PROVISIONING, '/usher freeze');
  await shows(workspace, ana, 'Freeze calendar');
  expect(screen(ana)).toContain('F-1');
  await ana.dismiss(true);
  await ana.say(PROVISIONING, '/usher freeze remove F-1');
  await reads(workspace, ana, PROVISIONING, 'The freeze Exams is removed');
});
