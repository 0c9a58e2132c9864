import type { Outside } from '../../../ports/outside.ts';
import type { Sheet } from '../../../ports/sheets.ts';
import { audited } from '../../audit/row.ts';
import type { CatalogEntry } from '../../catalog/catalog.ts';
import { fold, holdsWords, wordsOf } from '../../directory/fold.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { iso } from '../../reports/cells.ts';
import type { Actor } from '../../rights/grant.ts';
import { isGlobalAdmin, requireRole, SCHEDULE, tree } from '../../rights/verbs/who.ts';
import type { ConnectorId } from '../connector.ts';
import type { Coverage } from '../../projections/covering.ts';
import { connectorsOverview } from './overview.ts';

/** Which name the words are looked for in (C4). */
export type SearchedName = 'organization' | 'parent';

/** What is looked for: every word must be in that one name. No words: everything. */
export interface PartnerSearch {
  readonly typed: string;
  readonly by: SearchedName;
}

/** A connector that an organization activated from one of the partner's entries; names of nobody. */
export interface PartnerRow {
  readonly connectorId: ConnectorId;
  readonly entry: string;
  readonly organization: string;
  /** Empty for a root. */
  readonly parent: string;
  readonly total: Coverage;
  readonly parts: readonly (Coverage & { readonly grouping: string; readonly kind: string; readonly organization: string })[];
  readonly lastAssign: number | null;
  readonly lastProvision: number | null;
}

export interface PartnerView {
  readonly partner: { readonly id: OrganizationId; readonly name: string };
  /** Partners whose view the actor may open; by name. */
  readonly choices: readonly { readonly id: OrganizationId; readonly name: string }[];
  readonly search: PartnerSearch;
  /** Every row that matches, by organization. */
  readonly rows: readonly PartnerRow[];
}

type Parts = Pick<Outside, 'store' | 'settings' | 'breath'>;
type Named = PartnerView['partner'];

/** The partners whose view the actor may open: their own; any that publishes an entry for a global admin (C4). */
export async function partnersFor(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly Named[]> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const ids = new Set(actor.grants.flatMap(({ role, organizationId }) => (role === 'partner' && organizationId !== null ? [organizationId] : [])));
  if (actor.grants.some(isGlobalAdmin)) {
    for (const { partnerId } of await published(outside)) if (partnerId !== null) ids.add(partnerId);
  }
  return [...ids].map((id) => ({ id, name: organizations.get(id)?.name ?? id })).sort((a, b) => a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }));
}

/**
 * The organizations that activated a partner's entries, with roles, groups, counts, last assign and last provision (C4): the partner sees only who uses its
 * own, across organizations, and no people. `typed` is a partner's name or id; null is the only one, or the first. *Not found* to whoever may not open
 * it. For after the ack, as `connectorsOverview` is.
 */
export async function partnerView(outside: Parts, actor: Actor, typed: string | null, search: PartnerSearch): Promise<PartnerView> {
  const choices = await partnersFor(outside, actor);
  const partner = typed === null || typed === '' ? choices[0] : choices.find(({ id, name }) => id === typed || fold(name) === fold(typed.trim()));
  if (partner === undefined) throw new Refusal({ is: 'not-found', what: 'partner', typed: typed ?? '', near: choices.map(({ name }) => name).slice(0, 3) });
  const own = new Map((await published(outside)).filter(({ partnerId }) => partnerId === partner.id).map((entry) => [entry.id, entry]));
  const organizations = await tree(outside);
  const words = wordsOf(search.typed);
  const rows: PartnerRow[] = [];
  // Counted as nobody in particular: the partner holds no right by which anything else could be read.
  for (const row of await connectorsOverview(outside, SCHEDULE, null)) {
    const { connector, total, parts } = row;
    const entry = own.get(connector.entryId);
    if (entry === undefined || (connector.state.is !== 'active' && connector.state.is !== 'disabled')) continue;
    const { organization, parent } = namesOf(organizations, connector.organizationId);
    if (!holdsWords(fold(search.by === 'parent' ? parent : organization), words)) continue;
    rows.push({
      ...{ connectorId: connector.id, entry: entry.name, organization, parent, total },
      parts: parts.map(({ grouping, kind, organization: at, have, of }) => ({ grouping, kind, organization: at, have, of })),
      ...{ lastAssign: connector.lastAssign?.at ?? null, lastProvision: connector.lastProvision },
    });
  }
  rows.sort((a, b) => a.organization.localeCompare(b.organization, 'en', { sensitivity: 'base' }) || a.connectorId.localeCompare(b.connectorId));
  return { partner, choices, search, rows };
}

function namesOf(organizations: ReadonlyMap<OrganizationId, Organization>, id: OrganizationId): { readonly organization: string; readonly parent: string } {
  const own = organizations.get(id);
  const parent = own?.parentId == null ? undefined : organizations.get(own.parentId);
  return { organization: own?.name ?? id, parent: parent?.name ?? '' };
}

async function published(outside: Pick<Outside, 'store'>): Promise<readonly CatalogEntry[]> {
  const found: CatalogEntry[] = [];
  for await (const page of outside.store.scan('entry')) found.push(...page.map(({ value }) => value));
  return found;
}

const HEADER = [
  ...['Partner', 'Catalog entry', 'Organization', 'Parent organization', 'Connector ID', 'Accounts', 'People'],
  ...['Assigned to', 'Kind', 'In organization', 'Accounts there', 'People there', 'Last assign', 'Last provision'],
];

/** Every row that the search matches, whatever the page, as a CSV in the actor's direct messages: one line a role or group (C4, R2). Gives the number of lines. */
export async function sendPartnerView(
  outside: Parts & Pick<Outside, 'workspace' | 'sheets' | 'clock' | 'chance'>,
  actor: Actor,
  typed: string | null,
  search: PartnerSearch,
): Promise<number> {
  const view = await partnerView(outside, actor, typed, search);
  const name = `${outside.settings.name}-partner-${view.partner.id.replace(/[^\w.-]+/g, '-')}.csv`;
  const send = async ({ rows, length, content }: Sheet): Promise<number> => {
    const comment = `Organizations that activated the entries of ${view.partner.name}: ${rows} ${rows === 1 ? 'line' : 'lines'}.`;
    await outside.workspace.upload({ name, title: name, comment, length, content }, { userId: actor.userId });
    return rows;
  };
  const lines = await outside.sheets.make(HEADER, linesOf(view), send);
  const summary = `sent the partner view of ${view.partner.name}, ${lines} lines`;
  await outside.store.transaction({ appends: [audited(outside, actor, { action: 'connectors.partner-file', connectorId: null, summary })] });
  return lines;
}

async function* linesOf({ partner, rows }: PartnerView): AsyncGenerator<readonly string[]> {
  for (const { entry, organization, parent, connectorId, total, parts, lastAssign, lastProvision } of rows) {
    const first = [partner.name, entry, organization, parent, connectorId, String(total.have), String(total.of)];
    const last = [iso(lastAssign), iso(lastProvision)];
    if (parts.length === 0) yield [...first, '', '', '', '', '', ...last];
    for (const part of parts) yield [...first, part.grouping, part.kind, part.organization, String(part.have), String(part.of), ...last];
  }
}
