import type { Outside } from '../../../ports/outside.ts';
import { SecretFault } from '../../../ports/secrets.ts';
import type { Put } from '../../../ports/store.ts';
import type { TargetUser } from '../../../ports/target.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import { audited } from '../../audit/row.ts';
import type { Connector, ConnectorId, RehearsedSettings } from '../../connectors/connector.ts';
import { sealedFor } from '../../connectors/settings.ts';
import { TargetFault } from '../../connectors/target-error.ts';
import { requireNoRun } from '../../connectors/verbs/states.ts';
import { fullName, type Person, type PersonId } from '../../directory/person.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { type Account, accountKey } from '../../sync/account.ts';
import { keepingSeats } from '../../sync/grants.ts';
import { coverage } from '../../sync/scope.ts';
import { blankAccount } from '../../sync/task.ts';
import { connectorOf } from '../../sync/verbs/permit.ts';
import { requireActive } from '../../sync/verbs/start.ts';

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'settings' | 'secrets' | 'targets' | 'paces'>;

export interface Linked {
  readonly connector: Connector;
  readonly name: string;
  readonly account: Account;
}

/**
 * Links a person to an account that exists in the target, by hand (S26): for a match that is ambiguous, or that nothing tells. One
 * request, which reads; the next sync writes what differs. Takes an admin. Refused where the account isn't there or is somebody
 * else's, where the person has one, and where they shall have none: the next sync would take it away.
 */
export async function linkAccount(
  outside: World,
  actor: Actor,
  { connectorId, personId, targetId }: { readonly connectorId: ConnectorId; readonly personId: PersonId; readonly targetId: string },
): Promise<Linked> {
  const connector = await connectorOf(outside, actor, connectorId);
  await requireRight(outside, actor, 'administer', connector.organizationId, `link accounts of ${connector.name}`);
  requireActive(connector, 'link');
  await requireNoRun(outside, connector, 'link');
  const person = (await outside.store.get('person', personId))?.value;
  if (person === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed: personId, near: [] });
  await requireCovered(outside, connector, person);
  const settings = connector.inForce;
  if (settings === null) throw new Refusal({ is: 'not-configured', connectorId, connector: connector.name });
  const user = await readUser(outside, connector, settings, targetId);
  const key = accountKey(connectorId, personId);
  for (;;) {
    const stored = await outside.store.get('account', key);
    requireFree(person, stored?.value);
    await requireNobodys(outside, connectorId, user.id, personId);
    const account = linked(outside.clock.now(), stored?.value ?? blankAccount(connectorId, personId), user, settings);
    const managed = await managedPuts(outside, connectorId, user.id);
    const outcome = await outside.store.transaction({
      puts: await keepingSeats(outside.store, connectorId, [put('account', key, account, stored?.version ?? 0), ...managed]),
      appends: [
        audited(outside, actor, {
          ...{ action: 'sync.link', connectorId, subject: personId, summary: `linked ${personId} to account ${user.id} of ${connector.name}` },
          after: { account: user.id },
        }),
      ],
    });
    if (outcome === 'committed') return { connector, name: fullName(person), account };
  }
}

/** Nobody's no more: what the last listing counted as not managed is one fewer with it, so that no seat counts twice (E12). */
async function managedPuts({ store }: World, connectorId: ConnectorId, targetId: string): Promise<readonly Put[]> {
  const key = `${connectorId}/${targetId}`;
  const sighting = await store.get('sighting', key);
  if (sighting === undefined) return [];
  const gone = put('sighting', key, null, sighting.version);
  const stored = await store.get('connector', connectorId);
  const listing = stored?.value.listing ?? null;
  if (stored === undefined || listing === null) return [gone];
  const left = { unmanaged: Math.max(0, listing.unmanaged - 1), unmanagedActive: Math.max(0, listing.unmanagedActive - Number(sighting.value.active)) };
  return [gone, put('connector', connectorId, { ...stored.value, listing: { ...listing, ...left } }, stored.version)];
}

function linked(now: number, before: Account, user: TargetUser, settings: RehearsedSettings): Account {
  const state = user.active === false ? 'inactive' : 'active';
  const values: Record<string, string> = {};
  for (const { attribute, from } of settings.mapping) {
    const value = from.is === 'excluded' ? undefined : user.values[attribute];
    if (value !== undefined) values[attribute] = value;
  }
  return {
    ...before,
    ...{ targetId: user.id, state, origin: 'adopted', intent: null, deleteAt: null },
    pushed: { values, at: now },
    timeline: [...before.timeline, [now, state]],
  };
}

async function requireCovered(outside: World, connector: Connector, person: Person): Promise<void> {
  const assignments: Assignment[] = [];
  for await (const page of outside.store.scan('assignment', { prefix: `${connector.id}/` })) assignments.push(...page.map(({ value }) => value));
  if (coverage(assignments, outside.clock.now())(person) !== undefined) return;
  throw badInput(
    'person',
    `${fullName(person)} is in no role or group that ${connector.name} is assigned to: the next sync would deactivate the account.`,
    'Assign first, then link.',
  );
}

function requireFree(person: Person, account: Account | undefined): void {
  if (account === undefined || account.state === 'gone' || account.targetId === null) return;
  throw new Refusal({ is: 'nothing-to-do', detail: `${fullName(person)} is linked to account ${account.targetId} already.` });
}

async function requireNobodys(outside: World, connectorId: ConnectorId, targetId: string, personId: PersonId): Promise<void> {
  for await (const page of outside.store.scan('account', { prefix: `${connectorId}/` }))
    for (const { value } of page)
      if (value.targetId === targetId && value.state !== 'gone' && value.personId !== personId)
        throw badInput('account', `Account ${targetId} belongs to ${value.personId}.`, 'Choose one that is not managed: sync unmanaged lists them.');
}

async function readUser(outside: World, connector: Connector, settings: RehearsedSettings, targetId: string): Promise<TargetUser> {
  try {
    const { host } = new URL(settings.baseUrl);
    const token = await outside.secrets.reveal(settings.secret, sealedFor(connector.id, host), host);
    await outside.paces.of(settings.baseUrl, connector.operating.requestsPerSecond).permit();
    return await outside.targets.open(settings.baseUrl, token, connector.operating.concurrency).read(targetId);
  } catch (fault) {
    if (fault instanceof SecretFault) throw badInput('account', fault.message, 'Enter a new secret first.');
    if (!(fault instanceof TargetFault) || fault.error.next !== 'gone') throw fault;
    throw new Refusal({ is: 'not-found', what: `account in ${connector.name}`, typed: targetId, near: [] });
  }
}
