import { type DirectorySource, SourceFault } from '../../../ports/directory-source.ts';
import type { Outside } from '../../../ports/outside.ts';
import type { Put, Stored, Transaction } from '../../../ports/store.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import { cardIds } from '../../alerts/cards.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { DirectoryImport, ImportTally } from '../import.ts';
import { type Comparison, compare } from './compare.ts';
import { heldAs, importCards } from './held-import.ts';
import { readSource, type SourceReading } from './read-source.ts';
import { readStored } from './stored.ts';

/** More broken rows of a file than this reject the import (D2). */
const BROKEN_PERCENT = 5;
const NOTHING: ImportTally = { added: 0, changed: 0, removed: 0, unchanged: 0 };

export type Importing = Pick<Outside, 'settings' | 'store' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'cards' | 'log'>;

/**
 * Imports one source: all or nothing, in one transaction that writes differences only (D2). Held, with nothing changed,
 * where it would remove more than the threshold (D3), until a second person lets it go; rejected, with nothing changed, where the file is at fault, more
 * than 5 % of its rows are broken, or it lists nobody. The outcome is returned, kept as the source's last import, and
 * audited whatever it is. Throws a `Refusal`: `not-allowed`, or `changed-meanwhile` when another import of the source
 * ended first.
 */
export async function importDirectory(outside: Importing, by: Actor, source: DirectorySource): Promise<DirectoryImport> {
  await requireRight(outside, by, 'run', null, 'import the directory');
  const before = await outside.store.get('import', source.name);
  const startedAt = outside.clock.now();
  const { comparison, ...verdict } = await judge(outside, source);
  const result: DirectoryImport = { id: outside.chance.id(), source: source.name, startedAt, endedAt: outside.clock.now(), by: by.userId, ...verdict };
  const puts = result.outcome.is === 'done' && comparison !== null ? comparison.puts : [];
  return await recorded(outside, by, { result, comparison, puts, before });
}

/** An import as it was judged, and what is to be written of it. */
export interface Judged {
  readonly result: DirectoryImport;
  readonly comparison: Comparison | null;
  readonly puts: readonly Put[];
  /** The source's last import, as it was when this one began. */
  readonly before: Stored<DirectoryImport> | undefined;
}

/** Writes down an import and, in the same transaction, all that it changes. A held one goes on as it was held before, where it would change exactly the same. */
export async function recorded(
  outside: Importing,
  by: Pick<Actor, 'userId' | 'way'>,
  { result: made, comparison, puts, before }: Judged,
  clearance?: Clearance,
): Promise<DirectoryImport> {
  const result = made.outcome.is === 'held' && comparison !== null ? await heldAs(outside, made, comparison, before?.value) : made;
  const cards = await importCards(outside, result, before?.value);
  const committed = await outside.store.transaction(withRecord(outside, by, result, [...puts, ...cards], before?.version ?? 0, clearance));
  if (committed === 'conflict') throw new Refusal({ is: 'changed-meanwhile', what: `the directory source ${result.source}` });
  outside.cards.changed(cardIds(cards));
  outside.log.info({ source: result.source, outcome: result.outcome.is, people: result.people, errors: result.errorCount }, 'directory import');
  return result;
}

type Verdict = Pick<DirectoryImport, 'outcome' | 'organizations' | 'groupings' | 'people' | 'errors' | 'errorCount' | 'warnings'> & {
  readonly comparison: Comparison | null;
};

/** Reads the source and says what an import of it would come to; nothing is written. */
export async function judge(outside: Importing, source: DirectorySource): Promise<Verdict> {
  const stored = await readStored(outside, source.name);
  let reading: SourceReading;
  try {
    reading = await readSource(outside, source, stored);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return rejected(error.message, [], 0);
  }
  const { listed: errors, count: errorCount } = reading.broken;
  const tooBroken = brokenFile(reading);
  if (tooBroken !== null) return rejected(tooBroken, errors, errorCount);
  const comparison = await compare(outside, source.name, stored, reading);
  if (reading.listed.size === 0 && comparison.before > 0) {
    return rejected(
      `It lists nobody, while the directory has ${counted(comparison.before, 'person', 'people')} from it. An empty export is never believed: export it again.`,
      errors,
      errorCount,
    );
  }
  const { people, percent } = outside.settings.importThreshold;
  const held = comparison.losing > people && comparison.losing * 100 > comparison.before * percent;
  return {
    outcome: held ? { is: 'held', wouldRemove: comparison.losing, of: comparison.before } : { is: 'done' },
    organizations: comparison.organizations,
    groupings: comparison.groupings,
    people: comparison.people,
    errors,
    errorCount,
    warnings: comparison.warnings,
    comparison,
  };
}

function rejected(reason: string, errors: Verdict['errors'], errorCount: number): Verdict {
  return {
    outcome: { is: 'rejected', reason },
    organizations: NOTHING,
    groupings: NOTHING,
    people: NOTHING,
    errors,
    errorCount,
    warnings: [],
    comparison: null,
  };
}

/** The first file with more than 5 % of its rows broken, in words; null when there is none. */
function brokenFile({ broken, rows }: SourceReading): string | null {
  for (const [file, lines] of broken.lines) {
    const all = rows.get(file) ?? 0;
    if (lines.size * 100 <= all * BROKEN_PERCENT) continue;
    const first = broken.listed.find((error) => error.file === file);
    const example = first === undefined ? '' : ` Line ${first.line}, for example: ${first.reason}.`;
    return `${counted(lines.size, 'row', 'rows')} of ${all} in ${file} ${lines.size === 1 ? 'is' : 'are'} broken, more than ${BROKEN_PERCENT} %.${example} Mend the export and import again.`;
  }
  return null;
}

/** The differences, the record of the import and its audit row: everything, or nothing. */
function withRecord(
  { chance }: Importing,
  by: Pick<Actor, 'userId' | 'way'>,
  result: DirectoryImport,
  puts: readonly Put[],
  expected: number,
  clearance: Clearance | undefined,
): Transaction {
  const row = {
    id: chance.id(),
    at: result.endedAt,
    by: by.userId,
    way: by.way,
    action: 'directory.import',
    connectorId: null,
    subject: result.source,
    summary: summaryOf(result),
    before: null,
    after: result.release === undefined ? null : { why: result.release.why },
    ...clearance?.row,
  };
  return { puts: [...puts, { kind: 'import', key: result.source, value: result, expected }], appends: [{ log: 'audit', partition: '-', row }] };
}

/** What came of an import, in one sentence. */
function summaryOf({ source, outcome, people, errorCount, release }: DirectoryImport): string {
  const errors = errorCount === 0 ? '' : `, ${counted(errorCount, 'broken row', 'broken rows')}`;
  switch (outcome.is) {
    case 'done':
      return `${release === undefined ? 'Imported' : 'Released and imported'} ${source}: ${people.added} people added, ${people.changed} changed, ${people.removed} removed, ${people.unchanged} unchanged${errors}.`;
    case 'held':
      return `Held the import of ${source}: ${outcome.wouldRemove} of ${outcome.of} people would be removed, switched off or left without any role or group. Nothing was changed.`;
    case 'rejected':
      return `Rejected the import of ${source}. ${outcome.reason} Nothing was changed.`;
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
