import { request } from 'undici';
import { z } from 'zod';
import { adminGroups, adminRequests, adminState, adminUser, adminUsers, done, failure, seeded } from './admin-shapes.ts';
import type { AdminGroup, AdminRequest, AdminState, AdminUser, AdminUsers, MischiefSettingInput, SeedingInput } from './admin-shapes.ts';
import type { FaultInput, FaultName } from './faults.ts';

/** What a test or the demo can do to the stand-in, and see of it, from any process. Every call rejects with the API's own words when refused. */
export interface Admin {
  state(): Promise<AdminState>;
  /** The last exchanges, newest last; 50 by default, at most 1,000. */
  requests(last?: number): Promise<readonly AdminRequest[]>;
  /** Request counts and exchanges start again. */
  clearRequests(): Promise<void>;
  users(query?: { search?: string; only?: 'all' | 'active' | 'inactive'; page?: number; size?: number }): Promise<AdminUsers>;
  /** The user as SCIM JSON. */
  user(id: string): Promise<unknown>;
  groups(): Promise<readonly AdminGroup[]>;
  /** Makes accounts by hand: `{users: […SCIM attributes]}` or `{make: {count: 40}}`. Answers their ids. */
  seed(seeding: SeedingInput): Promise<readonly string[]>;
  /** Replaces top-level attributes by hand; null takes one away. */
  edit(id: string, attributes: Readonly<Record<string, unknown>>): Promise<AdminUser>;
  remove(id: string): Promise<void>;
  /** Switches one fault on (its counters start at 0); what has a default may be left out. */
  set(fault: FaultInput): Promise<void>;
  /** Exactly these faults are on. */
  setAll(setting: MischiefSettingInput): Promise<void>;
  /** Switches one fault off, or all. */
  clear(name?: FaultName): Promise<void>;
  setSeats(total: number): Promise<void>;
  /** No accounts, no groups, no mischief, no counts. */
  reset(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `pageUrl` is the stand-in's own: `http://127.0.0.1:…/`. */
export function createAdmin(pageUrl: string): Admin {
  const call = async <T>(answer: z.ZodType<T>, method: Method, path: string, body?: unknown): Promise<T> => {
    const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await request(new URL(`/admin/${path}`, pageUrl), { method, ...sent });
    const json: unknown = await response.body.json();
    if (response.statusCode >= 400) throw new Error(`${method} /admin/${path}: ${failure.parse(json).error}`);
    return answer.parse(json);
  };
  const tell = async (method: Method, path: string, body?: unknown): Promise<void> => {
    await call(done, method, path, body);
  };
  const query = (of: Readonly<Record<string, string | number>>) =>
    new URLSearchParams(Object.fromEntries(Object.entries(of).map(([key, value]) => [key, String(value)]))).toString();
  return {
    state: () => call(adminState, 'GET', 'state'),
    requests: async (last = 50) => (await call(adminRequests, 'GET', `requests?last=${last}`)).requests,
    clearRequests: () => tell('DELETE', 'requests'),
    users: (asked = {}) => call(adminUsers, 'GET', `users?${query(asked)}`),
    user: (id) => call(z.unknown(), 'GET', `users/${encodeURIComponent(id)}`),
    groups: async () => (await call(adminGroups, 'GET', 'groups')).groups,
    seed: async (seeding) => (await call(seeded, 'POST', 'users', seeding)).ids,
    edit: (id, attributes) => call(adminUser, 'PATCH', `users/${encodeURIComponent(id)}`, attributes),
    remove: (id) => tell('DELETE', `users/${encodeURIComponent(id)}`),
    set: (one) => tell('POST', 'mischief', one),
    setAll: (setting) => tell('PUT', 'mischief', setting),
    clear: (name) => tell('DELETE', name === undefined ? 'mischief' : `mischief/${name}`),
    setSeats: (total) => tell('PUT', 'seats', { total }),
    reset: () => tell('POST', 'reset'),
  };
}
