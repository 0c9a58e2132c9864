import { TargetFault } from '../connectors/target-error.ts';

/** Those who can't be added to or taken out of a group, by target id; the error is the first one's. */
export class MembersRefused extends TargetFault {
  readonly members: readonly string[];
  constructor(first: TargetFault, members: readonly string[]) {
    super(first.error);
    this.members = members;
  }
}

/** Parts of a batch that one after the other ended in a 5xx, beyond those that lead down to one member, until that is no member's fault. */
const MARGIN = 5;
/** Parts of all batches of a change that one after the other ended in a 5xx, until the rest is not sent. */
const MOST_IN_VAIN = 40;

/** What one push saw of a target that breaks at changes of groups. */
export class Breakage {
  /** The search for those at whom it breaks came to nothing, and it has taken no change since: a batch is halved once, and no further. */
  isInVain = false;
}

/** Who was refused in one change of a group, and whether it is worth while to look for them. */
export class Refusals {
  readonly #breakage: Breakage;
  readonly #why = new Map<string, TargetFault>();
  #last: TargetFault | undefined;
  #ofBatch = 0;
  #mostOfBatch = MARGIN;
  #inVain = 0;
  /** Whether the target broke at a batch: which of its members that is for is found by parts, each sent once. */
  isNarrowing = false;

  constructor(breakage: Breakage) {
    this.#breakage = breakage;
  }

  /** A batch of so many is sent. */
  begin(length: number): void {
    this.#ofBatch = 0;
    this.#mostOfBatch = Math.ceil(Math.log2(Math.max(1, length))) + MARGIN;
  }

  add(ids: Iterable<string>, fault: TargetFault): void {
    for (const id of ids) this.#why.set(id, fault);
  }

  has(id: string): boolean {
    return this.#why.has(id);
  }

  /** The target took a batch: what it breaks at is another one's. */
  worked(): void {
    this.#ofBatch = 0;
    this.#inVain = 0;
    this.#breakage.isInVain = false;
  }

  /** Whether what the target answered may be about single members; counts what it broke at. */
  isAboutMembers(fault: unknown): fault is TargetFault {
    if (!isBroken(fault)) return isRefusal(fault);
    this.isNarrowing = true;
    this.#last = fault;
    this.#ofBatch += 1;
    this.#inVain += 1;
    if (this.#ofBatch >= this.#mostOfBatch) this.#breakage.isInVain = true;
    return true;
  }

  /** Whether to halve what it broke at leads nowhere: its other parts are sent as they are, and so are the batches after it. */
  isInVain(fault: TargetFault): boolean {
    return isBroken(fault) && this.#breakage.isInVain && this.#ofBatch > 1;
  }

  /** Whether the target broke at so much that these are not sent: they are refused with the rest. */
  leaves(ids: readonly string[]): boolean {
    if (this.#last === undefined || this.#inVain < MOST_IN_VAIN) return false;
    this.add(ids, this.#last);
    return true;
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
export function isBroken(fault: unknown): fault is TargetFault {
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
