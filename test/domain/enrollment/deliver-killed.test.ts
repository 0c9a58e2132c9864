import { describe, expect, it, onTestFinished } from 'vitest';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { MINUTE } from '../../../src/domain/instant.ts';
import type { Store } from '../../../src/ports/store.ts';
import { linksIn } from '../../../src/sandbox/mailbox/mails.ts';
import { startMailbox } from '../../../src/sandbox/mailbox/server.ts';
import { lettersWorld } from './letters-world.ts';

const PEOPLE = ['ana', 'ben', 'cem'];

interface Death {
  /** At which transaction, counted from 1. */
  readonly at: number;
  /** Whether that one still becomes durable. */
  readonly after: boolean;
}

/** A process that dies at a transaction: nothing it does afterwards reaches the store. */
function mortal(store: Store, death: Death, counted: { transactions: number }): Store {
  const dead = (): boolean => counted.transactions > death.at || (counted.transactions === death.at && !death.after);
  return {
    get: (kind, key) => store.get(kind, key),
    scan: (kind, range) => store.scan(kind, range),
    count: (kind, prefix) => store.count(kind, prefix),
    rows: (log, query) => store.rows(log, query),
    auditHead: () => store.auditHead(),
    verifyAudit: (noted) => store.verifyAudit(noted),
    watch: (listener) => store.watch(listener),
    async transaction(change) {
      counted.transactions += 1;
      if (dead()) throw new Error('killed');
      const outcome = await store.transaction(change);
      if (counted.transactions >= death.at) throw new Error('killed');
      return outcome;
    },
  };
}

/** One life that ends like that, and another one after it: what people got, and what is told of them. */
async function livesOn(mailbox: Awaited<ReturnType<typeof startMailbox>>, death: Death): Promise<{ readonly transactions: number }> {
  const world = await lettersWorld({ mailbox });
  mailbox.forget();
  await world.queue(PEOPLE);
  const counted = { transactions: 0 };
  world.around((store) => mortal(store, death, counted));
  await world.deliver().catch(() => undefined);
  await world.restart();
  await world.advance(MINUTE);
  await world.deliver();
  const label = `killed ${death.after ? 'after' : 'before'} transaction ${death.at}`;
  expect(await world.letters(), label).toEqual([]);
  const fingerprint = createFingerprint();
  for (const id of PEOPLE) {
    const got = mailbox.mails().filter(({ to }) => to.includes(`${id}@example.org`));
    const entry = await world.entry(id);
    expect(got.length, `${label}: mails to ${id}`).toBeLessThanOrEqual(1);
    // Who got none is not silently lost: the entry says that nobody knows.
    expect(entry.mail?.is, `${label}: what is told of ${id}`).toBe(entry.mail?.is === 'accepted' && got.length === 1 ? 'accepted' : 'unknown');
    for (const link of got.flatMap(linksIn)) {
      const digest = fingerprint.ofSecret(link.split('/').at(-1) ?? '');
      expect(entry.links, `${label}: the link of ${id}`).toContain(digest);
      expect(await world.links(), `${label}: the link of ${id}`).toContain(digest);
    }
  }
  return counted;
}

describe('a process killed while it sends', () => {
  it('E3 nobody gets a mail twice and nobody is silently lost, wherever it dies', async () => {
    const mailbox = await startMailbox();
    onTestFinished(() => mailbox.close());
    const { transactions } = await livesOn(mailbox, { at: Number.POSITIVE_INFINITY, after: true });
    expect(transactions).toBeGreaterThanOrEqual(2 * PEOPLE.length);
    for (let at = 1; at <= 2 * PEOPLE.length; at += 1) for (const after of [false, true]) await livesOn(mailbox, { at, after });
  });
});
