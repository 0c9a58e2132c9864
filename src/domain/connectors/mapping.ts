/** One step of a template: what is done to the value before it is sent (C10). */
export type TransformName = 'lower' | 'upper' | 'trim' | 'ascii';

/**
 * A template expression (C10). `attribute` reads a directory attribute; `unique` adds the smallest number that
 * makes the value free in this connector, and the value then stays with its person for ever.
 */
export type Expression =
  | { readonly is: 'attribute'; readonly name: string }
  | { readonly is: 'constant'; readonly value: string }
  | { readonly is: 'transform'; readonly name: TransformName; readonly of: Expression }
  | { readonly is: 'join'; readonly separator: string; readonly of: readonly Expression[] }
  | { readonly is: 'first'; readonly of: readonly Expression[] }
  | { readonly is: 'default'; readonly of: Expression; readonly value: string }
  | { readonly is: 'replace'; readonly find: string; readonly by: string; readonly of: Expression }
  | { readonly is: 'unique'; readonly of: Expression };

/** How one SCIM attribute gets its value, or that it is left out. */
export interface AttributeRule {
  /** A path of `SCIM_ATTRIBUTES`: `userName`, `name.givenName`, `emails[work].value`, or an enterprise URN path. */
  readonly attribute: string;
  readonly from: Expression | { readonly is: 'excluded' };
}

/** One entry per SCIM attribute, in the order of `SCIM_ATTRIBUTES`. */
export type Mapping = readonly AttributeRule[];

/** The values wanted in the target: attribute path to value; an absent path means "no value". */
export type ScimValues = Readonly<Record<string, string>>;

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * The enterprise `manager` (RFC 7643 §4.3): a reference. A mapping gives who that is in the directory, by source id, person
 * id or e-mail address; written is the id of that person's account in the target, once there is one (S24).
 */
export const MANAGER = `${ENTERPRISE}:manager`;

/** The core and enterprise attributes (RFC 7643 §4.1, §4.3) that Usher can write; `required` ones can't be excluded. */
export const SCIM_ATTRIBUTES: readonly { readonly path: string; readonly label: string; readonly required: boolean }[] = [
  { path: 'userName', label: 'User name', required: true },
  { path: 'name.givenName', label: 'Given name', required: false },
  { path: 'name.familyName', label: 'Family name', required: false },
  { path: 'name.middleName', label: 'Middle name', required: false },
  { path: 'name.formatted', label: 'Full name', required: false },
  { path: 'displayName', label: 'Display name', required: false },
  { path: 'nickName', label: 'Nickname', required: false },
  { path: 'title', label: 'Title', required: false },
  { path: 'userType', label: 'User type', required: false },
  { path: 'preferredLanguage', label: 'Preferred language', required: false },
  { path: 'locale', label: 'Locale', required: false },
  { path: 'timezone', label: 'Time zone', required: false },
  { path: 'emails[work].value', label: 'Work e-mail', required: false },
  { path: 'phoneNumbers[work].value', label: 'Work phone', required: false },
  { path: 'phoneNumbers[mobile].value', label: 'Mobile phone', required: false },
  { path: `${ENTERPRISE}:employeeNumber`, label: 'Employee number', required: false },
  { path: `${ENTERPRISE}:organization`, label: 'Organization', required: false },
  { path: `${ENTERPRISE}:division`, label: 'Division', required: false },
  { path: `${ENTERPRISE}:department`, label: 'Department', required: false },
  { path: `${ENTERPRISE}:costCenter`, label: 'Cost center', required: false },
  { path: MANAGER, label: 'Manager', required: false },
];
