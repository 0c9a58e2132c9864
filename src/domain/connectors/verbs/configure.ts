import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId, Draft, OperatingSettings, SecretSource } from '../connector.ts';
import { missingRequired } from '../mapping-checks.ts';
import { editable, hostOf } from '../settings.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'targets' | 'secrets'>;

/** The draft a person edits: the stored one, or what is in force to begin with (C6, C9). */
export function draftOf(connector: Connector): Draft {
  return connector.draft ?? (connector.inForce === null ? {} : editable(connector.inForce));
}

/**
 * Keeps one step of the configure modal in our store, so that it can be left and resumed (C6). Refuses a base URL
 * that may not be a target (X5), a bad test address, a mapping without its required attributes.
 */
export async function saveDraft(outside: Parts, actor: Actor, id: ConnectorId, part: Draft): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const checked = { ...part, ...(part.baseUrl === undefined ? {} : { baseUrl: await checkedBaseUrl(outside, actor, connector, part.baseUrl) }) };
  if (part.testEmail !== undefined && !/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(part.testEmail))
    throw badInput('testEmail', 'That is no e-mail address.', 'Type one that no account in the application uses.');
  if (part.mapping !== undefined) {
    const lacking = missingRequired(part.mapping);
    if (lacking.length > 0) throw badInput('mapping', `${lacking.join(', ')} can’t be left out.`, 'Map it from a directory attribute.');
  }
  if (part.leavers?.are === 'deleted' && !(part.leavers.afterDays >= 1 && part.leavers.afterDays <= 3650))
    throw badInput('afterDays', 'The days must be from 1 to 3650.', 'The usual number is 30.');
  return revised(outside, actor, id, 'connectors.configure', `saved a draft of ${connector.name}`, (now) => {
    const before = draftOf(now);
    const otherHost = checked.baseUrl !== undefined && before.baseUrl !== undefined && hostOf(checked.baseUrl) !== hostOf(before.baseUrl);
    // A secret goes to no host but the one it was given for (C6).
    const { secret, ...rest } = before;
    return { ...now, draft: { ...rest, ...(secret === undefined || otherHost ? {} : { secret }), ...checked } };
  });
}

async function checkedBaseUrl(outside: Parts, actor: Actor, connector: Connector, typed: string): Promise<string> {
  const baseUrl = typed.trim().replace(/\/+$/, '');
  if (!URL.canParse(baseUrl)) throw badInput('baseUrl', 'That is no web address.', 'Type the whole SCIM base URL, such as https://api.example.com/scim/v2.');
  const known = connector.inForce?.baseUrl ?? connector.draft?.baseUrl;
  if (known === baseUrl) return baseUrl;
  if (connector.inForce !== null && (connector.state.is === 'active' || connector.state.is === 'disabled')) {
    throw badInput('baseUrl', 'Another address is another tenant, with other accounts.', 'Disconnect the connector first, then reconnect it there.');
  }
  await requireRight(outside, actor, 'administer', null, 'point a connector at a new host');
  const objection = await outside.targets.objection(baseUrl);
  if (objection !== null) throw badInput('baseUrl', objection, 'Use the https address from the application’s SCIM page.');
  return baseUrl;
}

/** Where the token comes from: a reference the configuration binds to the host, or a typed one, sealed before anything else happens with it (C6). */
export async function saveSecret(
  outside: Parts,
  actor: Actor,
  id: ConnectorId,
  given: { readonly reference: string } | { readonly token: string },
): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const host = hostOf(draftOf(connector).baseUrl ?? '');
  if (host === null) throw badInput('secret', 'The base URL comes first.', 'Go back and type it.');
  const secret = secretSource(outside, id, host, given);
  return revised(
    outside,
    actor,
    id,
    'connectors.secret',
    `gave a new secret for ${connector.name} (${secret.is === 'reference' ? secret.name : 'typed'})`,
    (now) => ({ ...now, draft: { ...draftOf(now), secret } }),
  );
}

function secretSource(outside: Parts, id: ConnectorId, host: string, given: { readonly reference: string } | { readonly token: string }): SecretSource {
  if ('token' in given) {
    const token = given.token.trim();
    if (token === '') throw badInput('token', 'There is no token.', 'Paste it, or choose a reference.');
    if (token.length > 4_000 || /[^\x21-\x7e]/.test(token)) throw badInput('token', 'That can’t be a bearer token.', 'Paste it without blanks or line breaks.');
    return outside.secrets.seal(token, id);
  }
  const found = outside.secrets.references().find(({ name }) => name === given.reference);
  if (found === undefined)
    throw badInput('reference', 'The configuration has no such reference.', 'Ask whoever runs Usher to add it to USHER_SECRET_REFERENCES.');
  if (!found.hosts.includes(host) && !found.hosts.includes(host.replace(/:\d+$/, '')))
    throw badInput('reference', `This reference may not be sent to ${host}.`, 'Choose one that is bound to that host.');
  return { is: 'reference', name: found.name };
}

/** Throws the edits away; what is in force stays (C9). A draft connector starts again from its mapping. */
export async function revertDraft(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  return revised(outside, actor, id, 'connectors.revert', `discarded the edits of ${connector.name}`, (now) => ({
    ...now,
    draft: now.inForce === null ? { ...(now.draft?.mapping === undefined ? {} : { mapping: now.draft.mapping }) } : null,
    rehearsal: now.inForce === null ? null : now.rehearsal,
  }));
}

/** Schedule, pace and thresholds take effect at once (C9). The caller has checked cron and zone with the `Calendar`. */
export async function saveOperating(outside: Parts, actor: Actor, id: ConnectorId, part: Partial<OperatingSettings>): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const next = { ...connector.operating, ...part };
  if (next.requestsPerSecond !== null && !(next.requestsPerSecond > 0 && next.requestsPerSecond <= 10_000))
    throw badInput('requestsPerSecond', 'Requests a second must be from 0.1 to 10,000.', 'Leave it empty for no limit.');
  if (!Number.isInteger(next.concurrency) || next.concurrency < 1 || next.concurrency > 128)
    throw badInput('concurrency', 'Requests at once must be from 1 to 128.', 'The usual number is 16.');
  const { people, percent, absolute } = next.fuse;
  if ([people, percent, absolute].some((number) => !(number >= 0)) || percent > 100)
    throw badInput('fuse', 'The fuse takes numbers of people, and a share from 0 to 100 %.', 'The usual fuse is 10 people and 5 %, or 50 people.');
  return revised(
    outside,
    actor,
    id,
    'connectors.operate',
    `changed pace, schedule or thresholds of ${connector.name}`,
    (now) => ({ ...now, operating: { ...now.operating, ...part } }),
    {
      before: flat(connector.operating),
      after: flat(next),
    },
  );
}

function flat(operating: OperatingSettings): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(operating).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]));
}

async function revised(
  outside: Parts,
  actor: Actor,
  id: ConnectorId,
  action: string,
  summary: string,
  change: (now: Connector) => Connector,
  values: { readonly before?: Readonly<Record<string, string>>; readonly after?: Readonly<Record<string, string>> } = {},
): Promise<Connector> {
  const next = await revise(outside.store, 'connector', id, change, () => ({
    appends: [audited(outside, actor, { action, connectorId: id, summary, ...values })],
  }));
  if (next === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  return next;
}

/** Seats of the instance: a number, unlimited, or read from the target (E12). */
export async function saveSeats(
  outside: Parts,
  actor: Actor,
  id: ConnectorId,
  seats:
    | { readonly is: 'unlimited' }
    | { readonly is: 'set'; readonly total: number }
    | { readonly is: 'read'; readonly path: string; readonly pointer: string },
): Promise<void> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'set the seats of');
  if (seats.is === 'set' && !(Number.isInteger(seats.total) && seats.total >= 0 && seats.total <= 10_000_000))
    throw badInput('seats', 'Seats must be a whole number.', 'Type the number of licences, or “unlimited”.');
  if (seats.is === 'read' && !/^\/[\w./-]*$/.test(seats.path)) throw badInput('path', 'The path must begin with a slash and hold no query.', 'Such as /Seats.');
  await revise(
    outside.store,
    'instance',
    connector.instanceId,
    (now) => ({
      ...now,
      seats: seats.is === 'set' ? { ...seats, by: actor.userId, at: outside.clock.now() } : seats.is === 'read' ? { ...seats, total: null, at: null } : seats,
    }),
    () => ({
      appends: [
        audited(outside, actor, {
          action: 'connectors.seats',
          connectorId: id,
          summary: `set the seats of ${connector.name}: ${seats.is === 'set' ? seats.total : seats.is === 'read' ? `read from ${seats.path}` : 'unlimited'}`,
        }),
      ],
    }),
  );
}
