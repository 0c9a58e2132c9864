import type { Outside } from '../../../ports/outside.ts';
import { badInput } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Verification } from '../verification.ts';

/** Who may have the audit verified: global admins. Checks the noted hash's spelling too. */
export async function mayVerify(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, noted: string | null): Promise<void> {
  await requireRight(outside, actor, 'administer', null, 'verify the audit');
  if (noted !== null && !/^[0-9a-f]{64}$/.test(noted))
    throw badInput('head', 'That is no head’s hash.', 'It has 64 characters from 0 to 9 and a to f, as a verification shows it.');
}

/** Reads the whole audit from where it is kept and names the first row that was altered, is missing or was moved (X2). */
export async function verifyAudit(outside: Pick<Outside, 'store' | 'settings' | 'log'>, actor: Actor, noted: string | null): Promise<Verification> {
  await mayVerify(outside, actor, noted);
  const found = await outside.store.verifyAudit(noted ?? undefined);
  if (found.fault === null) outside.log.info({ rows: found.rows, auditHead: found.head, by: actor.userId }, 'the audit is intact');
  else outside.log.error({ fault: found.fault, rows: found.rows, by: actor.userId }, 'the audit was tampered with');
  return found;
}
