import type { OrganizationId } from '../directory/organization.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { TaskId } from './task.ts';

/** A hardware token of the stock (E9). Kind `hardwareToken`, key `serialOf(serial)`: a serial is one token in the world. */
export interface HardwareToken {
  readonly serial: string;
  /** Whose stock it is: for connectors owned there or below. */
  readonly organizationId: OrganizationId;
  readonly importedAt: Instant;
  readonly importedBy: string;
  readonly used: { readonly taskId: TaskId; readonly personId: PersonId; readonly at: Instant } | null;
}

/** Counts of an organization's stock, changed together with the tokens. Kind `stock`, key = the organization's id. Available = total − used − reserved; never negative. */
export interface Stock {
  readonly total: number;
  readonly used: number;
  /** Promised to unfinished entries. */
  readonly reserved: number;
}

/** As tokens are compared: without blanks and hyphens, upper case. */
export function serialOf(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s\-‐-―]/gu, '')
    .toUpperCase();
}
