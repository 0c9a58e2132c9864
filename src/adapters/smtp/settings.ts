import { z } from 'zod';

/** The mail server, and as whom Usher writes. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly secure: boolean;
  /** No TLS at all: on this machine only. */
  readonly plain: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: { readonly name: string; readonly address: string };
  readonly perSecond: number;
}

const MOST_A_SECOND = 1_000;

/** The variables of mail, for the environment's schema. */
export const mailVariables = {
  USHER_SMTP_URL: z
    .string()
    .refine(
      (text) => serverOf(text) !== null,
      'must be smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465, with % escapes in user and password, or without both where the server asks for no login',
    )
    .optional(),
  USHER_SMTP_PLAIN: z.enum(['yes', 'no'], 'must be yes or no').default('no'),
  USHER_MAIL_FROM: z
    .string()
    .refine((text) => fromOf(text) !== null, 'must be an address with or without a name, such as Riverside IT <it@riverside.example>')
    .optional(),
  USHER_MAIL_PER_SECOND: z.coerce
    .number(`must be a number from 0.1 to ${MOST_A_SECOND}`)
    .min(0.1, 'must be at least 0.1')
    .max(MOST_A_SECOND, `must be at most ${MOST_A_SECOND}`)
    .default(30),
};

/** Mistakes between the variables: half a mail server is none. */
export function mailMistakes(given: Readonly<Record<string, string>>): readonly string[] {
  const url = given.USHER_SMTP_URL;
  if (url === undefined)
    return Object.keys(mailVariables)
      .filter((name) => given[name] !== undefined)
      .map((name) => `${name} has no effect without USHER_SMTP_URL: set the mail server too`);
  const mistakes: string[] = [];
  if (given.USHER_MAIL_FROM === undefined) mistakes.push('USHER_MAIL_FROM is missing: name the address that enrollment mails come from');
  if (given.USHER_PAGE_URL === undefined)
    mistakes.push('USHER_PAGE_URL is missing: mails carry links to the enrollment page, so USHER_SMTP_URL needs its address');
  const server = serverOf(url);
  if (given.USHER_SMTP_PLAIN === 'yes' && server !== null && !isThisMachine(server.host))
    mistakes.push('USHER_SMTP_PLAIN=yes is for a mail server on this machine (127.0.0.1, localhost): elsewhere mail goes by TLS, so remove it');
  return mistakes;
}

/** Null where no mail server is configured. */
export function mailOf(read: {
  readonly USHER_SMTP_URL?: string | undefined;
  readonly USHER_SMTP_PLAIN: 'yes' | 'no';
  readonly USHER_MAIL_FROM?: string | undefined;
  readonly USHER_MAIL_PER_SECOND: number;
}): MailSettings | null {
  const server = read.USHER_SMTP_URL === undefined ? null : serverOf(read.USHER_SMTP_URL);
  const from = read.USHER_MAIL_FROM === undefined ? null : fromOf(read.USHER_MAIL_FROM);
  if (server === null || from === null) return null;
  return { ...server, plain: read.USHER_SMTP_PLAIN === 'yes' && !server.secure, from, perSecond: read.USHER_MAIL_PER_SECOND };
}

function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/** Null where it is no URL of a mail server. */
function serverOf(text: string): Pick<MailSettings, 'host' | 'port' | 'secure' | 'login'> | null {
  // `URL` takes the host of an unknown scheme as it is; as that of http it is checked.
  const scheme = /^(smtps?):\/\//.exec(text)?.[1];
  const asHttp = text.replace(/^smtps?:/, 'http:');
  if (scheme === undefined || !URL.canParse(asHttp)) return null;
  const { hostname, port, username, password, pathname, search, hash } = new URL(asHttp);
  if (!['', '/'].includes(pathname) || search !== '' || hash !== '' || (username === '') !== (password === '')) return null;
  const login = username === '' ? null : { user: decoded(username), password: decoded(password) };
  if (login !== null && (login.user === null || login.password === null)) return null;
  const secure = scheme === 'smtps';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    // Of http, 80 is the port that is left out.
    port: port === '' ? (/:80\/?$/.test(asHttp) ? 80 : secure ? 465 : 587) : Number(port),
    secure,
    login: login === null ? null : { user: login.user ?? '', password: login.password ?? '' },
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** `Name <address>` or an address; null where it is neither. */
function fromOf(text: string): MailSettings['from'] | null {
  const [, name = '', named, bare] = /^(?:"?([^"<>\p{C}]*?)"?\s*<([^\s<>@]+@[^\s<>@]+)>|([^\s<>@"]+@[^\s<>@"]+))$/u.exec(text) ?? [];
  const address = named ?? bare;
  return address === undefined ? null : { name: name.trim(), address };
}
