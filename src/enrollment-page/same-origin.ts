import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a form was sent by the page itself (CSRF). Browsers say so in `Sec-Fetch-Site` (Fetch Metadata); those without it
 * name an `Origin`, which is `null` for a page that sends no referrer, as ours doesn't (Fetch, "append a request Origin
 * header"): then the form's own proof decides alone.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === undefined || headers.origin === 'null' || headers.origin === origin;
}
