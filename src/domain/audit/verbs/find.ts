import type { Outside } from '../../../ports/outside.ts';
import type { RowQuery, Rows } from '../../../ports/store.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import type { Instant } from '../../instant.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';
import type { AuditRow } from '../audit.ts';
import type { Link } from '../chain.ts';

export interface AuditFilter {
  /** As the row has it: a Slack user id, `schedule`, `host:<user>`. */
  readonly by: string | null;
  /** An action, or the beginning of one up to a dot: `connectors`. */
  readonly action: string | null;
  readonly connectorId: ConnectorId | null;
  /** Inclusive. */
  readonly from: Instant | null;
  /** Exclusive. */
  readonly until: Instant | null;
}

export interface AuditEntry {
  readonly seq: number;
  readonly row: AuditRow;
  /** Null for a row from before there was a chain. */
  readonly link: Link | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** The page goes on below this row; null on the last one. */
  readonly next: number | null;
}

type Parts = Pick<Outside, 'store' | 'settings'>;

/**
 * Which partitions of the log somebody may read: null is all of it, for global admins; others those of the connectors
 * that they see the whole of (C3). Refuses who sees no connector.
 */
export async function auditPartitions(outside: Parts, actor: Actor): Promise<readonly ConnectorId[] | null> {
  await requireRole(outside, actor);
  if (await readsWholeAudit(outside, actor)) return null;
  const whole = (await visibleConnectors(outside, actor)).filter((visible) => visible.whole).map(({ connector }) => connector.id);
  if (whole.length > 0) return whole;
  throw new Refusal({ is: 'not-allowed', right: 'see', action: 'read the audit', organization: null, ask: await whomToAsk(outside) });
}

/** Global admins: rows that are no connector's tell of roles, policies and secrets. */
export async function readsWholeAudit(outside: Pick<Outside, 'store'>, actor: Actor): Promise<boolean> {
  return holds(actor, 'administer', null, await tree(outside));
}

/** A page of the audit, newest first, of what the actor may see (X2); it is read no further than the page needs. */
export async function findAudit(
  outside: Parts,
  actor: Actor,
  filter: AuditFilter,
  { below, limit }: { readonly below: number | null; readonly limit: number },
): Promise<AuditPage> {
  const allowed = await auditPartitions(outside, actor);
  const found: AuditEntry[] = [];
  for (const partition of partitionsOf(allowed, filter)) found.push(...(await newest(outside, partition, filter, below, limit + 1)));
  const entries = found.sort((one, other) => other.seq - one.seq).slice(0, limit);
  return { entries, next: found.length > limit ? (entries.at(-1)?.seq ?? null) : null };
}

/** One row by its number. Refuses as *not found* what the actor may not see. */
export async function auditEntry(outside: Parts, actor: Actor, seq: number): Promise<AuditEntry> {
  const allowed = await auditPartitions(outside, actor);
  if (Number.isSafeInteger(seq) && seq >= 1) {
    const query = { order: 'newest', after: seq + 1, limit: 1 } as const;
    for (const partition of allowed ?? [null])
      for await (const page of outside.store.rows('audit', partition === null ? query : { ...query, partition }))
        for (const row of page) if (row.seq === seq) return entryOf(row);
  }
  throw new Refusal({ is: 'not-found', what: 'row of the audit', typed: String(seq), near: [] });
}

/** Null is the whole log. */
function partitionsOf(allowed: readonly ConnectorId[] | null, { connectorId }: AuditFilter): readonly (ConnectorId | null)[] {
  if (connectorId === null) return allowed ?? [null];
  return allowed === null || allowed.includes(connectorId) ? [connectorId] : [];
}

async function newest(outside: Parts, partition: ConnectorId | null, filter: AuditFilter, below: number | null, limit: number): Promise<readonly AuditEntry[]> {
  const { by, action, from, until } = filter;
  const query: RowQuery<'audit'> = {
    order: 'newest',
    ...(by === null ? {} : { match: { by } }),
    ...(partition === null ? {} : { partition }),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
    ...(below === null ? {} : { after: below }),
  };
  const found: AuditEntry[] = [];
  for await (const page of outside.store.rows('audit', query)) {
    for (const row of page) if (action === null || row.row.action === action || row.row.action.startsWith(`${action}.`)) found.push(entryOf(row));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

export function entryOf({ seq, row, link }: Rows<'audit'>[number]): AuditEntry {
  return { seq, row, link: link ?? null };
}
