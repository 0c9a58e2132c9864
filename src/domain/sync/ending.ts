import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import { newCard, redrawn } from '../cards/show.ts';
import type { Withheld } from '../holds/hold.ts';
import { holdAfter } from '../holds/after-run.ts';
import { type Connector, ownerOf } from '../connectors/connector.ts';
import { taskAfter } from '../enrollment/after-run.ts';
import type { Instant } from '../instant.ts';
import { planAfter } from '../plans/after-run.ts';
import { put } from '../revise.ts';
import { healthAfter } from './health.ts';
import type { Ledger } from './ledger.ts';
import type { Run, RunEnding, RunResult } from './run.ts';
import { cardShowing } from './run-card.ts';
import { unmanagedSighted } from './sightings.ts';

/** How a run came to its end, in the run's own terms (S3). */
export interface Ending {
  readonly ending: RunEnding;
  /** What stopped it, in words; null where it ran through. */
  readonly detail: string | null;
  /** What was kept back; absent where the run never came to count its removals. */
  readonly withheld?: Withheld;
}

/** Success, partial (finished, but something is left), or failure (stopped by a critical problem) (S3). */
export function resultOf(run: Pick<Run, 'counts' | 'frozen'>, ending: RunEnding): RunResult {
  switch (ending) {
    case 'completed':
      return run.counts.failed > 0 || run.frozen.count > (run.frozen.protected ?? 0) ? 'partial' : 'success';
    case 'held':
    case 'cancelled':
      return 'partial';
    case 'disconnected':
    case 'credentials':
    case 'failed':
    case 'crashed':
      return 'failure';
  }
}

type World = Pick<Outside, 'store' | 'clock' | 'calendar' | 'cards' | 'chance' | 'settings'>;

/** Ends the run: its document, the connector's health and last provision, and the card, all at once. People asked for too late stay in `expedite`. */
export async function endRun(outside: World, ledger: Ledger, { ending, detail, withheld }: Ending): Promise<Run> {
  // Adopted accounts are managed now.
  const unmanaged = ledger.run.counts.adopted > 0 ? await unmanagedSighted(outside, ledger.run.connectorId) : undefined;
  for (;;) {
    const now = outside.clock.now();
    const { run, put: runPut } = await ledger.last((present) => {
      const { askedBy: _, ...rest } = present;
      return { ...rest, asked: null, state: { is: 'ended', at: now, ending, result: resultOf(present, ending), detail } };
    });
    const hold = await holdAfter(outside, run, withheld);
    const puts = [
      runPut,
      ...hold.puts,
      ...(await connectorPuts(outside, run, ending, now, unmanaged)),
      ...(await planAfter(outside, run)),
      ...(await taskAfter(outside, run)),
      ...(await cardPuts(outside, run)),
    ];
    if ((await outside.store.transaction({ puts, appends: hold.appends })) === 'conflict') continue;
    outside.cards.changed([
      cardShowing(run),
      ...hold.cards,
      ...puts.filter(({ kind, key }) => kind === 'card' && key.startsWith('quarantine/')).map(({ key }) => key),
    ]);
    return run;
  }
}

/** Writes down that the run rests: it goes on from here when somebody resumes it, or all writes where these were stopped (N5). */
export async function pauseRun(outside: World, ledger: Ledger, by: string, halted = false): Promise<Run> {
  for (;;) {
    const { run, put: runPut } = await ledger.last((present) => {
      const { askedBy: _, ...rest } = present;
      // A cancel or disconnect asked in the last moment is not lost by pausing.
      return {
        ...rest,
        asked: present.asked === 'pause' || present.asked === 'halt' ? null : present.asked,
        state: halted ? { is: 'paused', by, halted } : { is: 'paused', by },
      };
    });
    if ((await outside.store.transaction({ puts: [runPut, ...(await cardPuts(outside, run))] })) === 'conflict') continue;
    outside.cards.changed([cardShowing(run)]);
    return run;
  }
}

async function connectorPuts(
  outside: World,
  run: Run,
  ending: RunEnding,
  now: Instant,
  unmanaged: { unmanaged: number; unmanagedActive: number } | undefined,
): Promise<readonly Put[]> {
  const stored = await outside.store.get('connector', run.connectorId);
  if (stored === undefined || run.state.is !== 'ended') return [];
  const { result } = run.state;
  const connector: Connector = {
    ...stored.value,
    health: healthAfter(stored.value.health, run, ending, result, now),
    lastProvision: result === 'failure' || run.kind === 'verify' ? stored.value.lastProvision : now,
    listing: stored.value.listing === null || unmanaged === undefined ? stored.value.listing : { ...stored.value.listing, ...unmanaged },
  };
  // Seats are counted anew before another one is given out (E12): of what changed while somebody counted, too. An activation makes active who holds one.
  const recount = run.kind === 'activate' ? [] : [put('seatBook', connector.instanceId, null)];
  return [put('connector', connector.id, connector, stored.version), ...recount, ...quarantineNote(stored.value, connector)];
}

/** The owner is told once, when it begins (S17). */
function quarantineNote(before: Connector, { id, name, health, ...rest }: Connector): readonly Put[] {
  if (health.is !== 'quarantined' || before.health.is === 'quarantined') return [];
  const why = health.why === 'failures' ? 'more than half of its last operations failed' : 'three syncs in a row came to nothing';
  const text = `⛔ ${name} is quarantined: ${why}. Its schedule is slowed down to once in 1, 4, 12, then 24 hours; the first good sync ends that. Sync now works as ever: open it with “connectors show ${name}”.`;
  return [newCard(`quarantine/${id}/${health.since}`, { is: 'person', userId: ownerOf(rest) }, { is: 'note', text }, true)];
}

async function cardPuts(outside: World, run: Run): Promise<readonly Put[]> {
  const card = await outside.store.get('card', cardShowing(run));
  return card === undefined ? [] : [redrawn(card, true)];
}
