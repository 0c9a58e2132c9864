import { scopedOrganizations } from '../src/domain/directory/verbs/find.ts';
import { organizationMeant } from '../src/domain/directory/verbs/meant.ts';
import { fold, holdsWords, wordsOf } from '../src/domain/directory/fold.ts';
import type { Organization } from '../src/domain/directory/organization.ts';
import type { Right } from '../src/domain/rights/grant.ts';
import type { Choice } from '../views/blocks.ts';
import { isValueOf } from '../views/ids.ts';
import { namedChoices, namesakes } from '../views/named-choices.ts';
import type { Ask, Suggestion } from './command.ts';

/** Organizations where the person holds the right, as options for an external select; indented by depth. */
export async function organizationChoices(ask: Ask, suggestion: Suggestion, right: Right): Promise<readonly Choice[]> {
  const words = wordsOf(suggestion.typed);
  const all = await scopedOrganizations(ask.outside, ask.actor, right);
  const names = new Map(all.map(({ organization }) => [organization.id, organization.name]));
  const isShared = namesakes([...names.values()].map((name) => ({ name })));
  const place = ({ parentId }: Organization): string => (parentId !== null && names.has(parentId) ? ` in ${names.get(parentId)}` : '');
  return all
    .filter(({ organization }) => words.length === 0 || holdsWords(fold(organization.name), words))
    .map(({ organization, depth }) => ({
      text: `${'  '.repeat(words.length === 0 ? depth : 0)}${organization.name}`,
      value: organization.id,
      description: isShared(organization) ? `${organization.id} · ${organization.kind}${place(organization)}` : organization.kind,
    }));
}

/** Those whose name holds the typed words, as options for an external select. */
export function fittingChoices<T extends { readonly id: string; readonly name: string }>(
  typed: string,
  all: readonly T[],
  about?: (one: T) => string,
): readonly Choice[] {
  const words = wordsOf(typed);
  return namedChoices(
    all.filter(({ name }) => holdsWords(fold(name), words)),
    about,
  );
}

/** The organization whose option was chosen; undefined where it is not in the person's scope. */
export async function chosenOrganization(ask: Ask, value: string, right: Right): Promise<Organization | undefined> {
  return (await scopedOrganizations(ask.outside, ask.actor, right)).map(({ organization }) => organization).find(({ id }) => isValueOf(value, id));
}

/** `organizationMeant` of the asker. */
export function organizationNamed(ask: Ask, typed: string, right: Right): Promise<Organization> {
  return organizationMeant(ask.outside, ask.actor, typed, right);
}
