import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Store } from '../../ports/store.ts';
import type { Target, Targets, Turn } from '../../ports/target.ts';

const seconds = (since: number): number => (performance.now() - since) / 1_000;

/** A store whose transactions are counted and timed; all else is its own. */
export function countedStore(store: Store, metrics: Pick<Metrics, 'committed'>): Store {
  return {
    get: (kind, key) => store.get(kind, key),
    scan: (kind, range) => store.scan(kind, range),
    count: (kind, prefix) => store.count(kind, prefix),
    rows: (log, query) => store.rows(log, query),
    auditHead: () => store.auditHead(),
    verifyAudit: (noted) => store.verifyAudit(noted),
    watch: (listener) => store.watch(listener),
    async transaction(change) {
      const since = performance.now();
      try {
        const outcome = await store.transaction(change);
        metrics.committed(outcome, seconds(since));
        return outcome;
      } catch (error) {
        metrics.committed('failed', seconds(since));
        throw error;
      }
    },
  };
}

/** Targets whose requests are counted and timed; waiting for a permit is not part of it. */
export function countedTargets(targets: Targets, metrics: Pick<Metrics, 'targetAnswered'>): Targets {
  return {
    open: (baseUrl, token, concurrency, speech) => countedTarget(targets.open(baseUrl, token, concurrency, speech), metrics),
    objection: (baseUrl) => targets.objection(baseUrl),
  };
}

/** A request's turn, and when it went. */
class TimedTurn implements Turn {
  readonly #turn: Turn;
  readonly board: Turn['board'];
  wentAt = performance.now();

  constructor(turn: Turn) {
    this.#turn = turn;
    const { board } = turn;
    this.board = board && ((call) => board(call).then(() => this.#went()));
  }

  take(): Promise<void> | undefined {
    const wait = this.#turn.take();
    if (wait === undefined) this.#went();
    return wait?.then(() => this.#went());
  }

  free(): void {
    this.#turn.free();
  }

  #went(): void {
    this.wentAt = performance.now();
  }
}

function countedTarget(target: Target, metrics: Pick<Metrics, 'targetAnswered'>): Target {
  async function timed<T>(answer: Promise<T>, since = performance.now()): Promise<T> {
    return told(answer, () => since);
  }
  async function told<T>(answer: Promise<T>, since: () => number): Promise<T> {
    try {
      const value = await answer;
      metrics.targetAnswered(200, seconds(since()));
      return value;
    } catch (error) {
      // What was stopped while it waited for its turn asked nothing of the target.
      if (error instanceof TargetFault) metrics.targetAnswered(error.error.status, seconds(since()));
      throw error;
    }
  }
  function turned<T>(turn: Turn | undefined, ask: (turn: Turn | undefined) => Promise<T>): Promise<T> {
    if (turn === undefined) return timed(ask(undefined));
    const own = new TimedTurn(turn);
    return told(ask(own), () => own.wentAt);
  }
  return {
    lookUp: (attribute, value, turn) => turned(turn, (own) => target.lookUp(attribute, value, own)),
    list: (before) => countedPages(target, before, timed),
    create: (externalId, values, active, turn) => turned(turn, (own) => target.create(externalId, values, active, own)),
    change: (id, change, turn) => turned(turn, (own) => target.change(id, change, own)),
    read: (id, turn) => turned(turn, (own) => target.read(id, own)),
    remove: (id, turn) => turned(turn, (own) => target.remove(id, own)),
    findGroups: (displayName) => timed(target.findGroups(displayName)),
    createGroup: (displayName, externalId) => timed(target.createGroup(displayName, externalId)),
    renameGroup: (id, displayName, turn, present) => turned(turn, (own) => target.renameGroup(id, displayName, own, present)),
    changeMembers: (id, add, remove, turn, present) => turned(turn, (own) => target.changeMembers(id, add, remove, own, present)),
    setMembers: (id, members, removed, turn) => turned(turn, (own) => target.setMembers(id, members, removed, own)),
    readGroup: (id) => timed(target.readGroup(id)),
    removeGroup: (id, turn) => turned(turn, (own) => target.removeGroup(id, own)),
    readNumber: (path, pointer) => timed(target.readNumber(path, pointer)),
    probes: {
      page: (startIndex, count) => timed(target.probes.page(startIndex, count)),
      announced: () => timed(target.probes.announced()),
      checksVersion: (id, displayName) => timed(target.probes.checksVersion(id, displayName)),
      takesBulk: (id, displayName) => timed(target.probes.takesBulk(id, displayName)),
    },
  };
}

/** A page is a request; it begins when `before` let it go. */
async function* countedPages(
  target: Target,
  before: () => Promise<void>,
  timed: <T>(answer: Promise<T>, since: number) => Promise<T>,
): ReturnType<Target['list']> {
  let asked: (since: number) => void = () => undefined;
  const pages = target.list(async () => {
    await before();
    asked(performance.now());
  });
  try {
    for (;;) {
      const sent = new Promise<number>((resolve) => {
        asked = resolve;
      });
      const page = pages.next();
      const since = await Promise.race([sent, page.then(() => null)]);
      const { value, done } = await (since === null ? page : timed(page, since));
      if (done === true) return value;
      yield value;
    }
  } finally {
    await pages.return({ complete: false, reason: null });
  }
}
