import { hash } from 'node:crypto';
import type { Fingerprint } from '../../ports/fingerprint.ts';

/** The `Fingerprint` port: 132 bits of SHA-256. */
export function createFingerprint(): Fingerprint {
  return {
    of: (text) => hash('sha256', text, 'base64url').slice(0, 22),
    ofSecret: (secret) => hash('sha256', secret, 'base64url'),
  };
}
