import { cleared, EVERY, type Speech } from '../../domain/connectors/dialect.ts';
import type { TargetUser, Turn } from '../../ports/target.ts';
import { type UserChange, userPatch } from '../../scim/patch.ts';
import { userReplacement } from '../../scim/put.ts';
import { readUser } from '../../scim/user.ts';
import { resourcePath } from './paths.ts';
import type { Requester } from './requester.ts';
import { type About, replaced, under, versioned } from './versioned.ts';

/** A 2xx may come without a body, or with one that shows no user: the change was accepted all the same. */
function readChanged(json: unknown): { readonly user: TargetUser | null } {
  return { user: readUser(json) };
}

function needsPut({ dialect }: Speech, { set, clear, active, externalId }: UserChange): boolean {
  const { shapes } = dialect;
  const keys = [...Object.keys(set), ...clear.map(cleared), ...(active === undefined ? [] : ['active']), ...(externalId === undefined ? [] : ['externalId'])];
  return keys.some((key) => (shapes[key] ?? shapes[EVERY]) === 'put');
}

function about(requester: Requester, speech: Speech, id: string, turn: Turn | undefined): About {
  return { requester, speech, path: resourcePath('Users', id), turn, reads: (json) => readUser(json) !== null };
}

/** Changes a user as the target's dialect has it: PATCH, or GET and PUT. */
export async function changeUser(requester: Requester, speech: Speech, id: string, change: UserChange, turn?: Turn): Promise<TargetUser | null> {
  const one = about(requester, speech, id, turn);
  const { user } = needsPut(speech, change)
    ? await replaced(one, (present) => userReplacement(present, change, speech.dialect), readChanged)
    : await versioned(one, (tag) => requester.ask('change', 'PATCH', one.path, userPatch(change, speech.dialect), readChanged, under(tag, turn)));
  return user;
}

/** Deletes a user. */
export async function removeUser(requester: Requester, speech: Speech, id: string, turn?: Turn): Promise<void> {
  const one = about(requester, speech, id, turn);
  await versioned(one, (tag) => requester.ask('remove', 'DELETE', one.path, undefined, () => true, under(tag, turn)));
}
