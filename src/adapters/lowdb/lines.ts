import { createReadStream } from 'node:fs';

/** One line of a file, without its end. `terminated` is false for a last line that has none. */
export interface Line {
  readonly content: Buffer;
  readonly offset: number;
  readonly terminated: boolean;
}

/** Streams a file's lines, as many at a time as a read of so many bytes gives. */
export async function* readLines(path: string, bytes = 256 * 1024): AsyncGenerator<readonly Line[]> {
  let begun: Buffer[] = [];
  let offset = 0;
  for await (const read of createReadStream(path, { highWaterMark: bytes })) {
    const chunk: Buffer = read;
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const part = chunk.subarray(start, end);
      const content = begun.length === 0 ? part : Buffer.concat([...begun, part]);
      begun = [];
      lines.push({ content, offset, terminated: true });
      offset += content.length + 1;
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [{ content: Buffer.concat(begun), offset, terminated: false }];
}
