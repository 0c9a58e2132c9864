/** A short, stable digest of a text (SHA-256, base64url, 22 characters): equal texts, equal fingerprints. Not for secrets. */
export interface Fingerprint {
  of(text: string): string;
}
