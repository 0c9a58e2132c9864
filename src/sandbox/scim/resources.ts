import SCIMMY from 'scimmy';
import { z } from 'zod';
import { NoSuchMember, NotUnique, userAttributes } from './accounts.ts';
import type { GroupRecord, UserRecord } from './accounts.ts';
import { selectGroups, selectUsers } from './filtering.ts';
import { listed, MAX_PAGE } from './listing.ts';
import type { ScimResource } from './listing.ts';
import { ProviderState } from './provider-state.ts';

/** The longest request body, in bytes. */
export const BODY_LIMIT = 4 * 1_024 * 1_024;

type ListResponse = SCIMMY.Messages.ListResponse;

/** scimmy keeps the handlers of a resource type once per process; which provider is meant comes with each request as its context. */
function stateOf(context: unknown): ProviderState {
  if (!(context instanceof ProviderState)) throw new SCIMMY.Types.Error(500, '', 'no provider in the context');
  return context;
}

/** Where users and groups are found; scimmy sets it anew for each request. */
function base(type: 'User' | 'Group'): string {
  const set: unknown = SCIMMY.Resources[type].basepath();
  return typeof set === 'string' ? set : `http://localhost/${type}s`;
}

function envelope(record: UserRecord | GroupRecord, resourceType: 'User' | 'Group') {
  const location = `${base(resourceType)}/${record.id}`;
  return { id: record.id, meta: { resourceType, created: new Date(record.created), lastModified: new Date(record.lastModified), location } };
}

/** A user as SCIM JSON (RFC 7643 §4.1), `groups` from the memberships. */
export function userResource(state: ProviderState, record: UserRecord): ScimResource {
  const { schemas, externalId, ...attributes } = record.attributes;
  const groups = state.accounts
    .groupsOf(record.id)
    .map(({ id, displayName }) => ({ value: id, $ref: `${base('Group')}/${id}`, display: displayName, type: 'direct' }));
  return {
    schemas,
    ...envelope(record, 'User'),
    ...(externalId === undefined ? {} : { externalId }),
    ...attributes,
    ...(groups.length === 0 ? {} : { groups }),
  };
}

function memberOf(state: ProviderState, value: string) {
  const user = state.accounts.users.get(value);
  if (user !== undefined) return { value, $ref: `${base('User')}/${value}`, type: 'User', display: user.attributes.displayName ?? user.attributes.userName };
  return { value, $ref: `${base('Group')}/${value}`, type: 'Group', display: state.accounts.groups.get(value)?.displayName ?? value };
}

/** A group as SCIM JSON (RFC 7643 §4.2). */
function groupResource(state: ProviderState, record: GroupRecord): ScimResource {
  const members = record.members.map((value) => memberOf(state, value));
  return {
    schemas: [SCIMMY.Schemas.Group.id],
    ...envelope(record, 'Group'),
    ...(record.externalId === null ? {} : { externalId: record.externalId }),
    displayName: record.displayName,
    ...(members.length === 0 ? {} : { members }),
  };
}

const notFound = (id: string) => new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);

/** Runs a write, with our refusals as SCIM errors: scimmy answers 404 for every error that is not its own. */
function written<T>(id: string | undefined, write: () => T | undefined): T {
  try {
    const record = write();
    if (record === undefined) throw notFound(id ?? '');
    return record;
  } catch (error) {
    if (error instanceof NotUnique) throw new SCIMMY.Types.Error(409, 'uniqueness', error.message);
    if (error instanceof NoSuchMember) throw new SCIMMY.Types.Error(400, 'invalidValue', error.message);
    throw error;
  }
}

/** The JSON that a scimmy schema instance stands for: checked by it, without write-only attributes and without empty ones, which mean "no value" (RFC 7643 §2.5). */
function plain(instance: unknown): unknown {
  return JSON.parse(JSON.stringify(instance), (key, value: unknown) => (key !== '' && isEmpty(value) ? undefined : value));
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

const incomingUser = userAttributes.extend({ id: z.unknown().optional(), meta: z.unknown().optional(), groups: z.unknown().optional() });
const incomingGroup = z.object({
  displayName: z.string().min(1),
  externalId: z.string().optional(),
  members: z.array(z.object({ value: z.string() })).default([]),
});

/** Reads what scimmy let through; what still does not fit is the client's `invalidValue`. */
function parsed<T>(schema: z.ZodType<T>, instance: unknown): T {
  const result = schema.safeParse(plain(instance));
  if (!result.success) throw new SCIMMY.Types.Error(400, 'invalidValue', z.prettifyError(result.error));
  return result.data;
}

/** scimmy's PATCH starts from a read that leaves excluded attributes out, and would write them away: they are set aside until it is done. */
function setAside(resource: { attributes?: SCIMMY.Types.Filter }): SCIMMY.Types.Filter | undefined {
  const { attributes } = resource;
  delete resource.attributes;
  return attributes;
}

type PatchMessage = Parameters<SCIMMY.Resources.User['patch']>[0];

class User extends SCIMMY.Resources.User {
  override async read<T>(context?: T): Promise<ListResponse | SCIMMY.Schemas.User> {
    if (this.id !== undefined) return super.read(context);
    const state = stateOf(context);
    const resource = (record: UserRecord) => userResource(state, record);
    const collection = {
      kind: { method: 'GET', path: '/Users', id: null },
      records: state.accounts.users,
      select: (filter: SCIMMY.Types.Filter, caseExact: boolean) => selectUsers(state.accounts, filter, caseExact, resource),
      hidden: (record: UserRecord) => state.mischief.hides(record),
      resource,
      cut: (row: ScimResource, attributes: SCIMMY.Types.Filter) => new SCIMMY.Schemas.User(row, 'out', base('User'), attributes),
    };
    return listed(collection, this, state.mischief);
  }

  override async patch<T>(message: PatchMessage, context?: T): Promise<SCIMMY.Schemas.User> {
    const attributes = setAside(this);
    const patched = await super.patch(message, context);
    return patched && attributes ? new SCIMMY.Schemas.User(patched, 'out', base('User'), attributes) : patched;
  }
}

class Group extends SCIMMY.Resources.Group {
  override async read<T>(context?: T): Promise<ListResponse | SCIMMY.Schemas.Group> {
    if (this.id !== undefined) return super.read(context);
    const state = stateOf(context);
    const resource = (record: GroupRecord) => groupResource(state, record);
    const collection = {
      kind: { method: 'GET', path: '/Groups', id: null },
      records: state.accounts.groups,
      select: (filter: SCIMMY.Types.Filter, caseExact: boolean) => selectGroups(state.accounts, filter, caseExact, resource),
      hidden: () => false,
      resource,
      cut: (row: ScimResource, attributes: SCIMMY.Types.Filter) => new SCIMMY.Schemas.Group(row, 'out', base('Group'), attributes),
    };
    return listed(collection, this, state.mischief);
  }

  override async patch<T>(message: PatchMessage, context?: T): Promise<SCIMMY.Schemas.Group> {
    const attributes = setAside(this);
    const patched = await super.patch(message, context);
    return patched && attributes ? new SCIMMY.Schemas.Group(patched, 'out', base('Group'), attributes) : patched;
  }
}

function writeUser(id: string | undefined, instance: unknown, state: ProviderState): ScimResource {
  const { id: _id, meta: _meta, groups: _groups, ...attributes } = parsed(incomingUser, instance);
  if (attributes.userName.trim() === '') throw new SCIMMY.Types.Error(400, 'invalidValue', "Attribute 'userName' must not be empty");
  return userResource(
    state,
    written(id, () => state.accounts.writeUser(id, attributes)),
  );
}

function writeGroup(id: string | undefined, instance: unknown, state: ProviderState): ScimResource {
  const { displayName, externalId = null, members } = parsed(incomingGroup, instance);
  const group = { displayName, externalId, members: members.map((member) => member.value) };
  return groupResource(
    state,
    written(id, () => state.accounts.writeGroup(id, group)),
  );
}

interface Addressed {
  readonly id?: string;
}

/** How scimmy keeps users: it asks these for one user; lists are made by `User.read`. */
const users = {
  name: 'User',
  extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
  ingress: ({ id }: Addressed, instance: unknown, context: unknown) => writeUser(id, instance, stateOf(context)),
  egress: ({ id = '' }: Addressed, context: unknown) => {
    const state = stateOf(context);
    const record = state.accounts.users.get(id);
    if (record === undefined) throw notFound(id);
    return userResource(state, record);
  },
  degress: ({ id = '' }: Addressed, context: unknown) => {
    if (!stateOf(context).accounts.removeUser(id)) throw notFound(id);
  },
};

const groups = {
  name: 'Group',
  ingress: ({ id }: Addressed, instance: unknown, context: unknown) => writeGroup(id, instance, stateOf(context)),
  egress: ({ id = '' }: Addressed, context: unknown) => {
    const state = stateOf(context);
    const record = state.accounts.groups.get(id);
    if (record === undefined) throw notFound(id);
    return groupResource(state, record);
  },
  degress: ({ id = '' }: Addressed, context: unknown) => {
    if (!stateOf(context).accounts.removeGroup(id)) throw notFound(id);
  },
};

SCIMMY.Resources.declare(User, users);
SCIMMY.Resources.declare(Group, groups);
SCIMMY.Config.set({ filter: { maxResults: MAX_PAGE }, bulk: { maxOperations: 1_000, maxPayloadSize: BODY_LIMIT } });

/** Creates (`id` undefined) or replaces a user by hand, checked as over the wire but outside mischief and counts. Throws scimmy's errors. */
export async function writeByHand(state: ProviderState, id: string | undefined, user: Readonly<Record<string, unknown>>): Promise<string> {
  const written = await (id === undefined ? new User() : new User(id)).write({ schemas: [SCIMMY.Schemas.User.id], ...user }, state);
  return written.id;
}
