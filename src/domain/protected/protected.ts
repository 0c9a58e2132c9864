import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';

/** Somebody whom no rule, sync, release, off-boarding or undo removes or downgrades (A7): service accounts, break-glass, the last admin. Kind `protected`, key = id. */
export interface ProtectedPerson {
  /** `<personId>`, or `<personId>@<connectorId>` where it holds for one connector only. */
  readonly id: string;
  readonly personId: PersonId;
  readonly connectorId: ConnectorId | null;
  readonly why: string;
  readonly by: string;
  /** Who agreed: editing the list takes two people. */
  readonly approvedBy: readonly string[];
  readonly at: Instant;
}

/** The effect of the approval action `edit-protected`. */
export type ProtectedChange =
  | { readonly is: 'protect'; readonly personId: PersonId; readonly connectorId: ConnectorId | null; readonly why: string }
  | { readonly is: 'unprotect'; readonly id: string; readonly why: string };

/** The key of an entry of the list. */
export function protectedId(personId: PersonId, connectorId: ConnectorId | null): string {
  return connectorId === null ? personId : `${personId}@${connectorId}`;
}

/** Whether an attribute path is the tier attribute, or part of it: of `roles` also `roles[primary eq true].value`. Case ignored (RFC 7643 §2.1). */
export function saysTier(attribute: string, tierAttribute: string): boolean {
  const [path, tier] = [attribute.toLowerCase(), tierAttribute.toLowerCase()];
  if (!path.startsWith(tier)) return path !== '' && tier.startsWith(path) && /^[.[:]/.test(tier.slice(path.length));
  return path.length === tier.length || /^[.[:]/.test(path.slice(tier.length));
}
