/** A short, stable digest of a text (SHA-256, base64url, 22 characters): equal texts, equal fingerprints. Not for secrets. */
export interface Fingerprint {
  of(text: string): string;
  /** The whole SHA-256 of a random secret, base64url: by it the secret is recognized and can't be told. */
  ofSecret(secret: string): string;
}
