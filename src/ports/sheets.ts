/** Where a CSV or a file of JSON lines is made before it is sent: a temporary file, so that a million rows need constant memory (R1). */
export interface Sheets {
  /** Writes RFC 4180 with BOM, cells made safe (R2), and hands over the finished file; it is removed when `use` ends. */
  make<T>(header: readonly string[], rows: AsyncIterable<readonly string[]>, use: (sheet: Sheet) => Promise<T>): Promise<T>;
  /** The same as JSON lines: one value a line, UTF-8, no BOM. */
  lines<T>(records: AsyncIterable<object>, use: (sheet: Sheet) => Promise<T>): Promise<T>;
}

export interface Sheet {
  /** Bytes. */
  readonly length: number;
  readonly rows: number;
  readonly content: AsyncIterable<Uint8Array>;
}
