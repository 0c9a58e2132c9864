import { type Answer, Refused } from './answer.ts';
import { bulkAnswer } from './bulk.ts';
import { type Group, groupJson, patchGroup, putGroup } from './grouping.ts';
import { matches, page, wantedBy } from './listing.ts';
import { isJson, type Json, patched, stored } from './patching.ts';
import type { Quirks } from './quirks.ts';

interface User {
  id: string;
  version: number;
  json: Json;
}

/** Where the service stands on its host. */
export const BASE = '/scim/v2';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Users and groups in memory, and what is answered of them, by the quirks that it has at the time. */
export class Service {
  readonly users = new Map<string, User>();
  readonly groups = new Map<string, Group>();
  readonly heard: { readonly kind: string; readonly body: unknown }[] = [];
  #made = 0;
  quirks: Quirks;

  constructor(quirks: Quirks) {
    this.quirks = quirks;
  }

  #nameOf(json: Json): string {
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
    if ([...this.users.values()].some(({ json }) => this.#nameOf(json) === this.#nameOf(body))) throw new Refused(409, 'userName is taken', 'uniqueness');
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
    const taken = [...this.users.values()].some((other) => other !== user && this.#nameOf(other.json) === this.#nameOf(next));
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
    const all = [...this.users.values()].filter((user) => filter === null || matches(user.json, filter, this.quirks)).map((user) => this.#shown(user));
    return page(all, url, this.quirks);
  }

  #group(method: string, id: string | undefined, url: URL, body: unknown, ifMatch: string | undefined): Answer {
    if (id === undefined || id === '') {
      if (method === 'POST') return { status: 201, body: groupJson(this.addGroup(isJson(body) ? body : {}), this.quirks) };
      const wanted = wantedBy(url.searchParams.get('filter') ?? '');
      const all = [...this.groups.values()].filter((group) => wanted === undefined || group.displayName === wanted.value);
      return page(
        all.map((group) => groupJson(group, this.quirks)),
        url,
        this.quirks,
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
