import type { Connector, ConnectorId, Draft, RehearsedSettings } from './connector.ts';

/** What the modal still has to ask before a rehearsal can run; in the order of its steps. */
export type MissingSetting = 'baseUrl' | 'testEmail' | 'mapping' | 'secret';

export function missing(draft: Draft): readonly MissingSetting[] {
  const wanted: readonly MissingSetting[] = ['baseUrl', 'testEmail', 'mapping', 'secret'];
  return wanted.filter((name) => draft[name] === undefined || draft[name] === '' || (name === 'secret' && draft.secret?.is === 'erased'));
}

/** The draft as settings, where nothing is missing. */
export function complete(draft: Draft): RehearsedSettings | null {
  const { baseUrl, testEmail, mapping, secret } = draft;
  if (baseUrl === undefined || testEmail === undefined || mapping === undefined || secret === undefined || secret.is === 'erased') return null;
  return {
    baseUrl,
    testEmail,
    mapping,
    secret,
    manageGroups: draft.manageGroups ?? false,
    matching: draft.matching ?? 'userName',
    tierAttribute: draft.tierAttribute ?? null,
    leavers: draft.leavers ?? { are: 'deactivated' },
  };
}

/**
 * The draft that an edit begins with: what is in force, without the test address, and without a typed token, which
 * are asked for again (C9). A reference stays.
 */
function editable(inForce: RehearsedSettings): Draft {
  const { testEmail: _asked, secret, ...kept } = inForce;
  return secret.is === 'reference' ? { ...kept, secret } : kept;
}

/** The draft a person edits: the stored one, or what is in force to begin with (C6, C9). */
export function draftOf(connector: Pick<Connector, 'draft' | 'inForce'>): Draft {
  return connector.draft ?? (connector.inForce === null ? {} : editable(connector.inForce));
}

/** What a sealed token is bound to: its connector, and the one host it may be sent to (C6). */
export function sealedFor(connectorId: ConnectorId, host: string): string {
  return `${connectorId} ${host}`;
}

/** A text that is equal exactly for equal settings: what a rehearsal stands for (C8). */
export function canonical(settings: RehearsedSettings): string {
  return JSON.stringify([
    settings.baseUrl,
    settings.testEmail,
    settings.manageGroups,
    settings.matching,
    settings.mapping,
    settings.tierAttribute,
    settings.leavers,
    settings.secret,
  ]);
}

/** True where `fingerprint` of the last, passed rehearsal is that of exactly the saved draft (C8). */
export function isRehearsed(connector: Connector, fingerprintOf: (text: string) => string): boolean {
  const settings = connector.draft === null ? null : complete(connector.draft);
  return settings !== null && connector.rehearsal?.verdict === 'passed' && connector.rehearsal.fingerprint === fingerprintOf(canonical(settings));
}

/** Host and port of a base URL, lower case; what a secret is bound to. Null where it is no URL. */
export function hostOf(baseUrl: string): string | null {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : null;
}
