import type { Outside } from '../../../ports/outside.ts';
import { standingOf } from '../../holds/standing.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import type { GroupingId } from '../../directory/grouping.ts';
import type { PersonId } from '../../directory/person.ts';
import { peopleIn } from '../../directory/verbs/census.ts';
import type { Instant } from '../../instant.ts';
import type { Actor } from '../../rights/grant.ts';
import { isInvited } from '../../sync/account.ts';
import { type PlanSource, planSource } from '../../sync/plan-source.ts';
import { type Preview, tally } from '../../sync/preview.ts';
import { coverage } from '../../sync/scope.ts';
import { survey } from '../../sync/survey.ts';
import { permittedScope } from '../../sync/verbs/permit.ts';
import type { Assignment } from '../assignment.ts';
import { type AssignableGrouping, assignableConnector, chosenGroupings, requireConfigured } from './assignable.ts';

/** The numbers of an assignment that is not made yet (A1). The parts of `people` add up to it. */
export interface Estimate {
  readonly connectorId: ConnectorId;
  /** Distinct active people in the chosen roles and groups. */
  readonly people: number;
  /** Of them: another assignment of the connector covers them already, whether or not their account was made yet. */
  readonly assigned: number;
  /** Of the rest: those who have an active account of ours (un-assigned since, and no run took it away yet). */
  readonly holding: number;
  /** Of the rest: accounts that the next run creates. Before the target was listed some of them may turn out to be adopted. */
  readonly create: number;
  /** Accounts of the target that match and are taken over; deactivated ones of ours that come back. */
  readonly adopt: number;
  readonly reactivate: number;
  /** Left without: a required attribute is missing, or the match is not clear (D4, S8). */
  readonly frozen: number;
  /** False before the first complete listing: the numbers read "to create or adopt". */
  readonly listed: boolean;
  /** What the next run of this actor does for everybody, earlier assignments that wait for it included. */
  readonly nextRun: Preview;
  /** Seats that are free once everybody is active, invited people too (E10, E12); negative is short. Null: unlimited or not known. */
  readonly seatsLeft: number | null;
}

type Parts = Pick<Outside, 'store' | 'settings' | 'breath' | 'clock'>;

/**
 * Counts what assigning the connector to these roles and groups would do, by planning the next run as if they were
 * assigned: the engine's own matching, so that the number and the run can't disagree. For a part administrator it is
 * the run that they may start (C3). Refuses like `assign`. Reads every person and account: for after the ack.
 */
export async function estimate(outside: Parts, actor: Actor, connectorId: ConnectorId, groupingIds: readonly GroupingId[]): Promise<Estimate> {
  const assignable = await assignableConnector(outside, actor, connectorId);
  const { connector } = assignable;
  const settings = requireConfigured(connector);
  const now = outside.clock.now();
  const source = await planSource(outside, connector, settings, now);
  const chosen = await headcount(outside, source, groupingIds);
  const supposed = supposing(source, connector, await chosenGroupings(outside, actor, assignable, groupingIds), now);
  const effect = { create: 0, adopt: 0, reactivate: 0, frozen: 0 };
  const instance = await outside.store.get('instance', connector.instanceId);
  const surveyed = await survey(supposed.everybody);
  // Accounts that wait for their people: each takes a seat when they accept (E10).
  let waiting = surveyed.accounts - surveyed.seats;
  const nextRun = await tally({
    connector,
    source: supposed,
    survey: surveyed,
    instance: instance?.value,
    unlisted: connector.listing === null ? 'The target was not listed yet.' : null,
    scope: await permittedScope(outside, actor, connector, { is: 'all' }),
    standing: await standingOf(outside.store, connectorId, now),
    each: ({ change, account }) => {
      if (change.is === 'create' && change.invited === true) waiting += 1;
      if (change.is === 'deactivate' && account !== undefined && isInvited(account)) waiting -= 1;
      if (chosen.fresh.has(change.personId) && isJoining(change.is)) effect[change.is] += 1;
    },
  });
  const { total, after } = nextRun.seats;
  return {
    connectorId,
    people: chosen.people,
    assigned: chosen.people - chosen.fresh.size,
    holding: chosen.fresh.size - effect.create - effect.adopt - effect.reactivate - effect.frozen,
    ...effect,
    listed: connector.listing !== null,
    nextRun,
    seatsLeft: total === null ? null : total - after - waiting,
  };
}

function isJoining(kind: string): kind is 'create' | 'adopt' | 'reactivate' | 'frozen' {
  return kind === 'create' || kind === 'adopt' || kind === 'reactivate' || kind === 'frozen';
}

/** Who is in the chosen roles and groups, and which of them no assignment covers yet. */
async function headcount(
  outside: Pick<Outside, 'store' | 'breath'>,
  source: PlanSource,
  groupingIds: readonly GroupingId[],
): Promise<{ readonly people: number; readonly fresh: ReadonlySet<PersonId> }> {
  const fresh = new Set<PersonId>();
  let people = 0;
  for await (const person of peopleIn(outside, new Set(groupingIds))) {
    people += 1;
    if (source.everybody.covers(person) === undefined) fresh.add(person.id);
  }
  return { people, fresh };
}

/** The plan's source as it would be with these assigned too. */
function supposing(source: PlanSource, connector: Connector, groupings: readonly AssignableGrouping[], now: Instant): PlanSource {
  const extra = groupings.map(
    ({ grouping, organization }, index): Assignment => ({
      ...{ id: `${connector.id}/supposed-${index}`, connectorId: connector.id, organizationId: organization.id, groupingId: grouping.id },
      ...{ by: '', why: null, requestedAt: now, effectiveAt: now, ended: null },
    }),
  );
  const assignments = [...source.assignments, ...extra];
  const covers = coverage(assignments, now);
  return { ...source, assignments, everybody: { ...source.everybody, covers }, of: (scope) => ({ ...source.of(scope), covers }) };
}
