import type { AuditRow } from '../audit/audit.ts';
import type { Instant } from '../instant.ts';

/**
 * That a change may be made now: nobody's approval was needed for it, or it was given. The verbs that act take one as their last
 * parameter, so that nothing goes around the approvals. Only `src/domain/approvals/verbs` makes one (a test reads the imports).
 */
class Cleared {
  readonly #row: Pick<AuditRow, 'approval'>;
  readonly #askedAt: Instant | null;

  constructor(row: Pick<AuditRow, 'approval'>, askedAt: Instant | null) {
    this.#row = row;
    this.#askedAt = askedAt;
  }

  /** What the change's audit row says of it: `audited(outside, actor, { …, ...clearance.row })`. Also the evidence, after a crash, that it was done. */
  get row(): Pick<AuditRow, 'approval'> {
    return this.#row;
  }

  /** When it was asked for; null where it was done at once. */
  get askedAt(): Instant | null {
    return this.#askedAt;
  }
}

export type Clearance = Cleared;

/** For `submit` and `perform` only. */
export function clear(approval: AuditRow['approval'] | null, askedAt: Instant | null): Clearance {
  return new Cleared(approval === null || approval === undefined ? {} : { approval }, askedAt);
}
