import { TargetFault } from '../connectors/target-error.ts';
import type { Halt } from './halt.ts';

/** A write that was not sent, since all writes are stopped (N5). Whoever does not know of halts takes it for a refusal of that one request, with nothing written. */
export class Halted extends TargetFault {
  readonly halt: Halt;

  constructor(halt: Halt) {
    super({
      next: 'refused',
      status: null,
      scimType: 'halted',
      message: 'All writes to all applications are stopped. An admin of everything resumes them; nothing was sent.',
      maybeWritten: false,
      retryAfter: null,
    });
    this.halt = halt;
  }
}
