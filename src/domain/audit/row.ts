import type { Outside } from '../../ports/outside.ts';
import type { Append } from '../../ports/store.ts';
import type { Actor } from '../rights/grant.ts';
import type { AuditRow } from './audit.ts';

/** The row that goes with a change, in the same transaction. */
export function audited(
  outside: Pick<Outside, 'clock' | 'chance'>,
  actor: Pick<Actor, 'userId' | 'way'>,
  what: Pick<AuditRow, 'action' | 'summary'> & Partial<Pick<AuditRow, 'connectorId' | 'subject' | 'before' | 'after' | 'approval' | 'channelId'>>,
): Append {
  const connectorId = what.connectorId ?? null;
  return {
    log: 'audit',
    partition: connectorId ?? '-',
    row: {
      id: outside.chance.id(),
      at: outside.clock.now(),
      by: actor.userId,
      way: actor.way,
      action: what.action,
      connectorId,
      subject: what.subject ?? null,
      summary: what.summary,
      before: what.before ?? null,
      after: what.after ?? null,
      ...(what.channelId === undefined ? {} : { channelId: what.channelId }),
      ...(what.approval === undefined ? {} : { approval: what.approval }),
    },
  };
}
