import { z } from 'zod';
import type { GroupingId } from '../domain/directory/grouping.ts';
import type { OrganizationId } from '../domain/directory/organization.ts';
import type { PersonId } from '../domain/directory/person.ts';

/** Longest key of a source: what OneRoster allows for a sourcedId. */
const KEY_LIMIT = 255;

/** The options of a folder source. The name stands in every id and never changes, so it is short and without colon or slash. */
export const FOLDER_SOURCE = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/i, 'a directory source is named by up to 32 letters, digits, - and _'),
  folder: z.string().min(1),
});
export type FolderSource = z.infer<typeof FOLDER_SOURCE>;

/** Its key's `/` and `%` are escaped: the ids of groupings hang on it by a slash. */
export function organizationIdOf(source: string, key: string): OrganizationId {
  return `${source}:${key.replaceAll('%', '%25').replaceAll('/', '%2F')}`;
}

/** Names of roles and groups are unique within an organization, and so are their keys (D1). */
export function groupingIdOf(organizationId: OrganizationId, kind: 'role' | 'group', key: string): GroupingId {
  return `${organizationId}/${kind}/${key}`;
}

/** From the stable key, never the e-mail address: a rename is the same person. */
export function personIdOf(source: string, key: string): PersonId {
  return `${source}:${key}`;
}

/** What is wrong with a key; null when nothing is. */
export function keyProblem(column: string, key: string | undefined): string | null {
  if (key === undefined) return `${column} is empty`;
  return key.length > KEY_LIMIT ? `${column} is longer than ${KEY_LIMIT} characters` : null;
}

/** Days found to be real: rosters repeat a few of them on every row. */
const realDays = new Set<string>();

/** What is wrong with a date (`2026-03-31`, or with a time after it); null for none, and for an empty cell. */
export function dateProblem(column: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (realDays.has(text)) return null;
  const day = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(text)?.[1];
  const time = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  const real = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day ?? '');
  if (real && realDays.size < 1_000) realDays.add(text);
  return real ? null : `${column} is no date: ${shown(text)}`;
}

/** What is wrong with an IANA time zone; null for none, and for an empty cell. */
export function zoneProblem(column: string, zone: string | undefined): string | null {
  if (zone === undefined) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `${column} is no time zone: ${shown(zone)} (one like Europe/Madrid is)`;
  }
}

/** A value in a reason: quoted and at most 60 characters. */
export function shown(value: string): string {
  return `"${value.length > 60 ? `${value.slice(0, 59)}…` : value}"`;
}
