import { mayVerify, verifyAudit } from '../../src/domain/audit/verbs/verify.ts';
import { verifiedMessage } from '../../views/audit/verified-message.ts';
import { note } from '../../views/notice.ts';
import type { Answer, Ask, Command } from '../command.ts';

/** Reads the whole audit and says whether it is as it was written (X2). */
export const verifyAuditCommand: Command = {
  typed: [
    {
      topic: 'audit',
      verb: 'verify',
      right: 'administer',
      everywhere: true,
      usage: 'audit verify [head=<hash noted earlier>]',
      summary: 'Name the first altered, missing or moved row',
      run: (ask, words) => verify(ask, words.options.head ?? null),
    },
  ],
  presses: { 'audit.verify': (ask) => verify(ask, null) },
};

async function verify(ask: Ask, noted: string | null): Promise<Answer> {
  await mayVerify(ask.outside, ask.actor, noted);
  return { is: 'message', message: note('Reading the whole audit…'), later: async () => verifiedMessage(await verifyAudit(ask.outside, ask.actor, noted)) };
}
