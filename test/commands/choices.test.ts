import { expect, it, onTestFinished } from 'vitest';
import { groupingNamed, groupingsAsChoices } from '../../commands/assign/choices.ts';
import type { Ask } from '../../commands/command.ts';
import { fittingChoices, organizationChoices } from '../../commands/choices.ts';
import { organization } from '../domain/sync/world.ts';
import { ANA, rightsWorld } from '../domain/rights/rights-world.ts';

it('C3 tells connectors of one name apart in a select, by the id that can be typed', () => {
  const all = [
    { id: 'zoom', name: 'Zoom', state: 'active' },
    { id: 'zoom-2', name: 'ZOOM', state: 'draft' },
    { id: 'box', name: 'Box', state: 'active' },
  ];
  expect(fittingChoices('', all)).toEqual([
    { text: 'Zoom', value: 'zoom', description: 'zoom' },
    { text: 'ZOOM', value: 'zoom-2', description: 'zoom-2' },
    { text: 'Box', value: 'box' },
  ]);
  expect(fittingChoices('zo', all, ({ state }) => state).map(({ description }) => description)).toEqual(['zoom · active', 'zoom-2 · draft']);
});

it('C3 tells organizations of one name apart by where they lie and by their id, and no others', async () => {
  const { home, outside, actor } = await rightsWorld();
  onTestFinished(() => home.close());
  const lies = { 'd:north': ['Uplands', null], 'd:south': ['Lowlands', null], 'd:n-math': ['Math', 'd:north'], 'd:s-math': ['Math', 'd:south'] } as const;
  for (const [id, [name, parent]] of Object.entries(lies)) await home.put('organization', id, { ...organization(id, name, parent), kind: 'department' });
  const ask = { outside, actor: await actor(ANA) } as unknown as Ask;
  const offered = await organizationChoices(ask, { route: 'organization', typed: 'math', view: null }, 'see');
  expect(offered.map(({ description }) => description)).toEqual(['d:s-math · department in Lowlands', 'd:n-math · department in Uplands']);
  const [uplands] = await organizationChoices(ask, { route: 'organization', typed: 'uplands', view: null }, 'see');
  expect(uplands?.description).toBe('department');
});

it('A1 tells a school’s role from its namesake in another school of that name, in the select and when it is typed', () => {
  const within = (id: string, parent: string) => ({
    grouping: { id: `${id}/role/t`, name: 'Teachers', kind: 'role' as const, organizationId: id, sourceId: 't' },
    organization: { ...organization(id, 'Math', parent), kind: 'department' as const },
  });
  const all = [within('d:n-math', 'd:north'), within('d:s-math', 'd:south')];
  expect(groupingsAsChoices(all)).toEqual([
    { text: 'Teachers (Math)', value: 'd:n-math/role/t', description: 'd:n-math/role/t · role' },
    { text: 'Teachers (Math)', value: 'd:s-math/role/t', description: 'd:s-math/role/t · role' },
  ]);
  expect(() => groupingNamed(all, 'teachers', undefined)).toThrow(
    expect.objectContaining({ reason: expect.objectContaining({ choices: ['Teachers organization="d:n-math"', 'Teachers organization="d:s-math"'] }) }),
  );
  expect(groupingNamed(all, 'teachers', 'd:s-math').organization.id).toBe('d:s-math');
});
