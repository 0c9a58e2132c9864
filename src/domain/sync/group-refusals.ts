import { TargetFault } from '../connectors/target-error.ts';

/** Those who can't be added to or taken out of a group, by target id; the error is the first one's. */
export class MembersRefused extends TargetFault {
  readonly members: readonly string[];
  constructor(first: TargetFault, members: readonly string[]) {
    super(first.error);
    this.members = members;
  }
}

/** Batches that one after the other ended in a 5xx, until that is no member's fault: halving 100 down to one takes eight. */
const MOST_IN_VAIN = 12;

/** Who was refused in one change of a group, and whether it is worth while to look for them. */
export class Refusals {
  readonly #why = new Map<string, TargetFault>();
  #inVain = 0;
  /** Whether the target broke at a batch: which of its members that is for is found by parts, each sent once. */
  isNarrowing = false;

  add(ids: Iterable<string>, fault: TargetFault): void {
    for (const id of ids) this.#why.set(id, fault);
  }

  has(id: string): boolean {
    return this.#why.has(id);
  }

  /** The target took a batch: what it breaks at is another one's. */
  worked(): void {
    this.#inVain = 0;
  }

  /** Whether what the target answered may be about single members. One that breaks at everything is left alone. */
  isAboutMembers(fault: unknown): fault is TargetFault {
    if (!isBroken(fault)) return isRefusal(fault);
    this.isNarrowing = true;
    this.#inVain += 1;
    return this.#inVain <= MOST_IN_VAIN;
  }

  /** Throws where anybody was refused. */
  raise(): void {
    const [first] = this.#why.values();
    if (first !== undefined) throw new MembersRefused(first, [...this.#why.keys()]);
  }
}

/** The target looked at it and said no; a 409 is said of members too. */
function isRefusal(fault: unknown): boolean {
  if (!(fault instanceof TargetFault) || fault.error.status === null) return false;
  return fault.error.next === 'refused' || fault.error.next === 'gone' || fault.error.next === 'taken';
}

/** The target heard it and broke at it, as some do at a member whom they don't know; 503 says that it is busy with something else. */
export function isBroken(fault: unknown): boolean {
  return fault instanceof TargetFault && fault.error.next === 'again' && fault.error.status !== null && fault.error.status >= 500 && fault.error.status !== 503;
}

/** A success that changed nothing (S23). */
export function withoutEffect(what: string): TargetFault {
  return new TargetFault({
    next: 'refused',
    status: 200,
    scimType: 'no-effect',
    message: `It answered that all was well, but ${what}.`,
    maybeWritten: false,
    retryAfter: null,
  });
}
