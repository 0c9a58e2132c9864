import type { Brake } from '../../ports/brake.ts';
import type { Target, Targets, Turn } from '../../ports/target.ts';
import type { Halt } from './halt.ts';
import { Halted } from './halted.ts';

/** The brake, and the targets behind it. */
export class TargetBrake implements Brake {
  #halt: Halt | null = null;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  get halt(): Halt | null {
    return this.#halt;
  }

  pull(halt: Halt): void {
    this.#halt = halt;
  }

  release(): void {
    this.#halt = null;
  }

  async quiet(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Throws `Halted` where nothing may be sent. */
  look(): void {
    if (this.#halt !== null) throw new Halted(this.#halt);
  }

  /** A write is about to be sent; `end` follows each one that was let go. */
  begin(): void {
    this.look();
    this.#underWay += 1;
  }

  end(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** The same targets, none of which can be written to while the brake is pulled, whoever opens them. Reading goes on. */
  before(targets: Targets): Targets {
    return {
      open: (baseUrl, token, concurrency, speech) => braked(targets.open(baseUrl, token, concurrency, speech), this),
      objection: (baseUrl) => targets.objection(baseUrl),
    };
  }
}

/** The turn of a write: the brake is looked at last, when the request is ready and its permit is there. */
class BrakedTurn implements Turn {
  readonly #brake: TargetBrake;
  readonly #turn: Turn | undefined;
  readonly board: Turn['board'];
  began = false;

  constructor(brake: TargetBrake, turn: Turn | undefined) {
    this.#brake = brake;
    this.#turn = turn;
    const board = turn?.board;
    this.board = board && ((call) => board(call).then(() => this.#begin()));
  }

  take(): Promise<void> | undefined {
    const wait = this.#turn?.take();
    if (wait !== undefined) return wait.then(() => this.#begin());
    this.#begin();
    return undefined;
  }

  free(): void {
    this.#turn?.free();
  }

  #begin(): void {
    // A change may be two requests: each is looked at.
    if (this.began) {
      this.#brake.look();
      return;
    }
    this.#brake.begin();
    this.began = true;
  }
}

function braked(target: Target, brake: TargetBrake): Target {
  async function turned<T>(turn: Turn | undefined, write: (turn: Turn) => Promise<T>): Promise<T> {
    // Whoever has no turn to wait for is looked at here already: its request may be sent without asking for one.
    const own = new BrakedTurn(brake, turn);
    if (turn === undefined) void own.take();
    try {
      return await write(own);
    } finally {
      if (own.began) brake.end();
    }
  }
  return {
    lookUp: (attribute, value, turn) => target.lookUp(attribute, value, turn),
    list: (before) => target.list(before),
    read: (id, turn) => target.read(id, turn),
    findGroups: (displayName) => target.findGroups(displayName),
    readGroup: (id) => target.readGroup(id),
    readNumber: (path, pointer) => target.readNumber(path, pointer),
    probes: {
      page: (startIndex, count) => target.probes.page(startIndex, count),
      announced: () => target.probes.announced(),
      checksVersion: (id, displayName) => turned(undefined, () => target.probes.checksVersion(id, displayName)),
      takesBulk: (id, displayName) => turned(undefined, () => target.probes.takesBulk(id, displayName)),
    },
    create: (externalId, values, active, turn) => turned(turn, (own) => target.create(externalId, values, active, own)),
    change: (id, change, turn) => turned(turn, (own) => target.change(id, change, own)),
    remove: (id, turn) => turned(turn, (own) => target.remove(id, own)),
    createGroup: (displayName, externalId) => turned(undefined, () => target.createGroup(displayName, externalId)),
    renameGroup: (id, displayName, turn, present) => turned(turn, (own) => target.renameGroup(id, displayName, own, present)),
    changeMembers: (id, add, remove, turn, present) => turned(turn, (own) => target.changeMembers(id, add, remove, own, present)),
    setMembers: (id, members, removed, turn) => turned(turn, (own) => target.setMembers(id, members, removed, own)),
    removeGroup: (id, turn) => turned(turn, (own) => target.removeGroup(id, own)),
  };
}
