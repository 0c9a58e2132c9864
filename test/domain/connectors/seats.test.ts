import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSeats } from '../../../src/domain/catalog/verbs/read-seats.ts';
import { saveSeats } from '../../../src/domain/catalog/verbs/seats.ts';
import { connectorCard, seatsTaken } from '../../../src/domain/connectors/verbs/card.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { type Admin, createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { refusalOf } from '../refused.ts';
import { actor, ANA, assignment, type ConnectorsWorld, connectorsWorld, person, TOKEN } from './connectors-world.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { adopt } from '../plans/adopting.ts';

let target: ScimTarget;
let admin: Admin;
beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN, seats: 500 });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());

const TOLD = { is: 'read', path: '/Seats', pointer: '/total' } as const;

async function active(): Promise<ConnectorsWorld> {
  const world = await connectorsWorld({ target, admin });
  await world.activated();
  return world;
}

const seats = async (world: ConnectorsWorld) => (await world.all('instance'))[0]?.seats;

it('E12 an instance is unlimited until an admin sets a number, and who did and when is kept', async () => {
  const world = await active();
  expect(await seats(world)).toEqual({ is: 'unlimited' });
  await saveSeats(world.outside, actor('admin', 'district', 'U0SAM'), 'zoom', { is: 'set', total: 500 });
  expect(await seats(world)).toEqual({ is: 'set', total: 500, by: 'U0SAM', at: world.clock.now() });
  expect((await world.rows('audit')).at(-1)).toMatchObject({ action: 'connectors.seats', summary: 'set the seats of Zoom: 500' });
  await saveSeats(world.outside, ANA, 'zoom', { is: 'unlimited' });
  expect(await seats(world)).toEqual({ is: 'unlimited' });
});

it.each([
  [{ is: 'set', total: -1 }],
  [{ is: 'set', total: 1.5 }],
  [{ is: 'set', total: Number.NaN }],
  [{ is: 'read', path: 'https://evil.example/', pointer: '/total' }],
  [{ is: 'read', path: '/Seats?all=1', pointer: '/total' }],
  [{ is: 'read', path: '/../admin', pointer: '/total' }],
  [{ is: 'read', path: '/Seats', pointer: 'total' }],
] as const)('E12 refuses %j under its own field', async (wanted) => {
  const world = await active();
  expect(await refusalOf(saveSeats(world.outside, ANA, 'zoom', wanted))).toMatchObject({ is: 'bad-input', field: 'seats' });
  expect(await refusalOf(saveSeats(world.outside, actor('operator'), 'zoom', { is: 'set', total: 1 }))).toMatchObject({ is: 'not-allowed' });
});

it('E12 reads the total from the target', async () => {
  const world = await active();
  await saveSeats(world.outside, ANA, 'zoom', TOLD);
  expect(await seats(world)).toEqual({ ...TOLD, total: null, at: null });
  expect(await readSeats(world.outside, 'zoom')).toEqual({ is: 'read', total: 500 });
  expect(await seats(world)).toEqual({ ...TOLD, total: 500, at: world.clock.now() });
  await saveSeats(world.outside, ANA, 'zoom', TOLD);
  expect(await seats(world)).toMatchObject({ total: 500 });
});

it('E12 reads it anew after each run, and keeps the last known total where it can’t be read', async () => {
  const world = await active();
  await world.groupings({ teachers: 'north' });
  await world.people([person('ann', 'north', ['teachers'])]);
  await world.put('assignment', 'zoom/1', assignment('zoom', 1, 'north', 'teachers'));
  await saveSeats(world.outside, ANA, 'zoom', TOLD);
  await admin.setSeats(12);
  await world.sync();
  expect(await seats(world)).toMatchObject({ total: 12 });
  await saveSeats(world.outside, ANA, 'zoom', { ...TOLD, pointer: '/nothing' });
  await world.sync();
  expect(await seats(world)).toMatchObject({ total: null });
  expect(world.logged.find(({ message }) => message === 'the seat total could not be read')?.fields).toMatchObject({
    why: 'Zoom shows no number of seats at /Seats /nothing.',
  });
  await admin.setSeats(500);
});

it('E12 asks nothing where the total is not told by the target, or the connector is not connected', async () => {
  const world = await active();
  await admin.clearRequests();
  expect(await readSeats(world.outside, 'zoom')).toEqual({ is: 'not-wanted' });
  await saveSeats(world.outside, ANA, 'zoom', TOLD);
  await disconnect(world.outside, ANA, 'zoom', CLEARED);
  expect(await readSeats(world.outside, 'zoom')).toEqual({ is: 'not-wanted' });
  expect(await admin.requests()).toEqual([]);
});

it('E12 says in the target’s words why the total could not be read', async () => {
  const world = await active();
  await saveSeats(world.outside, ANA, 'zoom', { ...TOLD, path: '/Licences' });
  expect(await readSeats(world.outside, 'zoom')).toMatchObject({ is: 'failed', why: expect.any(String) });
});

it('E12 counts all active accounts: created, adopted and hand-made ones', async () => {
  const world = await active();
  await admin.seed({ users: [{ userName: 'ann' }, { userName: 'handmade' }, { userName: 'retired', active: false }] });
  await world.groupings({ teachers: 'north' });
  await world.people([person('ann', 'north', ['teachers']), person('bob', 'north', ['teachers'])]);
  await world.put('assignment', 'zoom/1', assignment('zoom', 1, 'north', 'teachers'));
  await world.sync();
  expect(await adopt(world.outside, ANA, 'zoom')).toMatchObject({ counts: { created: 1, adopted: 1 } });
  const { listing } = await world.connector();
  expect(await seatsTaken(world.outside, 'zoom', listing?.unmanagedActive ?? 0)).toBe(3);
  expect(await connectorCard(world.outside, ANA, 'zoom')).toMatchObject({ activeAccounts: 3, row: { total: { have: 2, of: 2 } } });
});
