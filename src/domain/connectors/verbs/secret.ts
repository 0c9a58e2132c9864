import type { Outside } from '../../../ports/outside.ts';
import { badInput, Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId, Draft, SecretSource } from '../connector.ts';
import { draftOf, hostOf, sealedFor } from '../settings.ts';
import { changeDraft } from './configure.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'secrets'>;

/** A reference that the configuration has, or a typed token. */
export type GivenSecret = { readonly reference: string } | { readonly token: string };

/** Names of the references that the configuration binds to the host of a draft: only these are offered (C6). */
export function referencesFor(outside: Pick<Outside, 'secrets'>, draft: Draft): readonly string[] {
  const host = hostOf(draft.baseUrl ?? '');
  return host === null
    ? []
    : outside.secrets
        .references()
        .filter(({ hosts }) => hosts.some((bound) => isHost(bound, host)))
        .map(({ name }) => name);
}

/** As `Secrets.reveal` compares them: the port counts, https' own is none. */
function isHost(bound: string, host: string): boolean {
  return bound.trim().toLowerCase().replace(/:443$/, '') === host;
}

/**
 * Where the token comes from: a reference the configuration binds to the host, or a typed one, sealed before anything
 * else happens with it (C6). Only a global admin gives secrets (X1); the reference that is in use already is no new one.
 */
export async function saveSecret(outside: Parts, actor: Actor, id: ConnectorId, given: GivenSecret): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const draft = draftOf(connector);
  const host = hostOf(draft.baseUrl ?? '');
  if (host === null) throw badInput('token' in given ? 'token' : 'reference', 'The base URL comes first.', 'Go back to the first step and type it.');
  const known = 'reference' in given && draft.secret?.is === 'reference' && draft.secret.name === given.reference;
  if (!known) await requireRight(outside, actor, 'administer', null, `give the secret of ${connector.name}`);
  const secret = sourceOf(outside, id, draft, host, given);
  if (known && connector.draft !== null) return connector;
  const kind = 'token' in given ? 'typed' : given.reference;
  return changeDraft(outside, actor, connector, { action: 'connectors.secret', summary: `gave the secret of ${connector.name} (${kind})` }, (before) => {
    if (hostOf(before.baseUrl ?? '') !== host) throw new Refusal({ is: 'changed-meanwhile', what: `The address of ${connector.name}` });
    return { ...before, secret };
  });
}

function sourceOf(outside: Parts, id: ConnectorId, draft: Draft, host: string, given: GivenSecret): SecretSource {
  if ('token' in given) {
    const token = given.token.trim();
    if (token === '') throw badInput('token', 'There is no token.', 'Paste it, or choose a reference.');
    if (token.length > 4_000 || /[^\x21-\x7e]/.test(token)) throw badInput('token', 'That can’t be a bearer token.', 'Paste it without blanks or line breaks.');
    return outside.secrets.seal(token, sealedFor(id, host));
  }
  if (referencesFor(outside, draft).includes(given.reference)) return { is: 'reference', name: given.reference };
  if (outside.secrets.references().some(({ name }) => name === given.reference))
    throw badInput('reference', `This reference may not be sent to ${host}.`, 'Choose one that is bound to that host.');
  throw badInput('reference', 'The configuration has no such reference.', 'Ask whoever runs Usher to add it to USHER_SECRET_REFERENCES.');
}
