import { expect, it } from 'vitest';
import { defaultMapping } from '../../src/domain/connectors/default-mapping.ts';
import { whereModal } from '../../views/connectors/configure-modal.ts';
import { connector } from '../domain/sync/world.ts';

it('C9 a first configuration offers no Revert, since nothing is in force to go back to; an edit of what is in force does', () => {
  const edited = connector('https://scim.example.org/v2');
  const draft = { mapping: defaultMapping() };
  const step = (changes: Partial<typeof edited>): string =>
    JSON.stringify(whereModal({ connector: { ...edited, ...changes }, draft, instance: null, timeZone: 'UTC' }));
  expect(step({ state: { is: 'draft' }, inForce: null, draft })).not.toContain('Revert');
  expect(step({ draft })).toContain('What is in force stays in force.');
  expect(step({ draft: null })).not.toContain('Revert');
});
