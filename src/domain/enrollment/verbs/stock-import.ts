import type { Outside } from '../../../ports/outside.ts';
import { SheetFault, type SheetRow } from '../../../ports/sheets.ts';
import type { Append, Put } from '../../../ports/store.ts';
import type { IncomingFile } from '../../../ports/workspace.ts';
import { audited } from '../../audit/row.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import { badInput } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight, tree } from '../../rights/verbs/who.ts';
import { importPartition, type StockImport, type StockLine, type StockOutcome, serialOf } from '../stock.ts';
import { EMPTY } from './stock.ts';

/** A file of token serials as it was read. */
export interface StockFile {
  readonly name: string;
  /** Columns that it has and nobody asked for. */
  readonly ignored: readonly string[];
  readonly rows: AsyncIterable<StockRow>;
}

export interface StockRow {
  /** In the file; the header is 1. */
  readonly line: number;
  readonly serial: string | undefined;
}

type Importing = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'breath'>;

/** So many lines are written at once. */
const BATCH = 200;
const LONGEST = 64;

/** Refuses who may not import there; before a file is fetched. */
export function requireStockRight(outside: Importing, actor: Actor, organizationId: OrganizationId): Promise<void> {
  return requireRight(outside, actor, 'administer', organizationId, 'import tokens');
}

/**
 * Takes token serials into an organization's stock (E9), as a stream. The same file again adds nothing, so one that broke
 * off can be imported once more; what came before the break is in. The lines of the last import are kept (`sendStockLog`).
 */
export async function importStock(outside: Importing, actor: Actor, organizationId: OrganizationId, file: StockFile): Promise<StockImport> {
  await requireStockRight(outside, actor, organizationId);
  const name = (await tree(outside)).get(organizationId)?.name ?? organizationId;
  let log = await begun(outside, actor, organizationId, file, name);
  try {
    for await (const batch of batches(file.rows)) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      log = await taken(outside, organizationId, log, batch);
    }
  } catch (error) {
    await ended(outside, actor, organizationId, log, `importing ${file.name} into the stock of ${name} broke off`);
    throw error;
  }
  const done: StockImport = { ...log, state: 'done' };
  await ended(outside, actor, organizationId, done, `imported ${done.added} tokens into the stock of ${name}`);
  return done;
}

/** The same of a CSV with the column `serial`; others are left aside. Refuses a file that can't be read as one; what came before the fault is in. */
export async function importStockFile(
  outside: Importing & Pick<Outside, 'sheets'>,
  actor: Actor,
  organizationId: OrganizationId,
  { name, content }: IncomingFile,
): Promise<StockImport> {
  await requireStockRight(outside, actor, organizationId);
  try {
    const { ignored, rows } = await outside.sheets.read(content, { required: ['serial'], optional: [] });
    return await importStock(outside, actor, organizationId, { name, ignored, rows: serials(rows) });
  } catch (error) {
    throw error instanceof SheetFault ? badInput(null, `${name} could not be read to its end.`, error.message) : error;
  }
}

async function* serials(rows: AsyncIterable<SheetRow>): AsyncGenerator<StockRow> {
  for await (const { line, cells } of rows) yield { line, serial: cells.get('serial') };
}

async function begun(outside: Importing, actor: Actor, organizationId: OrganizationId, file: StockFile, name: string): Promise<StockImport> {
  const { store, chance, clock } = outside;
  const log: StockImport = {
    ...{ id: chance.id(), at: clock.now(), by: actor.userId, file: file.name, state: 'running' },
    ...{ added: 0, there: 0, invalid: 0, ignored: file.ignored },
  };
  const former = (await store.get('stockImport', organizationId))?.value;
  await store.transaction({
    erase: former === undefined ? [] : [{ log: 'stock', partition: importPartition(organizationId, former.id) }],
    puts: [put('stockImport', organizationId, log)],
    appends: [
      audited(outside, actor, { action: 'enroll.stock-import', subject: organizationId, summary: `begins to import ${file.name} into the stock of ${name}` }),
    ],
  });
  return log;
}

async function ended(outside: Importing, actor: Actor, organizationId: OrganizationId, log: StockImport, summary: string): Promise<void> {
  const after = { file: log.file, added: String(log.added), 'already there': String(log.there), invalid: String(log.invalid) };
  const row = audited(outside, actor, { action: 'enroll.stock-import', subject: organizationId, summary, after });
  for (;;) {
    const puts = await progress(outside, organizationId, log);
    if ((await outside.store.transaction({ puts, appends: [row] })) === 'committed') return;
  }
}

/** Another import that began meanwhile has the log; this one's lines go without. */
async function progress({ store }: Importing, organizationId: OrganizationId, log: StockImport): Promise<readonly Put[]> {
  const stored = await store.get('stockImport', organizationId);
  return stored?.value.id === log.id ? [put('stockImport', organizationId, log, stored.version)] : [];
}

async function* batches(rows: AsyncIterable<StockRow>): AsyncGenerator<readonly StockRow[]> {
  let batch: StockRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** One batch: tokens, counts and log in one transaction, so that the counts are those of the tokens whatever happens. */
async function taken(outside: Importing, organizationId: OrganizationId, log: StockImport, batch: readonly StockRow[]): Promise<StockImport> {
  const { store, clock, chance } = outside;
  const at = clock.now();
  for (;;) {
    const stock = await store.get('stock', organizationId);
    const before = stock?.value ?? EMPTY;
    const lines: StockLine[] = [];
    const added = new Set<string>();
    for (const { line, serial: typed } of batch) {
      const serial = serialOf(typed ?? '').slice(0, LONGEST + 1);
      const outcome = added.has(serial) ? ({ is: 'there', elsewhere: false } as const) : await outcomeOf(outside, organizationId, serial);
      if (outcome.is === 'added') added.add(serial);
      lines.push({ id: chance.id(), at, line, serial, outcome });
    }
    const count = (is: StockOutcome['is']): number => lines.filter(({ outcome }) => outcome.is === is).length;
    const next: StockImport = { ...log, added: log.added + count('added'), there: log.there + count('there'), invalid: log.invalid + count('invalid') };
    const kept = await progress(outside, organizationId, next);
    const appends = kept.length === 0 ? [] : lines.map((row): Append => ({ log: 'stock', partition: importPartition(organizationId, log.id), row }));
    const tokens = [...added].map((serial) => put('hardwareToken', serial, { serial, organizationId, importedAt: at, importedBy: log.by, used: null }, 0));
    const puts = [...tokens, put('stock', organizationId, { ...before, total: before.total + added.size }, stock?.version ?? 0), ...kept];
    if ((await store.transaction({ puts, appends })) === 'committed') return next;
  }
}

async function outcomeOf({ store }: Importing, organizationId: OrganizationId, serial: string): Promise<StockOutcome> {
  const why = problemOf(serial);
  if (why !== null) return { is: 'invalid', why };
  const token = (await store.get('hardwareToken', serial))?.value;
  return token === undefined ? { is: 'added' } : { is: 'there', elsewhere: token.organizationId !== organizationId };
}

/** Why a serial can't be one; null where it can. A spreadsheet shortens long numbers to `1.23E+11`. */
function problemOf(serial: string): string | null {
  if (serial === '') return 'no serial';
  if (serial.length > LONGEST) return `longer than ${LONGEST} characters`;
  if (/^\d+([.,]\d+)?E\+?\d+$/.test(serial)) return 'shortened by a spreadsheet: format the column as text and export again';
  return /^[\p{L}\p{N}._/:]+$/u.test(serial) ? null : 'holds other than letters, digits, hyphens, blanks and . _ / :';
}
