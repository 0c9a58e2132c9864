import type { Place } from '../../src/domain/cards/card.ts';
import { connectorById, connectorNamed, type VisibleConnector, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { taskOfRun } from '../../src/domain/enrollment/verbs/of-run.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { preview } from '../../src/domain/sync/preview.ts';
import type { Run } from '../../src/domain/sync/run.ts';
import { permittedScope, runnableAmong } from '../../src/domain/sync/verbs/permit.ts';
import { retryFailed } from '../../src/domain/sync/verbs/retry-failed.ts';
import { seenRun } from '../../src/domain/sync/verbs/seen-run.ts';
import { placeFor, placeOf } from '../../src/domain/sync/verbs/show-run.ts';
import { requireActive, startSync } from '../../src/domain/sync/verbs/start.ts';
import { type Message, message } from '../../views/blocks.ts';
import { channelMention, md } from '../../views/mrkdwn.ts';
import { note } from '../../views/notice.ts';
import { chooseMessage } from '../../views/sync/choose-message.ts';
import { previewMessage } from '../../views/sync/preview-message.ts';
import { runMessage } from '../../views/sync/run-card.ts';
import { readRetry } from '../../views/sync/run-result.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

/** Preview, sync now, retry failed (S1, S6 simple, S15). */
export const startCommands: Command = {
  typed: [
    { topic: 'sync', verb: '', right: 'see', usage: 'sync', summary: 'Choose a connector to preview or sync', run: choose },
    {
      topic: 'sync',
      verb: 'preview',
      right: 'run',
      usage: 'sync preview <connector>',
      summary: 'What a sync would do now; nothing is sent',
      run: async (ask, words) => previewed(ask, await connectorNamed(ask.outside, ask.actor, named(words))),
    },
    {
      topic: 'sync',
      verb: 'now',
      right: 'run',
      usage: 'sync now <connector>',
      summary: 'Sync it now, with live progress',
      run: async (ask, words) => started(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector),
    },
    {
      topic: 'sync',
      verb: 'progress',
      right: 'see',
      usage: 'sync progress <run>',
      summary: 'How far a run is',
      run: (ask, words) => progress(ask, (words.objects[0] ?? '').trim().toUpperCase()),
    },
    { topic: 'sync', verb: 'retry', right: 'run', usage: 'sync retry <run> [cause=<key>]', summary: 'Retry exactly the people who failed', run: typedRetry },
  ],
  presses: {
    'sync.choose': choose,
    'sync.preview': async (ask, press) => previewed(ask, await connectorById(ask.outside, ask.actor, press.value ?? '')),
    'sync.now': async (ask, press) => started(ask, (await connectorById(ask.outside, ask.actor, press.value ?? '')).connector),
    'sync.progress': (ask, press) => progress(ask, press.value ?? ''),
    'sync.retry': pressedRetry,
  },
};

async function choose(ask: Ask): Promise<Answer> {
  const visible = (await visibleConnectors(ask.outside, ask.actor)).filter(({ asPartner }) => !asPartner);
  const runnable = await runnableAmong(ask.outside, ask.actor, visible);
  return {
    is: 'message',
    message: chooseMessage(
      visible.map(({ connector }) => connector),
      runnable,
    ),
  };
}

async function previewed(ask: Ask, { connector, whole }: VisibleConnector): Promise<Answer> {
  const scope = await permittedScope(ask.outside, ask.actor, connector, { is: 'all' });
  requireActive(connector, 'preview');
  return {
    is: 'message',
    message: note(`Making the plan for ${connector.name}…`, connector.listing === null ? 'The accounts it has are listed first.' : undefined),
    later: async () => {
      const made = await preview(ask.outside, connector.id, scope);
      if (made === undefined) throw new Refusal({ is: 'not-configured', connectorId: connector.id, connector: connector.name });
      return previewMessage(made, connector, whole);
    },
  };
}

/** A second request shows the running one's progress (S1). */
async function started(ask: Ask, connector: Connector): Promise<Answer> {
  const place = placeFor(ask.actor.userId, ask.channelId);
  return orProgress(ask, async () => shown(ask, connector, await startSync(ask.outside, ask.actor, { connectorId: connector.id, place })));
}

async function orProgress(ask: Ask, start: () => Promise<Answer>): Promise<Answer> {
  try {
    return await start();
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.reason.is !== 'running') throw refusal;
    return underWay(ask, refusal.reason);
  }
}

/** One that is about others only is not told of: but that it is in the way. */
async function underWay(ask: Ask, { runId, connector }: Extract<Refusal['reason'], { is: 'running' }>): Promise<Answer> {
  try {
    return await progress(ask, runId);
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.reason.is !== 'not-found') throw refusal;
    return { is: 'message', message: note(`${connector} is syncing for others.`, 'Sync your part when that has ended.') };
  }
}

/** A run as it stands now. Who sees only part of the connector is not shown the numbers of the rest (C3). */
async function progress(ask: Ask, runId: string): Promise<Answer> {
  const { run, visible, whole, maySteer } = await seenRun(ask.outside, ask.actor, runId);
  const { connector } = visible;
  if (!whole) return { is: 'message', message: elsewhere(connector, run) };
  const by = (await namesOf(ask.outside, [run.by]))(run.by);
  const task = await taskOfRun(ask.outside, run);
  return { is: 'message', message: runMessage({ run, connector, now: ask.outside.clock.now(), by, mayName: true, steers: maySteer, task }) };
}

/** A run of more than the person's part: that it goes on, or that it ended. */
function elsewhere(connector: Connector, run: Run): Message {
  if (run.state.is === 'ended') return note(`${run.id} of ${connector.name} has ended. It was about more than your part.`);
  return note(`${connector.name} is syncing more than your part (${run.id}).`, 'Sync your part when that has ended.');
}

async function typedRetry(ask: Ask, words: Words): Promise<Answer> {
  const runId = (words.objects[0] ?? '').toUpperCase();
  const { cause } = words.options;
  return retried(ask, cause === undefined ? { runId } : { runId, cause });
}

async function pressedRetry(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readRetry(press.value);
  return wanted === null ? { is: 'nothing' } : retried(ask, wanted);
}

async function retried(ask: Ask, wanted: { readonly runId: string; readonly cause?: string }): Promise<Answer> {
  return orProgress(ask, async () => {
    const run = await retryFailed(ask.outside, ask.actor, { ...wanted, place: placeFor(ask.actor.userId, ask.channelId) });
    const { connector } = await connectorById(ask.outside, ask.actor, run.connectorId);
    return shown(ask, connector, run);
  });
}

function shown(ask: Ask, connector: Connector, run: Run): Answer {
  return {
    is: 'message',
    message: note(`Run ${run.id} of ${connector.name} is starting…`),
    later: async () => whereabouts(run, connector, await placeOf(ask.outside, run)),
  };
}

/** Says where the live message is (S2). */
function whereabouts(run: Run, connector: Connector, place: Place | null): Message {
  const where = place?.is === 'channel' ? md`in ${channelMention(place.channelId)}` : 'in your direct messages from Usher';
  return message({ text: md`Run ${run.id} of ${connector.name} has started; its progress is ${where}.` });
}
