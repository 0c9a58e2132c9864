import { describe, expect, it } from 'vitest';
import { MORNING, manualClock } from './clock.ts';

describe('the manual clock', () => {
  it('wakes waiters at their own time, in order, and those they ask for on the way', async () => {
    const clock = manualClock();
    const seen: string[] = [];
    const wait = async (name: string, after: number) => {
      await clock.until(clock.now() + after);
      seen.push(`${name} at ${clock.now() - MORNING}`);
    };
    void wait('late', 30);
    void wait('early', 10).then(() => wait('again', 15));
    void wait('never', 41);
    await clock.advance(40);
    expect(seen).toEqual(['early at 10', 'again at 25', 'late at 30']);
    expect(clock.now()).toBe(MORNING + 40);
    expect(clock.waiting).toEqual([MORNING + 41]);
  });

  it('resolves at once for the past, and rejects with the reason when aborted', async () => {
    const clock = manualClock();
    await clock.until(clock.now());
    const stop = new AbortController();
    const waiting = clock.until(MORNING + 1, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(clock.until(MORNING + 1, stop.signal)).rejects.toThrow('stopped');
    expect(clock.waiting).toEqual([]);
  });

  it('tells when somebody waits, and goes from waiter to waiter', async () => {
    const clock = manualClock();
    const told = clock.waited(2);
    void clock.until(MORNING + 5);
    void clock.until(MORNING + 9);
    await told;
    expect([await clock.advanceToNext(), clock.now() - MORNING]).toEqual([true, 5]);
    expect([await clock.advanceToNext(), clock.now() - MORNING]).toEqual([true, 9]);
    expect(await clock.advanceToNext()).toBe(false);
  });
});
