import type { Speech } from '../../domain/connectors/dialect.ts';
import { TargetFault } from '../../domain/connectors/target-error.ts';
import type { Turn } from '../../ports/target.ts';
import { isObject } from '../../scim/user.ts';
import type { OneTurn, Requester } from './requester.ts';
import type { Answer } from './wire.ts';

/** Tries under a version that somebody else outdates meanwhile (412). */
const TRIES = 3;

/** One resource, and who asks about it. `reads` tells whether JSON is such a resource. */
export interface About {
  readonly requester: Requester;
  readonly speech: Speech;
  readonly path: string;
  readonly turn: Turn | undefined;
  readonly reads: (json: unknown) => boolean;
}

interface Fresh {
  readonly json: Readonly<Record<string, unknown>>;
  /** The version's tag, from the header or from `meta.version` (RFC 7643 §3.1). */
  readonly tag: string | undefined;
}

/** The same turn for a request about this version. */
export function under(tag: string | undefined, turn?: Turn): OneTurn | undefined {
  return tag === undefined ? turn : { take: () => turn?.take(), free: () => turn?.free(), ifMatch: tag };
}

function statusOf(fault: unknown): number | null {
  return fault instanceof TargetFault ? fault.error.status : null;
}

function fresh({ requester, path, turn, reads }: About): Promise<Fresh> {
  const read = (json: unknown, { etag }: Answer): Fresh | null => {
    if (!isObject(json) || !reads(json)) return null;
    const version = isObject(json.meta) && typeof json.meta.version === 'string' ? json.meta.version : undefined;
    return { json, tag: etag ?? version };
  };
  return requester.ask('read', 'GET', path, undefined, read, turn);
}

/** Sends under a version where one is demanded (RFC 7644 §3.14); `send` gets its tag. 428 is learnt; after 412 the next try reads again. */
export async function versioned<T>(about: About, send: (tag: string | undefined) => Promise<T>): Promise<T> {
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

/**
 * Writes the whole resource by PUT (RFC 7644 §3.5.1), or a whole list of it by PATCH, made by `bodyOf` from a fresh GET, under its version where versions
 * are looked at; after 412 from another GET.
 */
export async function replaced<T>(
  about: About,
  bodyOf: (json: Readonly<Record<string, unknown>>) => unknown,
  read: (json: unknown, answer: Answer) => T | null,
  method: 'PUT' | 'PATCH' = 'PUT',
): Promise<T> {
  const { requester, speech, path, turn } = about;
  for (let tries = 1; ; tries += 1) {
    const { json, tag } = await fresh(about);
    const { etag } = speech.dialect;
    const ifMatch = etag === 'checked' || etag === 'required' ? tag : undefined;
    try {
      return await requester.ask('change', method, path, bodyOf(json), read, under(ifMatch, turn));
    } catch (fault) {
      const status = statusOf(fault);
      if ((status !== 412 && (status !== 428 || etag === 'required')) || tries === TRIES) throw fault;
      if (status === 428) speech.learn({ etag: 'required' });
    }
  }
}
