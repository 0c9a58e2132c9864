import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorNamed, visibleConnectors } from '../../connectors/verbs/find.ts';
import { fold } from '../../directory/fold.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds, type Right } from '../../rights/grant.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import { type Hold, isStanding } from '../hold.ts';
import { latestHold } from '../standing.ts';

type Parts = Pick<Outside, 'store' | 'settings'>;

export interface SeenHold {
  readonly hold: Hold;
  readonly version: number;
  readonly connector: Connector;
  /** What the actor may at the connector's organization. */
  readonly may: Readonly<Record<Right, boolean>>;
}

/** A hold, for whoever sees all of its connector or may approve there: it names people of all its organizations (C3). *Not found* to all others. */
export async function holdById(outside: Parts, actor: Actor, id: string): Promise<SeenHold> {
  await requireRole(outside, actor);
  const stored = await outside.store.get('hold', id.trim().toUpperCase());
  const connector = stored === undefined ? undefined : (await outside.store.get('connector', stored.value.connectorId))?.value;
  const organizations = await tree(outside);
  const may = connector === undefined ? undefined : rightsOver(connector, actor, organizations);
  if (stored === undefined || connector === undefined || may === undefined || !(may.see || may.decide))
    throw new Refusal({ is: 'not-found', what: 'hold', typed: id, near: [] });
  return { hold: stored.value, version: stored.version, connector, may };
}

function rightsOver({ organizationId }: Connector, actor: Actor, organizations: ReadonlyMap<OrganizationId, Organization>): SeenHold['may'] {
  const may = (right: Right): boolean => holds(actor, right, organizationId, organizations);
  return { see: may('see'), run: may('run'), decide: may('decide'), administer: may('administer') };
}

/** The hold that is meant: its id, or the connector whose latest it is. */
export async function holdMeant(outside: Parts, actor: Actor, typed: string): Promise<SeenHold> {
  if (/^h-\d+$/i.test(typed.trim())) return holdById(outside, actor, typed);
  const connectorId = await connectorMeant(outside, actor, typed);
  const hold = await latestHold(outside.store, connectorId);
  if (hold === undefined) throw new Refusal({ is: 'nothing-to-do', detail: `No removal of ${typed.trim()} was ever held.` });
  return holdById(outside, actor, hold.id);
}

/** An approver sees no list of connectors, but may name one whose holds they decide on. */
async function connectorMeant(outside: Parts, actor: Actor, typed: string): Promise<ConnectorId> {
  const wanted = fold(typed.trim());
  const organizations = await tree(outside);
  for await (const page of outside.store.scan('connector'))
    for (const { value } of page)
      if ((fold(value.name) === wanted || value.id === typed.trim()) && holds(actor, 'decide', value.organizationId, organizations)) return value.id;
  return (await connectorNamed(outside, actor, typed)).connector.id;
}

/** The holds that wait for an answer, of connectors that the actor sees whole or may approve for; the oldest first. */
export async function standingHolds(outside: Parts, actor: Actor): Promise<readonly SeenHold[]> {
  const whole = new Set((await visibleConnectors(outside, actor)).filter((one) => one.whole).map(({ connector }) => connector.id));
  const organizations = await tree(outside);
  const found: SeenHold[] = [];
  for await (const page of outside.store.scan('hold')) {
    for (const { value: hold, version } of page) {
      if (!isStanding(hold)) continue;
      const connector = (await outside.store.get('connector', hold.connectorId))?.value;
      if (connector === undefined) continue;
      const may = rightsOver(connector, actor, organizations);
      if (whole.has(connector.id) || may.decide) found.push({ hold, version, connector, may });
    }
  }
  return found.sort((a, b) => a.hold.openedAt - b.hold.openedAt);
}
