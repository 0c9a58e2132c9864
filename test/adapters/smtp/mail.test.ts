import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMail, type SmtpOptions } from '../../../src/adapters/smtp/mail.ts';
import type { MailAnswer, OutgoingMail } from '../../../src/ports/mail.ts';
import { type Mailbox, type MailboxOptions, startMailbox } from '../../../src/sandbox/mailbox/server.ts';
import { AUTHORITY, GOOD, SELF_SIGNED, SERVER_KEY } from '../undici/certificates.ts';

const PASSWORD = 'correct horse battery';
const LOGIN = { user: 'usher', password: PASSWORD };
const TLS = { key: SERVER_KEY, cert: GOOD };
const LEE = { name: 'Lee Okafor', address: 'lee@riverside.example' };

async function mailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const box = await startMailbox(options);
  onTestFinished(() => box.close());
  return box;
}

function mailTo(box: Pick<Mailbox, 'port'>, options: Partial<SmtpOptions> = {}) {
  const mail = createMail({
    ...{ host: 'localhost', port: box.port, secure: false, plain: true, login: null },
    from: { name: 'Riverside IT', address: 'it@riverside.example' },
    pace: { permit: () => undefined, holdUntil() {}, heldUntil: () => null },
    ...options,
  });
  onTestFinished(() => mail.close());
  return mail;
}

function outgoing(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  return { id: 'letter-1', to: LEE, subject: 'Your account', text: 'Hello\n', html: '<p>Hello</p>', language: 'es', ...changes };
}

function whyOf(answer: MailAnswer): string {
  return answer.is === 'accepted' ? '' : answer.why;
}

describe('mail by SMTP', () => {
  it('E3 goes over STARTTLS after a login, with what tells programs that it was sent by one', async () => {
    const box = await mailbox({ tls: TLS, login: LOGIN });
    const mail = mailTo(box, { plain: false, login: LOGIN, authorities: [AUTHORITY] });
    expect(await mail.send(outgoing())).toEqual({ is: 'accepted' });
    const [got] = box.mails();
    expect(got).toMatchObject({ secure: true, from: 'it@riverside.example', to: ['lee@riverside.example'], toHeader: 'Lee Okafor <lee@riverside.example>' });
    expect(got).toMatchObject({ messageId: 'letter-1@riverside.example', subject: 'Your account' });
    expect(got?.text.trim()).toBe('Hello');
    expect(got?.html).toContain('<p>Hello</p>');
    expect(got?.headers.get('auto-submitted')).toEqual(['auto-generated']);
    expect(got?.headers.get('content-language')).toEqual(['es']);
    expect(await mail.problem()).toBeNull();
  });

  it('E3 goes over TLS from the first byte where the server wants that', async () => {
    const box = await mailbox({ tls: { ...TLS, atOnce: true } });
    expect(await mailTo(box, { secure: true, plain: false, authorities: [AUTHORITY] }).send(outgoing())).toEqual({ is: 'accepted' });
    expect(box.mails()[0]?.secure).toBe(true);
  });

  it('E3 X6 hands nothing to a server without STARTTLS, or whose certificate is of nobody we know', async () => {
    const bare = await mailbox({ login: LOGIN });
    expect(await mailTo(bare, { plain: false, login: LOGIN }).send(outgoing())).toMatchObject({ is: 'later', away: true });
    const strange = await mailbox({ tls: { key: SERVER_KEY, cert: SELF_SIGNED }, login: LOGIN });
    expect(await mailTo(strange, { plain: false, login: LOGIN }).send(outgoing())).toMatchObject({ is: 'later', away: true });
    expect([...bare.mails(), ...strange.mails()]).toEqual([]);
    expect(bare.refusedLogins() + strange.refusedLogins()).toBe(0);
  });

  it('E3 X6 says that a login was refused, without a word of it', async () => {
    const box = await mailbox({ tls: TLS, login: { user: 'usher', password: 'another' } });
    const mail = mailTo(box, { plain: false, login: LOGIN, authorities: [AUTHORITY] });
    const answer = await mail.send(outgoing());
    expect(answer).toEqual({ is: 'later', away: true, why: 'the mail server refused the login (535 5.7.8)' });
    expect(await mail.problem()).toBe('the mail server refused the login (535 5.7.8)');
    const plain = Buffer.from(`\0usher\0${PASSWORD}`).toString('base64');
    for (const secret of [PASSWORD, plain, Buffer.from(PASSWORD).toString('base64')]) expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it('E3 tells apart an address that will never do, a mail to be tried again, and one of which nobody knows', async () => {
    const box = await mailbox();
    const mail = mailTo(box);
    const with_ = async (is: Parameters<Mailbox['mischief']['add']>[0]['is']): Promise<MailAnswer> => {
      box.mischief.add({ is, times: 1 });
      return mail.send(outgoing());
    };
    const refused = await with_('refuse');
    expect(refused.is).toBe('refused');
    expect(whyOf(refused)).toMatch(/^550 5\.1\.1 /);
    expect(await with_('spam')).toMatchObject({ is: 'refused', why: expect.stringMatching(/^554 /) });
    expect(await with_('later')).toMatchObject({ is: 'later', away: false, why: expect.stringMatching(/^450 /) });
    expect(await with_('busy')).toMatchObject({ is: 'later', away: true });
    expect(await with_('hang-up')).toMatchObject({ is: 'later', away: true });
    expect(box.mails().map(({ answer }) => answer)).toEqual(['refused']);
    expect(await with_('drop')).toMatchObject({ is: 'unknown' });
    expect(box.mails().map(({ answer }) => answer)).toEqual(['refused', 'dropped']);
    expect(await mail.send(outgoing())).toEqual({ is: 'accepted' });
  });

  it('E3 tries again later where no server answers, and says so', async () => {
    const box = await mailbox();
    await box.close();
    const mail = mailTo(box);
    expect(await mail.send(outgoing())).toMatchObject({ is: 'later', away: true });
    expect(await mail.problem()).toContain('ECONNREFUSED');
  });

  it('E3 gets over connections that the server closed while they were idle, and sends nothing twice', async () => {
    const box = await mailbox();
    const mail = mailTo(box);
    expect(await mail.send(outgoing({ id: 'first' }))).toEqual({ is: 'accepted' });
    box.cut();
    const answer = await mail.send(outgoing({ id: 'second' }));
    if (answer.is === 'later') expect(await mail.send(outgoing({ id: 'second' }))).toEqual({ is: 'accepted' });
    else expect(answer).toEqual({ is: 'accepted' });
    expect(box.mails().map(({ messageId }) => messageId.split('@')[0])).toEqual(['first', 'second']);
  });

  it('E3 takes a permit of its pace for every mail', async () => {
    const box = await mailbox();
    const asked: (() => void)[] = [];
    const mail = mailTo(box, { pace: { permit: () => new Promise((go) => asked.push(go)), holdUntil() {}, heldUntil: () => null } });
    const sent = [mail.send(outgoing({ id: 'a' })), mail.send(outgoing({ id: 'b' }))];
    asked.shift()?.();
    expect(await sent[0]).toEqual({ is: 'accepted' });
    expect(box.mails()).toHaveLength(1);
    asked.shift()?.();
    expect(await sent[1]).toEqual({ is: 'accepted' });
  });

  it('E3 X4 refuses what is no address before the server sees it', async () => {
    const box = await mailbox();
    const mail = mailTo(box);
    for (const address of ['', 'lee', 'lee@', 'a@x.example,b@x.example', 'a@x.example\r\nRCPT TO:<b@x.example>', '<a@x.example>', 'a b@x.example'])
      expect(await mail.send(outgoing({ to: { name: '', address } })), address).toMatchObject({ is: 'refused' });
    expect(box.mails()).toEqual([]);
  });

  it('E3 X4 lets no name and no subject make a header, another recipient or a body', async () => {
    const box = await mailbox();
    const mail = mailTo(box);
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        'Eve\r\nBcc: eve@evil.example',
        'a" <eve@evil.example>, "b',
        'x\n\nbody',
        '=?utf-8?q?=0D=0ABcc:_e=40e.example?=',
        '\u2028Bcc: x@y.example',
        '<eve@evil.example>',
      ),
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (name, subject) => {
        number += 1;
        expect(await mail.send(outgoing({ id: `n${number}`, to: { ...LEE, name }, subject: `Hello ${subject}` }))).toEqual({ is: 'accepted' });
        const got = box.mails().at(-1);
        expect(got?.to).toEqual([LEE.address]);
        expect(got?.messageId).toBe(`n${number}@riverside.example`);
        expect([...(got?.headers.keys() ?? [])].sort()).toEqual(NAMES);
        for (const header of ['to', 'subject', 'from']) expect(got?.headers.get(header)).toHaveLength(1);
        expect(got?.toHeader.endsWith(LEE.address) || got?.toHeader.endsWith(`<${LEE.address}>`)).toBe(true);
        expect(got?.text.trim()).toBe('Hello');
      }),
      { numRuns: 15 },
    );
  });
});

const NAMES = ['auto-submitted', 'content-language', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to', 'x-auto-response-suppress'];
