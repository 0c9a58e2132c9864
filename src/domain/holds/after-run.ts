import type { Outside } from '../../ports/outside.ts';
import type { Append, Put } from '../../ports/store.ts';
import { cardIds } from '../alerts/cards.ts';
import { audited } from '../audit/row.ts';
import type { PersonId } from '../directory/person.ts';
import { HOUR, type Instant } from '../instant.ts';
import { put } from '../revise.ts';
import type { Run } from '../sync/run.ts';
import { redrawnHold } from './cards.ts';
import { HOLD_HOURS, type Hold, type HoldReason, isStanding, latestHoldKey, unreleased, type Withheld } from './hold.ts';
import { latestHold } from './standing.ts';

/** What becomes of the connector's hold, in the transaction that ends the run. */
export interface HoldChange {
  readonly puts: readonly Put[];
  readonly appends: readonly Append[];
  /** For `cards.changed`. */
  readonly cards: readonly string[];
}

const NO_CHANGE: HoldChange = { puts: [], appends: [], cards: [] };

type Parts = Pick<Outside, 'store' | 'clock' | 'chance'>;

/** Makes, updates or settles the one hold of the run's connector (S14). Nothing where the run never counted its removals. */
export async function holdAfter(outside: Parts, run: Run, withheld: Withheld | undefined): Promise<HoldChange> {
  if (withheld === undefined) return NO_CHANGE;
  const { store } = outside;
  const present = await latestHold(store, run.connectorId);
  const next = following(present, withheld, run, outside.clock.now());
  if (next === null) return NO_CHANGE;
  if (present !== undefined && next.is === 'same') return await changed(outside, run, present, next.hold);
  const counter = await store.get('counter', 'hold');
  const latest = await store.get('counter', latestHoldKey(run.connectorId));
  const number = (counter?.value.value ?? 0) + 1;
  const hold: Hold = { ...next.hold, id: `H-${number}` };
  return {
    puts: [
      put('counter', 'hold', { value: number }, counter?.version ?? 0),
      put('counter', latestHoldKey(run.connectorId), { value: number }, latest?.version ?? 0),
      put('hold', hold.id, hold, 0),
    ],
    appends: [row(outside, run, hold, 'holds.open', `${run.id} stopped before removing ${hold.people.length} of ${hold.accounts} accounts`)],
    cards: [],
  };
}

async function changed(outside: Parts, run: Run, present: Hold, next: Hold): Promise<HoldChange> {
  const version = (await outside.store.get('hold', present.id))?.version ?? 0;
  const settled = next.state.is === 'settled';
  const told = settled ? `${run.id} found nothing more to hold` : `${run.id} holds back ${next.people.length} of ${next.accounts} accounts`;
  const redraws = await redrawnHold(outside.store, next, settled);
  return {
    puts: [put('hold', next.id, next, version), ...redraws],
    appends: [row(outside, run, next, settled ? 'holds.settle' : 'holds.update', told)],
    cards: cardIds(redraws),
  };
}

function row(outside: Parts, run: Run, hold: Hold, action: string, summary: string): Append {
  return audited(outside, { userId: run.by, way: 'job' }, { action, connectorId: hold.connectorId, subject: hold.id, summary });
}

type Following = { readonly is: 'same'; readonly hold: Hold } | { readonly is: 'another'; readonly hold: Omit<Hold, 'id'> };

/** How a connector's hold goes on after a run. Pure; null leaves it as it is. */
function following(present: Hold | undefined, withheld: Withheld, run: Pick<Run, 'id' | 'connectorId' | 'by' | 'counts'>, now: Instant): Following | null {
  const { reason, people } = withheld;
  const live = present !== undefined && present.state.is !== 'settled' && present.state.is !== 'closed' ? present : undefined;
  if (reason === null || people.length === 0) {
    if (live === undefined || !withheld.whole) return null;
    // What was released and failed is still released: the next run tries it again.
    if (live.state.is === 'released' && run.counts.failed > 0) return null;
    return { is: 'same', hold: { ...live, runId: run.id, updatedAt: now, state: { is: 'settled', at: now } } };
  }
  const held = withheld.whole || live === undefined ? people : union(unreleased(live), people);
  if (live === undefined) return { is: 'another', hold: opened(withheld, reason, run, now) };
  const same = isSame(held, unreleased(live));
  if (!isStanding(live)) {
    // Not applied once: the same people are not asked about again (S14).
    return same ? null : { is: 'another', hold: opened({ ...withheld, people: held }, reason, run, now) };
  }
  return {
    is: 'same',
    hold: {
      ...live,
      reason,
      runId: run.id,
      startedBy: same ? live.startedBy : run.by,
      people: held,
      accounts: withheld.accounts,
      places: withheld.whole ? withheld.places : live.places,
      updatedAt: now,
      expiresAt: live.reason.is === reason.is && reason.is === 'fuse' ? live.expiresAt : expiry(reason, now),
      state: { is: 'open' },
    },
  };
}

function opened(withheld: Withheld, reason: HoldReason, run: Pick<Run, 'id' | 'connectorId' | 'by'>, now: Instant): Omit<Hold, 'id'> {
  return {
    connectorId: run.connectorId,
    reason,
    runId: run.id,
    startedBy: run.by,
    people: withheld.people,
    accounts: withheld.accounts,
    places: withheld.places,
    released: [],
    releases: [],
    openedAt: now,
    updatedAt: now,
    expiresAt: expiry(reason, now),
    state: { is: 'open' },
    announced: false,
    cards: [],
  };
}

function expiry(reason: HoldReason, now: Instant): Instant {
  return reason.is === 'freeze' ? reason.until : now + HOLD_HOURS * HOUR;
}

function union(a: readonly PersonId[], b: readonly PersonId[]): readonly PersonId[] {
  return [...new Set([...a, ...b])].sort((one, other) => (one < other ? -1 : 1));
}

function isSame(a: readonly PersonId[], b: readonly PersonId[]): boolean {
  const other = new Set(b);
  return a.length === other.size && a.every((personId) => other.has(personId));
}
