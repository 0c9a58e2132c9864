import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { heldImportMessage } from '../../../views/directory/held-import-card.ts';
import { csvSource } from '../../../src/directory-sources/csv/source.ts';
import { alertAfterRun } from '../../../src/domain/alerts/verbs/raise.ts';
import { submit } from '../../../src/domain/approvals/verbs/submit.ts';
import { heldImportModel } from '../../../src/domain/directory/verbs/held-import-model.ts';
import { holdOf } from '../../../src/domain/directory/verbs/held-import.ts';
import { importDirectory } from '../../../src/domain/directory/verbs/import.ts';
import { holdsDue } from '../../../src/domain/holds/verbs/due.ts';
import type { DirectoryImport } from '../../../src/domain/directory/import.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import { type DirectorySource, SourceFault } from '../../../src/ports/directory-source.ts';
import { refusalOf } from '../refused.ts';
import { ANA, holdsWorld, LEE, OPS, SAM } from '../holds/holds-world.ts';
import { assignment, ended } from '../sync/world.ts';

const TEACHERS = 'csv:north/role/t';

/** So many teachers of North High, from a CSV folder, all with an account in the target. */
async function linked(count: number) {
  const world = await holdsWorld({ folk: [] });
  const folder = await mkdtemp(join(tmpdir(), 'usher-release-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const source = csvSource({ name: 'csv', folder });
  world.sources.push(source);
  const write = async (from: number, to: number, change: (line: string) => string = (line) => line): Promise<void> => {
    const ids = Array.from({ length: to - from }, (_, index) => `p${from + index}`);
    const people = ids.map((id) => change(`${id},north,,${id},${id}@riverside.example,Given,Family`));
    await writeFile(join(folder, 'people.csv'), ['id,organization,status,userName,email,givenName,familyName', ...people, ''].join('\n'));
    await writeFile(join(folder, 'memberships.csv'), ['person,group', ...ids.map((id) => `${id},t`), ''].join('\n'));
  };
  await writeFile(join(folder, 'organizations.csv'), 'id,name,kind,parent,timeZone\ndistrict,District,district,,\nnorth,North High,school,district,\n');
  await writeFile(join(folder, 'groups.csv'), 'id,organization,kind,name\nt,north,role,Teachers\n');
  await write(0, count);
  const read = (by = SCHEDULE, from: DirectorySource = source): Promise<DirectoryImport> => importDirectory(world.outside, by, from);
  await world.home.put('assignment', 'c1/1', assignment(1, TEACHERS, { organizationId: 'csv:north' }));
  await read();
  await world.run();
  const release = async (by: string, why = 'a school closed') => {
    const hold = holdOf((await world.outside.store.get('import', 'csv'))?.value);
    return submit(world.outside, world.actor(by), { is: 'release-fuse', release: { is: 'import', source: 'csv', agreed: hold?.agreed ?? '', why } }, why);
  };
  return { world, folder, source, write, read, release };
}

const cards = async ({ world }: Awaited<ReturnType<typeof linked>>) => (await world.home.all('card')).filter(({ content }) => content.is === 'held-import');

describe('a held import', () => {
  it('D3 is kept for an approval: any approver for a scheduled one, with a reason; then exactly what was held is applied', async () => {
    const given = await linked(40);
    const { world, write, read, release } = given;
    await write(20, 40);
    expect((await read()).outcome).toMatchObject({
      is: 'held',
      wouldRemove: 20,
      of: 40,
      hold: { state: { is: 'open' }, places: [{ organizationId: 'csv:north', people: 20 }] },
    });
    expect((await cards(given)).map(({ place }) => place)).toEqual([ANA, LEE, SAM].map((userId) => ({ is: 'person', userId })));
    expect(await refusalOf(release(SAM, ' '))).toMatchObject({ is: 'bad-input', field: 'why' });
    expect(await refusalOf(release(OPS))).toMatchObject({ is: 'needs-second-person', own: false });
    expect(await world.outside.store.count('person')).toBe(40);
    expect(await release(SAM)).toMatchObject({ request: { state: { is: 'done' }, by: { userId: 'schedule' } } });
    expect(await world.outside.store.count('person')).toBe(20);
    expect((await world.outside.store.get('import', 'csv'))?.value).toMatchObject({
      outcome: { is: 'done' },
      release: { by: SAM, why: 'a school closed' },
      people: { removed: 20 },
    });
    expect(await refusalOf(release(LEE))).toMatchObject({ is: 'nothing-to-do' });
  });

  it('D3 of one that somebody started it takes someone other than them', async () => {
    const { world, write, read, release } = await linked(40);
    await write(20, 40);
    await read(world.actor(ANA));
    expect(await refusalOf(release(ANA))).toMatchObject({ is: 'needs-second-person', own: true });
    expect(await release(SAM)).toMatchObject({ request: { state: { is: 'done' } } });
  });

  it('D3 is refused as changed where the files changed since, and what they say now is held anew', async () => {
    const given = await linked(40);
    const { world, write, read, release } = given;
    await write(20, 40);
    const first = holdOf(await read());
    await write(25, 40);
    expect(await release(SAM)).toMatchObject({ request: { state: { is: 'failed', because: expect.stringContaining('changed') } } });
    expect(await world.outside.store.count('person')).toBe(40);
    const now = (await world.outside.store.get('import', 'csv'))?.value;
    expect(now?.outcome).toMatchObject({ is: 'held', wouldRemove: 25 });
    expect(holdOf(now)?.agreed).not.toBe(first?.agreed);
    expect(await release(LEE)).toMatchObject({ request: { state: { is: 'done' } } });
    expect(await world.outside.store.count('person')).toBe(15);
  });

  it('D3 is refused as changed for one changed value, and done nothing of when the source is whole again', async () => {
    const { world, write, read, release } = await linked(40);
    await write(20, 40);
    await read();
    await write(20, 40, (line) => line.replace('Given', 'Renamed'));
    expect(await release(SAM)).toMatchObject({ request: { state: { is: 'failed' } } });
    await write(0, 40);
    expect(await release(SAM)).toMatchObject({ request: { state: { is: 'failed' } } });
    expect(await world.outside.store.count('person')).toBe(40);
  });

  it('D3 the same import asks once, however often it is made; unanswered it expires to “not applied”', async () => {
    const given = await linked(40);
    const { world, write, read, release } = given;
    await write(20, 40);
    const since = holdOf(await read())?.since;
    await world.clock.advance(HOUR);
    expect(holdOf(await read())?.since).toBe(since);
    expect(await cards(given)).toHaveLength(3);
    await world.clock.advance(71 * HOUR);
    await holdsDue(world.outside);
    expect(holdOf((await world.outside.store.get('import', 'csv'))?.value)?.state.is).toBe('expired');
    expect(holdOf(await read())?.state.is).toBe('expired');
    expect(await cards(given)).toHaveLength(3);
    expect(await world.outside.store.count('person')).toBe(40);
    await write(21, 40);
    expect(holdOf(await read())?.state.is).toBe('open');
    expect(await cards(given)).toHaveLength(6);
    expect(await release(SAM)).toMatchObject({ request: { state: { is: 'done' } } });
  });

  it('D3 R3 its card tells counts by organization and the expiry, and nobody’s name', async () => {
    const { world, write, read } = await linked(40);
    await write(20, 40);
    const since = holdOf(await read())?.since ?? 0;
    const model = await heldImportModel(world.outside, 'csv', since);
    if (model === null) throw new Error('there is no card');
    const drawn = JSON.stringify(heldImportMessage(model));
    expect(drawn).toContain('the import of csv would take away 20 of 40 people (50 %)');
    expect(drawn).toContain('20 of North High');
    expect(drawn).toContain('Expires');
    expect(drawn).not.toContain('p0@');
  });
});

describe('the traps', () => {
  it('trap 1 S14 D3 S23 with 1,000 linked users: no rows, a fault half-way, half the rows: 0 writes, one hold, one alert', async () => {
    const given = await linked(1_000);
    const { world, write, read, source, release } = given;
    await world.home.put('subscription', 'C0OPS/c1', {
      channelId: 'C0OPS',
      connectorId: 'c1',
      conditions: ['fuse'],
      teamId: 'T1',
      by: ANA,
      at: 0,
      escalation: null,
      mayNames: false,
    });
    const sync = async () => {
      const run = await world.run();
      await alertAfterRun(world.outside, run, await world.home.connector());
      return run;
    };
    expect((await world.home.accounts()).filter(({ state }) => state === 'active')).toHaveLength(1_000);
    const writes = world.target.writes().length;

    await write(0, 0);
    expect((await read()).outcome.is).toBe('rejected');
    await sync();
    await write(0, 1_000);
    const cut: DirectorySource = {
      ...source,
      async *read() {
        let count = 0;
        for await (const record of source.read()) {
          if (record.is === 'person' && ++count > 500) throw new SourceFault('The source answered 503 in the middle of its pages.');
          yield record;
        }
      },
    };
    expect((await read(SCHEDULE, cut)).outcome.is).toBe('rejected');
    await sync();
    expect(world.target.writes()).toHaveLength(writes);

    await write(0, 500);
    for (let times = 0; times < 3; times += 1) {
      expect((await read()).outcome).toMatchObject({ is: 'held', wouldRemove: 500, of: 1_000 });
      expect(ended(await sync())).toMatchObject({ ending: 'completed', result: 'success' });
    }
    expect(world.target.writes()).toHaveLength(writes);
    expect(new Set((await cards(given)).map(({ content }) => (content.is === 'held-import' ? content.since : 0))).size).toBe(1);

    // Even where somebody believes it: each target counts once more.
    await release(SAM);
    for (let times = 0; times < 3; times += 1) expect(ended(await sync()).ending).toBe('held');
    expect(world.target.writes()).toHaveLength(writes);
    expect(await world.holds()).toMatchObject([{ state: { is: 'open' } }]);
    expect((await world.hold()).people).toHaveLength(500);
    expect(await world.home.all('alert')).toMatchObject([{ condition: 'fuse', times: 3 }]);
  });

  it('trap 2 S23 D3 a file that was cut off in the middle of a row is not taken for a complete one: nobody leaves', async () => {
    const given = await linked(1_000);
    const { world, folder, read } = given;
    const whole = await readFile(join(folder, 'people.csv'), 'utf8');
    for (const at of [whole.length / 2, whole.length / 2 + 7, whole.indexOf('\n', whole.length / 2) + 1]) {
      await writeFile(join(folder, 'people.csv'), whole.slice(0, Math.floor(at)));
      expect(['held', 'rejected']).toContain((await read()).outcome.is);
      const run = await world.run();
      expect(run.counts).toMatchObject({ deactivated: 0, deleted: 0 });
    }
    expect(await world.outside.store.count('person')).toBe(1_000);
  });
});
