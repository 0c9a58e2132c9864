import { type TargetError, TargetFault } from '../../../src/domain/connectors/target-error.ts';
import type { Target, Targets, TargetUser, Turn } from '../../../src/ports/target.ts';

/** One request as the target heard it. */
export interface Call {
  readonly what: keyof Target;
  readonly id: string | null;
  readonly userName: string | null;
}

export interface MemoryTarget extends Targets {
  readonly users: Map<string, TargetUser>;
  readonly calls: Call[];
  /** Runs before each request takes effect; may wait, or throw what the target answers. */
  before: (call: Call) => Promise<void> | void;
  /** Runs after its effect and before its answer. */
  after: (call: Call) => Promise<void> | void;
  /** Answers changes with nothing, as many do: what became of them must be read. */
  bare: boolean;
  writes(): readonly Call[];
}

export function fault(error: Partial<TargetError> & Pick<TargetError, 'next'>): TargetFault {
  return new TargetFault({ status: null, scimType: null, message: 'no', maybeWritten: false, retryAfter: null, ...error });
}

/** A SCIM service in this process: what the wire's own tests prove of the wire is taken for granted here, and every moment can be held. */
export function memoryTarget(): MemoryTarget {
  const users = new Map<string, TargetUser>();
  const calls: Call[] = [];
  let made = 0;

  async function request<T>(call: Call, effect: () => T, turn?: Turn): Promise<T> {
    await turn?.take();
    calls.push(call);
    await memory.before(call);
    const result = effect();
    await memory.after(call);
    turn?.free();
    return result;
  }
  const at = (what: keyof Target, id: string): Call => ({ what, id, userName: users.get(id)?.values.userName ?? null });
  const present = (id: string): TargetUser => {
    const user = users.get(id);
    if (user === undefined) throw fault({ next: 'gone', status: 404, message: `Resource ${id} not found` });
    return user;
  };
  const free = (userName: string | undefined, self: string | null): void => {
    for (const user of users.values()) {
      if (user.id !== self && user.values.userName?.toLowerCase() === userName?.toLowerCase())
        throw fault({ next: 'taken', status: 409, scimType: 'uniqueness', message: `userName "${userName}" is taken` });
    }
  };

  const target: Target = {
    lookUp: (attribute, value, turn) =>
      request(
        { what: 'lookUp', id: null, userName: value },
        () =>
          [...users.values()].filter((user) =>
            attribute === 'externalId' ? user.externalId === value : user.values[attribute]?.toLowerCase() === value.toLowerCase(),
          ),
        turn,
      ),
    async *list(before) {
      const all = [...users.values()];
      for (let from = 0; from < Math.max(1, all.length); from += 100) {
        await before();
        const page = all.slice(from, from + 100);
        yield await request({ what: 'list', id: null, userName: null }, () => page);
      }
      return { complete: true, reason: null };
    },
    create: (externalId, values, active, turn) =>
      request(
        { what: 'create', id: null, userName: values.userName ?? null },
        () => {
          free(values.userName, null);
          made += 1;
          const user: TargetUser = { id: `t${made}`, externalId, active, values };
          users.set(user.id, user);
          return user;
        },
        turn,
      ),
    change: (id, { set, clear, active, externalId }, turn) =>
      request(
        at('change', id),
        () => {
          const user = present(id);
          free(set.userName ?? user.values.userName, id);
          const values = Object.fromEntries(Object.entries({ ...user.values, ...set }).filter(([path]) => !clear.includes(path)));
          const changed: TargetUser = { id, externalId: externalId ?? user.externalId, active: active ?? user.active, values };
          users.set(id, changed);
          return memory.bare ? null : changed;
        },
        turn,
      ),
    read: (id) => request(at('read', id), () => present(id)),
    remove: (id, turn) =>
      request(
        at('remove', id),
        () => {
          present(id);
          users.delete(id);
        },
        turn,
      ),
    findGroups: async () => [],
    createGroup: async (displayName) => ({ id: 'g1', displayName, memberIds: [] }),
    renameGroup: async () => {},
    changeMembers: async () => {},
    setMembers: async () => {},
    readGroup: async (id) => ({ id, displayName: '', memberIds: [] }),
    removeGroup: async () => {},
    readNumber: async () => null,
    probes: {
      page: async () => ({ rows: 0, total: 0 }),
      announced: async () => null,
      checksVersion: async () => false,
      takesBulk: async () => false,
    },
  };
  const memory: MemoryTarget = {
    users,
    calls,
    before: () => {},
    after: () => {},
    bare: false,
    writes: () => calls.filter((call) => call.what !== 'list' && call.what !== 'lookUp' && call.what !== 'read'),
    open: () => target,
    objection: async () => null,
  };
  return memory;
}

/** A door that stays shut until opened. */
export function door(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
