import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { Instant } from '../../instant.ts';
import { put } from '../../revise.ts';
import type { Enrollment, MailState } from '../enrollment.ts';
import type { LetterKind } from '../letter.ts';
import { masked } from '../mask.ts';
import { memoryOf } from './outbox.ts';

export interface LetterOrder {
  readonly kind: LetterKind;
  readonly entry: Pick<Enrollment, 'taskId' | 'personId' | 'connectorId'>;
  readonly at: Instant;
  /** Made by the caller (`chance.id()`) where an address was typed: `rememberTyped` wants it. */
  readonly id?: string;
  /** Goes to an address that was typed for it, which `rememberTyped` was told before the transaction. */
  readonly typed?: boolean;
}

/**
 * Puts a letter into the outbox, in the transaction of the change that it tells of (E3). Whoever calls it also sets the
 * entry's `mail` to `queuedMail(…)`, notes its id in `letters`, and after the commit calls `work.mail()`.
 */
export function letterPuts({ chance }: Pick<Outside, 'chance'>, { kind, entry, at, id = chance.id(), typed = false }: LetterOrder): readonly Put[] {
  const { taskId, personId, connectorId } = entry;
  return [put('letter', id, { id, is: kind, taskId, personId, connectorId, queuedAt: at, typed, tries: 0, nextAt: at, sendingSince: null }, 0)];
}

/** Keeps a typed address in memory until the mail server has answered, and nowhere else (E6). */
export function rememberTyped({ store }: Pick<Outside, 'store'>, letterId: string, address: string): void {
  memoryOf(store).typed.set(letterId, address);
}

/** Forgets it where the letter was not queued after all, and, after the commit, where it was withdrawn or erased. */
export function forgetTyped({ store }: Pick<Outside, 'store'>, letterIds: readonly string[]): void {
  for (const id of letterIds) memoryOf(store).typed.delete(id);
}

/** Takes letters out of the outbox, those on the wire too: what the server says of a withdrawn one is written nowhere (`settle`). */
export async function withdrawnPuts({ store }: Pick<Outside, 'store'>, letterIds: readonly string[]): Promise<readonly Put[]> {
  const puts: Put[] = [];
  for (const id of letterIds) {
    const stored = await store.get('letter', id);
    if (stored !== undefined) puts.push(put('letter', id, null, stored.version));
  }
  return puts;
}

/** The entry's mail as long as its letter waits. */
export function queuedMail(address: string, at: Instant): MailState {
  return { is: 'queued', to: masked(address), at };
}
