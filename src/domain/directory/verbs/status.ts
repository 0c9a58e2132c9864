import type { DirectorySource } from '../../../ports/directory-source.ts';
import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import type { DirectoryImport } from '../import.ts';

/** A source and what became of its last import. */
export interface SourceStatus {
  readonly name: string;
  /** Null where the configuration no longer names it: its people stay until it is imported again. */
  readonly description: string | null;
  readonly last: DirectoryImport | null;
}

export interface DirectoryStatus {
  readonly sources: readonly SourceStatus[];
  readonly counts: { readonly organizations: number; readonly groupings: number; readonly people: number };
  /** Whether the actor may import, and may read row errors: these name people of every organization (C3). */
  readonly may: { readonly import: boolean; readonly readErrors: boolean };
  /** Removal of more than both holds an import (D3). */
  readonly threshold: { readonly people: number; readonly percent: number };
  readonly timeZone: string;
}

type Showing = Pick<Outside, 'store' | 'settings' | 'sources'>;

/** Where people come from, and how the last imports ended. For everybody with a role; reads no list of people. */
export async function directoryStatus(outside: Showing, actor: Actor): Promise<DirectoryStatus> {
  requireRole(outside, actor);
  const organizations = await tree(outside);
  const imports = new Map<string, DirectoryImport>();
  for await (const page of outside.store.scan('import')) for (const { key, value } of page) imports.set(key, value);
  const configured = outside.sources.map(({ name, description }) => ({ name, description, last: imports.get(name) ?? null }));
  const left = [...imports.values()].filter(({ source }) => !outside.sources.some(({ name }) => name === source));
  return {
    sources: [...configured, ...left.map((last) => ({ name: last.source, description: null, last }))],
    counts: {
      organizations: organizations.size,
      groupings: await outside.store.count('grouping'),
      people: await outside.store.count('person'),
    },
    may: { import: holds(actor, 'run', null, organizations), readErrors: holds(actor, 'see', null, organizations) },
    threshold: outside.settings.importThreshold,
    timeZone: outside.settings.timeZone,
  };
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
