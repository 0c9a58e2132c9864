import type { Assignment } from '../assignments/assignment.ts';
import type { GroupingId } from '../directory/grouping.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Person, PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { RunScope } from './run.ts';

/** Whether an assignment counts now: it took effect and was not ended (A2). */
export function isEffective(assignment: Assignment, now: Instant): boolean {
  return assignment.ended === null && assignment.effectiveAt <= now;
}

/** Who shall have an account: the assignment that covers a person, the first by the person's groupings; undefined for nobody's. */
export type Covers = (person: Person) => Assignment | undefined;

const NOBODY: ReadonlySet<PersonId> = new Set();

/** Coverage by the effective assignments of one connector. Only active persons are covered, and nobody who was off-boarded and is not released (S25). Pure. */
export function coverage(assignments: Iterable<Assignment>, now: Instant, offboarded: ReadonlySet<PersonId> = NOBODY): Covers {
  const byGrouping = new Map<GroupingId, Assignment>();
  for (const assignment of assignments) {
    if (isEffective(assignment, now) && !byGrouping.has(assignment.groupingId)) byGrouping.set(assignment.groupingId, assignment);
  }
  return (person) => {
    if (person.status !== 'active' || offboarded.has(person.id)) return undefined;
    for (const grouping of person.groupings) {
      const assignment = byGrouping.get(grouping);
      if (assignment !== undefined) return assignment;
    }
    return undefined;
  };
}

/** Whether a run may touch a person; `person` is undefined for somebody who left the directory. */
export type Touches = (personId: PersonId, person: Person | undefined, assignment: Assignment | undefined) => boolean;

/**
 * Whom a run of this scope may touch. For `organizations` these are the people whose primary organization is one of
 * `organizations` (the scope's ids and everything below) and those covered by an assignment made there; nobody who
 * left the directory, since nobody knows where they belonged.
 */
export function touches(scope: RunScope, organizations: ReadonlySet<OrganizationId>): Touches {
  switch (scope.is) {
    case 'all':
      return () => true;
    case 'people': {
      const ids = new Set(scope.ids);
      return (personId) => ids.has(personId);
    }
    case 'organizations':
      return (_, person, assignment) =>
        person !== undefined && (organizations.has(person.organizationId) || (assignment !== undefined && organizations.has(assignment.organizationId)));
  }
}
