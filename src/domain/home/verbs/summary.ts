import type { Outside } from '../../../ports/outside.ts';
import type { ApprovalRequest } from '../../approvals/request.ts';
import { approvalInbox } from '../../approvals/verbs/inbox.ts';
import type { Connector } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import { partnersFor } from '../../connectors/verbs/partner-view.ts';
import type { EnrollmentTask } from '../../enrollment/task.ts';
import { enrollmentNeeds } from '../../enrollment/verbs/attention.ts';
import type { DirectoryImport } from '../../directory/import.ts';
import type { Halt } from '../../halts/halt.ts';
import { haltIn } from '../../halts/stopped.ts';
import type { Instant } from '../../instant.ts';
import type { Hold } from '../../holds/hold.ts';
import { standingHolds } from '../../holds/verbs/find.ts';
import { type Actor, holds, holdsSomewhere, type Right } from '../../rights/grant.ts';
import { countUnowned } from '../../rights/verbs/left.ts';
import { tree } from '../../rights/verbs/who.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';

/** One thing that waits for somebody, most pressing first. */
export type Need =
  /** It waits for this person's approval. */
  | { readonly is: 'approval'; readonly request: ApprovalRequest }
  | { readonly is: 'credentials'; readonly connector: Connector }
  /** Removals that wait for a release (S14, S21). */
  | { readonly is: 'held'; readonly connector: Connector; readonly hold: Hold }
  | { readonly is: 'quarantined'; readonly connector: Connector; readonly run: Run | null }
  | { readonly is: 'failing'; readonly connector: Connector; readonly run: Run | null }
  | { readonly is: 'held-import'; readonly import: DirectoryImport }
  | { readonly is: 'rejected-import'; readonly import: DirectoryImport }
  /** People who left Slack and own something that somebody else must take over (X11). */
  | { readonly is: 'left'; readonly people: number }
  /** People who accepted while no seat was free (E10). */
  | { readonly is: 'waiting'; readonly connector: Connector; readonly people: number }
  /** An enrollment task some of whose people must be done soon (E11). */
  | { readonly is: 'task-due'; readonly connector: Connector; readonly task: EnrollmentTask; readonly people: number; readonly stop: Instant }
  | { readonly is: 'unfinished'; readonly connector: Connector };

/** What the hub and the Home tab show a person: only what they may see. */
export interface Summary {
  /** Where the person's widest role is: an organization's name, or the root's. */
  readonly place: string;
  readonly role: string;
  readonly needs: readonly Need[];
  /** All writes to all targets are stopped (N5); null while they go, and for who has no role. */
  readonly halt: { readonly halt: Halt; readonly mayResume: boolean } | null;
  /** What the person asked for, and others have not decided yet; newest first. */
  readonly asked: readonly ApprovalRequest[];
  readonly connectors: readonly Connector[];
  /** Newest first, at most 10. */
  readonly runs: readonly { readonly run: Run; readonly connector: string }[];
  /** When the directory was last imported; null for never, and for who sees nobody in it. */
  readonly lastImport: Instant | null;
  /** Null for who does not see everybody: how many there are is told to nobody else. */
  readonly people: number | null;
  /** What the person may do somewhere: only these buttons are drawn. */
  readonly may: Readonly<Record<Right, boolean>>;
  /** They may open a partner's view (C4). */
  readonly partnerView: boolean;
  readonly timeZone: string;
}

/** Reads our own store only, and no list of people where what was kept of one stands (`outlook`). Refuses a person without a role. */
export async function summary(outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'breath'>, actor: Actor): Promise<Summary> {
  const visible = await visibleConnectors(outside, actor);
  const connectors = visible.map(({ connector }) => connector);
  const byId = new Map(connectors.map((connector) => [connector.id, connector]));
  // Runs tell of everybody in the connector: only to whoever sees all of it (C3).
  const whole = new Set(visible.filter((one) => one.whole).map(({ connector }) => connector.id));
  const runs: Run[] = [];
  for await (const page of outside.store.scan('run')) runs.push(...page.map(({ value }) => value).filter(({ connectorId }) => whole.has(connectorId)));
  runs.sort((a, b) => b.requestedAt - a.requestedAt);
  const imports: DirectoryImport[] = [];
  for await (const page of outside.store.scan('import')) imports.push(...page.map(({ value }) => value));
  const organizations = await tree(outside);
  const everything = holds(actor, 'see', null, organizations);
  const unowned = holds(actor, 'administer', null, organizations) ? await countUnowned(outside) : 0;
  const may = {
    see: holdsSomewhere(actor, 'see'),
    run: holdsSomewhere(actor, 'run'),
    decide: holdsSomewhere(actor, 'decide'),
    administer: holdsSomewhere(actor, 'administer'),
  };
  const inbox = await approvalInbox(outside, actor);
  const halt = await haltIn(outside.store);
  const widest = actor.grants.find(({ organizationId }) => organizationId === null) ?? actor.grants[0];
  const root = [...organizations.values()].find(({ parentId }) => parentId === null);
  return {
    place: (widest?.organizationId == null ? root?.name : organizations.get(widest.organizationId)?.name) ?? 'no organization yet',
    role: widest?.role ?? 'nobody',
    halt: halt === undefined ? null : { halt, mayResume: holds(actor, 'administer', null, organizations) },
    needs: [
      ...inbox.waiting.map((request) => ({ is: 'approval' as const, request })),
      ...(await standingHolds(outside, actor)).map(({ hold, connector }) => ({ is: 'held' as const, connector, hold })),
      ...needsOf(
        visible.filter(({ asPartner }) => !asPartner).map(({ connector }) => connector),
        runs,
        everything ? imports : [],
      ).filter((need) => isTheirs(need, actor, organizations)),
      ...(await enrollmentIn(outside, actor, byId)),
      ...(unowned === 0 ? [] : [{ is: 'left' as const, people: unowned }]),
    ],
    asked: inbox.asked.filter(({ state }) => state.is === 'open'),
    connectors,
    runs: runs.slice(0, 10).map((run) => ({ run, connector: byId.get(run.connectorId)?.name ?? '–' })),
    lastImport: may.see ? imports.reduce<Instant | null>(latestDone, null) : null,
    people: everything ? await outside.store.count('person') : null,
    may,
    partnerView: (await partnersFor(outside, actor)).length > 0,
    timeZone: outside.settings.timeZone,
  };
}

/** Who waits for a seat, and the tasks that are due soon. */
async function enrollmentIn(
  outside: Pick<Outside, 'store' | 'clock' | 'breath'>,
  actor: Actor,
  connectors: ReadonlyMap<string, Connector>,
): Promise<readonly Need[]> {
  const { waiting, due } = await enrollmentNeeds(outside, actor);
  const found: Need[] = [];
  for (const [connectorId, people] of waiting) {
    const connector = connectors.get(connectorId);
    if (connector !== undefined) found.push({ is: 'waiting', connector, people });
  }
  for (const { task, people, stop } of due) {
    const connector = connectors.get(task.connectorId);
    if (connector !== undefined) found.push({ is: 'task-due', connector, task, people, stop });
  }
  return found;
}

function latestDone(latest: Instant | null, { outcome, endedAt }: DirectoryImport): Instant | null {
  return outcome.is === 'done' ? Math.max(latest ?? endedAt, endedAt) : latest;
}

/** What only who administers a connector can mend waits for nobody else. */
function isTheirs(need: Need, actor: Actor, organizations: Awaited<ReturnType<typeof tree>>): boolean {
  if (need.is !== 'credentials' && need.is !== 'unfinished') return true;
  return holds(actor, 'administer', need.connector.organizationId, organizations);
}

function needsOf(connectors: readonly Connector[], newestFirst: readonly Run[], imports: readonly DirectoryImport[]): readonly Need[] {
  const latest = (connector: Connector): Run | null =>
    newestFirst.find((run) => run.connectorId === connector.id && !isUnderWay(run) && run.kind !== 'person' && run.kind !== 'activate') ?? null;
  const found: Need[] = [];
  for (const connector of connectors) {
    const run = latest(connector);
    if (connector.state.is === 'active' && connector.health.is === 'needs-credentials') found.push({ is: 'credentials', connector });
    else if (connector.state.is === 'active' && connector.health.is === 'quarantined') found.push({ is: 'quarantined', connector, run });
    else if (connector.state.is === 'active' && connector.health.is === 'failing') found.push({ is: 'failing', connector, run });
  }
  for (const one of imports) {
    if (one.outcome.is === 'held') found.push({ is: 'held-import', import: one });
    if (one.outcome.is === 'rejected') found.push({ is: 'rejected-import', import: one });
  }
  found.push(...connectors.filter(({ state }) => state.is === 'draft').map((connector) => ({ is: 'unfinished' as const, connector })));
  return found;
}
