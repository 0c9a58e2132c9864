import type { MailAnswer } from '../../../ports/mail.ts';
import type { Outside } from '../../../ports/outside.ts';
import type { Stored } from '../../../ports/store.ts';
import { type Instant, MINUTE } from '../../instant.ts';
import { put } from '../../revise.ts';
import { enrollmentKey, type MailState } from '../enrollment.ts';
import { addressOfLink } from '../invitation.ts';
import type { Letter } from '../letter.ts';
import { masked, withoutAddresses } from '../mask.ts';
import { type Addressed, addressed } from './addressed.ts';
import { queuedMail } from './letters.ts';
import { memoryOf } from './outbox.ts';
import { settle } from './settle-letter.ts';
import { templateFor } from './templates.ts';

export type Mailing = NonNullable<Outside['enrollment']>;
export type Delivering = Pick<Outside, 'store' | 'clock' | 'chance' | 'fingerprint' | 'log'>;

/** What became of a letter in this round. `to`, masked: the server took it, or may have. */
export type Delivery = { readonly is: 'settled'; readonly to: string | null } | { readonly is: 'away'; readonly why: string };

/** Minutes until a letter is tried again; the last for all further ones. A server that greylists wants some minutes (RFC 6647 §5). */
const BACK_OFF = [1, 5, 15, 30, 60, 120, 240];
/** Five days of being put off: RFC 5321 §4.5.4.1 asks for four to five. Time when nothing was tried doesn't count. */
const MOST_TRIES = 35;
/** How long a letter waits before it is looked at again while its connector's mail is off. */
const LOOK_AGAIN = 10 * MINUTE;
/** Nobody's mail is taken now: no try is counted. */
const AWAY = MINUTE;

const SETTLED: Delivery = { is: 'settled', to: null };

/** Sends one letter, at most once (E3): first its link and that it is being sent are made durable, then it goes on the wire, then the answer is written down. */
export async function sendLetter(outside: Delivering, mailing: Mailing, letterId: string): Promise<Delivery> {
  for (;;) {
    const stored = await outside.store.get('letter', letterId);
    if (stored === undefined || stored.value.sendingSince !== null) return SETTLED;
    const what = await addressed(outside, stored.value);
    switch (what.is) {
      case 'drop':
        await settle(outside, { letter: stored.value, digest: null, mail: null, next: null });
        return SETTLED;
      case 'give-up':
        await settle(outside, { letter: stored.value, digest: null, mail: await givenUp(outside, stored.value, what.why), next: null });
        return SETTLED;
      case 'wait': {
        const next = { ...stored.value, nextAt: outside.clock.now() + LOOK_AGAIN };
        await outside.store.transaction({ puts: [put('letter', letterId, next, stored.version)] });
        return SETTLED;
      }
      case 'send': {
        const { sending } = memoryOf(outside.store);
        sending.add(letterId);
        try {
          const sent = await sendOnce(outside, mailing, stored, what);
          if (sent !== null) return sent;
        } finally {
          sending.delete(letterId);
        }
      }
    }
  }
}

/** Null where something changed before it was marked: look at it again. */
async function sendOnce(
  outside: Delivering,
  { mail, url, write }: Mailing,
  stored: Stored<Letter>,
  { to, model, entry }: Extract<Addressed, { is: 'send' }>,
): Promise<Delivery | null> {
  const { store, clock } = outside;
  const letter: Letter = { ...stored.value, sendingSince: clock.now() };
  const secret = letter.is === 'removed' ? null : outside.chance.secret();
  const digest = secret === null ? null : outside.fingerprint.ofSecret(secret);
  const template = await templateFor(outside, letter.is, model.language);
  const words = write(template, { ...model, link: secret === null ? null : addressOfLink(url, secret) });
  const { taskId, personId } = letter;
  const links = digest === null ? entry.value.links : [...entry.value.links, digest];
  const marked = await store.transaction({
    puts: [
      put('letter', letter.id, letter, stored.version),
      put('enrollment', enrollmentKey(taskId, personId), { ...entry.value, links, mail: queuedMail(to.address, clock.now()) }, entry.version),
      ...(digest === null ? [] : [put('enrollmentLink', digest, { taskId, personId }, 0)]),
    ],
  });
  if (marked === 'conflict') return null;
  const answer = await mail.send({ id: letter.id, to, ...words, language: model.language });
  return record(outside, { letter, digest, address: to.address, stop: entry.value.stop, answer: speechless(answer, to.address, secret) });
}

/** What the server said, without addresses and without the link, should it repeat them. */
function speechless(answer: MailAnswer, address: string, secret: string | null): MailAnswer {
  if (answer.is === 'accepted') return answer;
  const why = withoutAddresses(secret === null ? answer.why : answer.why.replaceAll(secret, '…'), address);
  return { ...answer, why };
}

async function record(
  outside: Delivering,
  of: { readonly letter: Letter; readonly digest: string | null; readonly address: string; readonly stop: Instant; readonly answer: MailAnswer },
): Promise<Delivery> {
  const { letter, digest, answer } = of;
  const now = outside.clock.now();
  const to = masked(of.address);
  switch (answer.is) {
    case 'accepted':
    case 'unknown':
      if (answer.is === 'unknown')
        outside.log.warn({ letter: letter.id, taskId: letter.taskId, why: answer.why }, 'the mail server did not say what became of a mail');
      await settle(outside, { letter, digest, mail: { is: answer.is, to, at: now }, next: null });
      return { is: 'settled', to };
    case 'refused':
      await settle(outside, { letter, digest, mail: { is: 'refused', to, at: now, why: answer.why }, next: null });
      return SETTLED;
    case 'later': {
      const wait = answer.away ? AWAY : MINUTE * (BACK_OFF[Math.min(letter.tries, BACK_OFF.length - 1)] ?? 0);
      const next: Letter = { ...letter, sendingSince: null, tries: letter.tries + (answer.away ? 0 : 1), nextAt: now + wait };
      const over = next.tries >= MOST_TRIES || (letter.is !== 'removed' && next.nextAt >= of.stop);
      const mail: MailState | null = over ? { is: 'given-up', to, at: now, why: answer.why } : null;
      await settle(outside, { letter, digest, mail, next: mail === null ? next : null });
      return answer.away ? { is: 'away', why: answer.why } : SETTLED;
    }
  }
}

/** The address stays the one that was queued, masked: nothing else of it is known any more. */
async function givenUp({ store, clock }: Delivering, { taskId, personId }: Letter, why: string): Promise<MailState> {
  const mail = (await store.get('enrollment', enrollmentKey(taskId, personId)))?.value.mail;
  return { is: 'given-up', to: mail?.to ?? '…', at: clock.now(), why };
}
