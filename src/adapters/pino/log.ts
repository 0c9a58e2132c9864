import { type DestinationStream, pino } from 'pino';
import type { Log } from '../../ports/log.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Values that are cut out wherever they appear, besides those of known shape. */
  readonly secrets: readonly string[];
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

const CUT = '[redacted]';
/** Fields whose value is never written, whatever they hold. */
const SECRET_KEY = /token|secret|authorization|password|passwd|cookie|api[-_]?key|private[-_]?key|signature/i;
/** Slack's tokens, webhook and response URLs, and anything sent as a bearer. */
const SECRET_SHAPE = /xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|Bearer\s+[\w.~+/=-]+|(?<=hooks\.slack\.com\/)[\w/-]+/gi;
/** Deeper than any of our lines; what is below is left out. */
const DEEPEST = 8;

type Cut = (text: string) => string;

function cutterOf(secrets: readonly string[]): Cut {
  // Very short ones would shred every line; the longest go first, so that no tail of one stays behind.
  const further = secrets.filter((secret) => secret.length >= 6).sort((one, other) => other.length - one.length);
  return (text) => further.reduce((rest, secret) => rest.replaceAll(secret, CUT), text).replace(SECRET_SHAPE, CUT);
}

function cleanError(error: Error, cut: Cut, above: readonly object[]): unknown {
  const { name, message, stack, cause, ...further } = error;
  const fields = { type: name, message, stack, ...(cause === undefined ? {} : { cause }), ...further };
  return cleanFields(fields, cut, above);
}

function cleanFields(fields: object, cut: Cut, above: readonly object[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]): [string, unknown] => [
      cut(key),
      SECRET_KEY.test(key) && value !== null && value !== undefined ? CUT : clean(value, cut, above),
    ]),
  );
}

function clean(value: unknown, cut: Cut, above: readonly object[]): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  if (above.length >= DEEPEST) return '[deeper]';
  const here = [...above, value];
  if (value instanceof Error) return cleanError(value, cut, here);
  if (value instanceof Date) return value;
  if (value instanceof URL) return cut(value.href);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((element: unknown) => clean(element, cut, here));
  if (value instanceof Map) return cleanFields(Object.fromEntries(value), cut, here);
  if (value instanceof Set) return clean([...value], cut, here);
  return cleanFields(value, cut, here);
}

/** The `Log` port over pino: one JSON line each, with times in ISO 8601. Secrets are cut out of fields, errors and messages alike (X6). */
export function createLog(options: LogOptions): Log {
  const cut = cutterOf(options.secrets);
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  return {
    info: (fields, message) => logger.info(cleanFields(fields, cut, [fields]), cut(message)),
    warn: (fields, message) => logger.warn(cleanFields(fields, cut, [fields]), cut(message)),
    error: (fields, message) => logger.error(cleanFields(fields, cut, [fields]), cut(message)),
  };
}
