import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SecretFault } from '../../ports/secrets.ts';

/** A plain file name: no separators, and no leading dot, so no way out of the folder. */
const FILE_NAME = /^file:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/;
/** A token is some kilobytes at most. */
const LARGEST = 65_536;

/** The file's name in a reference `file:<name>`; null where it is none. */
export function fileNameOf(reference: string): string | null {
  return FILE_NAME.exec(reference)?.[1] ?? null;
}

async function readWhole(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat().then((found) => {
      if (!found.isFile()) throw new Error('not a regular file');
      return found;
    });
    if (size > LARGEST) throw new Error('too large');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/**
 * Reads a secret from its folder, without the white space around it (editors end a file with a line break).
 * Links are followed only inside the folder, which is how Kubernetes mounts secrets; the path that was checked is the
 * one that is opened. Throws a `SecretFault` that does not tell what the file holds.
 */
export async function readSecretFile(folder: string | null, reference: string): Promise<string> {
  const name = fileNameOf(reference);
  if (folder === null || name === null) throw new SecretFault(`There is no secrets folder for ${reference}. Ask the operator to configure one.`);
  try {
    const home = await realpath(folder);
    const path = await realpath(join(home, name));
    if (!path.startsWith(home + sep)) throw new Error('outside the folder');
    return (await readWhole(path)).trim();
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : 'unknown';
    throw new SecretFault(`The secret ${reference} can't be read (${why}). Ask the operator to look at the secrets folder.`);
  }
}
