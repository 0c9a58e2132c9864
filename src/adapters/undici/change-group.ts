import { GROUPS, type Speech, wholeGroups } from '../../domain/connectors/dialect.ts';
import { TargetFault } from '../../domain/connectors/target-error.ts';
import { hides } from '../../domain/sync/shown-members.ts';
import type { Turn } from '../../ports/target.ts';
import { type GroupEdit, groupReplacement, membersIn, readGroup } from '../../scim/group.ts';
import { membersReplacement, type PatchBody } from '../../scim/patch.ts';
import { resourcePath } from './paths.ts';
import type { Requester } from './requester.ts';
import { type About, replaced, under, versioned } from './versioned.ts';

/** What a server answers to a method that it doesn't have. */
const NO_PATCH: ReadonlySet<number | null> = new Set([405, 501]);

const accepted = (): true => true;

function about(requester: Requester, speech: Speech, id: string, turn: Turn | undefined): About {
  return { requester, speech, path: resourcePath('Groups', id), turn, reads: (json) => readGroup(json) !== null };
}

/** A group's change, in the words of each method. */
interface GroupChange {
  readonly edit: GroupEdit;
  /** The PATCH; absent where it holds the whole list of members, which is made from a fresh GET. */
  readonly patch?: PatchBody;
  /** Target ids that the group holds as far as we know. */
  readonly present: Iterable<string>;
}

/** Changes a group as the target's dialect has it: by PATCH, or, where there is none, by PUT of the whole group from a fresh GET. Members of other hands stay in it (S26). */
export async function changeGroup(
  requester: Requester,
  speech: Speech,
  id: string,
  { edit, patch, present }: GroupChange,
  turn: Turn | undefined,
): Promise<void> {
  const one = about(requester, speech, id, turn);
  const whole = (json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    // Whoever it does not show would be taken out by a list that was made of whom it shows (S23).
    if (hides(new Set(membersIn(json)), present)) throw hidden();
    return groupReplacement(json, edit);
  };
  const { readable } = speech.dialect.members;
  const isHidden = readable === 'never' || readable === 'partly';
  if (!wholeGroups(speech.dialect)) {
    try {
      if (patch !== undefined) await versioned(one, (tag) => requester.ask('change', 'PATCH', one.path, patch, accepted, under(tag, turn)));
      else if (isHidden) throw hidden();
      else await replaced(one, (json) => membersReplacement(membersIn(whole(json))), accepted, 'PATCH');
      return;
    } catch (fault) {
      if (!(fault instanceof TargetFault) || !NO_PATCH.has(fault.error.status)) throw fault;
      speech.learn({ shapes: { ...speech.dialect.shapes, [GROUPS]: 'put' } });
    }
  }
  if (isHidden) throw hidden();
  await replaced(one, whole, accepted);
}

function hidden(): TargetFault {
  const message = 'The target takes lists of members whole only, and does not show all of them: others would be taken out by a change.';
  return new TargetFault({ next: 'refused', status: null, scimType: 'hidden-members', message, maybeWritten: false, retryAfter: null });
}

/** Deletes a group. */
export async function removeGroup(requester: Requester, speech: Speech, id: string, turn?: Turn): Promise<void> {
  const one = about(requester, speech, id, turn);
  await versioned(one, (tag) => requester.ask('remove', 'DELETE', one.path, undefined, accepted, under(tag, turn)));
}
