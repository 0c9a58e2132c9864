import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { masked } from '../mask.ts';
import { AUTHENTICATION_TYPES, type EnrollmentPolicy, type EnrollmentSwitch, namedSince } from '../policy.ts';
import { policyAlong, policyKey, policyOf, type PolicyScope, switchStored } from '../rules-in-force.ts';
import { isAddress } from './entries.ts';
import { notSetUp } from './permit.ts';

type Steering = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>;

/** What an admin sets of a policy (E8). */
export type PolicyWish = Pick<EnrollmentPolicy, 'days' | 'attempts' | 'reminders' | 'types' | 'language'>;

const MOST_DAYS = 365;
const MOST_ATTEMPTS = 50;

/**
 * Sets how people enroll, for a connector, an organization and below, or all others (E8); with null what is set there counts no more. New
 * tasks go by it, and so do stop dates that are computed anew; a task that is there keeps its attempts and types. The
 * language counts for the next mail, slip or visit. Takes an admin at that place; refuses numbers that make no sense (fields `days`,
 * `attempts`, `reminders`, `types`), and where it was changed since `seen`, the version that was shown.
 */
export async function setPolicy(outside: Steering, actor: Actor, scope: PolicyScope, wish: PolicyWish | null, seen?: number): Promise<EnrollmentPolicy | null> {
  const place = await placeOf(outside, actor, scope);
  const key = policyKey(scope);
  for (;;) {
    const stored = await outside.store.get('enrollmentPolicy', key);
    if (seen !== undefined && seen !== (stored?.version ?? 0)) throw new Refusal({ is: 'changed-meanwhile', what: `The enrollment policy of ${place.name}` });
    const standing = stored?.value.removed === undefined ? stored?.value : undefined;
    if (wish === null && standing === undefined) throw new Refusal({ is: 'nothing-to-do', detail: `No enrollment policy is set for ${place.name}.` });
    const before =
      place.organizationId === null
        ? (await policyAlong(outside, [{ is: 'default' }])).policy
        : await policyOf(outside, { id: place.connectorId ?? '', organizationId: place.organizationId });
    const now = outside.clock.now();
    const next = wish === null ? null : renewed(before, { ...checked(wish), at: now, by: actor.userId });
    const kept = next ?? (standing === undefined ? null : { ...standing, removed: now });
    const outcome = await outside.store.transaction({
      puts: [put('enrollmentPolicy', key, kept, stored?.version ?? 0)],
      appends: [
        audited(outside, actor, {
          ...{ action: 'enrollment.policy', connectorId: place.connectorId, subject: key },
          summary: next === null ? `removed the enrollment policy of ${place.name}` : `set the enrollment policy of ${place.name}`,
          before: standing === undefined ? null : told(standing),
          after: next === null ? null : told(next),
        }),
      ],
    });
    if (outcome === 'committed') return next;
  }
}

/** A reminder that is named already stays so since then: one that is due comes, also where something else is changed first. */
function renewed(before: EnrollmentPolicy, next: EnrollmentPolicy): EnrollmentPolicy {
  const since = next.reminders.map((reminder) => [reminder, before.reminders.includes(reminder) ? namedSince(before, reminder) : next.at] as const);
  return { ...next, remindersSince: Object.fromEntries(since) };
}

interface Place {
  readonly name: string;
  readonly connectorId: ConnectorId | null;
  /** Where the search for what counts there begins; null for everybody. */
  readonly organizationId: OrganizationId | null;
}

async function placeOf(outside: Steering, actor: Actor, scope: PolicyScope): Promise<Place> {
  switch (scope.is) {
    case 'connector': {
      const { connector } = await requireConnector(outside, actor, scope.id, 'administer', 'set the enrollment policy of');
      return { name: connector.name, connectorId: connector.id, organizationId: connector.organizationId };
    }
    case 'organization': {
      const name = await organizationName(outside, scope.id);
      await requireRight(outside, actor, 'administer', scope.id, `set the enrollment policy of ${name}`);
      return { name, connectorId: null, organizationId: scope.id };
    }
    case 'default':
      await requireRight(outside, actor, 'administer', null, 'set the enrollment policy of everybody');
      return { name: 'everybody', connectorId: null, organizationId: null };
  }
}

async function organizationName({ store }: Steering, id: OrganizationId): Promise<string> {
  return (await store.get('organization', id))?.value.name ?? id;
}

function checked({ days, attempts, reminders, types, language }: PolicyWish): PolicyWish {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw badInput('days', `Days to enroll are a whole number from 1 to ${MOST_DAYS}.`, 'Type 10, for example.');
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > MOST_ATTEMPTS)
    throw badInput('attempts', `Attempts are a whole number from 1 to ${MOST_ATTEMPTS}.`, 'Type 5, for example.');
  const offered = AUTHENTICATION_TYPES.filter((type) => types.includes(type));
  if (offered.length === 0) throw badInput('types', 'People need a way to enroll.', 'Choose link, hardware token, or both.');
  return {
    ...{ days, attempts, reminders: (['half', 'day-before'] as const).filter((reminder) => reminders.includes(reminder)), types: offered },
    ...(language === undefined ? {} : { language }),
  };
}

function told({ days, attempts, reminders, types, language }: PolicyWish): Readonly<Record<string, string>> {
  return { days: String(days), attempts: String(attempts), reminders: reminders.join(', ') || 'none', types: types.join(', '), language: language ?? 'none' };
}

/** What an admin sets of a connector's switch (E13); what isn't named stays as it is at that moment. */
export type SwitchWish = Partial<Pick<EnrollmentSwitch, 'on' | 'arriveAs' | 'testAddress'>>;

/**
 * Switches a connector's enrollment on or off (E13). Runs that end from then on open tasks; people who had accounts before are
 * mailed by nothing. Refused where no mail server or page is set up (with what to set), for a test address that is
 * none (field `testAddress`), and where it was changed since `seen`, the version that was shown: nobody switches on by what they
 * no longer see. Off stops new tasks and all mail; links that were sent keep working until their date.
 */
export async function setSwitch(
  outside: Steering & Pick<Outside, 'enrollment' | 'work'>,
  actor: Actor,
  connectorId: ConnectorId,
  wish: SwitchWish,
  seen?: number,
): Promise<EnrollmentSwitch> {
  const { connector } = await requireConnector(outside, actor, connectorId, 'administer', 'switch the enrollment of');
  const given = wish.testAddress === undefined ? wish : { ...wish, testAddress: addressIn(wish.testAddress) };
  for (;;) {
    const { value: before, version } = await switchStored(outside.store, connectorId);
    if (seen !== undefined && seen !== version) throw new Refusal({ is: 'changed-meanwhile', what: `The enrollment of ${connector.name}` });
    const next: EnrollmentSwitch = { ...before, ...given, at: outside.clock.now(), by: actor.userId };
    if (next.on && outside.enrollment === null) throw notSetUp();
    const outcome = await outside.store.transaction({
      puts: [put('enrollmentSwitch', connectorId, next, version)],
      appends: [
        audited(outside, actor, {
          ...{ action: 'enrollment.switch', connectorId, summary: `switched the enrollment of ${connector.name} ${switchWords(next)}` },
          ...{ before: switchTold(before), after: switchTold(next) },
        }),
      ],
    });
    if (outcome === 'conflict') continue;
    outside.work.mail();
    return next;
  }
}

/** The test address that was typed; null for none. */
function addressIn(typed: string | null): string | null {
  const address = typed?.trim() ?? '';
  if (address === '') return null;
  if (!isAddress(address)) throw badInput('testAddress', 'That is no e-mail address.', 'Type one like name@example.org, or leave it empty.');
  return address;
}

function switchWords({ on, testAddress }: EnrollmentSwitch): string {
  if (!on) return 'off';
  return testAddress === null ? 'on' : 'on, in test mode';
}

function switchTold({ on, arriveAs, testAddress }: EnrollmentSwitch): Readonly<Record<string, string>> {
  return { on: on ? 'yes' : 'no', arriveAs, testAddress: testAddress === null ? 'none' : masked(testAddress) };
}
