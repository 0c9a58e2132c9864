import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/command-line/run.ts';
import { enrollmentKey } from '../../src/domain/enrollment/enrollment.ts';
import { put } from '../../src/domain/revise.ts';
import { startApp } from '../app.ts';
import { plant } from '../journeys/planted.ts';

/** Types `usher …` on the host, as root. */
async function usher(folder: string, ...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly faults: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const [out, faults] = [text(stdout), text(stderr)];
  const code = await run({ words, environment: { USHER_DATA: join(folder, 'store') }, user: 'root', stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, out: await out, faults: await faults };
}

it('E9 imports a stock on the host, says what became of it by line, and what is wrong with a file', async () => {
  const app = await startApp();
  const file = join(app.folder, 'tokens.csv');
  await writeFile(file, `serial,note\n${Array.from({ length: 30 }, () => 'A-1,x').join('\n')}\n,x\nB2,x\n`);
  const imported = await usher(app.folder, 'stock', 'import', file, '--organization', 'riverside district');
  expect(imported.code).toBe(1);
  expect(imported.out.split('\n')).toEqual([
    'Riverside District: 2 added, 29 already there, 1 invalid.',
    'Columns left aside: note',
    ...Array.from({ length: 20 }, (_, at) => `line ${at + 3} A1: already there`),
    'and 10 more; in Slack, `enroll stock-log` sends all lines.',
    '',
  ]);
  expect(await usher(app.folder, 'stock', 'import', join(app.folder, 'none.csv'), '--organization', 'Riverside District')).toMatchObject({
    code: 2,
    faults: expect.stringContaining('can’t be read (ENOENT)'),
  });
  await writeFile(file, 'number\n1\n');
  expect(await usher(app.folder, 'stock', 'import', file, '--organization', 'Riverside District')).toMatchObject({
    code: 2,
    faults: expect.stringContaining('lacks serial'),
  });
  expect(await usher(app.folder, 'stock', 'import', file, '--organization', 'Atlantis')).toMatchObject({
    code: 2,
    faults: expect.stringContaining('Atlantis'),
  });
  expect(await usher(app.folder, 'stock', 'import', file)).toMatchObject({ code: 64, faults: expect.stringContaining('--organization') });
  expect(await usher(app.folder, 'stock', 'import')).toMatchObject({ code: 64, faults: expect.stringContaining('Which file') });
});

it('E9 X4 prints nothing of a file to the terminal that would be more than text', async () => {
  const app = await startApp();
  const file = join(app.folder, 'tokens.csv');
  await writeFile(file, 'serial,"no\u001b[2Jte\nroot: "\nA\u001b]0;mine\u0007\u009b31m\u202Ez,x\n');
  const { out } = await usher(app.folder, 'stock', 'import', file, '--organization', 'Riverside District');
  expect(out.split('\n')).toEqual([
    'Riverside District: 0 added, 0 already there, 1 invalid.',
    expect.stringContaining('no�[2Jte'),
    expect.stringMatching(/^line \d A�]0;MINE��31M�Z: /),
    '',
  ]);
});

it('I2 E2 takes sign-ins from a file: completes who enrolled, never counts social ones, and says which lines say nothing', async () => {
  const app = await startApp();
  const { store, clock } = app.usher().outside;
  const zoom = await plant(app);
  const people = [];
  for await (const page of store.scan('person')) people.push(...page.map(({ value }) => value));
  const [first, second, third] = people;
  if (first === undefined || second === undefined || third === undefined) throw new Error('the district is empty');
  const at = clock.now();
  const task = {
    id: 'T-1',
    number: 1,
    connectorId: zoom.id,
    organizationId: zoom.organizationId,
    runId: null,
    by: 'U0ANARUIZ',
    start: at,
    stop: at + 1e9,
  } as const;
  const open = { ...task, days: 10, attempts: 5, types: ['link'], state: { is: 'open' }, mailedTo: null, timeZone: 'UTC' } as const;
  const entry = {
    taskId: 'T-1',
    connectorId: zoom.id,
    state: { is: 'enrolled', at: at - 3_600_000 },
    stop: at + 1e9,
    attempts: 0,
    links: [],
    type: 'link',
    serial: null,
  } as const;
  const rest = { reserved: null, waitingSince: null, mail: null, reminded: [] } as const;
  await store.transaction({
    puts: [
      put('task', 'T-1', open),
      ...[first, second, third].flatMap(({ id }) => [
        put('enrollment', enrollmentKey('T-1', id), { ...entry, ...rest, personId: id }),
        put('tasksOf', `${id}/T-1`, { taskId: 'T-1' }),
      ]),
    ],
  });
  const { id: thirdId, attributes } = third;
  const shared = (source: string) => put('person', `${source}:shared`, { ...second, id: `${source}:shared`, source, sourceId: 'shared', attributes });
  await store.transaction({
    puts: [shared('csv'), shared('oneroster'), put('person', thirdId, { ...third, attributes: { ...attributes, userName: 'shared' } })],
  });
  const now = new Date(at - 60_000).toISOString();
  const before = new Date(at - 86_400_000).toISOString();
  const lines = [
    `Zoom,${first.sourceId},${now},`,
    `zoom,${second.attributes.userName},${now},yes`,
    // Before they enrolled: it completes nothing.
    `Zoom,${third.sourceId},${before},no`,
    `Nowhere,${first.sourceId},${now},`,
    `Zoom,nobody,${now},`,
    `Zoom,${first.sourceId},yesterday,`,
    `Zoom,${first.sourceId},2999-01-01T00:00:00Z,`,
    `Zoom,${first.sourceId},${now},perhaps`,
    // An id of two sources, and a third person's user name: nobody is guessed.
    `Zoom,shared,${now},`,
  ];
  const file = join(app.folder, 'sign-ins.csv');
  await writeFile(file, `connector,person,at,social\n${lines.join('\n')}\n`);
  const read = await usher(app.folder, 'sign-ins', 'import', file);
  expect(read.out.split('\n')).toEqual([
    '9 lines: 1 completed, 0 seats taken, 0 found no seat free, 1 social left aside, 6 invalid.',
    'line 5: no such connector',
    'line 6: no such person',
    'line 7: at is no time such as 2026-11-21T06:10:00Z',
    'line 8: at is in the future',
    'line 9: social is neither yes nor no',
    'line 10: more than one person has that name or id',
    '',
  ]);
  const states: string[] = [];
  for (const { id } of [first, second, third]) states.push((await store.get('enrollment', enrollmentKey('T-1', id)))?.value.state.is ?? '');
  expect(states).toEqual(['completed', 'enrolled', 'enrolled']);
  // Read once more, it changes nothing.
  expect((await usher(app.folder, 'sign-ins', 'import', file)).out).toContain('9 lines: 0 completed');
});
