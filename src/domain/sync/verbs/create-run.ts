import type { Outside } from '../../../ports/outside.ts';
import type { Put, Store } from '../../../ports/store.ts';
import type { AuditRow } from '../../audit/audit.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import type { Place } from '../../cards/card.ts';
import { newCard } from '../../cards/show.ts';
import { requireNoHalt } from '../../halts/stopped.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { cardShowing } from '../run-card.ts';
import { isUnderWay, NO_COUNTS, type PlanPart, type Run, type RunId, type RunScope } from '../run.ts';

/** The run that the connector started last, under way or over; undefined before the first. */
export async function latestRun(store: Store, connectorId: ConnectorId): Promise<Run | undefined> {
  const latest = await store.get('counter', latestKey(connectorId));
  return latest === undefined ? undefined : (await store.get('run', runIdOf(latest.value.value)))?.value;
}

/** The connector's run that is not over, if there is one (S1: at most one). */
export async function runUnderWay(store: Store, connectorId: ConnectorId): Promise<Run | undefined> {
  const latest = await latestRun(store, connectorId);
  return latest !== undefined && isUnderWay(latest) ? latest : undefined;
}

export interface NewRun {
  readonly connector: Pick<Connector, 'id' | 'name'>;
  readonly kind: Run['kind'];
  readonly scope: RunScope;
  readonly by: string;
  readonly way: AuditRow['way'];
  /** What the refusal says could not be done: `sync`. */
  readonly verb: string;
  /** Where its one live message goes (S2), made with the run itself, so that no crash can come in between; none for the schedule's. */
  readonly place?: Place | undefined;
  /** Of kind `plan`: what of which plan it applies (S6). */
  readonly plan?: PlanPart;
  /** What changes together with the run's making; asked anew at each try, and free to refuse. */
  readonly along?: (run: Run) => Promise<readonly Put[]>;
  /** Of the approval by which it is made. */
  readonly approval?: Pick<AuditRow, 'approval'>;
}

/**
 * Makes the next run and hands it to the worker. Refused (`running`, with the run under way) where there is one: the
 * connector's own counter is compared and set, so that two at once give one run.
 */
export async function createRun(outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'work' | 'cards'>, wanted: NewRun): Promise<Run> {
  const { store } = outside;
  const { connector } = wanted;
  await requireNoHalt(store);
  for (;;) {
    const latest = await store.get('counter', latestKey(connector.id));
    const previous = latest === undefined ? undefined : await store.get('run', runIdOf(latest.value.value));
    if (previous !== undefined && isUnderWay(previous.value)) throw running(connector, previous.value, wanted.verb);
    const counter = await store.get('counter', 'run');
    const number = (counter?.value.value ?? 0) + 1;
    const run = fresh(runIdOf(number), wanted, outside.clock.now(), previous?.value.id ?? null);
    const outcome = await store.transaction({
      puts: [
        put('counter', 'run', { value: number }, counter?.version ?? 0),
        put('counter', latestKey(connector.id), { value: number }, latest?.version ?? 0),
        put('run', run.id, run, 0),
        ...(wanted.place === undefined ? [] : [newCard(cardShowing(run), wanted.place, { is: 'run', runId: run.id })]),
        ...((await wanted.along?.(run)) ?? []),
      ],
      appends: [{ log: 'audit', partition: connector.id, row: auditOf(outside, run, wanted) }],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed([cardShowing(run)]);
    outside.work.run(run.id);
    return run;
  }
}

function latestKey(connectorId: ConnectorId): string {
  return `run/${connectorId}`;
}

function runIdOf(number: number): RunId {
  return `R-${number}`;
}

function fresh(id: RunId, { connector, kind, scope, by, plan }: NewRun, requestedAt: number, previous: RunId | null): Run {
  return {
    ...{ id, connectorId: connector.id, kind, scope, by, requestedAt, previous },
    ...{
      startedAt: null,
      state: { is: 'queued' },
      asked: null,
      total: null,
      done: 0,
      counts: NO_COUNTS,
      causes: [],
      held: null,
      frozen: { count: 0, first: [] },
    },
    ...(plan === undefined ? {} : { plan }),
  };
}

function running(connector: Pick<Connector, 'id' | 'name'>, run: Run, verb: string): Refusal {
  return new Refusal({ is: 'running', connectorId: connector.id, connector: connector.name, runId: run.id, done: run.done, total: run.total, verb });
}

const SUMMARIES: Readonly<Record<Run['kind'], string>> = {
  sync: 'sync',
  retry: 'the retry of failed people',
  person: 'the provisioning of one person',
  activate: 'the activation',
  plan: 'run',
  verify: 'the verification',
  reassert: 'the re-assertion',
};

const ACTIONS: Readonly<Record<Run['kind'], string>> = {
  sync: 'sync.start',
  retry: 'sync.retry',
  person: 'sync.person',
  activate: 'sync.activate',
  plan: 'sync.apply-plan',
  verify: 'sync.verify',
  reassert: 'sync.reassert',
};

function auditOf(outside: Pick<Outside, 'clock' | 'chance'>, run: Run, { connector, way, approval }: NewRun): AuditRow {
  const people = run.scope.is === 'people' ? ` for ${run.scope.ids.length} ${run.scope.ids.length === 1 ? 'person' : 'people'}` : '';
  return {
    id: outside.chance.id(),
    at: outside.clock.now(),
    by: run.by,
    way,
    action: ACTIONS[run.kind],
    connectorId: connector.id,
    subject: run.id,
    summary: `started ${SUMMARIES[run.kind]} ${run.id} of ${connector.name}${run.plan === undefined ? people : partOf(run.plan)}`,
    before: null,
    after: null,
    ...approval,
  };
}

function partOf({ planId, from, to }: PlanPart): string {
  const few = to === null ? null : to - from;
  return ` with plan ${planId}${few === null ? '' : `, its first ${few} ${few === 1 ? 'person' : 'people'} only`}`;
}
