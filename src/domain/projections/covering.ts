import type { GroupingId } from '../directory/grouping.ts';

/** `have` of `of`: accounts created or adopted and not deactivated, of people in it (C1). */
export interface Coverage {
  readonly have: number;
  readonly of: number;
}

/** The numbers of one connector over some roles and groups; each person once in the total (C1). */
export interface Covered {
  readonly total: Coverage;
  readonly parts: ReadonlyMap<GroupingId, Coverage>;
}

/** Counts people in and out, one by one. What was counted in must be counted out as it was. */
export class Covering {
  readonly #total = { have: 0, of: 0 };
  readonly #parts: ReadonlyMap<GroupingId, { have: number; of: number }>;

  constructor(groupingIds: Iterable<GroupingId>) {
    this.#parts = new Map([...groupingIds].map((id) => [id, { have: 0, of: 0 }]));
  }

  /** Somebody in these roles and groups, who has an account or not; `by` is 1 in and −1 out. */
  count(groupings: readonly GroupingId[], hasAccount: boolean, by: 1 | -1): void {
    let isCovered = false;
    for (const id of groupings) {
      const part = this.#parts.get(id);
      if (part === undefined) continue;
      isCovered = true;
      part.of += by;
      if (hasAccount) part.have += by;
    }
    if (!isCovered) return;
    this.#total.of += by;
    if (hasAccount) this.#total.have += by;
  }

  /** The numbers as they are now; later counting doesn't change what this returns. */
  now(): Covered {
    return { total: { ...this.#total }, parts: new Map([...this.#parts].map(([id, part]) => [id, { ...part }])) };
  }
}
