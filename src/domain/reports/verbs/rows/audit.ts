import { entryOf, readsWholeAudit } from '../../../audit/verbs/find.ts';
import { AUDIT_HEADER, type AuditRecord, auditCells, auditRecord } from '../../../audit/sheet.ts';
import { periodQuery } from './events.ts';
import { type Drawing, type ReportSheet, rememberedChannels } from './sheet.ts';

/**
 * Who did what, when, by which way, before and after, by which approval, and how it hangs in the chain (X2), oldest first.
 * Global admins get the whole log, deleted connectors included; others the rows of the connectors that they see the whole of.
 */
export const audit: ReportSheet = {
  header: AUDIT_HEADER,
  async *rows(drawing) {
    const names = new Map(drawing.scope.connectors.map(({ connector }) => [connector.id, connector.name]));
    const channelOf = rememberedChannels(drawing.outside);
    for await (const record of records(drawing)) {
      const [by, channel] = [await drawing.nameOf(record.by), record.channelId === undefined ? '' : await channelOf(record.channelId)];
      yield auditCells(record, { by, connector: names.get(record.connectorId ?? '') ?? '', channel });
    }
  },
  records,
};

async function* records(drawing: Drawing): AsyncGenerator<AuditRecord> {
  const { outside, filter } = drawing;
  for (const partition of await partitionsOf(drawing)) {
    for await (const page of outside.store.rows('audit', periodQuery(partition, filter))) {
      for (const row of page) yield auditRecord(entryOf(row));
      await outside.breath.due();
    }
  }
}

/** The partitions to read one after another; null is the whole log. */
async function partitionsOf({ outside, actor, scope, filter }: Drawing): Promise<readonly (string | null)[]> {
  if ((await readsWholeAudit(outside, actor)) && scope.picked === null && filter.connectorId === null) return [null];
  return scope.connectors.filter(({ connector, whole }) => whole && scope.holds(whole, connector.organizationId)).map(({ connector }) => connector.id);
}
