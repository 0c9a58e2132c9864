import { GROUPS, type Speech, wholeGroups } from '../../domain/connectors/dialect.ts';
import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { Turn } from '../../ports/target.ts';
import { type GroupEdit, groupReplacement, hides, readGroup } from '../../scim/group.ts';
import type { PatchBody } from '../../scim/patch.ts';
import { resourcePath } from './paths.ts';
import type { Requester } from './requester.ts';
import { type About, replaced, under, versioned } from './versioned.ts';

/** What a server answers to a method that it doesn't have. */
const NO_PATCH: ReadonlySet<number | null> = new Set([405, 501]);

const accepted = (): true => true;

function about(requester: Requester, speech: Speech, id: string, turn: Turn | undefined): About {
  return { requester, speech, path: resourcePath('Groups', id), turn, reads: (json) => readGroup(json) !== null };
}

/** Changes a group as the target's dialect has it: by PATCH, or, where there is none, by PUT of the whole group from a fresh GET. */
export async function changeGroup(
  requester: Requester,
  speech: Speech,
  id: string,
  patch: PatchBody,
  edit: GroupEdit,
  { turn, present }: { readonly turn: Turn | undefined; readonly present: Iterable<string> | undefined },
): Promise<void> {
  const one = about(requester, speech, id, turn);
  if (!wholeGroups(speech.dialect)) {
    try {
      await versioned(one, (tag) => requester.ask('change', 'PATCH', one.path, patch, accepted, under(tag, turn)));
      return;
    } catch (fault) {
      if (!(fault instanceof TargetFault) || !NO_PATCH.has(fault.error.status)) throw fault;
      speech.learn({ shapes: { ...speech.dialect.shapes, [GROUPS]: 'put' } });
    }
  }
  const { readable } = speech.dialect.members;
  // Whoever it does not show would be taken out by a list that was made of whom it shows (S23).
  if (readable === 'never' || readable === 'partly') throw hidden();
  const bodyOf = (json: Readonly<Record<string, unknown>>): unknown => {
    if (hides(json, present ?? [])) throw hidden();
    return groupReplacement(json, edit);
  };
  await replaced(one, bodyOf, accepted);
}

function hidden(): TargetFault {
  const message = 'The target takes whole groups only, and does not show all of their members: others would be taken out by a change.';
  return new TargetFault({ next: 'refused', status: null, scimType: 'hidden-members', message, maybeWritten: false, retryAfter: null });
}

/** Deletes a group. */
export async function removeGroup(requester: Requester, speech: Speech, id: string, turn?: Turn): Promise<void> {
  const one = about(requester, speech, id, turn);
  await versioned(one, (tag) => requester.ask('remove', 'DELETE', one.path, undefined, accepted, under(tag, turn)));
}
