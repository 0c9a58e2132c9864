import { createServer } from 'node:http';
import { listen, shut } from '../scim/listen.ts';
import { Intake, type SmtpOptions } from './intake.ts';
import type { ReceivedMail } from './mails.ts';
import { Mischief } from './mischief.ts';
import { mailboxPage } from './page.ts';

export interface MailboxOptions extends SmtpOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly pagePort?: number;
}

/** A mail server on loopback that takes every mail and delivers none. */
export interface Mailbox {
  readonly port: number;
  /** `smtp://user:password@127.0.0.1:…`, as Usher's configuration wants it. */
  readonly url: string;
  readonly pageUrl: string;
  readonly mischief: Mischief;
  /** How many logins were refused. */
  refusedLogins(): number;
  /** Everything whose last byte came in, oldest first, whatever was answered. */
  mails(): readonly ReceivedMail[];
  forget(): void;
  /** Cuts every connection, as a server that restarts. */
  cut(): void;
  /** Resolves with what `look` finds, looking again at each mail. */
  until<Found>(what: string, look: (mails: readonly ReceivedMail[]) => Found | undefined | null | false): Promise<Found>;
  close(): Promise<void>;
}

/** So that a test that waits for what never comes says what it waited for; no part of any assertion. */
const PATIENCE_MS = 60_000;

/** Starts it, with its page. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const mischief = new Mischief();
  const listeners = new Set<() => void>();
  let mails: readonly ReceivedMail[] = [];
  const intake = new Intake(options, mischief, (mail) => {
    mails = [...mails, mail];
    for (const tell of [...listeners]) tell();
  });
  const port = await intake.listen(options.port ?? 0);
  const login = options.login === undefined ? '' : `${encodeURIComponent(options.login.user)}:${encodeURIComponent(options.login.password)}@`;
  const forget = (): void => {
    mails = [];
  };
  const page = createServer(mailboxPage({ mails: () => mails, forget, mischief }));
  const pagePort = await listen(page, options.pagePort ?? 0);
  return {
    port,
    url: `${options.tls?.atOnce === true ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}`,
    pageUrl: `http://127.0.0.1:${pagePort}/`,
    mischief,
    refusedLogins: () => intake.refusedLogins,
    mails: () => mails,
    forget,
    cut: () => intake.cut(),
    until: (what, look) => until(listeners, what, () => look(mails)),
    async close() {
      mischief.clear();
      await intake.close();
      await shut(page);
    },
  };
}

function until<Found>(listeners: Set<() => void>, what: string, look: () => Found | undefined | null | false): Promise<Found> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const found = look();
      if (found === undefined || found === null || found === false) return;
      clearTimeout(patience);
      listeners.delete(check);
      resolve(found);
    };
    const patience = setTimeout(() => {
      listeners.delete(check);
      reject(new Error(`waited in vain for ${what}`));
    }, PATIENCE_MS);
    listeners.add(check);
    check();
  });
}
