import { suspensionOf, type Suspension } from '../effect.ts';
import { refreshPerson } from './refresh.ts';
import { isGlobalAdmin } from './who.ts';

/**
 * At start: asks Slack who the configuration's first admins are, and warns of each who holds nothing all the same (X1).
 * Slack not answering keeps nobody from starting: they are asked for again when they come, and by the worker.
 */
export async function checkFirstAdmins(outside: Parameters<typeof refreshPerson>[0]): Promise<void> {
  let active = 0;
  for (const grant of outside.settings.grants) {
    try {
      const person = await refreshPerson(outside, grant.userId);
      const why = person === undefined ? 'unknown' : suspensionOf(person, grant.role);
      if (why !== null)
        outside.log.warn({ user: grant.userId }, `USHER_FIRST_ADMINS names ${grant.userId}, who is ${WORDS[why]} and holds no role: name somebody else`);
      else if (isGlobalAdmin(grant)) active += 1;
    } catch (error) {
      outside.log.warn({ user: grant.userId, err: error }, 'Slack did not tell who a first admin is; they are asked for again');
      active += 1;
    }
  }
  if (active === 0)
    outside.log.warn({}, 'USHER_FIRST_ADMINS names nobody who can administer everything: unless somebody was given that role in Slack, nobody can give roles');
}

const WORDS: Readonly<Record<Suspension | 'unknown', string>> = {
  unknown: 'unknown to Slack',
  deactivated: 'deactivated in Slack',
  guest: 'a guest in Slack',
  foreign: 'of another workspace',
};
