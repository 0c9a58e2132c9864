import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

interface Row {
  readonly id: string;
  readonly [attribute: string]: unknown;
}

/** Plain data of what scimmy hands over or keeps. */
function plain(instance: unknown): Record<string, unknown> {
  const copy: unknown = JSON.parse(JSON.stringify(instance));
  return typeof copy === 'object' && copy !== null ? { ...copy } : {};
}

function notFound(id: string | undefined): Error {
  return new SCIMMY.Types.Error(404, 'noTarget', `no ${id}`);
}

/** Resources of one kind in memory; the value of `unique` may not be taken twice. */
class Rows {
  readonly #rows = new Map<string, Row>();
  readonly #unique: string;
  #made = 0;

  constructor(unique: string) {
    this.#unique = unique;
  }

  write(id: string | undefined, data: Record<string, unknown>): Row {
    if (id !== undefined && !this.#rows.has(id)) throw notFound(id);
    const key = (row: Record<string, unknown>) => String(row[this.#unique]).toLowerCase();
    if ([...this.#rows.values()].some((row) => row.id !== id && key(row) === key(data)))
      throw new SCIMMY.Types.Error(409, 'uniqueness', `${this.#unique} is taken`);
    this.#made += 1;
    const row = { ...data, id: id ?? String(this.#made) };
    this.#rows.set(row.id, row);
    return row;
  }

  read(id: string | undefined, filter: { match(rows: object[]): object[] } | undefined): Row | Row[] {
    const all = [...this.#rows.values()];
    if (id === undefined) return (filter?.match(all) ?? all) as Row[];
    const row = this.#rows.get(id);
    if (row === undefined) throw notFound(id);
    return row;
  }

  remove(id: string | undefined): void {
    if (id === undefined || !this.#rows.delete(id)) throw notFound(id);
  }
}

/** scimmy's types want whole schema instances from the handlers; its code takes plain rows. */
function declare(): void {
  const users = new Rows('userName');
  const groups = new Rows('displayName');
  SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .extend(SCIMMY.Schemas.EnterpriseUser)
    .ingress((asked, instance) => users.write(asked.id, plain(instance)) as never)
    .egress((asked) => users.read(asked.id, asked.filter) as never)
    .degress((asked) => users.remove(asked.id));
  SCIMMY.Resources.declare(SCIMMY.Resources.Group)
    .ingress((asked, instance) => groups.write(asked.id, plain(instance)) as never)
    .egress((asked) => groups.read(asked.id, asked.filter) as never)
    .degress((asked) => groups.remove(asked.id));
}

/** A real SCIM 2.0 service provider (scimmy) on loopback; takes the token `scimmy-token`. */
export async function startProvider(): Promise<{ readonly baseUrl: string; readonly token: string; close(): Promise<void> }> {
  declare();
  const app = express();
  // Express 5 parses the query anew at each look, so what scimmy-routers writes into it is lost: hold one parsed copy.
  app.use((request, _response, next) => {
    Object.defineProperty(request, 'query', { value: { ...request.query }, writable: true });
    next();
  });
  app.use(
    '/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      handler: (request) => {
        if (request.header('authorization') !== 'Bearer scimmy-token') throw new Error('that is not the token');
        return 'usher';
      },
    }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/scim/v2`,
    token: 'scimmy-token',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
