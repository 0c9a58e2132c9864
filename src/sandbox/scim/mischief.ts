import { createHash } from 'node:crypto';
import type { UserRecord } from './accounts.ts';
import type { Fault, FaultName, FaultOf, When } from './faults.ts';
import { isAimedAt } from './requests.ts';
import type { Kind } from './requests.ts';

/** A fault that is on, with what it has done so far. */
export interface FaultState {
  readonly fault: Fault;
  /** Requests it was aimed at. */
  readonly considered: number;
  /** Requests it struck (rows hidden and pages bent count once a request). */
  readonly struck: number;
}

/** A number from 0 to 1 that is always the same for the same text. */
function drawn(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

interface Armed<F extends Fault = Fault> {
  readonly fault: F;
  considered: number;
  struck: number;
}

function isDue(when: When, nth: number, draw: () => number): boolean {
  switch (when.is) {
    case 'always':
      return true;
    case 'every':
      return nth % when.nth === 0;
    case 'next':
      return nth <= when.requests;
    case 'after':
      return nth > when.requests;
    case 'share':
      return draw() < when.of;
  }
}

/** Which faults are on, and whether each strikes now. The same seed and the same requests give the same faults. */
export class Mischief {
  readonly #armed = new Map<FaultName, Armed>();
  #seed: number;
  readonly #firstSeed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#firstSeed = seed;
  }

  get seed(): number {
    return this.#seed;
  }

  /** Draws start again from here; counters too. */
  reseed(seed: number): void {
    this.#seed = seed;
    for (const armed of this.#armed.values()) Object.assign(armed, { considered: 0, struck: 0 });
  }

  /** Switches a fault on, or on again with other parameters; its counters start at 0. */
  set(fault: Fault): void {
    this.#armed.set(fault.is, { fault, considered: 0, struck: 0 });
  }

  clear(name?: FaultName): void {
    if (name !== undefined) {
      this.#armed.delete(name);
      return;
    }
    this.#armed.clear();
    this.#seed = this.#firstSeed;
  }

  state(): readonly FaultState[] {
    return [...this.#armed.values()].map(({ fault, considered, struck }) => ({ fault, considered, struck }));
  }

  /** The fault where it is on, without striking. */
  on<N extends FaultName>(name: N): FaultOf<N> | undefined {
    return this.#find(name)?.fault;
  }

  /** The fault where it is on, aimed at this kind of request and due; counted as struck. */
  strikes<N extends FaultName>(name: N, kind: Kind): FaultOf<N> | undefined {
    const armed = this.#find(name);
    if (armed === undefined) return undefined;
    const fault: Fault = armed.fault;
    if ('aim' in fault && !isAimedAt(fault.aim, kind)) return undefined;
    armed.considered += 1;
    if ('when' in fault && !isDue(fault.when, armed.considered, () => drawn(`${this.#seed} ${name} ${armed.considered}`))) return undefined;
    armed.struck += 1;
    return armed.fault;
  }

  /** Whether reading may not find this user, by `vanishing` or `inactive-hidden`. */
  hides(user: UserRecord): boolean {
    return this.vanished(user) || (this.on('inactive-hidden') !== undefined && !user.attributes.active);
  }

  /** Users vanish by id, or by a draw on the order of their making, which is the same in every run with one seed. */
  vanished(user: UserRecord): boolean {
    const fault = this.on('vanishing');
    return fault !== undefined && (fault.ids.includes(user.id) || drawn(`${this.#seed} vanishing ${user.seq}`) < fault.share);
  }

  /** Whether `hides` can be true for anybody. */
  get hidesSome(): boolean {
    return this.on('vanishing') !== undefined || this.on('inactive-hidden') !== undefined;
  }

  #find<N extends FaultName>(name: N): Armed<FaultOf<N>> | undefined {
    const armed = this.#armed.get(name);
    return armed !== undefined && isNamed(armed, name) ? armed : undefined;
  }
}

function isNamed<N extends FaultName>(armed: Armed, name: N): armed is Armed<FaultOf<N>> {
  return armed.fault.is === name;
}
