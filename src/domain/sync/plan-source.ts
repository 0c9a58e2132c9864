import type { Outside } from '../../ports/outside.ts';
import type { Store } from '../../ports/store.ts';
import type { Assignment } from '../assignments/assignment.ts';
import type { Connector, RehearsedSettings } from '../connectors/connector.ts';
import { MANAGER } from '../connectors/mapping.ts';
import { generates } from '../connectors/mapping-evaluate.ts';
import { andBelow, type Organization, type OrganizationId } from '../directory/organization.ts';
import type { Person, PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import { invites } from '../enrollment/policy.ts';
import { switchOf } from '../enrollment/rules-in-force.ts';
import { protectedIn } from '../protected/protected-in.ts';
import { type Account, accountKey, type Sighting } from './account.ts';
import { KeptOut } from './kept-out.ts';
import { ManagerLinks } from './manager-links.ts';
import { byCodeUnit, type PlanInput } from './plan-input.ts';
import type { RunScope } from './run.ts';
import { coverage, touches } from './scope.ts';
import { indexSightings } from './sightings.ts';

/** What a plan of one connector is made from, read from the store. */
export interface PlanSource {
  readonly assignments: readonly Assignment[];
  readonly organizations: ReadonlyMap<OrganizationId, Organization>;
  /** Who is off-boarded; what is planned from here on goes by it. */
  readonly keptOut: KeptOut;
  /** Input for the survey and for a run that may touch everybody. */
  readonly everybody: PlanInput;
  /** Input for a run of this scope. */
  readonly of: (scope: RunScope) => PlanInput;
}

/** Reads assignments, organizations, sightings and reservations; people and accounts are streamed as the plan is made. */
export async function planSource(
  outside: Pick<Outside, 'store' | 'breath'>,
  connector: Connector,
  settings: RehearsedSettings,
  now: Instant,
): Promise<PlanSource> {
  const { store } = outside;
  const prefix = `${connector.id}/`;
  const assignments = await all(store.scan('assignment', { prefix }));
  const organizations = new Map((await all(store.scan('organization'))).map((organization) => [organization.id, organization]));
  const keptOut = await KeptOut.read(store);
  const everybody: PlanInput = {
    people: () => values(store.scan('person')),
    accounts: () => values(store.scan('account', { prefix })),
    covers: coverage(assignments, now, keptOut.people),
    offboarded: keptOut.people,
    touches: touches({ is: 'all' }, new Set()),
    organizationName: (id) => organizations.get(id)?.name,
    mapping: settings.mapping,
    matching: settings.matching,
    ...(linksManagers(connector, settings) ? { managers: await ManagerLinks.read(values(store.scan('account', { prefix })), settings.matching) } : {}),
    deletesLeavers: settings.leavers.are === 'deleted',
    invites: invites(await switchOf(store, connector.id)),
    protectedPeople: await protectedIn(store, connector.id),
    tierAttribute: settings.tierAttribute,
    sightings: await indexSightings(values<Sighting>(store.scan('sighting', { prefix }))),
    reservations: settings.mapping.some((rule) => rule.from.is !== 'excluded' && generates(rule.from)) ? await reservations(store, prefix) : new Map(),
    now,
    breath: outside.breath,
    only: ({ only: _, ...input }, ids) => ({ ...input, people: () => people(store, ids), accounts: () => accounts(store, connector.id, ids) }),
  };
  return { assignments, organizations, everybody, keptOut, of: (scope) => narrowed(store, connector, everybody, organizations, scope) };
}

/** Whether managers are mapped, and the target keeps them in some way (C20). */
function linksManagers({ dialect }: Pick<Connector, 'dialect'>, { mapping }: Pick<RehearsedSettings, 'mapping'>): boolean {
  return dialect?.shapes[MANAGER] !== 'none' && mapping.some(({ attribute, from }) => attribute === MANAGER && from.is !== 'excluded');
}

function narrowed(
  store: Store,
  connector: Connector,
  everybody: PlanInput,
  organizations: ReadonlyMap<OrganizationId, Organization>,
  scope: RunScope,
): PlanInput {
  const { only: _, ...input } = everybody;
  switch (scope.is) {
    case 'all':
      return everybody;
    case 'organizations': {
      const tree = [...organizations.values()];
      const below = new Set(scope.ids.flatMap((id) => [...andBelow(tree, id)]));
      return { ...input, touches: touches(scope, below) };
    }
    case 'people': {
      const ids = [...new Set(scope.ids)].sort(byCodeUnit);
      return { ...input, touches: touches(scope, new Set()), people: () => people(store, ids), accounts: () => accounts(store, connector.id, ids) };
    }
  }
}

async function* people(store: Store, ids: readonly PersonId[]): AsyncGenerator<readonly Person[]> {
  for (const id of ids) {
    const stored = await store.get('person', id);
    if (stored !== undefined) yield [stored.value];
  }
}

async function* accounts(store: Store, connectorId: string, ids: readonly PersonId[]): AsyncGenerator<readonly Account[]> {
  for (const id of ids) {
    const stored = await store.get('account', accountKey(connectorId, id));
    if (stored !== undefined) yield [stored.value];
  }
}

async function reservations(store: Store, prefix: string): Promise<Map<string, PersonId>> {
  const owners = new Map<string, PersonId>();
  for await (const page of store.scan('reservation', { prefix })) {
    for (const { key, value } of page) owners.set(key.slice(prefix.length), value.personId);
  }
  return owners;
}

async function* values<T>(pages: AsyncIterable<readonly { readonly value: T }[]>): AsyncGenerator<readonly T[]> {
  for await (const page of pages) yield page.map((row) => row.value);
}

async function all<T>(pages: AsyncIterable<readonly { readonly value: T }[]>): Promise<T[]> {
  const rows: T[] = [];
  for await (const page of pages) for (const row of page) rows.push(row.value);
  return rows;
}
