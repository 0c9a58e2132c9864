import type { GroupingId } from './grouping.ts';
import type { OrganizationId } from './organization.ts';

export type PersonId = string;

/**
 * The attributes a mapping can draw on. The named ones are what every source gives; any further column of the
 * source comes under its own name. Empty values are absent, never `''`.
 */
export type Attributes = Readonly<Record<string, string>>;
export const STANDARD_ATTRIBUTES = [
  'userName',
  'email',
  'givenName',
  'familyName',
  'middleName',
  'displayName',
  'phone',
  'identifier',
  'grade',
  'title',
  'locale',
  'timeZone',
  'employeeNumber',
  'manager',
] as const;

/** Someone in the directory. */
export interface Person {
  /** `<source>:<sourceId>`; stable over renames, never the e-mail. */
  readonly id: PersonId;
  readonly source: string;
  readonly sourceId: string;
  /** Their primary organization. */
  readonly organizationId: OrganizationId;
  /** Roles and groups, sorted by id; they may belong to other organizations than the primary one. */
  readonly groupings: readonly GroupingId[];
  readonly attributes: Attributes;
  /** `inactive`: the source says the person is not enabled; nobody is provisioned then. */
  readonly status: 'active' | 'inactive';
}

/** The name a person is shown by: display name, given and family name, user name, or the source id. */
export function fullName(person: Pick<Person, 'attributes' | 'sourceId'>): string {
  const { displayName, givenName, familyName, userName } = person.attributes;
  const joined = [givenName, familyName].filter((part) => part !== undefined).join(' ');
  return displayName ?? (joined === '' ? undefined : joined) ?? userName ?? person.sourceId;
}
