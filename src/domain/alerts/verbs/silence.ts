import type { Outside } from '../../../ports/outside.ts';
import type { Put, Stored } from '../../../ports/store.ts';
import type { Place } from '../../cards/card.ts';
import { newCard, redrawn } from '../../cards/show.ts';
import { type Connector, ownerOf } from '../../connectors/connector.ts';
import { importFiredKey } from '../../directory/verbs/import-schedule.ts';
import { haltIn } from '../../halts/stopped.ts';
import { HOUR, MINUTE } from '../../instant.ts';
import { put } from '../../revise.ts';
import { holds } from '../../rights/grant.ts';
import { knownActor, SCHEDULE, tree, whomToAsk } from '../../rights/verbs/who.ts';
import { firedKey } from '../../sync/marks.ts';
import type { Run } from '../../sync/run.ts';
import { latestRun, runUnderWay } from '../../sync/verbs/create-run.ts';
import { cardIds } from '../cards.ts';
import type { Silence, Silent } from '../silence.ts';
import { subscriptionsTo } from './covering.ts';

type Watching = Pick<Outside, 'store' | 'settings' | 'clock' | 'cards' | 'sources'>;

/** Beyond the usual: a quarter of it (N5), and never less than this. */
const SLACK = 10 * MINUTE;
/** The usual duration of a run before any was seen. */
const UNSEEN_RUN = HOUR;
/** Runs whose median is the usual duration, and how far back they are looked for. */
const RUNS = 5;
const LOOK_BACK = 20;
/** Gaps between a source's files: the longest of the last ones is usual, once there were as many as `FEWEST`. */
const GAPS = 10;
const FEWEST = 3;

/**
 * Looks for what should have come and did not (N5): once a minute, beside the other jobs, since one of them may be what
 * hangs. Each thing is told once, in every channel subscribed to it, or to its owners where none is; what comes after
 * all closes the same message. Nothing is late while all writes are stopped.
 */
export async function watchSilence(outside: Watching): Promise<void> {
  if ((await haltIn(outside.store)) !== undefined) return;
  for await (const page of outside.store.scan('connector'))
    for (const { value } of page) await settle(outside, `run/${value.id}`, await lateRun(outside, value), () => placesOf(outside, value));
  for (const source of outside.sources) {
    const places = (): Promise<readonly Place[]> => placesOfImports(outside);
    await settle(outside, `late-import/${source.name}`, await lateImport(outside, source.name), places);
    await settle(outside, `import/${source.name}`, await failedImport(outside, source.name), places);
    await settle(outside, `source/${source.name}`, await oldSource(outside, source), places);
  }
}

/** A run of the schedule, or one that a firing of the schedule fell into. */
async function lateRun({ store, clock }: Watching, connector: Connector): Promise<Silent | null> {
  if (connector.state.is !== 'active' || connector.operating.schedule === null) return null;
  const run = await runUnderWay(store, connector.id);
  if (run === undefined) return null;
  const fired = (await store.get('counter', firedKey(connector.id)))?.value.value ?? 0;
  const since = run.by === SCHEDULE.userId ? run.requestedAt : fired > run.requestedAt ? fired : null;
  if (since === null) return null;
  const usual = await usualDuration(store, connector.id);
  if (clock.now() <= since + usual + Math.max(usual / 4, SLACK)) return null;
  return { is: 'late-run', connectorId: connector.id, runId: run.id, due: since + usual, cause: run.id };
}

/** The median of the last whole syncs that came to their end. */
async function usualDuration(store: Watching['store'], connectorId: string): Promise<number> {
  const durations: number[] = [];
  let run: Run | undefined = await latestRun(store, connectorId);
  for (let looked = 0; run !== undefined && looked < LOOK_BACK && durations.length < RUNS; looked += 1) {
    if (run.kind === 'sync' && run.state.is === 'ended' && run.state.result !== 'failure' && run.startedAt !== null)
      durations.push(run.state.at - run.startedAt);
    run = run.previous == null ? undefined : (await store.get('run', run.previous))?.value;
  }
  durations.sort((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)] ?? UNSEEN_RUN;
}

async function lateImport({ store, clock }: Watching, source: string): Promise<Silent | null> {
  const fired = (await store.get('counter', importFiredKey(source)))?.value.value;
  const last = (await store.get('import', source))?.value;
  if (fired === undefined || (last !== undefined && last.startedAt >= fired)) return null;
  const usual = last === undefined ? 0 : last.endedAt - last.startedAt;
  if (clock.now() <= fired + usual + Math.max(usual / 4, SLACK)) return null;
  return { is: 'late-import', source, due: fired + usual, cause: String(fired) };
}

async function failedImport({ store }: Watching, source: string): Promise<Silent | null> {
  const last = (await store.get('import', source))?.value;
  if (last === undefined || last.outcome.is === 'done') return null;
  if (last.outcome.is === 'held') {
    const { wouldRemove, of } = last.outcome;
    return { is: 'held-import', source, wouldRemove, of, cause: last.id };
  }
  return last.outcome.is === 'rejected' ? { is: 'rejected-import', source, cause: last.id } : null;
}

/** Learns how often the source's files change, and says when they don't any more. */
async function oldSource({ store, clock }: Watching, { name, changedAt }: Watching['sources'][number]): Promise<Silent | null> {
  const newest = (await changedAt?.()) ?? null;
  if (newest === null) return null;
  const stored = await store.get('sourceTimes', name);
  let seen = stored?.value.seen ?? [];
  if (newest > (seen.at(-1) ?? Number.NEGATIVE_INFINITY)) {
    seen = [...seen, newest].slice(-GAPS - 1);
    await store.transaction({ puts: [put('sourceTimes', name, { seen }, stored?.version ?? 0)] });
  }
  const gaps = seen.slice(1).map((at, index) => at - (seen[index] ?? at));
  if (gaps.length < FEWEST) return null;
  const usual = Math.max(HOUR, ...gaps);
  return clock.now() > newest + usual * 1.25 ? { is: 'old-source', source: name, newest, usual, cause: String(newest) } : null;
}

/** Raises, goes on, or closes one silence by compare-and-set: asked twice, nothing is told twice. */
async function settle(outside: Watching, id: string, about: Silent | null, places: () => Promise<readonly Place[]>): Promise<void> {
  const stored = await outside.store.get('silence', id);
  const before = stored?.value;
  const now = outside.clock.now();
  if (about === null) {
    if (stored === undefined || before?.state.is !== 'open') return;
    await commit(outside, [put('silence', id, { ...stored.value, state: { is: 'over', at: now } }, stored.version), ...(await drawn(outside, stored))]);
    return;
  }
  if (before?.about.cause === about.cause) return;
  if (stored !== undefined && before?.state.is === 'open') {
    // It goes on with another cause: the same message tells it.
    await commit(outside, [put('silence', id, { ...stored.value, about }, stored.version), ...(await drawn(outside, stored))]);
    return;
  }
  const silence: Silence = { id, about, number: (before?.number ?? 0) + 1, raisedAt: now, state: { is: 'open' } };
  const cards = (await places()).map((place, index) => newCard(`${cardsOf(silence)}${index}`, place, { is: 'silence', silenceId: id }, true));
  await commit(outside, [put('silence', id, silence, stored?.version ?? 0), ...cards]);
}

function cardsOf({ id, number }: Pick<Silence, 'id' | 'number'>): string {
  return `silence/${id}/${number}/`;
}

async function drawn({ store }: Watching, { value, version: _ }: Stored<Silence>): Promise<readonly Put[]> {
  const puts: Put[] = [];
  for await (const page of store.scan('card', { prefix: cardsOf(value) })) for (const card of page) puts.push(redrawn(card, true));
  return puts;
}

async function commit(outside: Watching, puts: readonly Put[]): Promise<void> {
  if ((await outside.store.transaction({ puts })) === 'committed') outside.cards.changed(cardIds(puts));
}

async function placesOf(outside: Watching, connector: Connector): Promise<readonly Place[]> {
  const channels = [...(await subscriptionsTo(outside, connector))]
    .filter(([, { conditions }]) => conditions.includes('silence'))
    .map(([channelId]) => channelId);
  return channels.length > 0 ? channels.map((channelId) => ({ is: 'channel', channelId })) : [{ is: 'person', userId: ownerOf(connector) }];
}

/** Imports are everybody's: the channels that are told of all connectors, by somebody who may run everything. */
async function placesOfImports(outside: Watching): Promise<readonly Place[]> {
  const organizations = await tree(outside);
  const channels: string[] = [];
  for await (const page of outside.store.scan('subscription')) {
    for (const { value } of page) {
      if (value.connectorId !== null || !value.conditions.includes('silence')) continue;
      if (holds(await knownActor(outside, value.teamId, value.by), 'run', null, organizations)) channels.push(value.channelId);
    }
  }
  if (channels.length > 0) return channels.map((channelId) => ({ is: 'channel', channelId }));
  return (await whomToAsk(outside)).map((userId) => ({ is: 'person', userId }));
}

/** What a silence's card shows; no name of anybody is in it. */
export interface SilenceModel {
  readonly silence: Silence;
  /** Of a connector's; null for the others, and where it is gone. */
  readonly connector: { readonly id: string; readonly name: string } | null;
  readonly timeZone: string;
}

export async function silenceModel({ store, settings }: Pick<Outside, 'store' | 'settings'>, id: string): Promise<SilenceModel | null> {
  const silence = (await store.get('silence', id))?.value;
  if (silence === undefined) return null;
  const connector = silence.about.is === 'late-run' ? (await store.get('connector', silence.about.connectorId))?.value : undefined;
  return { silence, connector: connector === undefined ? null : { id: connector.id, name: connector.name }, timeZone: settings.timeZone };
}
