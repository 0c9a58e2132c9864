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
