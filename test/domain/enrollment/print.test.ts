import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import { printable } from '../../../src/domain/enrollment/verbs/print.ts';
import { person } from '../sync/world.ts';
import { ANA, type TasksWorld, tasksWorld } from './tasks-world.ts';

let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
});
afterEach(() => here.close());

/** Somebody without an e-mail address, whose manager has that source id. */
function unmailed(id: string, manager: string | null, organizationId = 'csv:school'): Person {
  const made = person(id, { organizationId });
  const { email: _, ...attributes } = made.attributes;
  return { ...made, attributes: { ...attributes, ...(manager === null ? {} : { manager }) } };
}

it('E13 slips lie by manager or teacher where the directory knows one, else by school, also where one has the id of the other', async () => {
  await here.seeded(0);
  await here.home.people([
    person('school', { attributes: { displayName: 'Mo Kaya' } }),
    ...[unmailed('ann', null), unmailed('ben', 'school'), unmailed('cy', 'gone', 'csv:other'), unmailed('dee', 'gone')],
  ]);
  await here.sync();
  const { groups, people } = await printable({ ...here.outside, sheets: createSheets() }, ANA, 'T-1');
  expect(people).toBe(4);
  expect(groups).toEqual([
    { name: 'Mo Kaya', people: 1 },
    { name: 'North School', people: 2 },
    { name: 'South School', people: 1 },
  ]);
});
