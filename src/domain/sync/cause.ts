import type { Fingerprint } from '../../ports/fingerprint.ts';
import type { TargetError } from '../connectors/target-error.ts';
import type { FailureCause } from './run.ts';

const MESSAGE_LENGTH = 300;

/** The provider's words without what differs from person to person: quoted values, addresses, ids, numbers (N2). */
export function withoutIds(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/"[^"]*"|“[^”]*”|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, '“…”')
    .replace(/[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\s@<>(),;:.]+/g, '…')
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, '…')
    .replace(/(?<![\p{L}\p{N}])[\p{L}_:-]*\p{N}[\p{L}\p{N}_:-]*/gu, '…')
    .slice(0, MESSAGE_LENGTH);
}

/** The cause an error belongs to: status, scimType and text without ids (S15, N2). `count` is 1. */
export function causeOf(error: Pick<TargetError, 'status' | 'scimType' | 'message'>, fingerprint: Fingerprint): FailureCause {
  const message = withoutIds(error.message);
  const key = `${error.status ?? 'none'}-${error.scimType ?? 'none'}-${fingerprint.of(message).slice(0, 8)}`;
  return { key, status: error.status, message, count: 1 };
}
