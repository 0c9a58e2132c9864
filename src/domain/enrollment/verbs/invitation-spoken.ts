import type { Outside } from '../../../ports/outside.ts';
import type { Invitation } from '../invitation.ts';
import { type Language, languageNamed } from '../letter.ts';
import { policyOf } from '../rules-in-force.ts';
import { invitationBehind } from './accept.ts';

type Reading = Pick<Outside, 'store' | 'clock' | 'fingerprint'>;

/**
 * What a link stands for, with the language of the policy in force as the locale of whoever names none (E8). Reads only (E3), and
 * of a link that stands for nothing just what `invitationBehind` reads.
 */
export async function invitationSpoken(outside: Reading, secret: string): Promise<Invitation> {
  const invitation = await invitationBehind(outside, secret);
  const { invited } = invitation;
  if (invited === null || languageNamed(invited.locale) !== undefined) return invitation;
  const language = await policyLanguage(outside, secret);
  return language === undefined ? invitation : { ...invitation, invited: { ...invited, locale: language } };
}

async function policyLanguage({ store, fingerprint }: Reading, secret: string): Promise<Language | undefined> {
  const link = (await store.get('enrollmentLink', fingerprint.ofSecret(secret)))?.value;
  const task = link === undefined ? undefined : (await store.get('task', link.taskId))?.value;
  const connector = task === undefined ? undefined : (await store.get('connector', task.connectorId))?.value;
  return connector === undefined ? undefined : (await policyOf({ store }, connector)).language;
}
