import type { Fingerprint } from '../../ports/fingerprint.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import type { PlannedChange } from './plan.ts';

/** The hash of a plan while its changes pass by: over the settings in force (not the secret and the test address, which no change depends on) and every change in its order (S6). */
export interface Digest {
  readonly add: (row: Pick<PlannedChange, 'personId' | 'change'>) => void;
  readonly value: () => string;
}

export function digestOf(fingerprint: Fingerprint, { secret: _, testEmail: __, ...settings }: RehearsedSettings): Digest {
  let value = fingerprint.of(canonical(settings));
  return {
    add: ({ personId, change }) => {
      value = fingerprint.of(`${value}\n${personId}\n${canonical(change)}`);
    },
    value: () => value,
  };
}

/** JSON with the keys of every object in order: the same however it was stored and read. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
