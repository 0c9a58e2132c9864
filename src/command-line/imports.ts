import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { organizationMeant } from '../domain/directory/verbs/meant.ts';
import type { StockLine } from '../domain/enrollment/stock.ts';
import { importSignIns } from '../domain/enrollment/verbs/sign-ins-import.ts';
import { importStockFile } from '../domain/enrollment/verbs/stock-import.ts';
import { stockProblems } from '../domain/enrollment/verbs/stock.ts';
import { badInput } from '../domain/refusal.ts';
import type { Actor } from '../domain/rights/grant.ts';
import type { Outside } from '../ports/outside.ts';
import type { IncomingFile } from '../ports/workspace.ts';
import { EXIT } from './protocol.ts';

const TOLD = 20;

/** Lines for people, and the exit code. */
export interface Told {
  readonly lines: readonly string[];
  readonly code: number;
}

/** `usher stock import`: serials of a file on this host, however long (E9). */
export async function stockImported(outside: Outside, actor: Actor, file: string, typed: string): Promise<Told> {
  const organization = await organizationMeant(outside, actor, typed, 'administer');
  const log = await importStockFile(outside, actor, organization.id, onHost(file));
  const problems = (await stockProblems(outside, organization.id, log.id, TOLD)).map(problem);
  const left = log.there + log.invalid - problems.length;
  return {
    lines: [
      `${organization.name}: ${log.added} added, ${log.there} already there, ${log.invalid} invalid.`,
      ...(log.ignored.length === 0 ? [] : [`Columns left aside: ${log.ignored.join(', ')}`]),
      ...problems,
      ...(left > 0 ? [`and ${left} more; in Slack, \`enroll stock-log\` sends all lines.`] : []),
    ],
    code: log.invalid > 0 ? EXIT.found : EXIT.done,
  };
}

function problem({ line, serial, outcome }: StockLine): string {
  const why = outcome.is === 'invalid' ? outcome.why : outcome.is === 'there' && outcome.elsewhere ? 'already there, in another stock' : 'already there';
  return `line ${line}${serial === '' ? '' : ` ${serial}`}: ${why}`;
}

/** `usher sign-ins import` (I2). */
export async function signInsImported(outside: Outside, actor: Actor, file: string): Promise<Told> {
  const { lines, completed, seats, social, invalid, problems } = await importSignIns(outside, actor, onHost(file));
  return {
    lines: [
      `${lines} lines: ${completed} completed, ${seats.taken} seats taken, ${seats.noneFree} found no seat free, ${social} social left aside, ${invalid} invalid.`,
      ...problems.map(({ line, why }) => `line ${line}: ${why}`),
      ...(invalid > problems.length ? [`and ${invalid - problems.length} more`] : []),
    ],
    code: invalid > 0 ? EXIT.found : EXIT.done,
  };
}

/** Usher reads it itself, as the user that it runs as. */
function onHost(path: string): IncomingFile {
  const name = basename(path);
  async function* content(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw badInput(null, `${path} can’t be read (${code}).`, 'Usher reads it as the user it runs as, from its own file system.');
    }
  }
  return { name, content: content() };
}
