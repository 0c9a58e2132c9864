import type { Outside } from '../../../ports/outside.ts';
import type { Tongue } from '../../sync/tongue.ts';
import type { RehearsedSettings } from '../connector.ts';
import type { ScimValues } from '../mapping.ts';
import type { LeftOver, RehearsalStepName } from '../rehearsal.ts';
import { testValues } from '../rehearsal-user.ts';
import { sealedFor } from '../settings.ts';
import type { ProbeBench } from './rehearsal-probes.ts';
import { sending } from './rehearsal-send.ts';

/** What a rehearsal is begun with. */
export interface RehearsalParts {
  readonly settings: RehearsedSettings;
  readonly connectorId: string;
  readonly host: string;
  readonly outside: Pick<Outside, 'targets' | 'secrets' | 'paces' | 'clock'>;
  readonly requestsPerSecond: number | null;
  readonly leftOver: LeftOver;
  /** Learns the target's dialect on the way (C20). */
  readonly tongue: Tongue;
  /** Unguessable: the external id of a test user that this rehearsal makes. */
  readonly marker: string;
  /** Asked before each request. */
  readonly isWanted: () => Promise<boolean>;
}

/** A rehearsal under way: what its steps share. */
export interface Bench extends ProbeBench {
  readonly values: ScimValues;
  readonly left: { -readonly [K in keyof LeftOver]: LeftOver[K] };
  readonly marker: string;
  readonly groupName: string;
  running: RehearsalStepName;
}

/** Opens the target with the rehearsed secret. Throws a `SecretFault`. */
export async function laidOut(parts: RehearsalParts, left: Bench['left']): Promise<Bench> {
  const { settings, outside, connectorId, host } = parts;
  const token = await outside.secrets.reveal(settings.secret, sealedFor(connectorId, host), host);
  return {
    settings,
    left,
    outside,
    requestsPerSecond: parts.requestsPerSecond,
    tongue: parts.tongue,
    target: outside.targets.open(settings.baseUrl, token, 1, parts.tongue),
    send: sending(parts),
    values: testValues(settings),
    marker: parts.marker,
    // Nobody else gives a group this name: one that has it is an earlier rehearsal's.
    groupName: `Usher rehearsal ${connectorId}`,
    running: 'look up',
  };
}
