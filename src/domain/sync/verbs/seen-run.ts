import type { Outside } from '../../../ports/outside.ts';
import { type VisibleConnector, visibleConnectors } from '../../connectors/verbs/find.ts';
import { fullName } from '../../directory/person.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Run, RunId } from '../run.ts';
import { runHistory } from './history.ts';
import { requireSteering } from './permit.ts';

type Seeing = Pick<Outside, 'store' | 'settings'>;

/** A run of a connector that the actor may see at least a part of. */
export interface SeenRun {
  readonly run: Run;
  readonly visible: VisibleConnector;
  /** Everybody whom the run is about is theirs to see: only then its counts, causes and words are (C3). */
  readonly whole: boolean;
  /** Pause, cancel and retry are theirs too. */
  readonly maySteer: boolean;
}

/** The run of that id. Refuses as *not found*, in the same words, one that never was and one of a connector that the actor may not see. */
export async function seenRun(outside: Seeing, actor: Actor, runId: RunId): Promise<SeenRun> {
  const all = await visibleConnectors(outside, actor);
  const run = (await outside.store.get('run', runId))?.value;
  // A partner sees that a connector is there, and none of its runs.
  const visible = all.find(({ connector, asPartner }) => connector.id === run?.connectorId && !asPartner);
  if (run === undefined || visible === undefined || !(await concerns(outside, visible, run)))
    throw new Refusal({ is: 'not-found', what: 'run', typed: runId, near: [] });
  return { run, visible, whole: await seesWhole(outside, visible, run), maySteer: await steers(outside, actor, visible, run) };
}

/** Whether a run is about anybody whom the actor may see of its connector: one about other organizations only is absent (C3). */
export async function concerns(outside: Pick<Outside, 'store'>, { whole, organizations }: VisibleConnector, { scope }: Pick<Run, 'scope'>): Promise<boolean> {
  if (whole) return true;
  switch (scope.is) {
    case 'all':
      return true;
    case 'organizations':
      return scope.ids.some((id) => organizations.has(id));
    case 'people':
      for (const id of scope.ids) if (organizations.has((await outside.store.get('person', id))?.value.organizationId ?? '')) return true;
      return false;
  }
}

/** A connector's runs that concern the actor, newest first, paged as `runHistory` is (S4). */
export async function seenRuns(
  outside: Pick<Outside, 'store'>,
  visible: VisibleConnector,
  page: { readonly after?: RunId; readonly limit: number },
): Promise<{ readonly runs: readonly Run[]; readonly next: RunId | null }> {
  const seen: Run[] = [];
  let after = page.after;
  for (;;) {
    const { runs, next } = await runHistory(outside, visible.connector.id, { limit: page.limit, ...(after === undefined ? {} : { after }) });
    for (const run of runs) {
      if (!(await concerns(outside, visible, run))) continue;
      if (seen.length === page.limit) return { runs: seen, next: seen.at(-1)?.id ?? null };
      seen.push(run);
    }
    if (next === null) return { runs: seen, next: null };
    after = next;
  }
}

async function seesWhole(outside: Pick<Outside, 'store'>, { whole, organizations }: VisibleConnector, { scope }: Run): Promise<boolean> {
  if (whole) return true;
  switch (scope.is) {
    case 'all':
      return false;
    case 'organizations':
      return scope.ids.every((id) => organizations.has(id));
    case 'people':
      for (const id of scope.ids) if (!organizations.has((await outside.store.get('person', id))?.value.organizationId ?? '')) return false;
      return true;
  }
}

async function steers(outside: Seeing, actor: Actor, { connector }: VisibleConnector, run: Run): Promise<boolean> {
  try {
    await requireSteering(outside, actor, connector, run);
    return true;
  } catch (refusal) {
    if (refusal instanceof Refusal) return false;
    throw refusal;
  }
}

/** Somebody whom a run left as they were. */
export interface LeftAsTheyWere {
  readonly name: string;
  readonly reason: string;
}

/** Whom the run left as they were, as far as the actor may see them; `more` counts those who are not named (D4, S8). Others are neither named nor counted. */
export async function leftAsTheyWere(
  outside: Pick<Outside, 'store'>,
  { run, visible, whole }: Pick<SeenRun, 'run' | 'visible' | 'whole'>,
): Promise<{ readonly first: readonly LeftAsTheyWere[]; readonly more: number }> {
  const first: LeftAsTheyWere[] = [];
  for (const { personId, reason } of run.frozen.first) {
    const person = (await outside.store.get('person', personId))?.value;
    if (!whole && (person === undefined || !visible.organizations.has(person.organizationId))) continue;
    first.push({ name: person === undefined ? personId : fullName(person), reason });
  }
  return { first, more: whole ? run.frozen.count - run.frozen.first.length : 0 };
}
