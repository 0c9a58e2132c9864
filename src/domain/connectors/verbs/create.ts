import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { entryOf } from '../../catalog/verbs/entries.ts';
import type { InstanceId } from '../../catalog/catalog.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { type Connector, DEFAULT_OPERATING } from '../connector.ts';
import { visibleConnectors } from './find.ts';

export interface NewConnector {
  readonly name: string;
  readonly application: string;
  readonly entryId: string;
  readonly organizationId: OrganizationId;
}

/** Creates a draft connector with an application instance of its own (C11, C17). Refuses a name that a connector has which the actor may see: of others nothing is told. */
export async function createConnector(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>,
  actor: Actor,
  wanted: NewConnector,
): Promise<Connector> {
  await requireRight(outside, actor, 'administer', wanted.organizationId, 'create connectors');
  if ((await outside.store.get('organization', wanted.organizationId)) === undefined)
    throw badInput('organization', 'That organization is no longer in the directory.', 'Choose another one.');
  const name = wanted.name.trim();
  if (name === '') throw badInput('name', 'A connector needs a name.', 'Type one, such as Zoom.');
  if (name.length > 60) throw badInput('name', 'The name is too long.', 'Use at most 60 characters.');
  const entry = await entryOf(outside, wanted.entryId);
  if ((await visibleConnectors(outside, actor)).some(({ connector }) => connector.name.toLowerCase() === name.toLowerCase()))
    throw new Refusal({ is: 'name-taken', what: 'connector', name });
  const id = await freeId(outside, name);
  const now = outside.clock.now();
  const instanceId: InstanceId = `${id}-1`;
  const connector: Connector = {
    id,
    name,
    entryId: entry.id,
    instanceId,
    organizationId: wanted.organizationId,
    state: { is: 'draft' },
    health: { is: 'unknown' },
    inForce: null,
    draft: { mapping: entry.mapping, matching: 'userName', manageGroups: false, leavers: { are: 'deactivated' }, tierAttribute: null },
    operating: { ...DEFAULT_OPERATING, requestsPerSecond: entry.documented.requestsPerSecond },
    rehearsal: null,
    lastAssign: null,
    lastProvision: null,
    listing: null,
    createdAt: now,
    createdBy: actor.userId,
  };
  const application = wanted.application.trim() === '' ? name : wanted.application.trim().slice(0, 60);
  const outcome = await outside.store.transaction({
    puts: [
      put('connector', id, connector, 0),
      put('instance', instanceId, {
        id: instanceId,
        application,
        name,
        organizationId: wanted.organizationId,
        seats: entry.seatReading === null ? { is: 'unlimited' } : { is: 'read', ...entry.seatReading, total: null, at: null },
      }),
    ],
    appends: [
      audited(outside, actor, {
        action: 'connectors.create',
        connectorId: id,
        summary: `created the connector ${name}`,
        after: { name, application, organization: wanted.organizationId, entry: entry.id },
      }),
    ],
  });
  // Somebody took the id meanwhile: look again whether the name is theirs too.
  if (outcome === 'conflict') return createConnector(outside, actor, wanted);
  return connector;
}

/** A short id people can type, from the name. */
async function freeId(outside: Pick<Outside, 'store'>, name: string): Promise<string> {
  const taken = new Set<string>();
  for await (const page of outside.store.scan('connector')) {
    for (const { value } of page) taken.add(value.id);
  }
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 30) || 'connector';
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    // An erased connector's key range must never be read as another's: ids are not reused while a run line names them.
    if (!taken.has(id) && (await outside.store.get('counter', `connector/${id}`)) === undefined) return id;
  }
}
