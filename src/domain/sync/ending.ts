import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import { redrawn } from '../cards/show.ts';
import type { Connector, Health } from '../connectors/connector.ts';
import type { Instant } from '../instant.ts';
import { put } from '../revise.ts';
import { cardOf, type Ledger } from './ledger.ts';
import type { Run, RunEnding, RunResult } from './run.ts';

/** How a run came to its end, in the run's own terms (S3). */
export interface Ending {
  readonly ending: RunEnding;
  /** What stopped it, in words; null where it ran through. */
  readonly detail: string | null;
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

/** The connector's health after a run (C18). A run that somebody cancelled, or that was for one person, says nothing of it. */
function healthAfter(before: Health, run: Pick<Run, 'kind'>, ending: RunEnding, result: RunResult, now: Instant): Health {
  if (ending === 'credentials') return before.is === 'needs-credentials' ? before : { is: 'needs-credentials', since: now };
  if (ending === 'cancelled' || ending === 'disconnected' || run.kind === 'person') return before;
  switch (result) {
    case 'success':
      return { is: 'ok' };
    case 'partial':
      return before.is === 'degraded' ? before : { is: 'degraded', since: now };
    case 'failure':
      return before.is === 'failing' ? before : { is: 'failing', since: now };
  }
}

type World = Pick<Outside, 'store' | 'clock' | 'cards'>;

/** Ends the run: its document, the connector's health and last provision, and the card, all at once. People asked for too late stay in `expedite`. */
export async function endRun(outside: World, ledger: Ledger, { ending, detail }: Ending): Promise<Run> {
  const unmanaged = ledger.run.counts.adopted > 0 ? await stillUnmanaged(outside, ledger.run.connectorId) : undefined;
  for (;;) {
    const now = outside.clock.now();
    const { run, put: runPut } = await ledger.last((present) => {
      const { askedBy: _, ...rest } = present;
      return { ...rest, asked: null, state: { is: 'ended', at: now, ending, result: resultOf(present, ending), detail } };
    });
    const puts = [runPut, ...(await connectorPuts(outside, run, ending, now, unmanaged)), ...(await cardPuts(outside, run))];
    if ((await outside.store.transaction({ puts })) === 'conflict') continue;
    outside.cards.changed([cardOf(run.id)]);
    return run;
  }
}

/** Writes down that the run rests: it goes on from here when somebody resumes it. */
export async function pauseRun(outside: World, ledger: Ledger, by: string): Promise<Run> {
  for (;;) {
    const { run, put: runPut } = await ledger.last((present) => {
      const { askedBy: _, ...rest } = present;
      // A cancel or disconnect asked in the last moment is not lost by pausing.
      return { ...rest, asked: present.asked === 'pause' ? null : present.asked, state: { is: 'paused', by } };
    });
    if ((await outside.store.transaction({ puts: [runPut, ...(await cardPuts(outside, run))] })) === 'conflict') continue;
    outside.cards.changed([cardOf(run.id)]);
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
    lastProvision: result === 'failure' ? stored.value.lastProvision : now,
    listing: stored.value.listing === null || unmanaged === undefined ? stored.value.listing : { ...stored.value.listing, ...unmanaged },
  };
  return [put('connector', connector.id, connector, stored.version)];
}

async function cardPuts(outside: World, run: Run): Promise<readonly Put[]> {
  const card = await outside.store.get('card', cardOf(run.id));
  return card === undefined ? [] : [redrawn(card, true)];
}

/** Adopted accounts are managed now: what is left of the listing's unmanaged ones. */
async function stillUnmanaged(outside: World, connectorId: string): Promise<{ unmanaged: number; unmanagedActive: number }> {
  let unmanaged = 0;
  let unmanagedActive = 0;
  for await (const page of outside.store.scan('sighting', { prefix: `${connectorId}/` })) {
    unmanaged += page.length;
    for (const { value } of page) if (value.active) unmanagedActive += 1;
  }
  return { unmanaged, unmanagedActive };
}
