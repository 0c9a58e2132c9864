import { isIP } from 'node:net';
import { z } from 'zod';

/** Where the page listens, and under which address people reach it. */
export interface PageSettings {
  /** Public: https, or http on this machine; an origin, without a slash at the end. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Whose `X-Forwarded-For` is believed: so many proxies, those addresses and networks, or nobody's. */
  readonly trustProxy: false | number | readonly string[];
}

/** The variables of the page, for the environment's schema. */
export const pageVariables = {
  USHER_PAGE_URL: z
    .string()
    .refine(
      isPublicOrigin,
      'must be the public https address of the enrollment page without a path, such as https://enroll.example.org (http only on this machine)',
    )
    .optional(),
  USHER_PAGE_PORT: z.coerce.number('must be a port').int('must be a port').min(0, 'must be a port').max(65_535, 'must be a port').default(8_080),
  USHER_PAGE_HOST: z.string().default('127.0.0.1'),
  USHER_PAGE_TRUST_PROXY: z
    .string()
    .refine(
      (text) => trustOf(text) !== null,
      'must be how many proxies stand before the page (1 to 9), or their addresses and networks, such as 10.0.0.7,fd00::/8',
    )
    .optional(),
};

/** Settings of a page without its address would have no effect: that is said rather than ignored. */
export function pageMistakes(given: Readonly<Record<string, string>>): readonly string[] {
  if (given.USHER_PAGE_URL !== undefined) return [];
  return Object.keys(pageVariables)
    .filter((name) => given[name] !== undefined)
    .map((name) => `${name} has no effect without USHER_PAGE_URL: set the public address of the enrollment page too`);
}

/** Null where no page is configured. */
export function pageOf(read: {
  readonly USHER_PAGE_URL?: string | undefined;
  readonly USHER_PAGE_PORT: number;
  readonly USHER_PAGE_HOST: string;
  readonly USHER_PAGE_TRUST_PROXY?: string | undefined;
}): PageSettings | null {
  const { USHER_PAGE_URL: url, USHER_PAGE_PORT: port, USHER_PAGE_HOST: host, USHER_PAGE_TRUST_PROXY: trusted } = read;
  if (url === undefined) return null;
  return { url: new URL(url).origin, host, port, trustProxy: trusted === undefined ? false : (trustOf(trusted) ?? false) };
}

function isPublicOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(text);
  const bare = pathname === '/' && search === '' && hash === '' && username === '' && password === '';
  return bare && (protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)));
}

/** Null where it names neither a number of proxies nor addresses. */
function trustOf(text: string): number | readonly string[] | null {
  if (/^[1-9]$/.test(text)) return Number(text);
  const all = text.split(',').map((one) => one.trim());
  return all.every(isNetwork) ? all : null;
}

/** An address, `address/bits`, or a range by the name that proxy-addr gives it. */
function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128));
}
