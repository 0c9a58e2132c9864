/**
 * What a target (or the way to it) answered instead of doing what was asked, named by what to do next:
 *
 * - `again`: 429, 503, other 5xx, resets, time-outs: the same operation may work later (S12). `maybeWritten` is
 *   true where the request may have had its effect (a lost reply): look up before any second create.
 * - `taken`: 409 uniqueness: look up and adopt (S9).
 * - `gone`: 404 on an id we knew.
 * - `credentials`: 401: stop the run, mark nobody failed (S24).
 * - `refused`: any other 4xx: this person's error; never retried.
 * - `unusable`: the answer can't be a SCIM service's (HTML, too large, wrong schema), or the address is not
 *   allowed (X5): stop and say so.
 */
export interface TargetError {
  readonly next: 'again' | 'taken' | 'gone' | 'credentials' | 'refused' | 'unusable';
  /** Absent where no HTTP answer came. */
  readonly status: number | null;
  /** RFC 7644 §3.12 `scimType`, where given. */
  readonly scimType: string | null;
  /** The provider's own words, or plain words for a network or TLS fault. At most 8,000 characters; secrets cut out. */
  readonly message: string;
  readonly maybeWritten: boolean;
  /** Milliseconds from now that `Retry-After` asks for. */
  readonly retryAfter: number | null;
}

/** Thrown by the `Target` port; carries the error as data. */
export class TargetFault extends Error {
  override readonly name = 'TargetFault';
  readonly error: TargetError;
  constructor(error: TargetError, options?: ErrorOptions) {
    super(error.message, options);
    this.error = error;
  }
}
