import type { ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { type Dialect, RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import type { Seat, Turn } from '../../../src/ports/target.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { startQuirky } from '../../../src/sandbox/scim/quirks/server.ts';
import { startStub } from './stub.ts';

/** What is known of a target that takes so many operations in a request. */
function speaking(maxOperations: number) {
  let dialect: Dialect = { ...RFC_DIALECT, bulk: { maxOperations } };
  return {
    get dialect() {
      return dialect;
    },
    learn: (part: Partial<Dialect>) => {
      dialect = { ...dialect, ...part };
    },
  };
}

it('S12 who waits for company gives their place away before, and one of them takes the turn of all', async () => {
  const server = await startQuirky({ bulk: {} });
  onTestFinished(server.close);
  const targets = createTargets({ allow: [new URL(server.url).host], clock: createClock() });
  onTestFinished(() => targets.close());
  const speech = speaking(10);
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

function answersLate(response: ServerResponse): void {
  response.writeHead(504).end();
}

function hangsUp(response: ServerResponse): void {
  response.destroy();
}

it.each([
  ['does not answer in time', () => undefined, 20, 40],
  ['is said by a gateway not to answer in time', answersLate, 20, 40],
  ['closes the connection, which says nothing of their number,', hangsUp, 40, 40],
  ['does not answer even a few in time, and so is down,', () => undefined, 40, 4],
] as const)('S7 S23 of a target that %s it is kept how many operations a request shall hold', async (_how, play, kept, count) => {
  const stub = await startStub(play);
  const targets = createTargets({ allow: [stub.host], clock: createClock(), limits: { time: 300 } });
  onTestFinished(() => targets.close());
  const speech = speaking(40);
  const target = targets.open(`${stub.origin}/scim`, 'token', 1, speech);
  const turn: Turn = { take: () => undefined, free: () => undefined, board: async (call) => void (await call) };
  const outcomes = await Promise.allSettled(Array.from({ length: count }, (_, at) => target.create(`csv:${at}`, { userName: `p${at}` }, true, turn)));
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(stub.heard.map(({ url }) => url)).toEqual(['/scim/Bulk']);
  expect(speech.dialect.bulk).toEqual({ maxOperations: kept });
});
