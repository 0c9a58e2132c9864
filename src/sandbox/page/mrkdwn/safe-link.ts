const followable = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** The address in its normal form if a person may follow it, else null: scripts, data and everything relative stay text. */
export function safeLink(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return followable.has(url.protocol) ? url.href : null;
}

/** An image may come only over HTTP: a message has no business with `data:` or `file:`. */
export function safeImage(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
