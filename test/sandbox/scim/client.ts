import { Agent, request } from 'undici';
import { z } from 'zod';

export const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const json = z.record(z.string(), z.unknown());
const list = z.object({
  totalResults: z.number(),
  startIndex: z.number(),
  itemsPerPage: z.number(),
  Resources: z.array(z.looseObject({ id: z.string(), userName: z.string().optional(), displayName: z.string().optional() })),
});

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** Empty where the body is no JSON object. */
  readonly body: Record<string, unknown>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A plain SCIM client that hides nothing: one call is one request on a connection of its own. */
export class Client {
  readonly #url: string;
  readonly #token: string;
  readonly #agent = new Agent({ pipelining: 0 });

  constructor(url: string, token = 'secret') {
    this.#url = url;
    this.#token = token;
  }

  async call(method: Method, path: string, body?: unknown): Promise<Answer> {
    const response = await request(this.#url + path, {
      method,
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = {};
    }
    return { status: response.statusCode, headers: response.headers, text, body: json.catch({}).parse(parsed) };
  }

  async list(path: string) {
    return list.parse((await this.call('GET', path)).body);
  }

  find(filter: string, kind: 'Users' | 'Groups' = 'Users') {
    return this.list(`/${kind}?filter=${encodeURIComponent(filter)}`);
  }

  /** Creates a user and answers its id. */
  async user(userName: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { status, body, text } = await this.call('POST', '/Users', { schemas: [CORE], userName, ...more });
    if (status !== 201) throw new Error(`user was not created: ${status} ${text}`);
    return String(body.id);
  }

  async group(displayName: string, members: readonly string[] = []): Promise<string> {
    const { status, body, text } = await this.call('POST', '/Groups', { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) });
    if (status !== 201) throw new Error(`group was not created: ${status} ${text}`);
    return String(body.id);
  }

  patch(path: string, ...Operations: readonly Readonly<Record<string, unknown>>[]): Promise<Answer> {
    return this.call('PATCH', path, { schemas: [PATCH], Operations });
  }

  /** Member ids of a group, in their order. */
  async members(id: string): Promise<readonly string[]> {
    const { body } = await this.call('GET', `/Groups/${id}`);
    return z
      .array(z.object({ value: z.string() }))
      .default([])
      .parse(body.members)
      .map((member) => member.value);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
