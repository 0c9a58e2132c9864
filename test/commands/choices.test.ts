import { expect, it, onTestFinished } from 'vitest';
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
  expect(offered.map(({ description }) => description)).toEqual(['department in Lowlands · d:s-math', 'department in Uplands · d:n-math']);
  const [uplands] = await organizationChoices(ask, { route: 'organization', typed: 'uplands', view: null }, 'see');
  expect(uplands?.description).toBe('department');
});
