import type { DirectorySource } from '../../../ports/directory-source.ts';
import type { Outside } from '../../../ports/outside.ts';
import type { Instant } from '../../instant.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireSomewhere } from '../../rights/verbs/somewhere.ts';
import { organizationsWith, tree } from '../../rights/verbs/who.ts';
import type { DirectoryImport } from '../import.ts';

/** A source and what became of its last import. */
export interface SourceStatus {
  readonly name: string;
  /** Null where the configuration no longer names it: its people stay until it is imported again. */
  readonly description: string | null;
  /** Null too for who sees a part only: its numbers and reasons are about everybody (C3). */
  readonly last: DirectoryImport | null;
  /** What anybody may know of it; null before the first. */
  readonly told: { readonly endedAt: Instant; readonly outcome: DirectoryImport['outcome']['is'] } | null;
}

export interface DirectoryStatus {
  readonly sources: readonly SourceStatus[];
  /** What the actor may see; people are counted for who sees everybody. */
  readonly counts: { readonly organizations: number; readonly groupings: number; readonly people: number | null };
  /** Importing takes the right to run for everybody, since an import is about people of every organization (C3). */
  readonly may: { readonly import: boolean };
  /** Removal of more than both holds an import (D3). */
  readonly threshold: { readonly people: number; readonly percent: number };
  readonly timeZone: string;
}

type Showing = Pick<Outside, 'store' | 'settings' | 'sources'>;

/** Where people come from, and how the last imports ended. For whoever sees an organization; reads no list of people. */
export async function directoryStatus(outside: Showing, actor: Actor): Promise<DirectoryStatus> {
  await requireSomewhere(outside, actor, 'see', 'see where people come from');
  const organizations = await tree(outside);
  const everything = holds(actor, 'see', null, organizations);
  const imports = new Map<string, DirectoryImport>();
  for await (const page of outside.store.scan('import')) for (const { key, value } of page) imports.set(key, value);
  const status = (name: string, description: string | null): SourceStatus => {
    const last = imports.get(name) ?? null;
    const told = last === null ? null : { endedAt: last.endedAt, outcome: last.outcome.is };
    // A description holds a path of the host.
    return everything ? { name, description, last, told } : { name, description: description === null ? null : '', last: null, told };
  };
  const left = [...imports.values()].filter(({ source }) => !outside.sources.some(({ name }) => name === source));
  return {
    sources: [...outside.sources.map(({ name, description }) => status(name, description)), ...left.map(({ source }) => status(source, null))],
    counts: everything
      ? { organizations: organizations.size, groupings: await outside.store.count('grouping'), people: await outside.store.count('person') }
      : { ...(await countsOf(outside, actor)), people: null },
    may: { import: holds(actor, 'run', null, organizations) },
    threshold: outside.settings.importThreshold,
    timeZone: outside.settings.timeZone,
  };
}

async function countsOf(outside: Showing, actor: Actor): Promise<{ readonly organizations: number; readonly groupings: number }> {
  const seen = await organizationsWith(outside, actor, 'see');
  let groupings = 0;
  for await (const page of outside.store.scan('grouping')) groupings += page.filter(({ value }) => seen.has(value.organizationId)).length;
  return { organizations: seen.size, groupings };
}

/** One source of the status; refuses a name that is none. Case is ignored. */
export function sourceOf(status: DirectoryStatus, typed: string): SourceStatus {
  const found = status.sources.find(({ name }) => name.toLowerCase() === typed.trim().toLowerCase());
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'directory source', typed, near: status.sources.map(({ name }) => name) });
  return found;
}

/** The sources to import: the one of that name, or all where none is named. Refuses where there is none. */
export function sourcesNamed(outside: Pick<Outside, 'sources'>, typed: string): readonly DirectorySource[] {
  const wanted = typed.trim().toLowerCase();
  const found = outside.sources.filter(({ name }) => wanted === '' || name.toLowerCase() === wanted);
  if (found.length > 0) return found;
  if (outside.sources.length === 0)
    throw new Refusal({ is: 'nothing-to-do', detail: 'No directory source is set: whoever runs Usher names one in USHER_SOURCES.' });
  throw new Refusal({ is: 'not-found', what: 'directory source', typed, near: outside.sources.map(({ name }) => name) });
}
