import { createServer, type IncomingMessage } from 'node:http';
import { listen, shut } from '../listen.ts';
import { type Answer, Refused, refusal } from './answer.ts';
import type { Json } from './patching.ts';
import type { Quirks } from './quirks.ts';
import { BASE, Service } from './service.ts';

/** A small SCIM service in memory with the quirks of a real one; `users` and `groups` are what it stores. */
export interface QuirkyServer {
  readonly url: string;
  readonly users: () => readonly (Json & { readonly id: string })[];
  readonly groups: () => readonly { readonly id: string; readonly displayName: string; readonly members: readonly string[] }[];
  /** Every request since the last `forget`; its kind is like `PATCH /Users`. */
  readonly heard: () => readonly { readonly kind: string; readonly body: unknown }[];
  forget(): void;
  /** Stores a user as if by hand; its id. */
  seed(user: Json): string;
  seedGroup(displayName: string, members: readonly string[]): string;
  /** Changes a stored user as if by hand. */
  edit(id: string, change: Json): void;
  /** A group gets another version, as if changed by hand. */
  touchGroup(id: string): void;
  /** Removes a stored user as if by hand. */
  drop(id: string): void;
  become(quirks: Quirks): void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

/** Undefined where the connection is to be dropped instead. */
function answered(service: Service, { method = 'GET', url = '/', headers }: IncomingMessage, body: unknown): Answer | undefined {
  try {
    return service.answer(method, new URL(url, 'http://quirky.invalid'), body, headers['if-match']);
  } catch (error) {
    return error instanceof Refused ? refusal(error) : undefined;
  }
}

/** Starts the service on loopback; takes any token. */
export async function startQuirky(quirks: Quirks): Promise<QuirkyServer> {
  const service = new Service(quirks);
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const answer = answered(service, request, body);
      if (answer === undefined) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { 'content-type': 'application/scim+json', ...(answer.etag === undefined ? {} : { etag: answer.etag }) });
      response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
    });
  });
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}${BASE}`,
    users: () => [...service.users.values()].map(({ id, json }) => ({ ...json, id })),
    groups: () => [...service.groups.values()].map(({ id, displayName, members }) => ({ id, displayName, members: [...members] })),
    heard: () => [...service.heard],
    forget: () => {
      service.heard.length = 0;
    },
    seed: (user) => service.add({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], active: true, ...user }).id,
    seedGroup: (displayName, members) => {
      const group = service.addGroup({ displayName });
      group.members = new Set(members);
      return group.id;
    },
    edit: (id, change) => {
      const user = service.users.get(id);
      if (user === undefined) return;
      user.json = { ...user.json, ...change };
      user.version += 1;
    },
    touchGroup: (id) => {
      const group = service.groups.get(id);
      if (group !== undefined) group.version += 1;
    },
    drop: (id) => void service.users.delete(id),
    become: (next) => {
      service.quirks = next;
    },
    close: () => shut(server),
  };
}
