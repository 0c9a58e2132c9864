import type { TargetError } from '../../domain/connectors/target-error.ts';
import { AddressRefused } from './addresses.ts';

type Next = Extract<TargetError['next'], 'again' | 'unusable'>;

/** Thrown into a request whose answer came too late or grew too large. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  readonly limit: 'time' | 'size';
  constructor(limit: 'time' | 'size', message: string) {
    super(message);
    this.limit = limit;
  }
}

/** What went wrong, as the end of a sentence that begins with the host, by the codes of Node, OpenSSL and undici. */
const WORDS: Readonly<Record<string, readonly [Next, string]>> = {
  ENOTFOUND: ['unusable', ': no such host. Check the base URL for a typing mistake.'],
  EAI_AGAIN: ['again', ': the name server did not answer.'],
  ECONNREFUSED: ['again', ': connection refused. Nothing listens at that address and port.'],
  ECONNRESET: ['again', ' closed the connection before it answered.'],
  EPIPE: ['again', ' closed the connection before it answered.'],
  UND_ERR_SOCKET: ['again', ' closed the connection before it answered.'],
  ETIMEDOUT: ['again', " didn't accept the connection in time."],
  UND_ERR_CONNECT_TIMEOUT: ['again', " didn't accept the connection in time."],
  EHOSTUNREACH: ['again', " can't be reached from here: no route."],
  ENETUNREACH: ['again', " can't be reached from here: no route."],
  UND_ERR_CLOSED: ['again', ': Usher is shutting down.'],
  UND_ERR_DESTROYED: ['again', ': Usher is shutting down.'],
  CERT_HAS_EXPIRED: ['unusable', "'s certificate has expired. Its operator has to renew it."],
  CERT_NOT_YET_VALID: ['unusable', "'s certificate is not valid yet. Compare the clocks of both machines."],
  CERT_REVOKED: ['unusable', "'s certificate was revoked."],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['unusable', "'s certificate is self-signed, so nobody vouches for it."],
  SELF_SIGNED_CERT_IN_CHAIN: ['unusable', "'s certificate comes from an authority that this machine does not know."],
  UNABLE_TO_GET_ISSUER_CERT: ['unusable', "'s certificate comes from an authority that this machine does not know."],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['unusable', "'s certificate comes from an authority that this machine does not know."],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['unusable', ' does not send its whole certificate chain.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['unusable', "'s certificate is made out to another name."],
};

/** The code of an error, also of the first of several (happy eyeballs) and of what caused it. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string' && error.code in WORDS) return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error.cause !== undefined) return codeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** What to do next about a fault of network or TLS, and plain words for it (C8). */
export function networkWords(error: unknown, host: string): { readonly next: Next; readonly message: string } {
  if (error instanceof AddressRefused) return { next: 'unusable', message: error.message };
  if (error instanceof LimitReached) return { next: error.limit === 'time' ? 'again' : 'unusable', message: `${host} ${error.message}` };
  const code = codeOf(error);
  const words = code === null ? undefined : WORDS[code];
  if (words !== undefined) return { next: words[0], message: `${host}${words[1]}` };
  if (code?.startsWith('ERR_SSL_') || code === 'EPROTO')
    return { next: 'unusable', message: `${host} does not speak TLS at this port, or an old version of it. Check the port in the base URL.` };
  if (code?.startsWith('HPE_')) return { next: 'unusable', message: `${host} does not answer in HTTP at this port. Check the port in the base URL.` };
  return { next: 'again', message: `${host}: the connection failed (${code ?? 'unknown cause'}).` };
}
