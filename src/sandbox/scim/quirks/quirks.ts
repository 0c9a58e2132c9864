import type { BulkQuirks } from './bulk.ts';

/**
 * What a SCIM service does otherwise than the RFCs, each seen on a real one (SCIM.md 2.2, 8); everything left out is as
 * the RFCs have it. Paths are those of a PATCH: `name.givenName`, `title`, `active`.
 */
export interface Quirks {
  /** PATCH operations with these paths are answered with success and ignored. */
  readonly ignoredPaths?: readonly string[];
  /** Users have no manager: it is dropped from every body without a word, or the body is refused with 400. */
  readonly manager?: 'dropped' | 'refused';
  /** PATCH operations without a path are answered with success and ignored. */
  readonly ignoresObjects?: boolean;
  /** `remove` is answered with success and ignored. */
  readonly ignoresRemoval?: boolean;
  /** PATCH and PUT never change these, and say nothing of it. */
  readonly frozen?: readonly string[];
  /** PATCH is not implemented: 501 for users, 405 for groups. */
  readonly noPatch?: boolean;
  /** The good operations before a bad one stay, though the answer is 400. A bad one writes `bad` anywhere. */
  readonly halfApplies?: boolean;
  /** PATCH answers 204 without a body. */
  readonly silent?: boolean;
  /** `active` counts only as a string in PATCH, and is stored and answered as one. */
  readonly activeAsString?: boolean;
  /** A PUT without `active` switches the user on. */
  readonly putActivates?: boolean;
  /** Values as the service keeps them. */
  readonly normalize?: (path: string, value: string) => string;
  /** `userName` is told apart by letter case, in filters and in creates. */
  readonly caseSensitiveNames?: boolean;
  /** Filters compare letter case, though creates do not. */
  readonly caseExactFilter?: boolean;
  /** The id of a user is its userName, and changes with it. */
  readonly idIsName?: boolean;
  /** A change to a taken userName: 500, or 200. */
  readonly takenOnChange?: 500 | 200;
  /** A filter on `externalId` finds nobody. */
  readonly noExternalIdFilter?: boolean;
  /** A filter with an escaped quote in it is refused: 400. */
  readonly refusesQuotes?: boolean;
  /** `page`: totalResults is the number of rows on the page. */
  readonly totals?: 'page';
  /** Most rows of a page. */
  readonly cap?: number;
  /** How members are taken out: `wipes`: a remove with path `members` and a value list empties the group. `ignored`: it is a success that changes nothing, and `replace` adds. */
  readonly memberLists?: 'wipes' | 'ignored';
  /** `members[value eq "…"]` is answered with success and ignored. */
  readonly ignoresMemberFilter?: boolean;
  /** A removal of a member that is not there is refused: 400 noTarget. */
  readonly strictMembers?: boolean;
  /** Members shown of a group; 0 shows none, ever. */
  readonly membersShown?: number;
  /** A deleted user leaves its groups. */
  readonly dropsMembers?: boolean;
  /** Another name for a group is a success that changes nothing. */
  readonly keepsGroupNames?: boolean;
  /** Only groups have no PATCH: 405. */
  readonly noGroupPatch?: boolean;
  /** Most member changes in one PATCH; more is 400. */
  readonly mostMembers?: number;
  /** `If-Match` of another version is 412; `required`: and none is 428. */
  readonly etag?: 'checked' | 'required';
  /** What becomes of Bulk requests. */
  readonly bulk?: BulkQuirks;
  /** Called before each request is answered. */
  readonly before?: (method: string, path: string) => void;
}

/** Server A: totals are the page's, a removal by value list empties the group, versions are checked. */
export const SERVER_A: Quirks = { totals: 'page', memberLists: 'wipes', etag: 'checked', cap: 50 };
/** Server B: the id is the userName, letter case tells users apart, `remove members` is ignored and `replace members` adds, a taken name is 500. */
export const SERVER_B: Quirks = {
  idIsName: true,
  caseSensitiveNames: true,
  memberLists: 'ignored',
  takenOnChange: 500,
  etag: 'checked',
  silent: true,
  dropsMembers: true,
};
/** Server C: filters compare letter case, `active` is a string, members are never shown, a taken name is accepted. */
export const SERVER_C: Quirks = {
  caseExactFilter: true,
  activeAsString: true,
  membersShown: 0,
  takenOnChange: 200,
  noExternalIdFilter: true,
  halfApplies: true,
};
/** Server D: `name.givenName` by path is a success without effect, half of a bad PATCH stays, a PUT switches on. */
export const SERVER_D: Quirks = { ignoredPaths: ['name.givenName'], halfApplies: true, putActivates: true };
/** Server E: a PUT without `active` switches the user on, `remove` of what is not there is refused. */
export const SERVER_E: Quirks = { putActivates: true, strictMembers: true };
/** Server F: totals are the page's. */
export const SERVER_F: Quirks = { totals: 'page', silent: true };
