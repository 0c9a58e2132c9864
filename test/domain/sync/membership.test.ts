import { expect, it } from 'vitest';
import { changeMembership } from './membership.ts';

it.each([
  [1, 100],
  [100, 100],
  [101, 100],
  [130, 100],
  [130, 7],
  [3, 1],
  [60, 1],
])('S11 S7 a change of %i members, in batches of %i, takes ⌈k / batch⌉ requests and not one more', async (count, batch) => {
  for (const { requests, others, limit, members, kept } of await changeMembership(2 * count + 2, count, batch)) {
    expect([requests, others]).toEqual([limit, 0]);
    expect(members[0]).toBe(members[1]);
    // The journal grows with the change, not with the whole group for each batch.
    expect(kept).toBeLessThanOrEqual(24 * count + 12);
  }
});
