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

/** What became of a line of an imported file. `there`: the stock, or another one, has it already. */
export type StockOutcome = { readonly is: 'added' } | { readonly is: 'there'; readonly elsewhere: boolean } | { readonly is: 'invalid'; readonly why: string };

/** A line of the import log. Log `stock`, partition `importPartition`. `line` counts the header as 1. */
export interface StockLine {
  readonly id: string;
  readonly at: Instant;
  readonly line: number;
  /** As compared; empty where the line names none. */
  readonly serial: string;
  readonly outcome: StockOutcome;
}

/** The last import into an organization's stock. Kind `stockImport`, key = the organization's id. One that was interrupted stays `running`: the file can be imported again. */
export interface StockImport {
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  /** The file's name as it came. */
  readonly file: string;
  readonly state: 'running' | 'done';
  readonly added: number;
  readonly there: number;
  readonly invalid: number;
  /** Columns that were left aside. */
  readonly ignored: readonly string[];
}

export function importPartition(organizationId: OrganizationId, importId: string): string {
  return `${organizationId}/${importId}`;
}

/** Tokens that are neither used nor promised. */
export function available({ total, used, reserved }: Stock): number {
  return total - used - reserved;
}

/** As tokens are compared: without blanks and hyphens, upper case. */
export function serialOf(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s\-‐-―]/gu, '')
    .toUpperCase();
}
