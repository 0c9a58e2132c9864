import type { OrganizationId } from '../directory/organization.ts';
import type { PersonId } from '../directory/person.ts';

/** Whom of a hold to release: all of it, those of one organization and below (null: who left the directory), or ticked people. */
export type Chosen =
  | { readonly is: 'all' }
  | { readonly is: 'organization'; readonly organizationId: OrganizationId | null }
  | { readonly is: 'people'; readonly ids: readonly PersonId[] };

/** Letting go what was held: as an approval carries it. `agreed` stands for exactly what was before the approver's eyes; anything else is refused as changed. */
export type Release =
  | { readonly is: 'hold'; readonly holdId: string; readonly chosen: Chosen; readonly agreed: string; readonly why: string }
  | { readonly is: 'import'; readonly source: string; readonly agreed: string; readonly why: string };
