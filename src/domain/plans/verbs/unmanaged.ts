import type { Outside } from '../../../ports/outside.ts';
import type { Sheet } from '../../../ports/sheets.ts';
import { audited } from '../../audit/row.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorById } from '../../connectors/verbs/find.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Sighting } from '../../sync/account.ts';

type Seeing = Pick<Outside, 'store' | 'settings'>;

export interface Unmanaged {
  readonly connector: Connector;
  /** In all, as of the last listing and what was adopted since. */
  readonly total: number;
  /** In the order of their ids. */
  readonly accounts: readonly Sighting[];
  /** The id to go on after; null at the end. */
  readonly next: string | null;
}

/** Accounts in the target that are nobody's: listed, and never touched (S26). For whoever sees the whole connector. */
export async function unmanagedOf(
  outside: Seeing,
  actor: Actor,
  connectorId: ConnectorId,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Unmanaged> {
  const connector = await whole(outside, actor, connectorId);
  const prefix = `${connectorId}/`;
  const accounts: Sighting[] = [];
  const total = await outside.store.count('sighting', prefix);
  for await (const rows of outside.store.scan('sighting', { prefix, ...(page.after === null ? {} : { after: `${prefix}${page.after}` }) })) {
    for (const { value } of rows) {
      if (accounts.length === page.limit) return { connector, total, accounts, next: accounts.at(-1)?.targetId ?? null };
      accounts.push(value);
    }
  }
  return { connector, total, accounts, next: null };
}

/** The same as a CSV in the actor's direct messages: it names people of the target. */
export async function sendUnmanaged(
  outside: Seeing & Pick<Outside, 'workspace' | 'sheets' | 'breath' | 'clock' | 'chance'>,
  actor: Actor,
  connectorId: ConnectorId,
): Promise<number> {
  const connector = await whole(outside, actor, connectorId);
  const name = `${outside.settings.name}-not-managed-${connectorId}.csv`;
  const send = async ({ rows, length, content }: Sheet): Promise<number> => {
    const comment = `Accounts in ${connector.name} that Usher does not manage: ${rows}.`;
    await outside.workspace.upload({ name, title: name, comment, length, content }, { userId: actor.userId });
    return rows;
  };
  const count = await outside.sheets.make(['target id', 'matching value', 'external id', 'active'], lines(outside, connectorId), send);
  const summary = `sent the list of accounts in ${connector.name} that are not managed, ${count} rows`;
  await outside.store.transaction({ appends: [audited(outside, actor, { action: 'sync.unmanaged', connectorId, summary })] });
  return count;
}

async function whole(outside: Seeing, actor: Actor, connectorId: ConnectorId): Promise<Connector> {
  const { connector } = await connectorById(outside, actor, connectorId);
  await requireRight(outside, actor, 'see', connector.organizationId, `see what of ${connector.name} is not managed`);
  return connector;
}

async function* lines(outside: Pick<Outside, 'store' | 'breath'>, connectorId: ConnectorId): AsyncGenerator<readonly string[]> {
  for await (const page of outside.store.scan('sighting', { prefix: `${connectorId}/` })) {
    for (const { value } of page) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      yield [value.targetId, value.match ?? '', value.externalId ?? '', value.active ? 'yes' : 'no'];
    }
  }
}
