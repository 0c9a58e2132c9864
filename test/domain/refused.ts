import { Refusal, type RefusalReason } from '../../src/domain/refusal.ts';

/** Why it was refused; fails where it was not. */
export async function refusalOf(work: Promise<unknown>): Promise<RefusalReason> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  throw new Error('it was not refused');
}
