import { randomBytes } from 'node:crypto';
import { chmod, lstat, readdir, rename, rm, symlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { StoreFault } from '../../ports/store.ts';
import { codeOf, faultOf } from './faults.ts';

/** The kernel's limit for the path of a Unix socket is 108 bytes on Linux and 104 on macOS, with a closing zero. */
const LONGEST_SOCKET_PATH = 103;
const CLAIM = /^owner\.(\d+)\.[0-9a-f]{8}\.sock$/;

/** The folder is ours until released. */
export interface Ownership {
  release(): Promise<void>;
}

/**
 * Claims a folder for this process, or throws a `StoreFault` that names the owner's pid.
 *
 * A claim is a listening Unix socket of a unique name: the kernel takes it down with its process, however that ends, and it
 * answers across containers that share the folder, where a pid would mislead. Whoever claims listens first and looks at
 * all other claims afterwards, so of two at once the later one always sees the earlier (both may withdraw, both never
 * stay). Only a confirmed owner removes dead claims and points `owner.sock` at its own.
 */
export async function claim(folder: string): Promise<Ownership> {
  const name = `owner.${process.pid}.${randomBytes(4).toString('hex')}.sock`;
  const path = join(folder, name);
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH)
    throw new StoreFault(`The path of the data folder ${folder} is too long: use one of at most ${LONGEST_SOCKET_PATH - name.length - 1} bytes.`);
  const server = await listen(path).catch((error: unknown) => {
    throw faultOf(error, `The data folder ${folder} can't be locked (it must be on a local disk that allows Unix sockets)`);
  });
  try {
    await chmod(path, 0o600);
    const dead = await deadClaims(folder, name);
    // Another claimer may have taken ours for dead in the moment between its creation and its listening.
    await lstat(path);
    for (const other of dead) for (const left of [other, `${other}.link`]) await rm(join(folder, left), { force: true });
    await symlink(name, `${path}.link`);
    await rename(`${path}.link`, join(folder, 'owner.sock'));
  } catch (error) {
    await close(server);
    throw faultOf(error, `The data folder ${folder} can't be locked`);
  }
  return {
    release: async () => {
      await rm(join(folder, 'owner.sock'), { force: true });
      await close(server);
    },
  };
}

/** Claims whose process is gone. Throws when one is alive. */
async function deadClaims(folder: string, own: string): Promise<readonly string[]> {
  const others = (await readdir(folder)).filter((name) => CLAIM.test(name) && name !== own);
  for (const other of others) {
    if (await answers(join(folder, other))) {
      throw new StoreFault(`The data folder ${folder} is in use by process ${CLAIM.exec(other)?.[1]}. Stop that Usher first, or give this one its own folder.`);
    }
  }
  return others;
}

/** Only a refused connection proves that nobody listens; whatever else goes wrong counts as alive. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? '')));
  });
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end();
    });
    server.once('error', reject);
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
