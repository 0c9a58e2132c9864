import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import { fullName, type PersonId } from '../../directory/person.ts';
import { personSeen } from '../../directory/verbs/find.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import { requireRight, tree } from '../../rights/verbs/who.ts';
import { stopAfter, zoneOf } from '../days.ts';
import { type Language, LANGUAGES, type LetterKind, type LetterModel, LETTERS } from '../letter.ts';
import { DEFAULT_POLICY, type EnrollmentPolicy, type EnrollmentSwitch } from '../policy.ts';
import { policyInForce, policyKey, type PolicyInForce, type PolicyScope, switchOf, switchStored } from '../rules-in-force.ts';
import { sampleModel } from '../template.ts';
import { templateFor, type TemplateInForce } from './templates.ts';

type Known = Pick<Outside, 'store' | 'settings'>;

/** How enrollment of a connector is set, and what switching it would touch. */
export interface SettingsSeen {
  readonly connector: Pick<Connector, 'id' | 'name' | 'organizationId'>;
  readonly switch: EnrollmentSwitch;
  /** Of the switch, for `setSwitch` to notice that somebody else changed it meanwhile. */
  readonly version: number;
  readonly policy: PolicyInForce;
  /** Whose policy it is, in words: `Zoom`, `Riverside District`, `everybody`; null for the built-in one. */
  readonly policyOf: string | null;
  /** A mail server and the page are set up on the host. */
  readonly ready: boolean;
  /** Accounts that are there: nobody of them is mailed by switching on (E13). */
  readonly accounts: number;
  readonly openTasks: number;
  /** The plain name of who switched last. */
  readonly by: string;
}

/** The settings of one connector, for its admins (E8, E13). Asks Slack for a name: for after the ack. */
export async function settingsSeen(outside: Known & Pick<Outside, 'enrollment' | 'workspace'>, actor: Actor, connectorId: ConnectorId): Promise<SettingsSeen> {
  const { connector } = await requireConnector(outside, actor, connectorId, 'administer', 'see the enrollment settings of');
  const { store } = outside;
  const { value: set, version } = await switchStored(store, connectorId);
  const policy = await policyInForce(outside, connector);
  let openTasks = 0;
  for await (const page of store.scan('task')) {
    for (const { value } of page) if (value.connectorId === connectorId && value.state.is !== 'removed' && value.settledAt === undefined) openTasks += 1;
  }
  return {
    ...{ connector, switch: set, version, policy, policyOf: await policyOwner(outside, connector, policy.from), ready: outside.enrollment !== null },
    ...{ accounts: await store.count('account', `${connectorId}/`), openTasks, by: (await namesOf(outside, [set.by]))(set.by) },
  };
}

async function policyOwner({ store }: Known, connector: Pick<Connector, 'name'>, from: PolicyInForce['from']): Promise<string | null> {
  switch (from.is) {
    case 'connector':
      return connector.name;
    case 'organization':
      return (await store.get('organization', from.id))?.value.name ?? from.id;
    case 'default':
      return 'everybody';
    case 'built-in':
      return null;
  }
}

export interface SettingsRow {
  readonly connector: Pick<Connector, 'id' | 'name'>;
  readonly switch: EnrollmentSwitch;
  readonly policy: EnrollmentPolicy;
}

/** Every connector that the actor administers, by name. */
export async function settingsOverview(outside: Known, actor: Actor): Promise<readonly SettingsRow[]> {
  const organizations = await tree(outside);
  const rows: SettingsRow[] = [];
  for (const { connector, whole } of await visibleConnectors(outside, actor)) {
    if (!whole || !holds(actor, 'administer', connector.organizationId, organizations)) continue;
    rows.push({ connector, switch: await switchOf(outside.store, connector.id), policy: (await policyInForce(outside, connector)).policy });
  }
  return rows;
}

/** A policy to be edited: what is set at that place, else what counts there now. */
export interface PolicySeen {
  readonly scope: PolicyScope;
  /** `Zoom`, `Riverside District and below`, `everybody`. */
  readonly place: string;
  readonly policy: EnrollmentPolicy;
  /** It is set at this very place. */
  readonly set: boolean;
  /** Of what is set there, for `setPolicy` to notice that somebody else changed it meanwhile; 0 where nothing ever was. */
  readonly version: number;
}

/** The policy of a place, for its admins (E8). */
export async function policySeen(outside: Known, actor: Actor, scope: PolicyScope): Promise<PolicySeen> {
  const kept = await outside.store.get('enrollmentPolicy', policyKey(scope));
  const stored = kept?.value.removed === undefined ? kept?.value : undefined;
  const is = { scope, set: stored !== undefined, version: kept?.version ?? 0 };
  switch (scope.is) {
    case 'connector': {
      const { connector } = await requireConnector(outside, actor, scope.id, 'administer', 'set the enrollment policy of');
      return { ...is, place: connector.name, policy: stored ?? (await policyInForce(outside, connector)).policy };
    }
    case 'organization': {
      const name = (await outside.store.get('organization', scope.id))?.value.name ?? scope.id;
      await requireRight(outside, actor, 'administer', scope.id, `set the enrollment policy of ${name}`);
      const above = await policyInForce(outside, { id: '', organizationId: scope.id });
      return { ...is, place: `${name} and below`, policy: above.policy };
    }
    case 'default':
      await requireRight(outside, actor, 'administer', null, 'set the enrollment policy of everybody');
      return { ...is, place: 'everybody', policy: stored ?? DEFAULT_POLICY };
  }
}

/** Every text there is, with whether somebody changed it; for global admins. */
export async function templatesSeen(outside: Known, actor: Actor): Promise<readonly TemplateInForce[]> {
  await requireRight(outside, actor, 'administer', null, 'change the texts of enrollment mails');
  const all: TemplateInForce[] = [];
  for (const kind of LETTERS) for (const language of LANGUAGES) all.push(await templateFor(outside, kind, language));
  return all;
}

/** What a text is tried on: somebody made up, or somebody of the directory (their name and organization; nothing is sent, no link is made). */
export async function previewModel(
  outside: Known & Pick<Outside, 'breath' | 'clock' | 'calendar' | 'workspace'>,
  actor: Actor,
  kind: LetterKind,
  of: { readonly language: Language; readonly person: PersonId | ((id: PersonId) => boolean) | null },
): Promise<LetterModel> {
  await requireRight(outside, actor, 'administer', null, 'change the texts of enrollment mails');
  const person = of.person === null ? undefined : await personSeen(outside, actor, of.person);
  const timeZone = person === undefined ? outside.settings.timeZone : await zoneOf(outside, person.organizationId);
  const stop = stopAfter(outside.calendar, outside.clock.now(), DEFAULT_POLICY.days, timeZone);
  const sample = sampleModel(kind, of.language, stop, timeZone);
  if (person === undefined) return sample;
  const organization = (await outside.store.get('organization', person.organizationId))?.value.name ?? person.organizationId;
  return { ...sample, name: fullName(person), organization, ask: (await namesOf(outside, [actor.userId]))(actor.userId) };
}
