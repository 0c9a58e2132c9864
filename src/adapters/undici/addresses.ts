import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Resolves a name to all its addresses; fails as `dns.lookup` does. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** `dns.lookup`: the system's resolver, which reads /etc/hosts as well. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/** The name resolved to an address that is not allowed; thrown inside the socket's own lookup (X5). */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Azure answers for its virtual machines on a public address: it serves metadata like 169.254.169.254. */
const METADATA_ON_PUBLIC_ADDRESSES = new Set(['168.63.129.16']);
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Whether an IP address may be a target's: only global unicast; IPv4 inside IPv6 is read as IPv4. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (ip.range() !== 'unicast' || METADATA_ON_PUBLIC_ADDRESSES.has(ip.toString())) return false;
  return ip.kind() === 'ipv4' || ip.match(PUBLIC_IPV6);
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** `host:port` with the default port spelled out, as the allow-list names it. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? '') : url.port}`.toLowerCase();
}

/** Whether configuration allows this very host and port, whatever its address and without TLS. */
export function isAllowed(url: URL, allow: readonly string[]): boolean {
  const host = hostAndPort(url);
  return allow.some((entry) => entry.trim().toLowerCase() === host);
}

/** The host of a URL as a socket takes it: IPv6 without brackets. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

const NOT_PUBLIC = 'is not a public address, and Usher sends tokens to public addresses only';

/** Why the URL alone forbids it, in words for the person; null when only its name is left to resolve. */
export function objectionToUrl(baseUrl: string, allow: readonly string[]): string | null {
  if (!URL.canParse(baseUrl)) return 'That is no web address. It should look like https://example.com/scim/v2.';
  const url = new URL(baseUrl);
  if (url.username !== '' || url.password !== '') return 'The address holds a user name or password. Enter it without; the token is asked for separately.';
  if (url.search !== '' || url.hash !== '') return 'The address has a “?” or “#” part. Enter the base URL only, like https://example.com/scim/v2.';
  if (isAllowed(url, allow) && (url.protocol === 'https:' || url.protocol === 'http:')) return null;
  if (url.protocol !== 'https:') return 'The address must begin with https://, so that the token is not sent in the clear.';
  const host = bareHost(url);
  return isIP(host) !== 0 && !isPublicAddress(host) ? `${host} ${NOT_PUBLIC}.` : null;
}

/** Why the addresses of a name forbid it; null when all are public. One that is not condemns them all. */
function objectionToAddresses(hostname: string, addresses: readonly LookupAddress[]): string | null {
  const refused = addresses.find(({ address }) => !isPublicAddress(address));
  return refused === undefined ? null : `${hostname} leads to ${refused.address}, which ${NOT_PUBLIC}.`;
}

/** The whole check, name resolved (X5). Throws as the resolver does where there is no such host. */
export async function objectionTo(baseUrl: string, allow: readonly string[], resolve: Resolve): Promise<string | null> {
  const objection = objectionToUrl(baseUrl, allow);
  if (objection !== null) return objection;
  const url = new URL(baseUrl);
  if (isAllowed(url, allow) || isIP(bareHost(url)) !== 0) return null;
  return objectionToAddresses(url.hostname, await resolve(bareHost(url)));
}

/**
 * The lookup that the socket itself connects by: it hands over only addresses that it has checked, so a name that
 * answers differently the second time (DNS rebinding) gets no further than one that was private from the start.
 */
export function pinnedLookup(resolve: Resolve, allowed: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
    resolve(hostname).then(
      (addresses) => {
        const objection = allowed ? null : objectionToAddresses(hostname, addresses);
        if (objection !== null) return callback(new AddressRefused(objection), []);
        const usable = addresses.filter((address) => family === 0 || address.family === family);
        const [first] = usable;
        if (first === undefined) return callback(Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' }), []);
        if (options.all === true) return callback(null, [...usable]);
        return callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
