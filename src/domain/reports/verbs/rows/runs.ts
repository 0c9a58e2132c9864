import type { VisibleConnector } from '../../../connectors/verbs/find.ts';
import type { Run, RunCounts, RunState } from '../../../sync/run.ts';
import { runHistory } from '../../../sync/verbs/history.ts';
import { iso, within } from '../../cells.ts';
import { applicationOf, type Drawing, type ReportSheet } from './sheet.ts';

const PAGE = 100;

/**
 * One row per run, connector by connector, each newest first. Somebody with a role for part of a connector's
 * organizations sees the runs of that part only: a whole run's counts tell of others (C3). Of deleted connectors one
 * line per run is left (C14), for whoever sees everything.
 */
export const runs: ReportSheet = {
  header: [
    ...[
      'Run',
      'Connector ID',
      'Connector',
      'Application',
      'Kind',
      'Scope',
      'Started by',
      'Started by ID',
      'Asked for',
      'Started',
      'Ended',
      'Result',
      'Ending',
      'Detail',
    ],
    ...[
      'Changes planned',
      'Created',
      'Adopted',
      'Updated',
      'Re-activated',
      'Deactivated',
      'Deleted',
      'Failed',
      'Unchanged',
      'Removals held',
      'Left as they are',
    ],
  ],
  async *rows(drawing) {
    for (const visible of drawing.scope.connectors) yield* runsOf(visible, drawing);
    const { scope, filter } = drawing;
    if (scope.global && scope.picked === null && filter.connectorId === null) yield* deleted(drawing);
  },
};

async function* runsOf(visible: VisibleConnector, drawing: Drawing): AsyncGenerator<readonly string[]> {
  const { outside, filter } = drawing;
  const { connector } = visible;
  const application = await applicationOf(outside, connector);
  for (let after: string | null | undefined; after !== null; ) {
    const { runs: page, next } = await runHistory(outside, connector.id, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const run of page) {
      if (within(run.startedAt ?? run.requestedAt, filter) && (await isSeen(run, visible, drawing)))
        yield await cells(run, [connector.id, connector.name, application], drawing);
    }
    await outside.breath.due();
    after = next;
  }
}

async function isSeen({ scope: of }: Run, { connector, whole }: VisibleConnector, { outside, scope }: Drawing): Promise<boolean> {
  switch (of.is) {
    case 'all':
      return scope.holds(whole, connector.organizationId);
    case 'organizations':
      return whole ? of.ids.some((id) => scope.holds(whole, id)) : of.ids.every((id) => scope.holds(whole, id));
    case 'people':
      if (scope.holds(whole, connector.organizationId)) return true;
      for (const id of of.ids) if (!scope.holds(false, (await outside.store.get('person', id))?.value.organizationId ?? null)) return false;
      return of.ids.length > 0;
  }
}

async function cells(run: Run, of: readonly [string, string, string], { nameOf }: Drawing): Promise<readonly string[]> {
  return [
    ...[run.id, ...of, run.kind, scopeWords(run.scope), await nameOf(run.by), run.by, iso(run.requestedAt), iso(run.startedAt), ...ended(run.state)],
    ...[run.total === null ? '' : String(run.total), ...counted(run.counts), run.held === null ? '' : String(run.held.removals), String(run.frozen.count)],
  ];
}

async function* deleted({ outside, filter, nameOf }: Drawing): AsyncGenerator<readonly string[]> {
  for await (const page of outside.store.scan('runLine')) {
    for (const { value } of page) {
      const { connector, run } = value;
      if (!within(run.startedAt, filter)) continue;
      const first = [run.id, '', `${connector} (deleted)`, '', run.kind, '', await nameOf(run.by), run.by, '', iso(run.startedAt), ...ended(run.state)];
      yield [...first, '', ...counted(run.counts), '', ''];
    }
  }
}

function scopeWords(scope: Run['scope']): string {
  switch (scope.is) {
    case 'all':
      return 'everybody';
    case 'organizations':
      return scope.ids.join(' ');
    case 'people':
      return `${scope.ids.length} ${scope.ids.length === 1 ? 'person' : 'people'}`;
  }
}

/** Ended, result, ending, detail. */
function ended(state: RunState): readonly string[] {
  return state.is === 'ended' ? [iso(state.at), state.result, state.ending, state.detail ?? ''] : ['', state.is, '', ''];
}

function counted(counts: RunCounts): readonly string[] {
  const { created, adopted, updated, reactivated, deactivated, failed, unchanged } = counts;
  return [created, adopted, updated, reactivated, deactivated, counts.deleted, failed, unchanged].map(String);
}
