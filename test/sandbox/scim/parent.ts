import { spawnScimTarget } from '../../../src/sandbox/scim/spawn.ts';

/** Run as a process by `processes.test.ts`: starts a target, says where, and waits to be killed. */
const { url } = await spawnScimTarget({ token: 'secret' });
process.stdout.write(`${url}\n`);
