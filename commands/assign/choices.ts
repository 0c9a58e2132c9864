import {
  type Assignable,
  type AssignableGrouping,
  assignableConnector,
  assignableConnectors,
  assignableGroupings,
} from '../../src/domain/assignments/verbs/assignable.ts';
import { nameOf } from '../../src/domain/assignments/verbs/assign.ts';
import { fold, holdsWords, wordsOf } from '../../src/domain/directory/fold.ts';
import type { GroupingId } from '../../src/domain/directory/grouping.ts';
import type { Organization, OrganizationId } from '../../src/domain/directory/organization.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { Choice } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { namedChoices } from '../../views/named-choices.ts';
import { connectorSign, signed } from '../../views/signs.ts';
import { fittingChoices, organizationChoices } from '../choices.ts';
import type { Ask, Suggestion } from '../command.ts';

/** Connectors that the person may assign. */
export async function connectorChoices(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  const all = (await assignableConnectors(ask.outside, ask.actor)).map(({ connector }) => connector);
  return fittingChoices(typed, all, ({ state, health }) => signed(connectorSign(state, health)));
}

/** Organizations where the person may assign this connector. */
export async function placeChoices(ask: Ask, suggestion: Suggestion, connectorId: string): Promise<readonly Choice[]> {
  const { organizations } = await assignableConnector(ask.outside, ask.actor, connectorId);
  return (await organizationChoices(ask, suggestion, 'administer')).filter(({ value }) => organizations.has(value));
}

/** Roles and groups of the organization and those below it; its own come first. */
export async function groupingChoices(ask: Ask, { typed }: Suggestion, connectorId: string, organizationId: OrganizationId | null): Promise<readonly Choice[]> {
  const words = wordsOf(typed);
  const assignable = await assignableConnector(ask.outside, ask.actor, connectorId);
  const fitting = (await assignableGroupings(ask.outside, assignable, organizationId)).filter((each) => holdsWords(fold(nameOf(each)), words));
  const own = organizationId ?? assignable.connector.organizationId;
  const rank = ({ organization }: AssignableGrouping): number => (organization.id === own ? 0 : 1);
  return groupingsAsChoices(fitting.toSorted((one, other) => rank(one) - rank(other)));
}

/** Roles and groups as options; those of one name, in organizations of one name, show their ids. */
export function groupingsAsChoices(all: readonly AssignableGrouping[]): readonly Choice[] {
  return namedChoices(
    all.map((each) => ({ id: each.grouping.id, name: nameOf(each), kind: each.grouping.kind })),
    ({ kind }) => kind,
  );
}

/** The roles and groups of chosen options. Refuses one that the person may not assign, or that is gone. */
export async function chosenFrom(ask: Ask, assignable: Assignable, values: readonly string[]): Promise<readonly AssignableGrouping[]> {
  if (values.length === 0) return [];
  const all = await assignableGroupings(ask.outside, assignable);
  return values.map((value) => {
    const found = all.find(({ grouping }) => isValueOf(value, grouping.id));
    if (found === undefined) throw badInput('groupings', 'One of the roles and groups can’t be assigned any more.', 'Choose again.');
    return found;
  });
}

/** The organization that the form begins with: the connector's own, or the first one of the person's part. */
export function firstPlace({ connector, organizations }: Assignable): Organization | null {
  return organizations.get(connector.organizationId) ?? [...organizations.values()][0] ?? null;
}

/** The one of these that typed words mean: by id, name, or the beginning of a name, in one organization where it is named. */
export function groupingNamed<
  T extends {
    readonly grouping: { readonly id: GroupingId; readonly name: string };
    readonly organization: { readonly id: OrganizationId; readonly name: string };
  },
>(all: readonly T[], typed: string, organization: string | undefined): T {
  const wanted = fold(typed.trim());
  const isThere = ({ id, name }: T['organization']): boolean =>
    organization === undefined || id === organization.trim() || fold(name) === fold(organization.trim());
  const there = all.filter((each) => isThere(each.organization));
  const exact = there.filter(({ grouping }) => grouping.id === typed.trim() || fold(grouping.name) === wanted);
  const found = exact.length > 0 ? exact : there.filter(({ grouping }) => wanted !== '' && fold(grouping.name).startsWith(wanted));
  const [only] = found;
  const named = ({ grouping, organization: { id, name } }: T): string => {
    const isShared = there.some((other) => fold(other.organization.name) === fold(name) && other.organization.id !== id);
    return `${grouping.name} organization="${isShared ? id : name}"`;
  };
  if (only === undefined) throw new Refusal({ is: 'not-found', what: 'role or group', typed, near: there.slice(0, 5).map(named) });
  if (found.length > 1) throw new Refusal({ is: 'ambiguous', what: 'role or group', typed, choices: found.slice(0, 8).map(named) });
  return only;
}
