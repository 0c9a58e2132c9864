import type { Grouping } from '../../../src/domain/directory/grouping.ts';
import type { World } from '../sync/world.ts';

/** A role of South School, which is beside North School; both are below the district that owns the connector. */
export const SOUTH_TEACHERS = 'csv:other/role/teacher';
/** A group of the district itself. */
export const BOARD = 'csv:district/group/board';

const GROUPINGS: readonly Grouping[] = [
  { id: SOUTH_TEACHERS, organizationId: 'csv:other', kind: 'role', sourceId: 'teacher', name: 'Teachers' },
  { id: BOARD, organizationId: 'csv:district', kind: 'group', sourceId: 'board', name: 'Board' },
];

/** Adds roles and groups outside North School to a seeded world, whose assignments are counted from here on. */
export async function widen(home: World): Promise<void> {
  for (const grouping of GROUPINGS) await home.put('grouping', grouping.id, grouping);
  await home.put('counter', 'assignment', { value: (await home.all('assignment')).length });
}
