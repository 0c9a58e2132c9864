import { type Verification, verdict } from '../../src/domain/audit/verification.ts';
import { context, type Message, message, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';

/** What a reading of the whole audit found (X2). */
export function verifiedMessage(found: Verification): Message {
  const [first = '', ...more] = verdict(found);
  return message({
    text: `Audit: ${first}`,
    blocks: [
      section(md`${found.fault === null ? '✓' : '✕'} ${bold('Audit')}: ${first}`),
      ...more.map((line) => section(line)),
      found.fault === null
        ? context('Note the head somewhere that Usher’s host can’t write to: a later check finds it again, or says that the log was cut or rewritten.')
        : section('Keep the data folder as it is, and compare it with your backups. Whoever can write to the host’s disk could have done this.'),
    ],
  });
}
