import type { Rotation } from '../domain/connectors/verbs/rotate-secrets.ts';

const secrets = (count: number): string => `${count} ${count === 1 ? 'secret' : 'secrets'}`;

/** What a rotation did. */
export function rotated({ keyId, resealed, current }: Rotation): readonly string[] {
  const before = current === 0 ? '' : ` ${secrets(current)} had that key already.`;
  return [
    resealed === 0 ? `Nothing to seal anew: every secret that opens has the key ${keyId}.` : `${secrets(resealed)} sealed anew with the key ${keyId}.${before}`,
  ];
}

/** Whether the keys of before are needed any more. */
export function keysLeft({ unopened }: Pick<Rotation, 'unopened'>): readonly string[] {
  if (unopened.length === 0)
    return [
      'No stored secret needs an older key any more: take USHER_SECRET_OLD_KEYS out of the configuration and restart. Keep the old key with the backups that were made before.',
    ];
  return [
    `${secrets(unopened.length)} can't be opened; keep the old keys until that is settled:`,
    ...unopened.map(({ name, connectorId, which, problem }) => `  ${name} (${connectorId}, ${which}): ${problem}`),
  ];
}
