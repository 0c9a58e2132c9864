import type { ScimValues } from '../connectors/mapping.ts';
import type { PersonId } from '../directory/person.ts';
import type { ProvisioningEvent } from './event.ts';
import type { RunId } from './run.ts';

/** Where in scope somebody is: by an assigned role or group, or why not. */
export type TracedScope =
  | { readonly is: 'in'; readonly grouping: string; readonly organization: string }
  | { readonly is: 'out'; readonly why: 'left-directory' | 'not-enabled' | 'no-assignment' | 'offboarded' };

/** What became of the account, once the run came to them. */
export type TracedWrite =
  | { readonly is: 'waiting' }
  | { readonly is: 'unchanged' }
  | { readonly is: 'written' | 'failed'; readonly event: ProvisioningEvent }
  /** The run ended before it came to them. */
  | { readonly is: 'not-reached' };

/** *One person now*, step by step (S16). A step that is null was not come to: out of scope ends there. */
export interface Trace {
  readonly runId: RunId;
  readonly personId: PersonId;
  readonly name: string;
  /** Null: not in the directory any more. */
  readonly directory: { readonly source: string; readonly organization: string } | null;
  readonly scope: TracedScope;
  /** The account in the target that is theirs; null where there is none yet. */
  readonly matched: { readonly targetId: string; readonly by: 'linked' | 'adopted' | 'created' } | null;
  readonly mapped: { readonly values: ScimValues; readonly missing: readonly string[] } | null;
  readonly write: TracedWrite | null;
}

/** The cards of people who go first in a run that was under way already, by key prefix. */
export function tracesOf(runId: RunId, personId = ''): string {
  return personId === '' ? `trace/${runId}/` : `trace/${runId}/${personId}/`;
}
