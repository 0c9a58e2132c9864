import type { Instant } from '../instant.ts';
import type { Language } from './letter.ts';
import type { AuthenticationType } from './policy.ts';

/** What a printed slip tells, beside the name and the link. */
export interface SlipModel {
  readonly language: Language;
  /** The connector's name. */
  readonly application: string;
  /** The person's organization, by name. */
  readonly organization: string;
  /** Exclusive: the first moment after the last day, in the zone that follows. */
  readonly stop: Instant;
  readonly timeZone: string;
  readonly types: readonly AuthenticationType[];
}

/** Puts it into words; pure (`views/letters/slip.ts`). */
export type WriteSlip = (model: SlipModel) => { readonly language: Language; readonly lines: readonly string[] };
