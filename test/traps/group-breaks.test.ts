import { expect, it } from 'vitest';
import { Refused } from '../../src/sandbox/scim/quirks/answer.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { patiently, people, STAFF, TEACHERS } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { filled, id, named, teachers } from './teachers.ts';

interface Broken extends Played {
  readonly clock: ManualClock;
}

/** A target that answers 500 to what of groups this says. */
async function breaking(count: number, isBroken: (method: string, body: string) => boolean): Promise<Broken> {
  const clock = manualClock();
  const played: Played = await filled(
    {
      before: (method, path) => {
        const body = JSON.stringify(played.server.heard().at(-1)?.body ?? '');
        if (path.includes('/Groups/') && isBroken(method, body)) throw new Refused(500, 'Internal error');
      },
    },
    count,
    { clock },
  );
  return { ...played, clock };
}

/** What one sync told of the failures of Teachers. */
async function failures({ home, server, clock }: Broken): Promise<readonly ProvisioningEvent[]> {
  server.forget();
  const run = await patiently(clock, home.sync());
  return (await home.events(run.id)).filter(({ subjectId, success }) => subjectId === TEACHERS && !success);
}

it('S11 S12 of a batch everybody comes in but those at whom the target breaks (500), exactly these are named, and the next run asks for them alone', async () => {
  const bad = [id(7), id(28)];
  const played = await breaking(40, (method, body) => method === 'PATCH' && bad.some((one) => body.includes(one)));
  expect((await failures(played)).map(({ errorCode, errorMessage }) => [errorCode, errorMessage])).toEqual([['http-500', 'Internal error (p00007, p00028)']]);
  expect(teachers(played)).toHaveLength(38);
  expect(await failures(played)).toHaveLength(1);
  expect(new Set(named(played, 'add'))).toEqual(new Set(bad));
});

it('S11 S12 one at whom the target breaks when they leave keeps nobody else in the group, also where others join in the same request', async () => {
  let bad = 'nobody';
  const played = await breaking(8, (method, body) => method === 'PATCH' && body.includes(`eq \\"${bad}`));
  const { home, clock } = played;
  await home.people(people(8, { groupings: [STAFF] }).slice(6));
  await patiently(clock, home.sync());
  bad = id(2);
  await home.people([...people(4, { groupings: [STAFF] }).slice(1), ...people(8).slice(6)]);
  expect((await failures(played)).map(({ errorMessage }) => errorMessage)).toEqual(['Internal error (p00002)']);
  expect(teachers(played).toSorted()).toEqual([0, 2, 4, 5, 6, 7].map(id));
  expect((await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS)?.members).toEqual(teachers(played).toSorted());
});

it('S11 S12 a target that breaks at every change of a group is not asked for each of its members', async () => {
  const played = await breaking(40, (method, body) => method === 'PATCH' && body.includes('members'));
  const [failure, ...others] = await failures(played);
  expect([failure?.errorMessage, ...others]).toEqual([expect.stringMatching(/^Internal error \(p00000, .*, 20 more\)$/)]);
  // The usual tries of Staff and of Teachers; 20, 10, 5, 3, 2, 1, 1, 1, 2 and 1 of them; then the other parts as they are: 1, 5, 10 and 20.
  expect(played.kinds().filter((kind) => kind === 'PATCH /Groups')).toHaveLength(5 + 5 + 10 + 4);
  expect(teachers(played)).toEqual([]);
});

it('S11 S12 nor is it asked so for the members of the next group, until it takes a change: that batch is halved once', async () => {
  const played = await breaking(40, (method, body) => method === 'PATCH' && body.includes('members'));
  await played.home.people(people(40, { groupings: [TEACHERS, STAFF] }));
  await failures(played);
  expect(played.kinds().filter((kind) => kind === 'PATCH /Groups')).toHaveLength(5 + 10 + 4 + 5 + 2);
});

it('S11 S12 many in a row at whom the target breaks keep nobody else out of the group: not the rest of their batch, not the next one, and nobody stays in who leaves', async () => {
  const bad = Array.from({ length: 25 }, (_, at) => id(at));
  let isBad = false;
  const played = await breaking(150, (method, body) => isBad && method === 'PATCH' && bad.some((one) => body.includes(one)));
  const { home, clock } = played;
  await home.people(people(149, { groupings: [STAFF] }));
  await patiently(clock, home.sync());
  expect(teachers(played)).toEqual([id(149)]);
  isBad = true;
  await home.people(people(149, { groupings: [TEACHERS, STAFF] }));
  await home.people(people(150, { groupings: [STAFF] }).slice(149));
  const [failure, ...others] = await failures(played);
  expect([failure?.errorMessage, ...others]).toEqual([expect.stringMatching(/^Internal error \(p00000, .*, 5 more\)$/)]);
  expect(teachers(played).toSorted()).toEqual(
    people(149)
      .slice(25)
      .map(({ sourceId }) => sourceId),
  );
});

it('S11 S14 a run in which nobody came in or went tells of no change of members', async () => {
  let isDown = false;
  const played = await breaking(5, (method) => isDown && method === 'PATCH');
  const { home, clock } = played;
  await home.people(people(5, { groupings: [STAFF] }).slice(4));
  await patiently(clock, home.sync());
  isDown = true;
  await home.people(people(5).slice(4));
  await home.people(people(1, { groupings: [STAFF] }));
  const run = await patiently(clock, home.sync());
  const told = (await home.events(run.id)).filter(({ subjectId }) => subjectId === TEACHERS);
  expect(told.map(({ success, changes }) => [success, changes])).toEqual([[false, []]]);
});

it('S11 S12 one that answers no reading of the group either is down: it is not asked for parts', async () => {
  const played = await breaking(40, () => true);
  expect((await failures(played)).map(({ errorMessage }) => errorMessage)).toEqual(['Internal error']);
  // The usual tries of Teachers, and of Staff.
  expect(played.kinds().filter((kind) => kind === 'PATCH /Groups')).toHaveLength(10);
});
