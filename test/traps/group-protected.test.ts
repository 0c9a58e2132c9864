import { expect, it } from 'vitest';
import { RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import { protectedId } from '../../src/domain/protected/protected.ts';
import type { Kind } from '../../src/ports/store.ts';
import type { Quirks } from '../../src/sandbox/scim/quirks/quirks.ts';
import { MORNING } from '../clock.ts';
import { watched } from '../domain/sync/watched-store.ts';
import { assignment, ended, people, STAFF, TEACHERS } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { filled, id, leave, teachers, toldOf } from './teachers.ts';

interface Late {
  readonly played: Played;
  /** The next request's permit comes after somebody put this person on the list: everything was planned by then. */
  protectLate(person: string): void;
}

async function late(quirks: Quirks, count: number): Promise<Late> {
  let person: string | null = null;
  const played: Played = await filled(quirks, count, {
    pace: (pace) => ({
      permit: async (first) => {
        const personId = person === null ? null : `csv:${person}`;
        person = null;
        if (personId !== null) {
          const entry = { id: protectedId(personId, null), personId, connectorId: null, why: 'break-glass', by: 'U1', approvedBy: ['U2'], at: MORNING };
          await played.home.put('protected', entry.id, entry);
        }
        await pace.permit(first);
      },
      holdUntil: (instant) => pace.holdUntil(instant),
      heldUntil: () => pace.heldUntil(),
    }),
  });
  await played.home.sync();
  return {
    played,
    protectLate: (sourceId) => {
      person = sourceId;
    },
  };
}

async function known({ home }: Played): Promise<readonly string[] | undefined> {
  return (await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS)?.members;
}

it.each([
  ['one by one', {}, 'filter'],
  ['as a value list', {}, 'values'],
  ['by writing the list', { ignoresMemberFilter: true }, 'replace'],
  ['by writing the group', { noGroupPatch: true }, 'filter'],
] as const)(
  'A7 S5 who is protected after their removal from a group was planned stays in it, and in the books; it is told, and the others go (members are taken out %s)',
  async (_how, quirks, removal) => {
    const { played, protectLate } = await late(quirks, 6);
    const { server, home, connector } = played;
    const members = { ...RFC_DIALECT.members, readable: 'whole', removal, proven: true } as const;
    await home.put('connector', connector.id, { ...(await home.connector()), dialect: { ...RFC_DIALECT, members } });
    // Who joins travels in the same request where it can.
    await home.people(people(6, { groupings: [] }).slice(5));
    await home.sync();
    await home.people(people(6).slice(5));
    await leave(played, 1, 2, 3);
    protectLate(id(2));
    const staying = [id(0), id(2), id(4), id(5)];
    const run = await home.sync();
    expect(ended(run).result).toBe('partial');
    expect(teachers(played).toSorted()).toEqual(staying);
    expect(await known(played)).toEqual(staying);
    const told = (await home.events(run.id)).filter(({ subjectId }) => subjectId === TEACHERS);
    expect(told.map(({ errorCode, errorMessage, changes }) => [errorCode, errorMessage, ...changes.map(({ before, after }) => `${before}→${after}`)])).toEqual([
      [null, null, '5→4'],
      ['protected', 'Protected: break-glass (p00002)'],
    ]);
    // Whoever is protected when a run begins is planned to stay: the target is asked whom it holds, and then no more.
    for (const asked of [['GET /Groups'], []]) {
      server.forget();
      expect(ended(await home.sync()).result).toBe('success');
      expect(played.kinds()).toEqual(asked);
    }
    expect(await known(played)).toEqual(staying);
    await home.put('protected', protectedId(`csv:${id(2)}`, null), null);
    await home.sync();
    expect(teachers(played).toSorted()).toEqual([id(0), id(4), id(5)]);
  },
);

it('A7 S5 a group whose deletion was planned stays where somebody in it is protected by then: the next run leaves them alone in it', async () => {
  const { played, protectLate } = await late({}, 3);
  const { home } = played;
  await home.people(people(3, { groupings: [TEACHERS, STAFF] }));
  await home.sync();
  await home.put('assignment', assignment(1).id, null);
  protectLate(id(1));
  expect(await toldOf(played)).toEqual([['group_delete_provision', false]]);
  expect(teachers(played)).toHaveLength(3);
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'members 3→1']]);
  expect(teachers(played)).toEqual([id(1)]);
  expect(await known(played)).toEqual([id(1)]);
  expect(await toldOf(played)).toEqual([]);
  expect(played.server.heard()).toEqual([]);
});

it('A7 S11 who joins a group costs no look at the list of protected people, and a group that goes none at what is in groups while nobody is on it', async () => {
  const scanned: Kind[] = [];
  const played = await filled({}, 5, {
    around: (store) => ({
      ...watched(store, {}),
      scan: (kind, range) => {
        scanned.push(kind);
        return store.scan(kind, range);
      },
    }),
  });
  const { home } = played;
  const looks = async (kind: Kind): Promise<number> => {
    scanned.length = 0;
    await home.sync();
    return scanned.filter((each) => each === kind).length;
  };
  await home.people(people(4, { groupings: [STAFF] }).slice(2));
  await looks('protected');
  const idle = [await looks('protected'), await looks('pushedGroup')];
  await home.people(people(4, { groupings: [TEACHERS, STAFF] }).slice(2));
  const joining = await looks('protected');
  expect(teachers(played)).toHaveLength(5);
  await home.put('assignment', assignment(2, STAFF).id, null);
  const removing = await looks('pushedGroup');
  expect(played.server.groups()).toHaveLength(1);
  expect([joining, removing]).toEqual(idle);
});
