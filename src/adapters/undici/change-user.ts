import { cleared, EVERY, type Speech } from '../../domain/connectors/dialect.ts';
import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { TargetUser, Turn } from '../../ports/target.ts';
import { type UserChange, userPatch } from '../../scim/patch.ts';
import { userReplacement } from '../../scim/put.ts';
import { isObject, readUser } from '../../scim/user.ts';
import { resourcePath } from './paths.ts';
import type { OneTurn, Requester } from './requester.ts';
import type { Answer } from './wire.ts';

/** Tries under a version that somebody else outdates meanwhile (412). */
const TRIES = 3;

/** A 2xx may come without a body, or with one that shows no user: the change was accepted all the same. */
function readChanged(json: unknown): { readonly user: TargetUser | null } {
  return { user: readUser(json) };
}

interface Fresh {
  readonly user: Readonly<Record<string, unknown>>;
  /** The version's tag, from the header or from `meta.version` (RFC 7643 §3.1). */
  readonly tag: string | undefined;
}

function readFresh(json: unknown, { etag }: Answer): Fresh | null {
  if (!isObject(json) || readUser(json) === null) return null;
  const version = isObject(json.meta) && typeof json.meta.version === 'string' ? json.meta.version : undefined;
  return { user: json, tag: etag ?? version };
}

function needsPut({ dialect }: Speech, { set, clear, active, externalId }: UserChange): boolean {
  const { shapes } = dialect;
  const keys = [...Object.keys(set), ...clear.map(cleared), ...(active === undefined ? [] : ['active']), ...(externalId === undefined ? [] : ['externalId'])];
  return keys.some((key) => (shapes[key] ?? shapes[EVERY]) === 'put');
}

function statusOf(fault: unknown): number | null {
  return fault instanceof TargetFault ? fault.error.status : null;
}

/** The same turn for a request about this version. */
export function under(tag: string | undefined, turn?: Turn): OneTurn | undefined {
  return tag === undefined ? turn : { take: () => turn?.take(), free: () => turn?.free(), ifMatch: tag };
}

/** One user, and who asks about it. */
interface About {
  readonly requester: Requester;
  readonly speech: Speech;
  readonly path: string;
  readonly turn: Turn | undefined;
}

function fresh({ requester, path, turn }: About): Promise<Fresh> {
  return requester.ask('read', 'GET', path, undefined, readFresh, turn);
}

/** Sends under a version where one is demanded (RFC 7644 §3.14); `send` gets its tag. 428 is learnt; after 412 the next try reads again. */
async function versioned<T>(about: About, send: (tag: string | undefined) => Promise<T>): Promise<T> {
  const { speech } = about;
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(speech.dialect.etag === 'required' ? (await fresh(about)).tag : undefined);
    } catch (fault) {
      const status = statusOf(fault);
      const isKnown = status === 428 && speech.dialect.etag === 'required';
      if ((status !== 428 && status !== 412) || isKnown || tries === TRIES) throw fault;
      if (status === 428) speech.learn({ etag: 'required' });
    }
  }
}

/** Changes a user as the target's dialect has it: PATCH, or GET and PUT. */
export async function changeUser(requester: Requester, speech: Speech, id: string, change: UserChange, turn?: Turn): Promise<TargetUser | null> {
  const about: About = { requester, speech, path: resourcePath('Users', id), turn };
  if (!needsPut(speech, change)) {
    const { user } = await versioned(about, (tag) =>
      requester.ask('change', 'PATCH', about.path, userPatch(change, speech.dialect), readChanged, under(tag, turn)),
    );
    return user;
  }
  for (let tries = 1; ; tries += 1) {
    const { user: present, tag } = await fresh(about);
    const { etag } = speech.dialect;
    const ifMatch = etag === 'checked' || etag === 'required' ? tag : undefined;
    try {
      return (await requester.ask('change', 'PUT', about.path, userReplacement(present, change, speech.dialect), readChanged, under(ifMatch, turn))).user;
    } catch (fault) {
      const status = statusOf(fault);
      if ((status !== 412 && (status !== 428 || etag === 'required')) || tries === TRIES) throw fault;
      if (status === 428) speech.learn({ etag: 'required' });
    }
  }
}

/** Deletes a user. */
export async function removeUser(requester: Requester, speech: Speech, id: string, turn?: Turn): Promise<void> {
  const about: About = { requester, speech, path: resourcePath('Users', id), turn };
  await versioned(about, (tag) => requester.ask('remove', 'DELETE', about.path, undefined, () => true, under(tag, turn)));
}
