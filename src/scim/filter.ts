import { attributePath } from './path.ts';

/**
 * `attr eq "value"` (RFC 7644 §3.4.2.2); the value is a JSON string, so quotes and backslashes are escaped.
 * A typed value is asked for by its list (`emails.value`), because `and` gives no rows on some servers.
 */
export function equals(attribute: string, value: string): string {
  const path = attributePath(attribute);
  const name = path.is === 'typed' ? `${path.list}.value` : attribute;
  return `${name} eq ${JSON.stringify(value)}`;
}

/** The PATCH path of one member: `members[value eq "id"]`; the only shape of a removal that no server reads as "all". */
export function memberWithValue(id: string): string {
  return `members[value eq ${JSON.stringify(id)}]`;
}
