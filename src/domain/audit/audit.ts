import type { Instant } from '../instant.ts';

/**
 * Who did what, when, by which way, before and after (X2, simple form). Appended to the log `audit`; its partition is
 * the connector it is about, or `-`. History logs are filtered views of these rows and of the events (A4).
 */
export interface AuditRow {
  readonly id: string;
  readonly at: Instant;
  /** A Slack user id, `schedule`, `host:<user>` for the command line, or `usher` itself. */
  readonly by: string;
  readonly way: 'command' | 'button' | 'submission' | 'job' | 'command-line' | 'configuration';
  /** `<topic>.<verb>`: `connectors.disable`, `assignments.assign`, `sync.start`. */
  readonly action: string;
  readonly connectorId: string | null;
  readonly subject: string | null;
  /** One sentence, plain text. */
  readonly summary: string;
  readonly before: Readonly<Record<string, string>> | null;
  readonly after: Readonly<Record<string, string>> | null;
  /** The Slack channel that the sentence names, by this id. Absent for none. */
  readonly channelId?: string;
  /** The request that was approved for it; absent where none was needed. */
  readonly approval?: { readonly requestId: string; readonly approvedBy: readonly string[]; readonly singlePerson: string | null };
}
