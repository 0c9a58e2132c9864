import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';

/** Off-boarding in one connector: done once the target confirmed it. */
export interface OffboardingStep {
  readonly connectorId: ConnectorId;
  readonly state:
    | { readonly is: 'waiting' }
    | { readonly is: 'failed'; readonly at: Instant; readonly attempts: number; readonly error: string; readonly next: Instant }
    | { readonly is: 'confirmed'; readonly at: Instant }
    | { readonly is: 'no-account' }
    | { readonly is: 'protected'; readonly why: string };
}

/** A person who is off-boarded at once and kept out until released, whatever the directory says (S25). Kind `offboarding`, key = person id. */
export interface Offboarding {
  readonly personId: PersonId;
  readonly name: string;
  readonly by: string;
  readonly at: Instant;
  readonly why: string | null;
  readonly steps: readonly OffboardingStep[];
  readonly released: { readonly by: string; readonly at: Instant } | null;
}
