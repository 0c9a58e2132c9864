import type { Outside } from '../../../ports/outside.ts';
import type { Instance } from '../../catalog/catalog.ts';
import { andBelow } from '../../directory/organization.ts';
import { type Actor, holds, type Right } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { peopleAndAccounts } from '../../projections/people-and-accounts.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';
import { runsOf } from '../consequences.ts';
import type { ConnectorId } from '../connector.ts';
import { isRehearsed } from '../settings.ts';
import { concerns } from '../../sync/verbs/seen-run.ts';
import { connectorById, type VisibleConnector } from './find.ts';
import { type ConnectorRow, connectorRow } from './overview.ts';

/** Everything a connector's card tells (C1, C2, E12, S4). */
export interface CardModel {
  readonly row: ConnectorRow;
  readonly instance: Instance | null;
  /** All active accounts of the target count, adopted and hand-made too (E12). */
  readonly activeAccounts: number;
  readonly lastRun: Run | null;
  readonly running: Run | null;
  readonly nextRun: number | null;
  readonly timeZone: string;
  /** `run` and `assign` as far as the actor's part goes (C3); `verify` and `administer` take all of it. */
  readonly may: { readonly run: boolean; readonly verify: boolean; readonly assign: boolean; readonly administer: boolean };
  readonly activatable: boolean;
}

/** For after the ack, as `connectorsOverview` is. */
export async function connectorCard(
  outside: Pick<Outside, 'store' | 'settings' | 'breath' | 'fingerprint' | 'calendar' | 'clock'>,
  actor: Actor,
  id: ConnectorId,
): Promise<CardModel> {
  const row = await connectorRow(outside, actor, id);
  const { connector } = row;
  const organizations = await tree(outside);
  const below = [...andBelow([...organizations.values()], connector.organizationId)];
  const somewhere = (right: Right): boolean => below.some((organization) => holds(actor, right, organization, organizations));
  const runs = row.asPartner ? [] : await runsFor(outside, await connectorById(outside, actor, id));
  const { schedule } = connector.operating;
  return {
    row,
    instance: (await outside.store.get('instance', connector.instanceId))?.value ?? null,
    activeAccounts: row.asPartner ? 0 : await seatsTaken(outside, id, connector.listing?.unmanagedActive ?? 0),
    lastRun: runs.findLast((run) => run.state.is === 'ended') ?? null,
    running: runs.find(isUnderWay) ?? null,
    nextRun: schedule === null ? null : outside.calendar.next(schedule.cron, schedule.timeZone, outside.clock.now()),
    timeZone: organizations.get(connector.organizationId)?.timeZone ?? outside.settings.timeZone,
    may: {
      run: somewhere('run'),
      verify: holds(actor, 'run', connector.organizationId, organizations),
      assign: somewhere('administer'),
      administer: holds(actor, 'administer', connector.organizationId, organizations),
    },
    activatable: isRehearsed(connector, (text) => outside.fingerprint.of(text)),
  };
}

/** A run about other organizations only is absent for who sees a part (C3). */
async function runsFor(outside: Pick<Outside, 'store'>, visible: VisibleConnector): Promise<readonly Run[]> {
  const all = await runsOf(outside, visible.connector.id);
  const theirs = await Promise.all(all.map((run) => concerns(outside, visible, run)));
  return all.filter((_, index) => theirs[index]);
}

/** Our accounts that are active or were granted a seat, and the target's other active ones, as last listed (E12). What is shown: seats are given out by the book. */
export async function seatsTaken(outside: Pick<Outside, 'store' | 'breath'>, id: ConnectorId, unmanagedActive: number): Promise<number> {
  return (await peopleAndAccounts(outside).accountsOf(id)).seats + unmanagedActive;
}
