import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { fold } from '../../directory/fold.ts';
import { fullName, type PersonId } from '../../directory/person.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { accountKey } from '../../sync/account.ts';
import type { ProtectedPerson } from '../protected.ts';

type Reading = Pick<Outside, 'store' | 'settings'>;

/** An entry of the list with what it is read by. */
export interface ProtectedRow {
  readonly entry: ProtectedPerson;
  readonly name: string;
  /** Null for somebody who left the directory. */
  readonly organization: string | null;
  /** Null: all connectors. The id of one that was deleted. */
  readonly connector: string | null;
}

/** Completes “Only global admins can …” (X1). */
const TASK = 'see and edit the list of protected people';

/** Only a global admin may see or edit the list (X1). */
export async function requireProtector(outside: Reading, actor: Actor): Promise<void> {
  await requireRight(outside, actor, 'administer', null, TASK);
}

/** Everybody who is protected, by name (A7). Refuses all but global admins. */
export async function protectedPeople(outside: Reading, actor: Actor): Promise<readonly ProtectedRow[]> {
  await requireProtector(outside, actor);
  const connectors = new Map((await everyConnector(outside.store)).map((connector) => [connector.id, connector.name]));
  const rows: ProtectedRow[] = [];
  for await (const page of outside.store.scan('protected')) {
    for (const { value: entry } of page) {
      const connector = entry.connectorId === null ? null : (connectors.get(entry.connectorId) ?? entry.connectorId);
      rows.push({ entry, connector, ...(await whoIs(outside.store, entry.personId)) });
    }
  }
  return rows.sort((a, b) => fold(a.name).localeCompare(fold(b.name)) || (a.entry.id < b.entry.id ? -1 : 1));
}

/** A person's name and organization; of somebody who left the directory the name that an application was last told, or the id. */
export async function whoIs(store: Reading['store'], personId: PersonId): Promise<Pick<ProtectedRow, 'name' | 'organization'>> {
  const person = (await store.get('person', personId))?.value;
  if (person !== undefined) return { name: fullName(person), organization: (await store.get('organization', person.organizationId))?.value.name ?? null };
  for (const { id } of await everyConnector(store)) {
    const pushed = (await store.get('account', accountKey(id, personId)))?.value.pushed?.values;
    const name = pushed?.displayName ?? pushed?.userName;
    if (name !== undefined) return { name, organization: null };
  }
  return { name: personId, organization: null };
}

/** The entries that speak for one person, the one for all connectors first. */
export async function protectionOf(store: Reading['store'], personId: PersonId): Promise<readonly ProtectedPerson[]> {
  const found: ProtectedPerson[] = [];
  for await (const page of store.scan('protected', { prefix: personId }))
    found.push(...page.map(({ value }) => value).filter((entry) => entry.personId === personId));
  return found.sort((a, b) => Number(a.connectorId !== null) - Number(b.connectorId !== null));
}

/** Every connector there is. */
export async function everyConnector(store: Reading['store']): Promise<readonly Connector[]> {
  const found: Connector[] = [];
  for await (const page of store.scan('connector')) found.push(...page.map(({ value }) => value));
  return found;
}

/** Whether one of the entries holds in a connector, and which; that for all connectors first. */
export function shieldIn(entries: readonly ProtectedPerson[], connectorId: ConnectorId): ProtectedPerson | undefined {
  return entries.find((entry) => entry.connectorId === null || entry.connectorId === connectorId);
}
