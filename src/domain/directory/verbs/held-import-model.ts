import type { Outside } from '../../../ports/outside.ts';
import type { Instant } from '../../instant.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import type { DirectoryImport } from '../import.ts';
import { holdOf } from './held-import.ts';

/** Everything that a held import's card tells: numbers and organizations, nobody's name. */
export interface HeldImportModel {
  readonly source: string;
  /** The source's last import. */
  readonly last: DirectoryImport;
  /** Whether that is the one which the card tells of, released or still held; otherwise it was overtaken. */
  readonly isThis: boolean;
  readonly places: readonly { readonly name: string; readonly people: number }[];
  readonly names: (userId: string) => string;
  readonly timeZone: string;
}

/** What the card of an import that is held since then shows now; null where the source was never imported. */
export async function heldImportModel(
  outside: Pick<Outside, 'store' | 'settings' | 'workspace'>,
  source: string,
  since: Instant,
): Promise<HeldImportModel | null> {
  const last = (await outside.store.get('import', source))?.value;
  if (last === undefined) return null;
  const hold = holdOf(last);
  const places: { name: string; people: number }[] = [];
  for (const { organizationId, people } of hold?.places ?? []) {
    const organization = organizationId === null ? undefined : (await outside.store.get('organization', organizationId))?.value;
    places.push({ name: organization?.name ?? organizationId ?? '', people });
  }
  return {
    source,
    last,
    isThis: (hold?.since ?? last.release?.since) === since,
    places,
    names: await namesOf(outside, [last.by, ...(last.release === undefined ? [] : [last.release.by])]),
    timeZone: outside.settings.timeZone,
  };
}
