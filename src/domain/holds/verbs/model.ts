import type { Outside } from '../../../ports/outside.ts';
import { zoneOf } from '../../alerts/verbs/snooze.ts';
import type { Alert } from '../../alerts/alert.ts';
import type { Instant } from '../../instant.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import { TELLS_OF_HOLD } from '../cards.ts';
import { type Hold, unreleased } from '../hold.ts';

/** Everything that a hold's card tells: numbers and organizations, nobody's name (R3). */
export interface HoldModel {
  readonly hold: Hold;
  readonly connector: { readonly id: string; readonly name: string };
  /** Not released yet. */
  readonly left: number;
  /** By organization, the most first; null: left the directory. */
  readonly places: readonly { readonly name: string | null; readonly people: number }[];
  /** The last import that was applied before the hold, and how many it removed; null where none did. */
  readonly lastImport: { readonly source: string; readonly at: Instant; readonly removed: number } | null;
  /** Plain names of Slack people, by id. */
  readonly names: (userId: string) => string;
  readonly timeZone: string;
}

type Parts = Pick<Outside, 'store' | 'settings' | 'workspace'>;

/** What a hold's card shows now; null where the hold or its connector is gone. Asks Slack for names. */
export async function holdModel(outside: Parts, holdId: string): Promise<HoldModel | null> {
  const hold = (await outside.store.get('hold', holdId))?.value;
  const connector = hold === undefined ? undefined : (await outside.store.get('connector', hold.connectorId))?.value;
  if (hold === undefined || connector === undefined) return null;
  const { state } = hold;
  const by = 'by' in state ? [state.by] : [];
  return {
    hold,
    connector: { id: connector.id, name: connector.name },
    left: unreleased(hold).length,
    places: await placesOf(outside, hold),
    lastImport: await lastImport(outside, hold),
    names: await namesOf(outside, [hold.startedBy, ...by]),
    timeZone: await zoneOf(outside, connector.id),
  };
}

async function placesOf({ store }: Pick<Outside, 'store'>, { places }: Hold): Promise<HoldModel['places']> {
  const named: { name: string | null; people: number }[] = [];
  for (const { organizationId, people } of places) {
    const organization = organizationId === null ? undefined : (await store.get('organization', organizationId))?.value;
    named.push({ name: organizationId === null ? null : (organization?.name ?? organizationId), people });
  }
  return named;
}

async function lastImport({ store }: Pick<Outside, 'store'>, { updatedAt }: Hold): Promise<HoldModel['lastImport']> {
  let found: HoldModel['lastImport'] = null;
  for await (const page of store.scan('import'))
    for (const { value } of page)
      if (value.outcome.is === 'done' && value.people.removed > 0 && value.endedAt <= updatedAt && value.endedAt > (found?.at ?? 0))
        found = { source: value.source, at: value.endedAt, removed: value.people.removed };
  return found;
}

/** The hold that an alert of a run tells of: the connector's latest that was there when the alert was last raised. */
export async function holdOfAlert(outside: Parts, { condition, connectorId, raisedAt, lastAt }: Alert): Promise<HoldModel | null> {
  if (!TELLS_OF_HOLD.includes(condition)) return null;
  let found: Hold | undefined;
  for await (const page of outside.store.scan('hold'))
    for (const { value } of page)
      if (value.connectorId === connectorId && value.openedAt <= lastAt && value.updatedAt >= raisedAt && value.openedAt >= (found?.openedAt ?? 0))
        found = value;
  return found === undefined ? null : holdModel(outside, found.id);
}
