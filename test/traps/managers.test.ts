import { expect, it } from 'vitest';
import { defaultMapping } from '../../src/domain/connectors/default-mapping.ts';
import { MANAGER } from '../../src/domain/connectors/mapping.ts';
import type { Quirks } from '../../src/sandbox/scim/quirks/quirks.ts';
import { ended, person } from '../domain/sync/world.ts';
import { type Played, playing } from './playing.ts';

const MAPPED = {
  settings: {
    mapping: defaultMapping().map((rule) =>
      rule.attribute === MANAGER ? ({ attribute: MANAGER, from: { is: 'attribute', name: 'manager' } } as const) : rule,
    ),
  },
};
const ENTERPRISE = MANAGER.slice(0, MANAGER.lastIndexOf(':'));

const under = (manager: string, id: string) => person(id, { attributes: { manager } });

async function twenty(quirks: Quirks): Promise<Played> {
  const played = await playing(quirks, MAPPED);
  const folk = Array.from({ length: 20 }, (_, at) => under('zoe', `p${String(at).padStart(2, '0')}`));
  await played.home.seed(played.connector, [...folk, person('zoe')]);
  return played;
}

const links = ({ server }: Played) => server.users().filter((user) => JSON.stringify(user[ENTERPRISE] ?? {}).includes('manager')).length;

it('S24 trap 22: a manager who is created with their people is linked in a second pass, one request each', async () => {
  const played = await twenty({});
  const run = await played.home.sync();
  expect(ended(run).result).toBe('success');
  expect(links(played)).toBe(20);
  expect(played.kinds().filter((kind) => kind === 'PATCH /Users')).toHaveLength(20);
});

it('S24 C20 a target that drops managers in every shape is left alone with them: nobody fails, and the next sync is quiet', async () => {
  const played = await twenty({ manager: 'dropped' });
  const run = await played.home.sync();
  expect(ended(run).result).toBe('success');
  expect((await played.home.connector()).dialect?.shapes[MANAGER]).toBe('none');
  played.server.forget();
  expect((await played.home.sync()).counts).toMatchObject({ unchanged: 21, failed: 0 });
  expect(played.kinds()).toEqual([]);
  await played.home.people([{ ...under('zoe', 'p00'), attributes: { ...under('zoe', 'p00').attributes, title: 'Head' } }, under('zoe', 'new')]);
  expect((await played.home.sync()).counts).toMatchObject({ created: 1, updated: 1, failed: 0 });
  expect(played.kinds()).toEqual(expect.arrayContaining(['POST /Users', 'PATCH /Users']));
  expect(JSON.stringify(played.server.heard().map(({ body }) => body ?? null))).not.toContain('manager');
});

it('S24 a target that refuses the attribute costs nobody their account, and is not asked again', async () => {
  const played = await twenty({ manager: 'refused' });
  const run = await played.home.sync();
  expect(run.counts).toMatchObject({ created: 21, failed: 0 });
  played.server.forget();
  await played.home.people([under('zoe', 'new')]);
  expect((await played.home.sync()).counts).toMatchObject({ created: 1, failed: 0, updated: 0 });
  expect(played.kinds()).toEqual(['POST /Users']);
});

it('S24 C20 a manager is written in the shape that the target keeps', async () => {
  const played = await twenty({ ignoredPaths: [MANAGER] });
  expect(ended(await played.home.sync()).result).toBe('success');
  expect(links(played)).toBe(20);
  expect((await played.home.connector()).dialect?.shapes[MANAGER]).toBe('object');
});

it('S24 a manager whose account was deleted in the target is no drift, and their people are linked again when they come back', async () => {
  const played = await twenty({});
  await played.home.sync();
  const zoe = played.server.users().find(({ userName }) => userName === 'zoe');
  if (zoe === undefined) throw new Error('no zoe');
  played.server.drop(zoe.id);
  await played.home.people([person('zoe', { attributes: { title: 'Head' } })]);
  const run = await played.home.sync();
  expect(ended(run).result).toBe('success');
  const again = played.server.users().find(({ userName }) => userName === 'zoe');
  const shown = played.server.users().map((user) => JSON.stringify(user[ENTERPRISE] ?? {}));
  expect(shown.filter((text) => text.includes(`"${again?.id}"`))).toHaveLength(20);
});
