import { RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { startQuirky } from '../../../src/sandbox/scim/quirks/server.ts';
import { watched } from './watched-store.ts';
import { assignment, connector, people, STAFF, TEACHERS, world } from './world.ts';

/** What it took to change who is in one group. */
export interface Changed {
  readonly kind: 'added' | 'removed' | 'exchanged';
  readonly people: number;
  /** Most members that the target takes in one request, which the rehearsal has learnt. */
  readonly batch: number;
  /** Requests about groups, reads included; all others that the run sent. */
  readonly requests: number;
  readonly others: number;
  /** ⌈people / batch⌉. */
  readonly limit: number;
  /** Members of the group at the end, and as they should be. */
  readonly members: readonly [number, number];
  /** Target ids that were journalled with the group. */
  readonly kept: number;
  /** Of the run, in milliseconds. */
  readonly time: number;
}

/** Puts `count` of `all` people, who have their accounts, into a group, takes half of them out for others, and then all; over the wire, before a target that refuses larger batches. */
export async function changeMembership(all: number, count: number, batch: number): Promise<readonly Changed[]> {
  const server = await startQuirky({ mostMembers: batch });
  let kept = 0;
  const home = await world({
    allow: [new URL(server.url).host],
    around: (store) =>
      watched(store, {
        before: ({ puts = [] }) => {
          for (const put of puts)
            if (put.kind === 'pushedGroup' && put.value !== null) kept += put.value.members.length + (put.value.changing?.moving.length ?? 0);
        },
      }),
  });
  try {
    const members = { ...RFC_DIALECT.members, batch, readable: 'whole', removal: 'filter', proven: true } as const;
    const given = connector(server.url, {
      settings: { manageGroups: true },
      operating: { concurrency: 8, fuse: { people: all, percent: 100, absolute: all } },
      connector: { dialect: { ...RFC_DIALECT, members } },
    });
    const folk = people(all, { groupings: [STAFF] });
    // Somebody is a teacher from the start, so that the group is there.
    const first = folk.map((one, at) => (at === all - 1 ? { ...one, groupings: [STAFF, TEACHERS] } : one));
    const more = first.map((one, at) => (at < count ? { ...one, groupings: [STAFF, TEACHERS] } : one));
    await home.seed(given, first, [assignment(1), assignment(2, STAFF)]);
    await home.sync();
    const half = Math.floor(count / 2);
    const others = first.map((one, at) => (at >= half && at < half + count ? { ...one, groupings: [STAFF, TEACHERS] } : one));
    const steps: Changed[] = [];
    for (const [kind, next, wanted, changes] of [
      ['added', more, count + 1, count],
      ['exchanged', others, count + 1, 2 * half],
      ['removed', first, 1, count],
    ] as const) {
      await home.people(next);
      server.forget();
      kept = 0;
      const began = performance.now();
      await home.sync();
      const time = performance.now() - began;
      const heard = server.heard().map(({ kind: what }) => what);
      const requests = heard.filter((what) => what.includes('/Groups')).length;
      const there = server.groups().find(({ displayName }) => displayName === 'Teachers')?.members.length ?? 0;
      steps.push({
        kind,
        people: changes,
        batch,
        requests,
        others: heard.length - requests,
        limit: Math.ceil(changes / batch),
        members: [there, wanted],
        kept,
        time,
      });
    }
    return steps;
  } finally {
    await home.close();
    await server.close();
  }
}
