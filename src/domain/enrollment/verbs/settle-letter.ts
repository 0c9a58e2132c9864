import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import { put } from '../../revise.ts';
import { type Enrollment, enrollmentKey, LINKS_KEPT, type MailState } from '../enrollment.ts';
import type { Letter } from '../letter.ts';
import { memoryOf } from './outbox.ts';

export interface Settlement {
  readonly letter: Letter;
  /** Of the link that this letter carried; null where it had none. */
  readonly digest: string | null;
  /** The entry's mail from now on; null leaves it as it is. */
  readonly mail: MailState | null;
  /** The letter as it waits for another try; null where it is done with. */
  readonly next: Letter | null;
}

/**
 * Writes down what became of a letter, in one transaction: the entry's mail, its links, and the letter itself. A link
 * that can't have arrived is taken back, so that tries do not crowd out links that work; after one that may have, only
 * the newest are kept. A typed address is forgotten with its letter (E6). Of a letter that was withdrawn meanwhile
 * nothing is written: its link died then, and the entry's mail is another's.
 */
export async function settle({ store }: Pick<Outside, 'store'>, { letter, digest, mail, next }: Settlement): Promise<void> {
  const key = enrollmentKey(letter.taskId, letter.personId);
  for (;;) {
    const stored = await store.get('letter', letter.id);
    const entry = await store.get('enrollment', key);
    if (stored === undefined) break;
    const links = entry === undefined ? { kept: [], puts: [] } : linksAfter(entry.value.links, digest, next === null && mayHaveArrived(mail));
    const puts: readonly Put[] = [
      put('letter', letter.id, next, stored.version),
      ...(entry === undefined ? [] : [put('enrollment', key, { ...settled(entry.value, letter.id, mail, next), links: links.kept }, entry.version)]),
      ...links.puts,
    ];
    if ((await store.transaction({ puts })) === 'committed') break;
  }
  if (next === null) memoryOf(store).typed.delete(letter.id);
}

function settled(entry: Enrollment, letterId: string, mail: MailState | null, next: Letter | null): Enrollment {
  const { letters = [], ...rest } = entry;
  const left = next === null ? letters.filter((id) => id !== letterId) : letters;
  return { ...rest, mail: mail ?? entry.mail, ...(left.length === 0 ? {} : { letters: left }) };
}

function mayHaveArrived(mail: MailState | null): boolean {
  return mail?.is === 'accepted' || mail?.is === 'unknown';
}

function linksAfter(links: Enrollment['links'], digest: string | null, arrived: boolean): { readonly kept: readonly string[]; readonly puts: readonly Put[] } {
  const left = arrived ? links : links.filter((link) => link !== digest);
  const kept = arrived ? left.slice(-LINKS_KEPT) : left;
  const dropped = links.filter((link) => !kept.includes(link));
  return { kept, puts: dropped.map((link) => put('enrollmentLink', link, null)) };
}
