import { fold } from '../directory/fold.ts';
import type { GroupingId } from '../directory/grouping.ts';
import type { OrganizationId } from '../directory/organization.ts';
import { fullName, type Person } from '../directory/person.ts';

/** What is kept of a person: enough to count them and to find them. */
export interface KeptPerson {
  readonly organizationId: OrganizationId;
  /** None of somebody inactive: nobody is provisioned then. */
  readonly groupings: readonly GroupingId[];
  /** What is searched (D6), folded: names, then source id, user name and e-mail, each of these between line breaks. */
  readonly text: string;
}

/** `shared` gives the same text once: there are few organizations, roles and groups, and many who are in them. */
export function keptPerson(person: Person, shared: (text: string) => string): KeptPerson {
  const { userName, email, givenName, familyName } = person.attributes;
  const said = [[fullName(person), givenName, familyName].filter(isGiven).join(' '), person.sourceId, ...[userName, email].filter(isGiven), ''];
  return {
    organizationId: shared(person.organizationId),
    groupings: person.status === 'active' ? person.groupings.map(shared) : [],
    text: fold(said.map((part) => part.replaceAll('\n', ' ')).join('\n')),
  };
}

/** Whether that folded text is their source id, user name or e-mail. */
export function isCalled({ text }: Pick<KeptPerson, 'text'>, wanted: string): boolean {
  return wanted !== '' && text.includes(`\n${wanted}\n`);
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined;
}
