import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** When the newest CSV file of a folder was changed last; null where there is none, or the folder can't be read. */
export async function newestFile(folder: string): Promise<number | null> {
  try {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.csv'));
    const times = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).mtimeMs));
    return times.length === 0 ? null : Math.floor(Math.max(...times));
  } catch {
    // An unreadable folder is the next import's to tell.
    return null;
  }
}
