import { z } from 'zod';
import { RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import type { Quirks } from '../../src/sandbox/scim/quirks/quirks.ts';
import { assignment, CONNECTOR, people, STAFF, TEACHERS } from '../domain/sync/world.ts';
import { type Played, playing } from './playing.ts';

/** As a rehearsal leaves it: its group had one member. */
const REHEARSED = { dialect: { ...RFC_DIALECT, members: { ...RFC_DIALECT.members, readable: 'whole', removal: 'filter', proven: true } } } as const;
export const CHANGES = {
  settings: { manageGroups: true },
  operating: { fuse: { people: 10_000, percent: 100, absolute: 10_000 } },
  connector: REHEARSED,
};

const PATCH = z.object({ Operations: z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown().optional() })) });
export const KEY = `${CONNECTOR}/${TEACHERS}`;

export const id = (at: number): string => `p${String(at).padStart(5, '0')}`;

/** Teachers, and Staff with one member, before a target whose ids are the user names. */
export async function filled(quirks: Quirks, count: number, options: Parameters<typeof playing>[2] = {}): Promise<Played> {
  const played = await playing({ idIsName: true, ...quirks }, CHANGES, options);
  const [first, ...others] = people(count);
  await played.home.seed(played.connector, first === undefined ? others : [{ ...first, groupings: [TEACHERS, STAFF] }, ...others], [
    assignment(1),
    assignment(2, STAFF),
  ]);
  return played;
}

export function teachers({ server }: Played): readonly string[] {
  return server.groups().find(({ displayName }) => displayName === 'Teachers')?.members ?? [];
}

/** Who is out of Teachers, and nothing else changes for them. */
export async function leave({ home }: Played, ...gone: readonly number[]): Promise<void> {
  await home.people(people(300, { groupings: [STAFF] }).filter((_, at) => gone.includes(at)));
}

/** Whom requests about groups named as joining or leaving since the last `forget`. */
export function named({ server }: Played, operation: 'add' | 'remove'): readonly string[] {
  return server
    .heard()
    .filter(({ kind }) => kind === 'PATCH /Groups')
    .flatMap(({ body }) => PATCH.parse(body).Operations)
    .filter(({ op }) => op === operation)
    .flatMap(({ path, value }) => JSON.stringify([path, value]).match(/p\d{5}/g) ?? []);
}

/** What one sync told of Teachers. */
export async function toldOf({ home, server }: Played): Promise<readonly unknown[]> {
  server.forget();
  const run = await home.sync();
  return (await home.events(run.id))
    .filter(({ subjectId }) => subjectId === TEACHERS)
    .map(({ type, success, changes }) => [type, success, ...changes.map(({ attribute, before, after }) => `${attribute} ${before}→${after}`)]);
}

export async function rename({ home }: Pick<Played, 'home'>, name: string): Promise<void> {
  await home.put('grouping', TEACHERS, { id: TEACHERS, organizationId: 'csv:school', kind: 'role', sourceId: 'teacher', name });
}
