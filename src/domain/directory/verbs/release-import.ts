import type { DirectorySource } from '../../../ports/directory-source.ts';
import type { Outside } from '../../../ports/outside.ts';
import type { Stored } from '../../../ports/store.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import type { Described } from '../../approvals/request.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holdsSomewhere } from '../../rights/grant.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import type { Release } from '../../holds/release.ts';
import type { DirectoryImport, ImportHold } from '../import.ts';
import { agreedTo, holdOf } from './held-import.ts';
import { type Importing, judge, recorded } from './import.ts';

type ImportRelease = Extract<Release, { is: 'import' }>;
type Sources = Pick<Outside, 'sources' | 'store'>;

interface Held {
  readonly source: DirectorySource;
  readonly stored: Stored<DirectoryImport>;
  readonly outcome: Extract<DirectoryImport['outcome'], { is: 'held' }>;
  readonly hold: ImportHold;
}

/** The held import of a source. Refuses where none is held, and to whoever may neither approve nor see everything. */
export async function heldImport(outside: Sources & Pick<Outside, 'settings'>, actor: Actor, name: string): Promise<Held> {
  await requireRole(outside, actor);
  const wanted = name.trim().toLowerCase();
  const known = holdsSomewhere(actor, 'see') || holdsSomewhere(actor, 'decide');
  const source = known ? outside.sources.find((each) => each.name.toLowerCase() === wanted) : undefined;
  if (source === undefined)
    throw new Refusal({ is: 'not-found', what: 'directory source', typed: name, near: known ? outside.sources.map((each) => each.name) : [] });
  return requireHeld(outside, source);
}

async function requireHeld({ store }: Sources, source: DirectorySource): Promise<Held> {
  const stored = await store.get('import', source.name);
  const hold = holdOf(stored?.value);
  if (stored === undefined || hold === null || stored.value.outcome.is !== 'held')
    throw new Refusal({ is: 'nothing-to-do', detail: `No import of ${source.name} is held.` });
  return { source, stored, outcome: stored.value.outcome, hold };
}

/** What letting the import go comes to (D3). It is about everybody, so it is decided by who may approve for everything. */
export async function describeImportRelease(
  outside: Sources & Pick<Outside, 'settings'>,
  actor: Actor,
  { source: name, agreed }: ImportRelease,
): Promise<Described> {
  const { source, stored, outcome, hold } = await heldImport(outside, actor, name);
  if (hold.agreed !== agreed) throw new Refusal({ is: 'changed-meanwhile', what: `What the import of ${source.name} would change` });
  const organizations = await tree(outside);
  const where = hold.places
    .slice(0, 10)
    .map(({ organizationId, people }) => `${people} of ${organizations.get(organizationId ?? '')?.name ?? 'an organization that is gone'}`);
  return {
    title: `apply the held import of ${source.name}`,
    lines: [
      `${outcome.wouldRemove.toLocaleString('en-US')} of ${outcome.of.toLocaleString('en-US')} people are removed from the directory, switched off, or left without any role or group.`,
      ...(where.length === 0 ? [] : [`By organization: ${where.join(', ')}${hold.places.length > 10 ? ' and others' : ''}.`]),
      'The next sync of each connector counts what that takes away once more.',
    ],
    size: outcome.wouldRemove,
    organizationId: null,
    connectorId: null,
    begunBy: stored.value.by,
  };
}

/**
 * Applies a held import: the source is read again, and applied where it would change exactly what was held. Anything else
 * is refused as changed; what it would do now is written down as the source's last import, and held anew where that is due.
 */
export async function releaseImport(
  outside: Importing & Pick<Outside, 'sources'>,
  release: ImportRelease,
  by: Pick<Actor, 'userId' | 'way'>,
  clearance: Clearance,
): Promise<DirectoryImport> {
  const found = outside.sources.find(({ name }) => name.toLowerCase() === release.source.trim().toLowerCase());
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'directory source', typed: release.source, near: [] });
  const { source, stored, hold } = await requireHeld(outside, found);
  const changed = new Refusal({ is: 'changed-meanwhile', what: `What the import of ${source.name} would change` });
  if (hold.agreed !== release.agreed) throw changed;
  const startedAt = outside.clock.now();
  // Whoever began it stays who began it: an attempt to release it makes nobody its importer.
  const { comparison, ...verdict } = await judge(outside, source);
  const made: DirectoryImport = { id: outside.chance.id(), source: source.name, startedAt, endedAt: outside.clock.now(), by: stored.value.by, ...verdict };
  if (comparison === null || (await agreedTo(outside, comparison.puts)) !== release.agreed) {
    if (made.outcome.is !== 'done') await recorded(outside, by, { result: made, comparison, puts: [], before: stored });
    throw changed;
  }
  const result: DirectoryImport = { ...made, outcome: { is: 'done' }, release: { by: by.userId, why: release.why, since: hold.since } };
  return await recorded(outside, by, { result, comparison, puts: comparison.puts, before: stored }, clearance);
}
