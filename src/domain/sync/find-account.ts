import type { Target, TargetUser, Turn } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import type { Links } from './links.ts';
import { externalIdOf } from './sightings.ts';
import type { Task } from './task.ts';
import type { Tongue } from './tongue.ts';
import type { Walked } from './walked.ts';

/** What it takes to find somebody's account in the target. */
export interface Finder {
  readonly target: Pick<Target, 'lookUp'>;
  readonly tongue: Tongue;
  /** Finds what the target's filter does not. */
  readonly walked: Pick<Walked, 'byMatch'>;
  /** Of every request of this attempt: it counts them, and throws `Stopped` where the run was stopped meanwhile. */
  readonly turn: Turn;
  readonly settings: Pick<RehearsedSettings, 'matching'>;
  readonly links: Links;
}

/** Our own reason not to write: the account in the target can't be told, or is somebody else's (S8, S9). */
export class Unmatched extends Error {
  override readonly name = 'Unmatched';
  readonly code: 'ambiguous' | 'linked';
  constructor(code: 'ambiguous' | 'linked', message: string) {
    super(message);
    this.code = code;
  }
}

/** An account that may be the person's. */
type Found = Pick<TargetUser, 'id' | 'externalId'>;

/** The one account that carries the person's key, or else the matching value; never one of somebody else. */
export async function find(task: Task, sender: Finder): Promise<Found | undefined> {
  task.stage = 'look-up';
  const externalId = externalIdOf(task.personId);
  // Filters that are ignored answer anything: only what really matches counts.
  let found: readonly Found[] = (await lookUp('externalId', externalId, sender, true)).filter((user) => user.externalId === externalId);
  const { matching } = sender.settings;
  const match = task.values[matching];
  if (found.length === 0 && match !== undefined) {
    found = (await lookUp(matching, match, sender, /["\\]/.test(match))).filter((user) => user.values[matching]?.toLowerCase() === match.toLowerCase());
  }
  const only = await theOnly(found, task, sender);
  task.stage = 'write';
  return only;
}

/** What the filter does not find though the target calls it taken: by letter case, or by a quote in the value. */
export async function findByWalk(task: Task, sender: Finder): Promise<Found | undefined> {
  const match = task.values[sender.settings.matching];
  const isFiltered = sender.tongue.dialect.filter.letterCase === 'any' && match !== undefined && !/["\\]/.test(match);
  if (match === undefined || isFiltered) return undefined;
  const found = (await sender.walked.byMatch(match)).map(({ targetId, externalId }) => ({ id: targetId, externalId }));
  return await theOnly(found, task, sender);
}

async function theOnly(found: readonly Found[], task: Task, sender: Finder): Promise<Found | undefined> {
  const [only] = found;
  if (found.length > 1) throw new Unmatched('ambiguous', `Several accounts match: ${found.map((user) => user.id).join(', ')}.`);
  if (only !== undefined) {
    const owner = await sender.links.ownerOf(only.id);
    if (owner !== undefined && owner !== task.personId) throw new Unmatched('linked', `Account ${only.id} matches, but it belongs to ${owner}.`);
  }
  return only;
}

/** Not every target can filter by `externalId`, or by a value with quotes: such a refusal counts as "none". */
async function lookUp(attribute: string, value: string, sender: Finder, mayRefuse: boolean): Promise<readonly TargetUser[]> {
  try {
    return await sender.target.lookUp(attribute, value, sender.turn);
  } catch (fault) {
    const isRefusal = fault instanceof TargetFault && (fault.error.next === 'refused' || (fault.error.status === 500 && /["\\]/.test(value)));
    if (mayRefuse && isRefusal) return [];
    throw fault;
  }
}

/** Created by a run that crashed before it heard the answer. */
export function wasOurs(task: Task, found: Found): boolean {
  return task.planned.account?.intent?.operation === 'create' && found.externalId === externalIdOf(task.personId);
}
