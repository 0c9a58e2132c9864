import type { MailAnswer } from '../../ports/mail.ts';

/** What nodemailer says of a mail that did not get through (its lib/errors and lib/smtp-connection). */
interface Failure {
  /** `EENVELOPE`: a command before the message was refused. `EMESSAGE`: the message was. `EAUTH`: the login. Others: the connection. */
  readonly code: string;
  /** The server's reply code; null where it did not reply. */
  readonly reply: number | null;
  /** What was refused: `MAIL FROM`, `RCPT TO`, `DATA`, `API` (nodemailer itself), `CONN`. */
  readonly command: string;
  readonly words: string;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: '', reply: null, command: '', words: 'it failed' };
  const text = (name: string): string => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : '';
  };
  const reply: unknown = Reflect.get(error, 'responseCode');
  return {
    code: text('code'),
    reply: typeof reply === 'number' ? reply : null,
    command: text('command'),
    // A server may repeat what it was sent: of a login nothing but its codes may be told.
    words: text('code') === 'EAUTH' ? loginWords(text('response')) : oneLine(text('response') === '' ? error.message : text('response')),
  };
}

/** `535 5.7.8` at most. */
function loginWords(response: string): string {
  const codes = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(response)?.[0] ?? '';
  return `the mail server refused the login${codes === '' ? '' : ` (${codes})`}`;
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 400);
}

/** RFC 5321 §4.2.1. 503 says that commands came in the wrong order, which is nobody's address. */
function isPermanent(reply: number): boolean {
  return reply >= 500 && reply < 600 && reply !== 503;
}

/**
 * What an error means for the mail. `handedOver`: something of the message was given to the connection; without a reply
 * after that, nobody knows what the server did with it.
 */
export function answerTo(error: unknown, handedOver: boolean): MailAnswer {
  const { code, reply, command, words } = failureOf(error);
  if (code === 'EMESSAGE' && command === 'DATA' && reply !== null)
    return isPermanent(reply) ? { is: 'refused', why: words } : { is: 'later', why: words, away: false };
  if (code === 'EENVELOPE') {
    if (command === 'API') return { is: 'refused', why: words };
    // Our own sender address is refused: every other mail would be too, and no recipient is to blame.
    if (command === 'MAIL FROM' || reply === 421) return { is: 'later', why: words, away: true };
    return reply !== null && isPermanent(reply) ? { is: 'refused', why: words } : { is: 'later', why: words, away: false };
  }
  return handedOver ? { is: 'unknown', why: words } : { is: 'later', why: words, away: true };
}

/** Why the server can't be used, in words without secrets. */
export function problemIn(error: unknown): string {
  const { words } = failureOf(error);
  return words === '' ? 'the mail server can’t be used' : words;
}
