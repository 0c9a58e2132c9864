import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type JsonStore, openJsonStore } from '../src/adapters/lowdb/store.ts';
import { createFingerprint } from '../src/adapters/system/fingerprint.ts';
import { Deliveries } from '../src/deliveries.ts';
import { forgetDeliveries, REMEMBERED_FOR } from '../src/domain/deliveries/verbs/remember.ts';
import { type Store, StoreFault } from '../src/ports/store.ts';
import { manualClock } from './clock.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'usher-deliveries-'));
  const clock = manualClock();
  const open = (): Promise<JsonStore> => openJsonStore({ folder, clock, log });
  let store = await open();
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const process = (over: Partial<Store> = {}): Deliveries => {
    const outside = {
      store: { ...over, transaction: over.transaction ?? ((change) => store.transaction(change)) } as Store,
      clock,
      fingerprint: createFingerprint(),
      log,
    };
    return new Deliveries(() => outside);
  };
  return {
    clock,
    process,
    store: () => store,
    async restart(): Promise<Deliveries> {
      await store.close();
      store = await open();
      return process();
    },
  };
}

describe('a delivery', () => {
  it('X3 is the first for one caller only: twice in a row, at once, over two processes, and after a restart', async () => {
    const { process, restart } = await world();
    const [one, other] = [process(), process()];
    expect(await Promise.all([one.first('a'), one.first('a'), other.first('a')])).toEqual([true, false, false]);
    expect(await other.first('b')).toBe(true);
    expect(await one.first('b')).toBe(false);
    const again = await restart();
    expect([await again.first('a'), await again.first('b'), await again.first('c')]).toEqual([false, false, true]);
  });

  it('X3 is forgotten after an hour, when nothing can repeat it any more, and not before', async () => {
    const { clock, process, restart, store } = await world();
    const first = process();
    await first.first('early');
    await clock.advance(REMEMBERED_FOR / 2);
    await first.first('late');
    await clock.advance(REMEMBERED_FOR / 2);
    await forgetDeliveries({ store: store(), clock });
    expect(await store().count('delivery')).toBe(1);
    const again = await restart();
    expect([await again.first('early'), await again.first('late')]).toEqual([true, false]);
  });

  it('X3 of any length and letters is kept as a short key', async () => {
    const { process, store } = await world();
    expect(await process().first(`\u0000../${'x'.repeat(1_000_000)}`)).toBe(true);
    for await (const page of store().scan('delivery')) for (const { key } of page) expect(key).toMatch(/^[\w-]{22}$/);
  });

  it('X3 does its work once; a repeated one gets the same answer, also while the work goes on', async () => {
    const deliveries = (await world()).process();
    let works = 0;
    const work = async (): Promise<number> => {
      works += 1;
      return works;
    };
    const once = (id: string): Promise<number> => deliveries.once(id, work, () => -1);
    expect(await Promise.all([once('a'), once('a'), once('b')])).toEqual([1, 1, 2]);
  });

  it('X3 that an earlier process took gets an answer that says so, and no work', async () => {
    const { process, restart } = await world();
    expect(
      await process().once(
        'a',
        async () => 'done',
        () => 'heard before',
      ),
    ).toBe('done');
    const again = await restart();
    expect(
      await again.once(
        'a',
        () => Promise.reject(new Error('worked twice')),
        () => 'heard before',
      ),
    ).toBe('heard before');
  });

  it('X3 is taken on a full disk too, once in this process: what only reads is still answered', async () => {
    const deliveries = (await world()).process({ transaction: () => Promise.reject(new StoreFault('the disk is full')) });
    expect([await deliveries.first('a'), await deliveries.first('a')]).toEqual([true, false]);
  });
});
