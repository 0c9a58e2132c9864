import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import type { DirectoryImport } from '../../directory/import.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';

/** One thing that waits for somebody, most pressing first. */
export type Need =
  | { readonly is: 'credentials'; readonly connector: Connector }
  | { readonly is: 'held'; readonly connector: Connector; readonly run: Run }
  | { readonly is: 'failing'; readonly connector: Connector; readonly run: Run | null }
  | { readonly is: 'held-import'; readonly import: DirectoryImport }
  | { readonly is: 'rejected-import'; readonly import: DirectoryImport }
  | { readonly is: 'unfinished'; readonly connector: Connector };

/** What the hub and the Home tab show a person: only what they may see. */
export interface Summary {
  /** Where the person's widest role is: an organization's name, or the root's. */
  readonly place: string;
  readonly role: string;
  readonly needs: readonly Need[];
  readonly connectors: readonly Connector[];
  /** Newest first, at most 10. */
  readonly runs: readonly { readonly run: Run; readonly connector: string }[];
  readonly imports: readonly DirectoryImport[];
  readonly people: number;
  readonly timeZone: string;
}

/** Reads our own store only, and no list of people. Refuses a person without a role. */
export async function summary(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<Summary> {
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
  const widest = actor.grants.find(({ organizationId }) => organizationId === null) ?? actor.grants[0];
  const root = [...organizations.values()].find(({ parentId }) => parentId === null);
  return {
    place: (widest?.organizationId == null ? root?.name : organizations.get(widest.organizationId)?.name) ?? 'no organization yet',
    role: widest?.role ?? 'nobody',
    needs: needsOf(connectors, runs, holds(actor, 'see', null, organizations) ? imports : []),
    connectors,
    runs: runs.slice(0, 10).map((run) => ({ run, connector: byId.get(run.connectorId)?.name ?? '–' })),
    imports,
    people: await outside.store.count('person'),
    timeZone: outside.settings.timeZone,
  };
}

function needsOf(connectors: readonly Connector[], newestFirst: readonly Run[], imports: readonly DirectoryImport[]): readonly Need[] {
  const latest = (connector: Connector): Run | null =>
    newestFirst.find((run) => run.connectorId === connector.id && !isUnderWay(run) && run.kind !== 'person') ?? null;
  const found: Need[] = [];
  for (const connector of connectors) {
    const run = latest(connector);
    if (connector.state.is === 'active' && connector.health.is === 'needs-credentials') found.push({ is: 'credentials', connector });
    else if (connector.state.is === 'active' && run?.state.is === 'ended' && run.state.ending === 'held') found.push({ is: 'held', connector, run });
    else if (connector.state.is === 'active' && connector.health.is === 'failing') found.push({ is: 'failing', connector, run });
  }
  for (const one of imports) {
    if (one.outcome.is === 'held') found.push({ is: 'held-import', import: one });
    if (one.outcome.is === 'rejected') found.push({ is: 'rejected-import', import: one });
  }
  found.push(...connectors.filter(({ state }) => state.is === 'draft').map((connector) => ({ is: 'unfinished' as const, connector })));
  return found;
}
