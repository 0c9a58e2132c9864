import type { Outside } from '../../../ports/outside.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import { audited } from '../../audit/row.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Assignment } from '../assignment.ts';
import { reasonOf } from './assign.ts';
import { requireAssignment, type UnassignPreview, unassignPreview } from './unassign-preview.ts';

export interface Unassignment {
  readonly assignmentId: string;
  /** `agreed` of the preview that the person saw. */
  readonly agreed: string;
  readonly why: string | null;
}

/**
 * Ends an assignment (A3); the next run deactivates those whom no other one covers. The people shown are recorded with
 * it: the fuse lets exactly these pass. Refused as `changed-meanwhile`, with nothing done, where they are not the people
 * who would lose their account now. Reads every person and account: for after the ack.
 */
export async function unassign(
  outside: Pick<Outside, 'store' | 'settings' | 'breath' | 'clock' | 'chance' | 'fingerprint'>,
  actor: Actor,
  { assignmentId, agreed, why: typed }: Unassignment,
  clearance: Clearance,
): Promise<UnassignPreview> {
  const why = reasonOf(typed);
  for (;;) {
    const { version, connector, connectorVersion } = await requireAssignment(outside, actor, assignmentId);
    const preview = await unassignPreview(outside, actor, assignmentId);
    if (preview.agreed !== agreed) throw new Refusal({ is: 'changed-meanwhile', what: 'Who would lose an account' });
    const at = outside.clock.now();
    const assignment: Assignment = { ...preview.assignment, ended: { at, by: actor.userId, why, shown: preview.losing } };
    const name = `${preview.grouping} (${preview.organization})`;
    const outcome = await outside.store.transaction({
      puts: [
        put('assignment', assignmentId, assignment, version),
        // Unchanged, but compared: an assignment that is made or ended at the same time changes who is covered.
        put('connector', connector.id, connector, connectorVersion),
      ],
      appends: [
        audited(outside, actor, {
          action: 'assignments.unassign',
          connectorId: connector.id,
          subject: assignmentId,
          summary: `un-assigned ${connector.name} from ${name}, ${preview.losing.length} lose their account${why === null ? '' : `: ${why}`}`,
          before: { grouping: assignment.groupingId, organization: assignment.organizationId },
          after: { losing: String(preview.losing.length), ...(why === null ? {} : { why }) },
          ...clearance.row,
        }),
      ],
    });
    if (outcome === 'committed') return { ...preview, assignment };
  }
}
