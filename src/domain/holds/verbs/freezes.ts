import type { Outside } from '../../../ports/outside.ts';
import { zoneOf } from '../../alerts/verbs/snooze.ts';
import { audited } from '../../audit/row.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorById, visibleConnectors } from '../../connectors/verbs/find.ts';
import { DAY, HOUR, type Instant } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRight, requireRole, tree } from '../../rights/verbs/who.ts';
import type { Freeze } from '../hold.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'calendar'>;

export interface FreezeRow {
  readonly freeze: Freeze;
  /** Null: every connector. */
  readonly connector: Pick<Connector, 'id' | 'name'> | null;
  /** The zone that its days were meant in. */
  readonly timeZone: string;
  readonly isNow: boolean;
  readonly mayRemove: boolean;
}

/** A period as it is typed: days, both included, in the zone of the connector's organization. */
export interface FreezeWish {
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  /** `YYYY-MM-DD`: the last day of it. */
  readonly until: string;
  readonly connectorId: ConnectorId | null;
}

const LONGEST_NAME = 80;
/** A freeze that never ends would be a deprovisioning that never comes. */
const LONGEST: number = 366 * DAY;

/** The freeze calendar (S21): what is not over, the soonest first; periods of one connector only for whoever sees it. */
export async function freezes(outside: Omit<Parts, 'chance' | 'calendar'>, actor: Actor): Promise<readonly FreezeRow[]> {
  await requireRole(outside, actor);
  const visible = new Map((await visibleConnectors(outside, actor)).map(({ connector }) => [connector.id, connector]));
  const organizations = await tree(outside);
  const now = outside.clock.now();
  const rows: FreezeRow[] = [];
  for await (const page of outside.store.scan('freeze')) {
    for (const { value: freeze } of page) {
      const connector = freeze.connectorId === null ? null : visible.get(freeze.connectorId);
      if (connector === undefined || freeze.until <= now) continue;
      rows.push({
        freeze,
        connector,
        timeZone: connector === null ? outside.settings.timeZone : await zoneOf(outside, connector.id),
        isNow: freeze.from <= now,
        mayRemove: holds(actor, 'administer', connector?.organizationId ?? null, organizations),
      });
    }
  }
  return rows.sort((a, b) => a.freeze.from - b.freeze.from || numberOf(a.freeze) - numberOf(b.freeze));
}

/** Sets a period in which nobody is removed (S21): global admins for every connector, an admin of its organization for one. */
export async function addFreeze(outside: Parts, actor: Actor, wish: FreezeWish): Promise<FreezeRow> {
  const connector = await permitted(outside, actor, wish.connectorId);
  const timeZone = connector === null ? outside.settings.timeZone : await zoneOf(outside, connector.id);
  const name = wish.name.trim();
  if (name === '') throw badInput('name', 'The freeze has no name.', 'Say what it is for: Exams.');
  if (name.length > LONGEST_NAME) throw badInput('name', 'The name is too long.', `Use at most ${LONGEST_NAME} characters.`);
  const from = dayOf(outside, 'from', wish.from, timeZone);
  const last = dayOf(outside, 'until', wish.until, timeZone);
  const until = outside.calendar.next('0 0 * * *', timeZone, last);
  if (until <= from) throw badInput('until', 'It would end before it begins.', 'Choose a later day.');
  if (until <= outside.clock.now()) throw badInput('until', 'That is over already.', 'Choose a later day.');
  if (until - from > LONGEST + 2 * HOUR) throw badInput('until', 'A freeze lasts a year at most.', 'Set another one after it.');
  for (;;) {
    const counter = await outside.store.get('counter', 'freeze');
    const number = (counter?.value.value ?? 0) + 1;
    const freeze: Freeze = { id: `F-${number}`, name, connectorId: wish.connectorId, from, until, by: actor.userId };
    const outcome = await outside.store.transaction({
      puts: [put('counter', 'freeze', { value: number }, counter?.version ?? 0), put('freeze', freeze.id, freeze, 0)],
      appends: [
        audited(outside, actor, {
          action: 'freezes.add',
          connectorId: wish.connectorId,
          subject: freeze.id,
          summary: `set the freeze ${name} for ${connector?.name ?? 'all connectors'}`,
          after: toldOf(freeze),
        }),
      ],
    });
    if (outcome === 'conflict') continue;
    return { freeze, connector, timeZone, isNow: from <= outside.clock.now(), mayRemove: true };
  }
}

/** Ends a period before its time, or takes it off the calendar. What it held goes with the next run, and the fuse counts as usual. */
export async function removeFreeze(outside: Omit<Parts, 'calendar'>, actor: Actor, id: string): Promise<Freeze> {
  await requireRole(outside, actor);
  const stored = await outside.store.get('freeze', id.trim().toUpperCase());
  if (stored === undefined) throw new Refusal({ is: 'not-found', what: 'freeze', typed: id, near: [] });
  const freeze = stored.value;
  const connector = await permitted(outside, actor, freeze.connectorId);
  const outcome = await outside.store.transaction({
    puts: [put('freeze', freeze.id, null, stored.version)],
    appends: [
      audited(outside, actor, {
        action: 'freezes.remove',
        connectorId: freeze.connectorId,
        subject: freeze.id,
        summary: `removed the freeze ${freeze.name} for ${connector?.name ?? 'all connectors'}`,
        before: toldOf(freeze),
      }),
    ],
  });
  if (outcome === 'conflict') throw new Refusal({ is: 'changed-meanwhile', what: freeze.name });
  return freeze;
}

async function permitted(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, connectorId: ConnectorId | null): Promise<Connector | null> {
  if (connectorId === null) {
    await requireRight(outside, actor, 'administer', null, 'freeze every connector');
    return null;
  }
  const { connector } = await connectorById(outside, actor, connectorId);
  await requireRight(outside, actor, 'administer', connector.organizationId, `freeze ${connector.name}`);
  return connector;
}

function dayOf({ calendar }: Pick<Outside, 'calendar'>, field: string, typed: string, timeZone: string): Instant {
  try {
    return calendar.startOfDay(typed.trim(), timeZone);
  } catch {
    throw badInput(field, `“${typed.trim()}” is no day.`, 'Type it as 2026-11-30.');
  }
}

function toldOf({ name, from, until }: Freeze): Readonly<Record<string, string>> {
  return { name, from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

function numberOf({ id }: Freeze): number {
  return Number(id.slice('F-'.length));
}
