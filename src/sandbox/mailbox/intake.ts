import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type ReceivedMail, readMail } from './mails.ts';
import type { Mischief } from './mischief.ts';

export interface SmtpOptions {
  /** Who may send; without it everybody. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Offers STARTTLS, or speaks TLS from the first byte where `atOnce`; without it no TLS. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly atOnce?: boolean };
}

/** Listens by SMTP and hands on what comes in, as the mischief allows. */
export class Intake {
  readonly #mischief: Mischief;
  readonly #arrived: (mail: ReceivedMail) => void;
  readonly #server: SMTPServer;
  readonly #sockets = new Map<number, Socket>();
  #number = 0;
  refusedLogins = 0;

  constructor({ login, tls }: SmtpOptions, mischief: Mischief, arrived: (mail: ReceivedMail) => void) {
    this.#mischief = mischief;
    this.#arrived = arrived;
    this.#server = new SMTPServer({
      ...(tls === undefined ? {} : { key: tls.key, cert: tls.cert, secure: tls.atOnce ?? false }),
      disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(login === undefined ? ['AUTH'] : [])],
      allowInsecureAuth: true,
      authOptional: login === undefined,
      disableReverseLookup: true,
      logger: false,
      onAuth: ({ username, password }, _session, done) => {
        if (login !== undefined && username === login.user && password === login.password) return done(null, { user: username });
        this.refusedLogins += 1;
        return done(reply(535, '5.7.8 Authentication credentials invalid'));
      },
      onMailFrom: (_address, _session, done) => {
        done(mischief.strikes(['busy'], '') === undefined ? null : reply(421, '4.3.2 System not accepting network messages'));
      },
      onRcptTo: ({ address }, session, done) => {
        const struck = mischief.strikes(['refuse', 'later', 'hang-up'], address);
        if (struck === 'hang-up') return this.#hangUp(session);
        if (struck === 'refuse') return done(reply(550, `5.1.1 <${address}>: Recipient address rejected: User unknown`));
        return done(struck === 'later' ? reply(450, `4.2.0 <${address}>: Greylisted, try again`) : null);
      },
      onData: (stream, session, done) => {
        this.#take(stream, session).then((error) => done(error), done);
      },
    });
    // Clients that go away in the middle are what it is there for.
    this.#server.on('error', () => undefined);
  }

  /** Resolves with the port. */
  async listen(port: number): Promise<number> {
    const net = this.#server.listen(port, '127.0.0.1');
    net.on('connection', (socket: Socket) => {
      const { remotePort } = socket;
      if (remotePort === undefined) return;
      this.#sockets.set(remotePort, socket);
      socket.on('close', () => this.#sockets.delete(remotePort));
    });
    await new Promise<void>((resolve, reject) => {
      net.once('listening', resolve);
      net.once('error', reject);
    });
    const address = net.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  #hangUp({ remotePort }: SMTPServerSession): void {
    this.#sockets.get(remotePort)?.destroy();
  }

  /** What to answer; null accepts. */
  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
    const raw = await buffer(stream);
    switch (this.#mischief.strikes(['spam', 'drop', 'hold'], session.envelope.rcptTo.map(({ address }) => address).join(' '))) {
      case 'spam':
        await this.#keep(session, raw, 'refused');
        return reply(554, '5.7.1 Message rejected: it looks like spam');
      case 'drop':
        await this.#keep(session, raw, 'dropped');
        this.#hangUp(session);
        return null;
      case 'hold': {
        // Who sees the mail may let it go at once.
        const released = this.#mischief.held();
        await this.#keep(session, raw, 'taken');
        await released;
        return null;
      }
      default:
        await this.#keep(session, raw, 'taken');
        return null;
    }
  }

  async #keep({ envelope, secure }: SMTPServerSession, raw: Buffer, answer: ReceivedMail['answer']): Promise<void> {
    const { mailFrom, rcptTo } = envelope;
    this.#number += 1;
    const from = mailFrom === false ? '' : mailFrom.address;
    this.#arrived(await readMail({ number: this.#number, at: Date.now(), from, to: rcptTo.map(({ address }) => address), raw, answer, secure }));
  }
}

function reply(responseCode: number, message: string): Error & { responseCode: number } {
  return Object.assign(new Error(message), { responseCode });
}
