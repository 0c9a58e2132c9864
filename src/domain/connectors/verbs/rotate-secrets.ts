import type { Outside } from '../../../ports/outside.ts';
import { SecretFault } from '../../../ports/secrets.ts';
import { audited } from '../../audit/row.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId, Draft, RehearsedSettings, SecretSource } from '../connector.ts';
import { canonical, complete, hostOf, sealedFor } from '../settings.ts';

/** A stored secret that no configured key opens. */
export interface Unopened {
  readonly connectorId: ConnectorId;
  readonly name: string;
  readonly which: 'in force' | 'draft';
  /** What to do about it; never the secret. */
  readonly problem: string;
}

export interface Rotation {
  /** The key that seals now. */
  readonly keyId: string;
  /** Secrets that were sealed anew. */
  readonly resealed: number;
  /** Secrets that the present key had sealed already. */
  readonly current: number;
  readonly unopened: readonly Unopened[];
}

/** How the stored secrets stand to the configured keys. */
export interface SecretsSeen {
  readonly current: number;
  /** Sealed with a key of before: the key's id, and how many. */
  readonly older: ReadonlyMap<string, number>;
  readonly unopened: readonly Unopened[];
}

/** Opens every sealed secret to see whether it does: for the start, and for who wants to know whether an old key may go (X6). */
export async function lookAtSecrets(outside: Pick<Outside, 'store' | 'secrets'>): Promise<SecretsSeen> {
  let current = 0;
  const older = new Map<string, number>();
  const unopened: Unopened[] = [];
  for await (const page of outside.store.scan('connector')) {
    for (const { value: connector } of page) {
      for (const sealed of sealedIn(connector)) {
        const key = attempt(() => outside.secrets.sealedWith(sealed.box, sealed.context));
        if ('problem' in key) unopened.push({ connectorId: connector.id, name: connector.name, which: sealed.which, problem: key.problem });
        else if (key.value === outside.secrets.keyId) current += 1;
        else older.set(key.value, (older.get(key.value) ?? 0) + 1);
      }
    }
  }
  return { current, older, unopened };
}

/**
 * Seals every stored secret anew with the present key (X6), connector by connector by compare-and-set; what somebody changes
 * meanwhile is taken as it is then. Audited with the keys' names. Refuses who is no global admin.
 */
export async function rotateSecrets(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'secrets' | 'fingerprint'>,
  actor: Actor,
): Promise<Rotation> {
  await requireRight(outside, actor, 'administer', null, 'rotate secrets');
  const before = await lookAtSecrets(outside);
  for await (const page of outside.store.scan('connector')) for (const { value } of page) await rotate(outside, actor, value.id);
  const after = await lookAtSecrets(outside);
  const resealed = [...before.older.values()].reduce((sum, count) => sum + count, 0) - [...after.older.values()].reduce((sum, count) => sum + count, 0);
  return { keyId: outside.secrets.keyId, resealed, current: after.current - resealed, unopened: after.unopened };
}

async function rotate(outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'secrets' | 'fingerprint'>, actor: Actor, id: ConnectorId): Promise<void> {
  const { secrets } = outside;
  const olderIn = (connector: Connector): readonly string[] =>
    sealedIn(connector).flatMap(({ box, context }) => {
      const key = attempt(() => secrets.sealedWith(box, context));
      return 'value' in key && key.value !== secrets.keyId ? [key.value] : [];
    });
  let from: readonly string[] = [];
  await revise(
    outside.store,
    'connector',
    id,
    (now) => {
      from = olderIn(now);
      return from.length === 0 ? null : resealed(outside, now);
    },
    (next) => ({
      appends: [
        audited(outside, actor, {
          action: 'secrets.rotate',
          connectorId: id,
          summary: `sealed the secret of ${next.name} with the key ${secrets.keyId}`,
          before: { key: [...new Set(from)].join(', ') },
          after: { key: secrets.keyId },
        }),
      ],
    }),
  );
}

/** A rehearsal stands for settings by their fingerprint, which the box is a part of: the same secret in another box is still rehearsed (C8). */
function resealed(outside: Pick<Outside, 'secrets' | 'fingerprint'>, connector: Connector): Connector {
  const again = <T extends Draft>(settings: T): T => {
    const context = contextOf(connector.id, settings);
    const { secret } = settings;
    if (secret?.is !== 'sealed' || context === null) return settings;
    const fresh = attempt((): SecretSource => outside.secrets.reseal(secret.box, context));
    return 'value' in fresh ? { ...settings, secret: fresh.value } : settings;
  };
  const inForce = connector.inForce === null ? null : again(connector.inForce);
  const draft = connector.draft === null ? null : again(connector.draft);
  const printed = (settings: RehearsedSettings | null): string | null => (settings === null ? null : outside.fingerprint.of(canonical(settings)));
  const { rehearsal } = connector;
  const moved: readonly (readonly [string | null, string | null])[] = [
    [printed(connector.inForce), printed(inForce)],
    [printed(complete(connector.draft ?? {})), printed(complete(draft ?? {}))],
  ];
  const fingerprint = moved.find(([before]) => before !== null && before === rehearsal?.fingerprint)?.[1] ?? null;
  return { ...connector, inForce, draft, rehearsal: rehearsal === null || fingerprint === null ? rehearsal : { ...rehearsal, fingerprint } };
}

interface Sealed {
  readonly which: Unopened['which'];
  readonly box: string;
  readonly context: string;
}

function sealedIn({ id, inForce, draft }: Connector): readonly Sealed[] {
  const both: readonly (readonly [Sealed['which'], Draft | null])[] = [
    ['in force', inForce],
    ['draft', draft],
  ];
  return both.flatMap(([which, settings]) => {
    const context = settings === null ? null : contextOf(id, settings);
    return settings?.secret?.is === 'sealed' && context !== null ? [{ which, box: settings.secret.box, context }] : [];
  });
}

function contextOf(id: ConnectorId, { baseUrl }: Draft): string | null {
  const host = hostOf(baseUrl ?? '');
  return host === null ? null : sealedFor(id, host);
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly problem: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof SecretFault) return { problem: error.message };
    throw error;
  }
}
