import { expect, it, onTestFinished } from 'vitest';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { type Dialect, RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import type { Seat, Turn } from '../../../src/ports/target.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { startQuirky } from '../../../src/sandbox/scim/quirks/server.ts';

it('S12 who waits for company gives their place away before, and one of them takes the turn of all', async () => {
  const server = await startQuirky({ bulk: {} });
  onTestFinished(server.close);
  const targets = createTargets({ allow: [new URL(server.url).host], clock: createClock() });
  onTestFinished(() => targets.close());
  let dialect: Dialect = { ...RFC_DIALECT, bulk: { maxOperations: 10 } };
  const speech = {
    get dialect() {
      return dialect;
    },
    learn: (part: Partial<Dialect>) => {
      dialect = { ...dialect, ...part };
    },
  };
  const target = targets.open(server.url, 'token', 1, speech);
  const happened: string[] = [];
  const turnOf = (name: string): Turn => ({
    take: () => undefined,
    free: () => void happened.push(`${name} frees`),
    board: async (call: Promise<Seat>) => {
      happened.push(`${name} waits`);
      happened.push(`${name} ${await call}`);
    },
  });
  const names = ['ann', 'bob', 'cy'];
  const users = await Promise.all(names.map((userName) => target.create(`csv:${userName}`, { userName }, true, turnOf(userName))));
  expect(happened.slice(0, 6)).toEqual(names.flatMap((name) => [`${name} frees`, `${name} waits`]));
  expect(happened.slice(6, 9).sort()).toEqual(['ann carries', 'bob carried', 'cy carried']);
  expect(users.map(({ id }) => server.users().find((user) => user.id === id)?.externalId)).toEqual(['csv:ann', 'csv:bob', 'csv:cy']);
  expect(server.heard().map(({ kind }) => kind)).toEqual(['POST /Bulk']);
});
