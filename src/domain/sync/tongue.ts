import type { Outside } from '../../ports/outside.ts';
import type { Connector } from '../connectors/connector.ts';
import { type Dialect, RFC_DIALECT, type Shape, shapeIn, type Speech } from '../connectors/dialect.ts';
import { revise } from '../revise.ts';

/** The dialect that a run speaks, and what it learns on the way; kept on the connector by `save` (C20). */
export class Tongue implements Speech {
  #dialect: Dialect;
  #proven: Set<string>;
  /** Somebody's read that may prove more: who asks for the same waits for it. */
  looking: Promise<unknown> | null = null;
  /** Whether something was learnt that is not kept yet. */
  isUnsaved = false;

  constructor(dialect: Dialect = RFC_DIALECT) {
    this.#dialect = dialect;
    this.#proven = new Set(dialect.proven);
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  learn(part: Partial<Dialect>): void {
    this.#dialect = { ...this.#dialect, ...part };
    this.#proven = new Set(this.#dialect.proven);
    this.isUnsaved = true;
  }

  shapeOf(key: string): Shape {
    return shapeIn(this.#dialect, key);
  }

  reshape(key: string, shape: Shape): void {
    this.learn({ shapes: { ...this.#dialect.shapes, [key]: shape } });
  }

  isProven(key: string): boolean {
    return this.#proven.has(key);
  }

  prove(keys: Iterable<string>): void {
    const fresh = [...keys].filter((key) => !this.#proven.has(key));
    if (fresh.length > 0) this.learn({ proven: [...this.#dialect.proven, ...fresh] });
  }

  /** Keeps what was learnt since the last time, for the same target only. */
  async save(store: Outside['store'], { id, inForce }: Pick<Connector, 'id' | 'inForce'>): Promise<void> {
    if (!this.isUnsaved) return;
    this.isUnsaved = false;
    const dialect = this.#dialect;
    await revise(store, 'connector', id, (now) => (now.inForce?.baseUrl === inForce?.baseUrl ? { ...now, dialect } : null));
  }
}
