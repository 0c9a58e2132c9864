import type { Outside } from '../../../ports/outside.ts';
import { SECOND } from '../../instant.ts';
import { audited } from '../../audit/row.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put, revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { changedSettings } from '../changed-settings.ts';
import type { Connector, ConnectorId, Draft, OperatingSettings } from '../connector.ts';
import { MANAGER, SCIM_ATTRIBUTES } from '../mapping.ts';
import { missingRequired } from '../mapping-checks.ts';
import { draftOf, hostOf } from '../settings.ts';
import { firedKey } from '../../sync/marks.ts';
import { within } from '../../within.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'targets'>;

/** What one step of the configure modal collects; the secret has a verb of its own (`saveSecret`). */
export type DraftPart = Omit<Draft, 'secret'>;

/** A name server gets this long before the ack; the address is checked again, and pinned, at every connect (X5). */
const PATIENCE = SECOND;

/**
 * Keeps one step of the configure modal in our store, so that it can be left and resumed (C6). Refuses a base URL
 * that may not be a target (X5), a bad test address, a mapping without its required attributes.
 */
export async function saveDraft(outside: Parts, actor: Actor, id: ConnectorId, part: DraftPart): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const baseUrl = part.baseUrl === undefined ? undefined : await checkedBaseUrl(outside, actor, connector, part.baseUrl);
  const checked: DraftPart = { ...checkedPart(part), ...(baseUrl === undefined ? {} : { baseUrl }) };
  return changeDraft(outside, actor, connector, { action: 'connectors.configure', summary: `saved a draft of ${connector.name}` }, (before) => {
    const { secret, ...rest } = before;
    // A secret goes to no host but the one it was given for (C6).
    const moves = baseUrl !== undefined && before.baseUrl !== undefined && hostOf(baseUrl) !== hostOf(before.baseUrl);
    return { ...rest, ...(secret === undefined || moves ? {} : { secret }), ...checked };
  });
}

function checkedPart(part: DraftPart): DraftPart {
  const { testEmail, mapping, matching, leavers, tierAttribute } = part;
  if (testEmail !== undefined && !/^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>"]+$/.test(testEmail))
    throw badInput('testEmail', 'That is no e-mail address.', 'Type one that no account in the application uses.');
  if (matching !== undefined && (matching === MANAGER || !SCIM_ATTRIBUTES.some(({ path }) => path === matching)))
    throw badInput('matching', `Accounts can’t be matched on “${matching}”.`, 'The usual attribute is userName.');
  if (mapping !== undefined) {
    const lacking = missingRequired(mapping);
    if (lacking.length > 0) throw badInput('mapping', `${lacking.join(', ')} can’t be left out.`, 'Map it from a directory attribute.');
  }
  if (leavers?.are === 'deleted' && !(Number.isInteger(leavers.afterDays) && leavers.afterDays >= 1 && leavers.afterDays <= 3650))
    throw badInput('afterDays', 'The days must be a whole number from 1 to 3650.', 'The usual number is 30.');
  if (typeof tierAttribute === 'string' && !/^[\w.:[\]$-]{1,120}$/.test(tierAttribute))
    throw badInput('tier', 'That is no attribute’s name.', 'Type it as the application spells it, such as userType.');
  return part;
}

async function checkedBaseUrl(outside: Parts, actor: Actor, connector: Connector, typed: string): Promise<string> {
  const baseUrl = normal(typed.trim());
  if (baseUrl === null) throw badInput('baseUrl', 'That is no web address.', 'Type the whole SCIM base URL, such as https://api.example.com/scim/v2.');
  const known = draftOf(connector).baseUrl;
  if (known === baseUrl) return baseUrl;
  if (connector.state.is === 'active' || connector.state.is === 'disabled')
    throw badInput('baseUrl', 'Another address is another tenant, with other accounts.', 'Disconnect the connector first, then reconnect it there.');
  if (known === undefined || hostOf(known) !== hostOf(baseUrl)) await requireRight(outside, actor, 'administer', null, 'point a connector at a new host');
  const objection = await within(outside, PATIENCE, outside.targets.objection(baseUrl));
  if (objection !== null) throw badInput('baseUrl', objection, 'Use the https address from the application’s SCIM page.');
  return baseUrl;
}

/** Host in lower case, no default port, no slash at the end; parts that may not be there are left for the objection. Null where it is no URL. */
function normal(typed: string): string | null {
  if (!URL.canParse(typed)) return null;
  const url = new URL(typed);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '' && /^https?:$/.test(url.protocol);
  return bare ? `${url.origin}${url.pathname.replace(/\/+$/, '')}` : typed;
}

/** Changes what a person edits, by compare-and-set, with its audit row. Refuses where the connector is gone. */
export async function changeDraft(
  outside: Pick<Outside, 'store' | 'clock' | 'chance'>,
  actor: Actor,
  { id }: Connector,
  row: { readonly action: string; readonly summary: string },
  change: (before: Draft) => Draft,
): Promise<Connector> {
  const next = await revise(
    outside.store,
    'connector',
    id,
    (now) => ({ ...now, draft: change(draftOf(now)) }),
    (now, before) => ({ appends: [audited(outside, actor, { ...row, connectorId: id, ...changedSettings(draftOf(before), now.draft) })] }),
  );
  if (next === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  return next;
}

/** Throws the edits away; what is in force stays (C9). A draft connector starts again from its mapping. */
export async function revertDraft(outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>, actor: Actor, id: ConnectorId): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const next = await revise(
    outside.store,
    'connector',
    id,
    (now) => ({ ...now, draft: now.inForce !== null ? null : now.draft?.mapping === undefined ? {} : { mapping: now.draft.mapping } }),
    (now, before) => ({
      appends: [
        audited(outside, actor, {
          ...{ action: 'connectors.revert', connectorId: id, summary: `discarded the edits of ${connector.name}` },
          ...changedSettings(draftOf(before), draftOf(now)),
        }),
      ],
    }),
  );
  return next ?? connector;
}

/** Schedule, pace and thresholds take effect at once (C9). The caller has checked cron and zone with the `Calendar`. */
export async function saveOperating(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>,
  actor: Actor,
  id: ConnectorId,
  part: Partial<OperatingSettings>,
): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'configure');
  const before = connector.operating;
  const after = { ...before, ...part };
  checkOperating(after);
  if (JSON.stringify(before) === JSON.stringify(after)) return connector;
  const summary = `changed pace, schedule or thresholds of ${connector.name}`;
  const next = await revise(
    outside.store,
    'connector',
    id,
    (now) => ({ ...now, operating: { ...now.operating, ...part } }),
    () => ({
      appends: [audited(outside, actor, { action: 'connectors.operate', connectorId: id, summary, before: flat(before), after: flat(after) })],
      // A changed schedule counts from now: what it would have fired before is not caught up.
      puts: JSON.stringify(before.schedule) === JSON.stringify(after.schedule) ? [] : [put('counter', firedKey(id), { value: outside.clock.now() })],
    }),
  );
  return next ?? connector;
}

function checkOperating({ requestsPerSecond, concurrency, fuse }: OperatingSettings): void {
  if (requestsPerSecond !== null && !(requestsPerSecond >= 0.1 && requestsPerSecond <= 10_000))
    throw badInput('rate', 'Requests a second must be from 0.1 to 10,000.', 'Leave it empty for no limit.');
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 128)
    throw badInput('concurrency', 'Requests at once must be from 1 to 128.', 'The usual number is 16.');
  const { people, percent, absolute } = fuse;
  if ([people, percent, absolute].some((number) => !(number >= 0)) || percent > 100)
    throw badInput('fuse', 'The fuse takes numbers of people, and a share from 0 to 100 %.', 'The usual fuse is 10 people and 5 %, or 50 people.');
}

function flat(operating: OperatingSettings): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(operating).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]));
}
