import type { Instant } from '../instant.ts';
import type { ChainHead } from './chain.ts';

/** Where a row stands, as people who look for it need it: a file of the data folder and its line, counted from 1. */
export interface RowPlace {
  readonly file: string;
  readonly line: number;
}

/** Of a row that may have been tampered with: what can still be read. */
export interface Traces {
  readonly id: string | null;
  readonly at: Instant | null;
  readonly by: string | null;
  readonly action: string | null;
}

/** The first thing that is not as it was written. `seq` is the row's place in the chain. */
export type ChainFault =
  /** Its text is not what was digested, or its hash does not follow from the row before. */
  | { readonly is: 'altered'; readonly seq: number; readonly row: Traces; readonly place: RowPlace | null; readonly because: string }
  /** Rows `seq` to `until` are nowhere; `row` stands where they should. */
  | { readonly is: 'missing'; readonly seq: number; readonly until: number; readonly row: Traces; readonly place: RowPlace | null }
  /** The row is not where it was written. */
  | { readonly is: 'reordered'; readonly seq: number; readonly row: Traces; readonly place: RowPlace | null }
  /** A row behind the last one that Usher wrote. */
  | { readonly is: 'forged'; readonly seq: number; readonly row: Traces; readonly place: RowPlace | null }
  /** The end is gone: rows `seq` to `until`. */
  | { readonly is: 'cut'; readonly seq: number; readonly until: number }
  /** The head that somebody noted is no row's hash. */
  | { readonly is: 'unknown-head'; readonly noted: string }
  /** Something in the file that is no row; the chain is whole up to row `seq - 1`. */
  | { readonly is: 'damaged'; readonly seq: number; readonly place: RowPlace; readonly because: string };

/** What a reading of the whole audit found (X2). */
export interface Verification {
  /** Rows whose link was checked; up to the fault where there is one. */
  readonly rows: number;
  /** Older rows, from before Usher chained them: nothing vouches for them. */
  readonly unchained: number;
  /** Rows whose text was replaced and only whose digest is vouched for: how many, and the first of them. */
  readonly sealed: { readonly count: number; readonly first: readonly number[] };
  /** The last row checked; null where there is none. */
  readonly head: ChainHead | null;
  /** The row that has the noted hash. */
  readonly noted: number | null;
  readonly fault: ChainFault | null;
}

const whole = (count: number): string => count.toLocaleString('en-US');
const rowsOf = (count: number): string => `${whole(count)} ${count === 1 ? 'row' : 'rows'}`;
const span = (from: number, until: number): string => (from === until ? `Row ${from} is` : `Rows ${from} to ${until} are`);

/** The outcome in sentences, plain text, times in UTC. */
export function verdict(found: Verification): readonly string[] {
  const { fault, head, rows, unchained, sealed, noted } = found;
  const lines =
    fault === null
      ? [`${rowsOf(rows)}, intact, head ${head?.hash ?? 'none'}`]
      : [faultText(fault), `${rowsOf(rows)} before it ${rows === 1 ? 'is' : 'are'} intact.`];
  if (noted !== null) lines.push(`The hash you noted is row ${noted}.`);
  if (unchained > 0)
    lines.push(
      `${rowsOf(unchained)} at the beginning ${unchained === 1 ? 'is' : 'are'} older than the chain; nothing vouches for ${unchained === 1 ? 'it' : 'them'}.`,
    );
  if (sealed.count > 0)
    lines.push(
      `${rowsOf(sealed.count)} ${sealed.count === 1 ? 'has' : 'have'} a replaced text (${sealed.first.join(', ')}${sealed.count > sealed.first.length ? ', …' : ''}): compare them with the erasures on record.`,
    );
  return lines;
}

function faultText(fault: ChainFault): string {
  switch (fault.is) {
    case 'altered':
      return `Row ${fault.seq} was altered: ${fault.because}.${at(fault.place)}${about('It', fault.row)}`;
    case 'missing':
      return `${span(fault.seq, fault.until)} missing.${at(fault.place)}${about('The row that stands there', fault.row)}`;
    case 'reordered':
      return `Row ${fault.seq} is not where it was written.${at(fault.place)}${about('It', fault.row)}`;
    case 'forged':
      return `Row ${fault.seq} stands behind the last row that Usher wrote.${at(fault.place)}${about('It', fault.row)}`;
    case 'cut':
      return `${span(fault.seq, fault.until)} missing at the end: the log was cut off.`;
    case 'unknown-head':
      return `No row has the hash ${fault.noted}: the log was cut off before it, or rewritten.`;
    case 'damaged':
      return `${fault.because}, where row ${fault.seq} should come.${at(fault.place)}`;
  }
}

const at = (place: RowPlace | null): string => (place === null ? '' : ` ${place.file}, line ${place.line}.`);

function about(which: string, { id, at: when, by, action }: Traces): string {
  const said = [id, action, when === null ? null : new Date(when).toISOString(), by === null ? null : `by ${by}`].filter((part) => part !== null);
  return said.length === 0 ? '' : ` ${which} says: ${said.join(', ')}.`;
}
