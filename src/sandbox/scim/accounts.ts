import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Ordered, ValueIndex } from './ordered.ts';

/** The attributes of a User that this provider itself looks at (RFC 7643 §4.1); all others are kept as scimmy checked them. */
export const userAttributes = z.looseObject({
  schemas: z.array(z.string()),
  userName: z.string(),
  externalId: z.string().optional(),
  displayName: z.string().optional(),
  active: z.boolean().default(true),
  emails: z.array(z.looseObject({ value: z.string().optional(), type: z.string().optional() })).optional(),
});
export type UserAttributes = z.output<typeof userAttributes>;

export interface UserRecord {
  readonly id: string;
  readonly seq: number;
  /** ISO 8601. */
  readonly created: string;
  readonly lastModified: string;
  /** Without `id`, `meta` and `groups`. */
  readonly attributes: UserAttributes;
}

export interface GroupRecord {
  readonly id: string;
  readonly seq: number;
  readonly created: string;
  readonly lastModified: string;
  readonly displayName: string;
  readonly externalId: string | null;
  /** Ids of users and groups, each once, in the order of joining. */
  readonly members: readonly string[];
}

export type Unique = 'userName' | 'externalId' | 'email';

/** Why a write was refused; the resource turns it into a SCIM error. */
export class NotUnique extends Error {
  override readonly name = 'NotUnique';
}
export class NoSuchMember extends Error {
  override readonly name = 'NoSuchMember';
}

/** `userName` and e-mail addresses are compared without letter case, `externalId` exactly (RFC 7643 §3.1, §4.1.1). */
function keysOf(attributes: UserAttributes | undefined): Record<Unique, readonly string[]> {
  if (attributes === undefined) return { userName: [], externalId: [], email: [] };
  return {
    userName: [attributes.userName.toLowerCase()],
    externalId: attributes.externalId === undefined ? [] : [attributes.externalId],
    email: (attributes.emails ?? []).flatMap((email) => (email.value === undefined ? [] : [email.value.toLowerCase()])),
  };
}

/** The users and groups of one service provider, in memory, with an index for everything that clients look up. */
export class Accounts {
  readonly users = new Ordered<UserRecord>();
  readonly groups = new Ordered<GroupRecord>();
  readonly #clock: () => number;
  readonly #user: Record<Unique, ValueIndex> = { userName: new ValueIndex(), externalId: new ValueIndex(), email: new ValueIndex() };
  readonly #groupName = new ValueIndex();
  readonly #groupExternalId = new ValueIndex();
  readonly #groupsOf = new ValueIndex();
  #made = 0;
  #active = 0;

  /** `clock` in milliseconds since 1970. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** How many users and groups were ever created. */
  get made(): number {
    return this.#made;
  }

  /** How many users are active now. */
  get active(): number {
    return this.#active;
  }

  findUsers(by: Unique, value: string): readonly UserRecord[] {
    const ids = this.#user[by].find(by === 'externalId' ? value : value.toLowerCase());
    return ids.flatMap((id) => this.users.get(id) ?? []);
  }

  findGroups(by: 'displayName' | 'externalId', value: string): readonly GroupRecord[] {
    const ids = by === 'displayName' ? this.#groupName.find(value.toLowerCase()) : this.#groupExternalId.find(value);
    return ids.flatMap((id) => this.groups.get(id) ?? []);
  }

  groupsOf(memberId: string): readonly GroupRecord[] {
    return this.#groupsOf.find(memberId).flatMap((id) => this.groups.get(id) ?? []);
  }

  /** Creates, or replaces when `id` is given. Throws `NotUnique` for a `userName` that another user has, in any letter case. Undefined when there is no such id. */
  writeUser(id: string | undefined, attributes: UserAttributes): UserRecord | undefined {
    const before = id === undefined ? undefined : this.users.get(id);
    if (id !== undefined && before === undefined) return undefined;
    if (this.findUsers('userName', attributes.userName).some((user) => user.id !== id)) throw new NotUnique(`userName '${attributes.userName}' is taken`);
    const record = { ...this.#stamp(before), attributes };
    this.#indexUser(record.id, before?.attributes, attributes);
    this.users.put(record);
    return record;
  }

  /** False when there is no such id. Takes the user out of all groups. */
  removeUser(id: string): boolean {
    const before = this.users.get(id);
    if (before === undefined) return false;
    this.#leaveGroups(id);
    this.#indexUser(id, before.attributes, undefined);
    this.users.remove(id);
    return true;
  }

  /** Creates, or replaces when `id` is given. Throws `NoSuchMember` for a member that is neither a user nor a group. Undefined when there is no such id. */
  writeGroup(id: string | undefined, group: { displayName: string; externalId: string | null; members: readonly string[] }): GroupRecord | undefined {
    const before = id === undefined ? undefined : this.groups.get(id);
    if (id !== undefined && before === undefined) return undefined;
    const members = [...new Set(group.members)];
    for (const member of members) {
      if (this.users.get(member) === undefined && this.groups.get(member) === undefined) throw new NoSuchMember(`member '${member}' does not exist`);
    }
    const record = { ...this.#stamp(before), displayName: group.displayName, externalId: group.externalId, members };
    this.#indexGroup(before, record);
    this.groups.put(record);
    return record;
  }

  removeGroup(id: string): boolean {
    const before = this.groups.get(id);
    if (before === undefined) return false;
    this.#leaveGroups(id);
    this.#indexGroup(before, undefined);
    this.groups.remove(id);
    return true;
  }

  clear(): void {
    this.users.clear();
    this.groups.clear();
    for (const index of [...Object.values(this.#user), this.#groupName, this.#groupExternalId, this.#groupsOf]) index.clear();
    this.#active = 0;
  }

  #stamp(before: UserRecord | GroupRecord | undefined): Pick<UserRecord, 'id' | 'seq' | 'created' | 'lastModified'> {
    const now = new Date(this.#clock()).toISOString();
    if (before !== undefined) return { id: before.id, seq: before.seq, created: before.created, lastModified: now };
    this.#made += 1;
    return { id: randomUUID(), seq: this.#made, created: now, lastModified: now };
  }

  #indexUser(id: string, before: UserAttributes | undefined, after: UserAttributes | undefined): void {
    const [old, young] = [keysOf(before), keysOf(after)];
    this.#user.userName.move(id, old.userName, young.userName);
    this.#user.externalId.move(id, old.externalId, young.externalId);
    this.#user.email.move(id, old.email, young.email);
    this.#active += Number(after?.active ?? false) - Number(before?.active ?? false);
  }

  #indexGroup(before: GroupRecord | undefined, after: GroupRecord | undefined): void {
    const id = before?.id ?? after?.id ?? '';
    const name = (group: GroupRecord | undefined) => (group === undefined ? [] : [group.displayName.toLowerCase()]);
    const external = (group: GroupRecord | undefined) => (group?.externalId ? [group.externalId] : []);
    this.#groupName.move(id, name(before), name(after));
    this.#groupExternalId.move(id, external(before), external(after));
    this.#groupsOf.move(id, before?.members ?? [], after?.members ?? []);
  }

  #leaveGroups(memberId: string): void {
    for (const group of this.groupsOf(memberId)) this.writeGroup(group.id, { ...group, members: group.members.filter((member) => member !== memberId) });
  }
}
