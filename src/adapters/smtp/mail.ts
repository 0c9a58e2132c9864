import type { Readable } from 'node:stream';
import { createTransport, type SMTPPoolOptions, type SMTPPoolSentMessageInfo } from 'nodemailer';
import type { Mail, MailAnswer, OutgoingMail } from '../../ports/mail.ts';
import type { Pace, Paces } from '../../ports/pace.ts';
import { answerTo, problemIn } from './answer.ts';
import type { MailSettings } from './settings.ts';

export interface SmtpOptions extends Omit<MailSettings, 'perSecond'> {
  /** How fast mails may go out. */
  readonly pace: Pace;
  /** Certificates of authorities, in PEM, in the place of Node's own. */
  readonly authorities?: readonly string[];
}

const CONNECTIONS = 5;
const CONNECT_WITHIN = 15_000;
/** RFC 5321 §4.5.3.2 grants a server minutes; one that says nothing for so long is given up, and what it did with a mail is unknown. */
const SILENT_AT_MOST = 120_000;
/** Looking whether the server is there opens a connection: not more often than this. */
const LOOK_EVERY = 30_000;
const ADDRESS = /^[^\s@<>"(),;:\\[\]\p{C}]+@[^\s@<>"(),;:\\[\]\p{C}]+$/u;

/** The mail server of the configuration, at the configured rate. */
export function openMail(settings: MailSettings, paces: Paces): ReturnType<typeof createMail> {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return createMail({ ...settings, pace: paces.of(`smtp://${host}:${settings.port}`, settings.perSecond) });
}

/** The `Mail` port over nodemailer: a pool of connections, STARTTLS or TLS required, paced. `close` ends idle connections and turns further mail away. */
export function createMail(options: SmtpOptions): Mail & { close(): void } {
  const { from, pace } = options;
  const transport = transportOf(options);
  /** What of each mail was given to a connection: of a stream that was never read, the server has not a byte. */
  const handed = new Map<string, Readable[]>();
  transport.use('stream', (mail, done) => {
    const streams = handed.get(mail.data.messageId ?? '');
    mail.message.processFunc((stream: Readable) => {
      streams?.push(stream);
      return stream;
    });
    done();
  });
  // Each mail has its own answer; this one is about connections that no mail was on.
  transport.on('error', () => undefined);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  let looked: { readonly at: number; readonly problem: Promise<string | null> } | null = null;

  async function send(mail: OutgoingMail): Promise<MailAnswer> {
    if (!ADDRESS.test(mail.to.address)) return { is: 'refused', why: 'it is no e-mail address' };
    const messageId = `<${mail.id}@${domain}>`;
    const streams: Readable[] = [];
    try {
      await pace.permit();
      handed.set(messageId, streams);
      await transport.sendMail({
        messageId,
        from: { ...from },
        to: { ...mail.to },
        envelope: { from: from.address, to: [mail.to.address] },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language, 'X-Auto-Response-Suppress': 'All' },
      });
      return { is: 'accepted' };
    } catch (error) {
      return answerTo(
        error,
        streams.some((stream) => stream.readableDidRead),
      );
    } finally {
      handed.delete(messageId);
    }
  }

  return {
    send,
    problem() {
      const now = performance.now();
      if (looked === null || now - looked.at > LOOK_EVERY)
        looked = {
          at: now,
          problem: transport.verify().then(
            () => null,
            (error: unknown) => problemIn(error),
          ),
        };
      return looked.problem;
    },
    close: () => transport.close(),
  };
}

function transportOf({
  host,
  port,
  secure,
  plain,
  login,
  authorities,
}: SmtpOptions): ReturnType<typeof createTransport<SMTPPoolSentMessageInfo, SMTPPoolOptions>> {
  return createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: !secure && !plain,
    ignoreTLS: plain,
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    ...(authorities === undefined ? {} : { tls: { ca: [...authorities] } }),
    maxConnections: CONNECTIONS,
    connectionTimeout: CONNECT_WITHIN,
    greetingTimeout: CONNECT_WITHIN,
    socketTimeout: SILENT_AT_MOST,
    // It requeues only what it gave no byte of to the server: a connection that the server had closed while it was idle.
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
}
