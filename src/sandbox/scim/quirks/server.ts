import { createServer, type IncomingMessage } from 'node:http';
import { listen, shut } from '../listen.ts';
import { bulkAnswer } from './bulk.ts';
import { type Group, groupJson, patchGroup, putGroup } from './grouping.ts';
import { isJson, type Json, patched, Refused, stored } from './patching.ts';
import type { Quirks } from './quirks.ts';

interface User {
  id: string;
  version: number;
  json: Json;
}

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

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

const BASE = '/scim/v2';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const FILTER = /^([\w.]+) eq ("(?:[^"\\]|\\.)*")$/;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

class Service {
  readonly users = new Map<string, User>();
  readonly groups = new Map<string, Group>();
  readonly heard: { readonly kind: string; readonly body: unknown }[] = [];
  #made = 0;
  quirks: Quirks;

  constructor(quirks: Quirks) {
    this.quirks = quirks;
  }

  nameOf(json: Json): string {
    const name = String(json.userName ?? '');
    return this.quirks.caseSensitiveNames === true ? name : name.toLowerCase();
  }

  add(json: Json): User {
    this.#made += 1;
    const user: User = { id: this.quirks.idIsName === true ? String(json.userName) : `u${this.#made}`, version: 1, json };
    this.users.set(user.id, user);
    return user;
  }

  addGroup(json: Json): Group {
    this.#made += 1;
    const group: Group = { id: `g${this.#made}`, externalId: json.externalId, displayName: String(json.displayName), members: new Set(), version: 1 };
    this.groups.set(group.id, group);
    return group;
  }

  answer(method: string, url: URL, body: unknown, ifMatch: string | undefined): Answer {
    const [, kind] = url.pathname.slice(BASE.length).split('/');
    this.heard.push({ kind: `${method} /${kind}${url.searchParams.has('filter') ? '?filter' : ''}`, body });
    this.quirks.before?.(method, url.pathname);
    if (kind !== 'Bulk') return this.#one(method, url, body, ifMatch);
    return bulkAnswer(body, this.quirks.bulk, (operation) =>
      this.#one(String(operation.method), new URL(`${BASE}${String(operation.path)}`, url), operation.data, undefined),
    );
  }

  #one(method: string, url: URL, body: unknown, ifMatch: string | undefined): Answer {
    const [, kind, id] = url.pathname.slice(BASE.length).split('/').map(decodeURIComponent);
    if (kind === 'Groups') return this.#group(method, id, url, body, ifMatch);
    if (kind !== 'Users') throw new Refused(404, 'no such endpoint');
    if (id === undefined || id === '') return method === 'POST' ? this.#create(body) : this.#list(url);
    const user = this.users.get(id);
    if (user === undefined) throw new Refused(404, `no user ${id}`);
    if (method === 'GET') return { status: 200, body: this.#shown(user), etag: this.#tag(user) };
    this.#checkVersion(user, ifMatch);
    if (method === 'DELETE') return this.#delete(user);
    this.#checkManager(body);
    return this.#change(method, user, body);
  }

  #tag({ version }: Pick<User, 'version'>): string {
    return `W/"${version}"`;
  }

  #checkVersion(user: Pick<User, 'version'>, ifMatch: string | undefined): void {
    const { etag } = this.quirks;
    if (etag === 'required' && ifMatch === undefined) throw new Refused(428, 'If-Match is needed');
    if (etag !== undefined && ifMatch !== undefined && ifMatch !== this.#tag(user)) throw new Refused(412, 'another version');
  }

  #shown({ id, json, version }: User): Json {
    return { ...json, id, meta: { resourceType: 'User', version: `W/"${version}"` } };
  }

  #stored(json: Json): Json {
    const { schemas, ...rest } = json;
    return {
      schemas,
      ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, key === 'externalId' ? value : stored(key, value, this.quirks)])),
    };
  }

  #create(body: unknown): Answer {
    if (!isJson(body) || typeof body.userName !== 'string') throw new Refused(400, 'userName is needed', 'invalidValue');
    if ([...this.users.values()].some(({ json }) => this.nameOf(json) === this.nameOf(body))) throw new Refused(409, 'userName is taken', 'uniqueness');
    this.#checkManager(body);
    return { status: 201, body: this.#shown(this.add(this.#withoutManager(this.#stored(body)))) };
  }

  #change(method: string, user: User, body: unknown): Answer {
    if (method === 'PUT') this.#put(user, body);
    else if (this.quirks.noPatch === true) throw new Refused(501, 'PATCH is not implemented');
    else patched(user.json, body, this.quirks, (next) => this.#keep(user, next));
    return this.quirks.silent === true ? { status: 204 } : { status: 200, body: this.#shown(user), etag: this.#tag(user) };
  }

  #put(user: User, body: unknown): void {
    if (!isJson(body)) throw new Refused(400, 'an object is needed', 'invalidSyntax');
    const { id: _, ...rest } = this.#stored(body);
    const frozen = Object.fromEntries((this.quirks.frozen ?? []).map((path) => [path, user.json[path]]));
    const active = rest.active ?? (this.quirks.putActivates === true ? true : user.json.active);
    this.#keep(user, { ...rest, active, ...frozen });
  }

  #checkManager(body: unknown): void {
    if (this.quirks.manager === 'refused' && JSON.stringify(body).includes('manager'))
      throw new Refused(400, 'Attribute "manager" is not supported', 'invalidPath');
  }

  #withoutManager(json: Json): Json {
    const extension = json[ENTERPRISE];
    if (this.quirks.manager !== 'dropped' || !isJson(extension)) return json;
    const { manager: _, ...rest } = extension;
    return { ...json, [ENTERPRISE]: rest };
  }

  #keep(user: User, next: Json): void {
    const taken = [...this.users.values()].some((other) => other !== user && this.nameOf(other.json) === this.nameOf(next));
    if (taken && this.quirks.takenOnChange === 500) throw new Refused(500, 'Internal error');
    if (taken && this.quirks.takenOnChange === undefined) throw new Refused(409, 'userName is taken', 'uniqueness');
    user.json = this.#withoutManager(next);
    user.version += 1;
    if (this.quirks.idIsName !== true || user.id === next.userName) return;
    this.users.delete(user.id);
    for (const group of this.groups.values()) if (group.members.delete(user.id)) group.members.add(String(next.userName));
    user.id = String(next.userName);
    this.users.set(user.id, user);
  }

  #delete(user: User): Answer {
    this.users.delete(user.id);
    if (this.quirks.dropsMembers === true) for (const group of this.groups.values()) group.members.delete(user.id);
    return { status: 204 };
  }

  #list(url: URL): Answer {
    const filter = url.searchParams.get('filter');
    const all = [...this.users.values()].filter((user) => filter === null || this.#matches(user.json, filter)).map((user) => this.#shown(user));
    return this.#page(all, url);
  }

  #matches(json: Json, filter: string): boolean {
    if (this.quirks.refusesQuotes === true && filter.includes('\\"')) throw new Refused(400, 'the filter can not be read', 'invalidFilter');
    const [, attribute = '', quoted = '""'] = FILTER.exec(filter) ?? [];
    const wanted = String(JSON.parse(quoted));
    if (attribute === 'externalId') return this.quirks.noExternalIdFilter !== true && json.externalId === wanted;
    const shown = String(json[attribute] ?? '');
    // Server B compares without letter case what it stores with it.
    return this.quirks.caseExactFilter === true ? shown === wanted : shown.toLowerCase() === wanted.toLowerCase();
  }

  #page(all: readonly Json[], url: URL): Answer {
    const start = Math.max(1, Number(url.searchParams.get('startIndex') ?? 1));
    const count = Math.min(Number(url.searchParams.get('count') ?? 100), this.quirks.cap ?? 1_000);
    const rows = all.slice(start - 1, start - 1 + count);
    const totalResults = this.quirks.totals === 'page' ? rows.length : all.length;
    return { status: 200, body: { schemas: [LIST], totalResults, startIndex: start, itemsPerPage: rows.length, Resources: rows } };
  }

  #group(method: string, id: string | undefined, url: URL, body: unknown, ifMatch: string | undefined): Answer {
    if (id === undefined || id === '') {
      if (method === 'POST') return { status: 201, body: groupJson(this.addGroup(isJson(body) ? body : {}), this.quirks) };
      const wanted = FILTER.exec(url.searchParams.get('filter') ?? '')?.[2];
      const all = [...this.groups.values()].filter((group) => wanted === undefined || group.displayName === JSON.parse(wanted));
      return this.#page(
        all.map((group) => groupJson(group, this.quirks)),
        url,
      );
    }
    const group = this.groups.get(id);
    if (group === undefined) throw new Refused(404, `no group ${id}`);
    if (method === 'GET') return { status: 200, body: groupJson(group, this.quirks), etag: this.#tag(group) };
    this.#checkVersion(group, ifMatch);
    if (method === 'PATCH' && (this.quirks.noPatch === true || this.quirks.noGroupPatch === true)) throw new Refused(405, 'PATCH is not allowed');
    if (method === 'DELETE') this.groups.delete(id);
    if (method === 'PATCH') patchGroup(group, body, this.quirks);
    if (method === 'PUT') putGroup(group, body);
    return { status: 204 };
  }
}

/** Starts the service on loopback; takes any token. */
export async function startQuirky(quirks: Quirks): Promise<QuirkyServer> {
  const service = new Service(quirks);
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      let answer: Answer;
      try {
        const { method = 'GET', url = '/' } = request;
        answer = service.answer(method, new URL(url, 'http://quirky.invalid'), body, request.headers['if-match']);
      } catch (refusal) {
        if (!(refusal instanceof Refused)) {
          request.socket.destroy();
          return;
        }
        const { status, scimType, message } = refusal;
        answer = { status, body: { schemas: [ERROR], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail: message } };
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
