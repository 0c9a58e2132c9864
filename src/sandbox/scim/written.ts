/** The JSON of a request body, before anything is known of it. */
type Json = unknown;

function entries(value: Json): readonly (readonly [string, Json])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function paths(prefix: string, value: Json): readonly string[] {
  const inner = Array.isArray(value) ? value : [value];
  const separator = prefix.toLowerCase().startsWith('urn:') && !/:user:[^:]+$/i.test(prefix) ? ':' : '.';
  return [prefix, ...inner.flatMap((one) => entries(one).flatMap(([key, deep]) => paths(`${prefix}${separator}${key}`, deep)))];
}

/**
 * The attribute paths that a POST, PUT or PATCH body (RFC 7644 §3.3, §3.5) writes, in lower case and without value
 * filters: `name`, `name.givenname`, `urn:…:user:costcenter`.
 */
export function writtenAttributes(body: Json): ReadonlySet<string> {
  const operations = entries(body).find(([key]) => key.toLowerCase() === 'operations')?.[1];
  const found = Array.isArray(operations)
    ? operations.flatMap((operation) => {
        const parts = Object.fromEntries(entries(operation));
        if (typeof parts.path === 'string') return [parts.path.split(/[.[]/)[0] ?? '', ...paths(parts.path.replace(/\[[^\]]*\]/g, ''), parts.value)];
        return entries(parts.value).flatMap(([key, value]) => paths(key, value));
      })
    : entries(body).flatMap(([key, value]) => paths(key, value));
  return new Set(found.map((path) => path.toLowerCase()));
}

/** Every text anywhere in the body that is an e-mail address of the domain. */
export function addressesOf(body: Json, domain: string): readonly string[] {
  if (typeof body === 'string') return body.toLowerCase().endsWith(`@${domain.toLowerCase()}`) ? [body] : [];
  if (Array.isArray(body)) return body.flatMap((one) => addressesOf(one, domain));
  return entries(body).flatMap(([, value]) => addressesOf(value, domain));
}
