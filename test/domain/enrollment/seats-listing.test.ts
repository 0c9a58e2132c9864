import { afterEach, beforeEach, expect, it } from 'vitest';
import { seatsTaken } from '../../../src/domain/connectors/verbs/card.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { recountSeats, seatsOf } from '../../../src/domain/enrollment/verbs/seating.ts';
import type { PersonId } from '../../../src/domain/directory/person.ts';
import { listTarget } from '../../../src/domain/sync/listing.ts';
import type { ListingEnd } from '../../../src/ports/target.ts';
import { fault, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { CONNECTOR, connector, people, type World, world } from '../sync/world.ts';
import { enter, invite, seats, secretOf } from './invited-world.ts';

let home: World;
let target: MemoryTarget;
const accepted = (personId: PersonId) => accept(home.outside, secretOf(personId), { type: 'link', serial: null });

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector('https://target.example/scim'), people(3));
  await seats(home, 4);
  await invite(home);
  await home.sync();
  await enter(
    home,
    people(3).map(({ id }) => id),
  );
});
afterEach(() => home.close());

it('E10 E12 S23 what a listing saw before it was cut short holds its seats: exactly N are active, and no more are shown free', async () => {
  await accepted('csv:p00000');
  expect(await seatsOf(home.outside, 'i1')).toMatchObject({ taken: 1 });
  const byHand = ['x1', 'x2'].map((id) => ({ id, externalId: null, active: true, values: { userName: id } }));
  const walk = (seen: typeof byHand, end: () => ListingEnd) =>
    listTarget(home.outside, {
      connector: { id: CONNECTOR },
      ...{ matching: 'userName', pace: home.outside.paces.of('https://target.example/scim', null) },
      target: {
        ...target.open('', '', 1),
        list: async function* (before) {
          await before();
          yield seen;
          return end();
        },
      },
    });
  const cut: ListingEnd = { complete: false, reason: 'The pages do not add up.' };
  expect(await walk(byHand.slice(0, 1), () => cut)).toMatchObject({ complete: false });
  const shown = async () => await seatsTaken(home.outside, CONNECTOR, (await home.connector()).listing?.unmanagedActive ?? 0);
  expect(await shown()).toBe(2);
  const refused = () => {
    throw fault({ next: 'credentials', status: 401 });
  };
  await expect(walk(byHand, refused)).rejects.toThrow();
  expect(await shown()).toBe(3);
  expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 4, taken: 3, free: 1 });
  expect(await accepted('csv:p00001')).toEqual({ is: 'enrolled' });
  expect(await accepted('csv:p00002')).toEqual({ is: 'no-seat' });
  await recountSeats(home.outside, 'i1');
  expect(await seatsOf(home.outside, 'i1')).toMatchObject({ taken: 4 });
});
