import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import { cardIds } from '../../alerts/cards.ts';
import { audited } from '../../audit/row.ts';
import { newCard, redrawn } from '../../cards/show.ts';
import { HOLD_HOURS } from '../../holds/hold.ts';
import { HOUR } from '../../instant.ts';
import { put } from '../../revise.ts';
import { holds } from '../../rights/grant.ts';
import { everybody } from '../../rights/verbs/who.ts';
import type { DirectoryImport, ImportHold } from '../import.ts';
import type { Comparison } from './compare.ts';

/** Cards by direct message are at most so many. */
const MOST_CARDS = 20;
/** Characters that are digested at a time. */
const BLOCK = 65_536;

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'fingerprint' | 'breath'>;

/** What is held of an import; null where none is. */
export function holdOf(last: Pick<DirectoryImport, 'outcome'> | undefined): ImportHold | null {
  return last?.outcome.is === 'held' ? (last.outcome.hold ?? null) : null;
}

/** Stands for exactly these changes: any other file, or directory below them, gives another (D3). */
export async function agreedTo({ fingerprint, breath }: Pick<Outside, 'fingerprint' | 'breath'>, puts: readonly Put[]): Promise<string> {
  const ordered = [...puts].sort((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1));
  let digest = '';
  let block = '';
  for (const { kind, key, value } of ordered) {
    const pause = breath.due();
    if (pause !== undefined) await pause;
    block += JSON.stringify([kind, key, value]);
    if (block.length < BLOCK) continue;
    digest = fingerprint.of(digest + block);
    block = '';
  }
  return fingerprint.of(digest + block);
}

/** A held import with its hold: the one that stood already where it would change exactly the same, so that an hourly import asks once. */
export async function heldAs(outside: Parts, result: DirectoryImport, comparison: Comparison, before: DirectoryImport | undefined): Promise<DirectoryImport> {
  if (result.outcome.is !== 'held') return result;
  const agreed = await agreedTo(outside, comparison.puts);
  const standing = holdOf(before);
  const now = outside.clock.now();
  const places = [...comparison.losingIn].map(([organizationId, people]) => ({ organizationId, people })).sort((a, b) => b.people - a.people);
  const hold: ImportHold =
    standing?.agreed === agreed
      ? standing
      : { agreed, since: now, expiresAt: now + HOLD_HOURS * HOUR, state: { is: 'open' }, places, cards: await cardsFor(outside, result.source, now) };
  return { ...result, outcome: { ...result.outcome, hold } };
}

async function cardsFor(outside: Parts, source: string, since: number): Promise<readonly string[]> {
  const approvers = (await everybody(outside)).filter((actor) => holds(actor, 'decide', null, new Map())).map(({ userId }) => userId);
  return approvers.slice(0, MOST_CARDS).map((userId) => `held-import/${source}/${since}/${userId}`);
}

/** The puts that draw an import's cards anew: those of what it holds, and those of what it came after. */
export async function importCards({ store }: Pick<Outside, 'store'>, result: DirectoryImport, before: DirectoryImport | undefined): Promise<readonly Put[]> {
  const puts: Put[] = [];
  for (const of of [holdOf(result), holdOf(before)]) {
    for (const id of of?.cards ?? []) {
      if (puts.some(({ key }) => key === id)) continue;
      const stored = await store.get('card', id);
      if (stored !== undefined) puts.push(redrawn(stored, true));
      else if (of !== null)
        puts.push(
          newCard(id, { is: 'person', userId: id.slice(id.lastIndexOf('/') + 1) }, { is: 'held-import', source: result.source, since: of.since }, true),
        );
    }
  }
  return puts;
}

/** Held imports that nobody answered count as not applied (D3). The same import asks no second time. */
export async function expireHeldImports(outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>): Promise<void> {
  const due: string[] = [];
  for await (const page of outside.store.scan('import')) for (const { key, value } of page) if (isDue(value, outside.clock.now())) due.push(key);
  for (const source of due) await expire(outside, source);
}

function isDue(last: DirectoryImport, now: number): boolean {
  const hold = holdOf(last);
  return hold !== null && hold.state.is === 'open' && hold.expiresAt <= now;
}

async function expire(outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>, source: string): Promise<void> {
  const stored = await outside.store.get('import', source);
  const at = outside.clock.now();
  if (stored === undefined || !isDue(stored.value, at) || stored.value.outcome.is !== 'held' || stored.value.outcome.hold === undefined) return;
  const { outcome } = stored.value;
  const next: DirectoryImport = { ...stored.value, outcome: { ...outcome, hold: { ...stored.value.outcome.hold, state: { is: 'expired', at } } } };
  const cards = await importCards(outside, next, undefined);
  const committed = await outside.store.transaction({
    puts: [put('import', source, next, stored.version), ...cards],
    appends: [
      audited(
        outside,
        { userId: 'usher', way: 'job' },
        { action: 'directory.expire', subject: source, summary: `The held import of ${source} expired, not applied.` },
      ),
    ],
  });
  // Another import of it came in between: the next minute looks again.
  if (committed === 'committed') outside.cards.changed(cardIds(cards));
}
