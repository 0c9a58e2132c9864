import type { Outside } from '../../../ports/outside.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRight, requireRole, tree } from '../../rights/verbs/who.ts';
import { importPartition, type Stock, type StockImport, type StockLine } from '../stock.ts';

/** An organization's stock as somebody sees it. */
export interface SeenStock {
  readonly organization: Pick<Organization, 'id' | 'name'>;
  readonly stock: Stock;
  readonly lastImport: StockImport | null;
  /** Whether they may import into it. */
  readonly mayImport: boolean;
}

type Known = Pick<Outside, 'store' | 'settings'>;

export const EMPTY: Stock = { total: 0, used: 0, reserved: 0 };

/** The stocks of organizations where the actor may see (E9), by name; an organization without tokens has none. */
export async function stockOf(outside: Known, actor: Actor): Promise<readonly SeenStock[]> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const found: SeenStock[] = [];
  for await (const page of outside.store.scan('stockImport')) {
    for (const { key, value: lastImport } of page) {
      if (!holds(actor, 'see', key, organizations)) continue;
      const stock = (await outside.store.get('stock', key))?.value ?? EMPTY;
      const organization = { id: key, name: organizations.get(key)?.name ?? key };
      found.push({ organization, stock, lastImport, mayImport: holds(actor, 'administer', key, organizations) });
    }
  }
  return found.sort((a, b) => a.organization.name.localeCompare(b.organization.name, 'en', { sensitivity: 'base' }));
}

const HEADER = ['line', 'serial', 'outcome', 'why'] as const;

/** Sends the lines of an organization's last import to the actor, as a CSV. Throws a `WorkspaceFault` where Slack does not take it. */
export async function sendStockLog(
  outside: Known & Pick<Outside, 'sheets' | 'workspace'>,
  actor: Actor,
  organizationId: OrganizationId,
): Promise<{ readonly file: string; readonly rows: number }> {
  await requireRight(outside, actor, 'see', organizationId, 'see the stock');
  const last = (await outside.store.get('stockImport', organizationId))?.value;
  if (last === undefined) throw new Refusal({ is: 'nothing-to-do', detail: 'No tokens were imported there yet.' });
  const file = `${outside.settings.name}-stock-import-${new Date(last.at).toISOString().slice(0, 10)}.csv`;
  return outside.sheets.make(HEADER, cells(outside, importPartition(organizationId, last.id)), async ({ length, content, rows }) => {
    const comment = `Import of ${last.file}: ${rows} ${rows === 1 ? 'line' : 'lines'}.`;
    await outside.workspace.upload({ name: file, title: file, comment, length, content }, { userId: actor.userId });
    return { file, rows };
  });
}

async function* cells({ store }: Pick<Outside, 'store'>, partition: string): AsyncGenerator<readonly string[]> {
  for await (const page of store.rows('stock', { partition, order: 'oldest' })) for (const { row } of page) yield inCells(row);
}

function inCells({ line, serial, outcome }: StockLine): readonly string[] {
  switch (outcome.is) {
    case 'added':
      return [String(line), serial, 'added', ''];
    case 'there':
      return [String(line), serial, 'already there', outcome.elsewhere ? 'in the stock of another organization' : ''];
    case 'invalid':
      return [String(line), serial, 'invalid', outcome.why];
  }
}

/** The first lines of an import that were not added, for a screen. */
export async function stockProblems(
  { store }: Pick<Outside, 'store'>,
  organizationId: OrganizationId,
  importId: string,
  most: number,
): Promise<readonly StockLine[]> {
  const found: StockLine[] = [];
  for await (const page of store.rows('stock', { partition: importPartition(organizationId, importId), order: 'oldest' })) {
    for (const { row } of page) {
      if (row.outcome.is !== 'added') found.push(row);
      if (found.length >= most) return found;
    }
  }
  return found;
}
