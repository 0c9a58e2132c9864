import { actorOf } from '../../src/domain/rights/verbs/who.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Outside } from '../../src/ports/outside.ts';
import type { Ask } from '../command.ts';
import type { Who } from './payloads.ts';

/** What somebody asks, before it is known what they may: without any role. Every line that is logged on its way carries the reference. */
export function asked(outside: Outside, { teamId, userId }: Who, way: Ask['actor']['way'], channelId: string | null): Ask {
  const reference = outside.chance.reference();
  return { outside: { ...outside, log: referring(outside.log, reference) }, actor: { teamId, userId, way, grants: [] }, channelId, reference };
}

function referring(log: Log, reference: string): Log {
  return {
    info: (fields, message) => log.info({ reference, ...fields }, message),
    warn: (fields, message) => log.warn({ reference, ...fields }, message),
    error: (fields, message) => log.error({ reference, ...fields }, message),
  };
}

/** The same with the roles in effect now; for inside the boundary, since finding them can fail. */
export async function withRoles(ask: Ask): Promise<Ask> {
  const { teamId, userId, way } = ask.actor;
  return { ...ask, actor: await actorOf(ask.outside, teamId, userId, way) };
}
