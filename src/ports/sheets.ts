/** Sheets that come in and go out. */
export interface Sheets extends SheetReading, SheetMaking {}

/** Reads a CSV that somebody sent, as a stream: it is as long as it is. */
export interface SheetReading {
  /**
   * RFC 4180, UTF-8 with or without BOM, any line ends. The header is required; its columns are found whatever their
   * letter case. Throws a `SheetFault`, here or while the rows are drawn.
   */
  read(content: AsyncIterable<Uint8Array>, columns: { readonly required: readonly string[]; readonly optional: readonly string[] }): Promise<ReadSheet>;
}

export interface ReadSheet {
  /** Columns that nobody asked for. */
  readonly ignored: readonly string[];
  readonly rows: AsyncIterable<SheetRow>;
}

export interface SheetRow {
  /** Where it begins in the file; the header is 1. */
  readonly line: number;
  /** By the asked name; trimmed, empty ones absent. */
  readonly cells: ReadonlyMap<string, string>;
}

/** The file as a whole can't be read; the message says what to do. */
export class SheetFault extends Error {
  override readonly name = 'SheetFault';
}

/** Where a CSV or a file of JSON lines is made before it is sent: a temporary file, so that a million rows need constant memory (R1). */
export interface SheetMaking {
  /** Writes RFC 4180 with BOM, cells made safe (R2), and hands over the finished file; it is removed when `use` ends. */
  make<T>(header: readonly string[], rows: AsyncIterable<readonly string[]>, use: (sheet: Sheet) => Promise<T>): Promise<T>;
  /** The same as JSON lines: one value a line, UTF-8, no BOM. */
  lines<T>(records: AsyncIterable<object>, use: (sheet: Sheet) => Promise<T>): Promise<T>;
  /** A page of HTML to be printed and cut up: one slip a person, with the link as text and as QR code, each group on a page of its own. `rows` are slips. */
  slips<T>(of: { readonly title: string; readonly slips: AsyncIterable<PrintedSlip> }, use: (sheet: Sheet) => Promise<T>): Promise<T>;
}

/** Plain text throughout. */
export interface PrintedSlip {
  /** Slips of one group come one after the other. */
  readonly group: string;
  readonly name: string;
  /** BCP 47, of `lines`. */
  readonly language: string;
  readonly lines: readonly string[];
  readonly link: string;
}

export interface Sheet {
  /** Bytes. */
  readonly length: number;
  readonly rows: number;
  readonly content: AsyncIterable<Uint8Array>;
}
