import { expect, it } from 'vitest';
import { connectorSign, signed } from '../../views/signs.ts';

it('C18 puts a word beside every sign of a connector', () => {
  const active = { is: 'active', since: 0 } as const;
  const seen = [
    connectorSign({ is: 'draft' }, { is: 'unknown' }),
    connectorSign(active, { is: 'unknown' }),
    connectorSign(active, { is: 'ok' }),
    connectorSign(active, { is: 'degraded', since: 0 }),
    connectorSign(active, { is: 'failing', since: 0 }),
    connectorSign(active, { is: 'needs-credentials', since: 0 }),
    connectorSign({ is: 'disabled', since: 0 }, { is: 'failing', since: 0 }),
    connectorSign({ is: 'disconnected', since: 0 }, { is: 'ok' }),
  ].map(signed);
  expect(seen).toEqual([
    '○ draft',
    '● active, not synced yet',
    '● active, ok',
    '◐ degraded',
    '✕ failing',
    '🔑 needs credentials',
    '⏸ disabled',
    '– disconnected',
  ]);
});
