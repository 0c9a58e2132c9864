import { expect, it } from 'vitest';
import { manualClock } from '../clock.ts';
import { ended, patiently, TEACHERS } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { filled, KEY, teachers, toldOf } from './teachers.ts';

interface Late {
  readonly played: Played;
  /** The create that was given up finishes. */
  finish(): string;
}

/** Teachers and Staff in sync, after the first request to create Teachers came to nothing as far as could be seen. */
async function late(): Promise<Late> {
  const clock = manualClock();
  let drops = 1;
  const played: Played = await filled(
    {
      before: (method, path) => {
        const isTeachers = JSON.stringify(played.server.heard().at(-1)?.body ?? '').includes('Teachers');
        if (method === 'POST' && path.endsWith('/Groups') && isTeachers && drops-- > 0) throw new Error('the connection is dropped');
      },
    },
    2,
    { clock },
  );
  expect(ended(await patiently(clock, played.home.sync())).result).toBe('success');
  return { played, finish: () => played.server.seedGroup('Teachers', []) };
}

it('S11 S23 S26 a create that was given up and finishes after the second one makes a twin: the next run tells of it once, and never touches it', async () => {
  const { played, finish } = await late();
  const ours = played.server.groups().find(({ displayName }) => displayName === 'Teachers')?.id;
  const twin = finish();
  expect(await toldOf(played)).toEqual([['group_create_provision', false]]);
  expect(played.kinds()).toEqual(['GET /Groups?filter']);
  const told = (await played.home.events()).filter(({ success }) => !success);
  expect(told.map(({ subjectId, errorCode }) => [subjectId, errorCode])).toEqual([[TEACHERS, 'twin']]);
  expect(told[0]?.errorMessage).toContain(`another group named Teachers (${twin}): it came about beside ours (${ours})`);
  expect(played.server.groups().find(({ id }) => id === twin)?.members).toEqual([]);
  expect(teachers(played)).toHaveLength(2);
  expect(await toldOf(played)).toEqual([]);
  expect(played.kinds()).toEqual([]);
});

it('S11 S23 where none comes it is looked for once', async () => {
  const { played } = await late();
  expect(await toldOf(played)).toEqual([]);
  expect(played.kinds()).toEqual(['GET /Groups?filter']);
  expect(await toldOf(played)).toEqual([]);
  expect(played.kinds()).toEqual([]);
});

/** A create of Teachers that an earlier run sent and heard nothing of. */
async function unanswered(): Promise<Played> {
  const played = await filled({}, 2);
  const { home, connector } = played;
  const creating = { beside: [] };
  await home.put('pushedGroup', KEY, { connectorId: connector.id, groupingId: TEACHERS, targetId: null, name: 'Teachers', members: [], creating });
  return played;
}

it("S11 S13 S23 S26 where the first create was an earlier run's, which is not there yet when the second one is sent, the twin is told too", async () => {
  const played = await unanswered();
  expect(ended(await played.home.sync()).result).toBe('success');
  played.server.seedGroup('Teachers', []);
  expect(await toldOf(played)).toEqual([['group_create_provision', false]]);
  expect(teachers(played)).toHaveLength(2);
  expect(await toldOf(played)).toEqual([]);
});

it('S11 S13 S23 where both creates of an earlier run are there, one is settled, and the run after it looks for its twin', async () => {
  const played = await unanswered();
  for (const _ of [1, 2]) played.server.seedGroup('Teachers', []);
  expect(ended(await played.home.sync()).result).toBe('success');
  expect(await toldOf(played)).toEqual([['group_create_provision', false]]);
  expect(await toldOf(played)).toEqual([]);
});
