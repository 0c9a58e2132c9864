import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { seenEvents } from '../../src/domain/sync/verbs/seen-events.ts';
import { leftAsTheyWere, seenRun, seenRuns } from '../../src/domain/sync/verbs/seen-run.ts';
import { loading } from '../../views/notice.ts';
import { readOlder, runHistoryModal } from '../../views/sync/history-modal.ts';
import { type DetailChoice, frozenModal, readDetail, runModal } from '../../views/sync/run-modal.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named } from '../words.ts';

const PAGE = 10;

/** Sync history, and what a run did to whom (S4). */
export const historyCommands: Command = {
  typed: [
    {
      topic: 'sync',
      verb: 'history',
      right: 'see',
      usage: 'sync history <connector>',
      summary: 'Its runs, newest first',
      run: async (ask, words) => history(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id, null),
    },
    {
      topic: 'sync',
      verb: 'show',
      right: 'see',
      usage: 'sync show <run>',
      summary: 'What a run did to whom',
      run: (ask, words) => detail(ask, { outcome: 'all', runId: (words.objects[0] ?? '').toUpperCase(), after: null }),
    },
    {
      topic: 'sync',
      verb: 'errors',
      right: 'see',
      usage: 'sync errors <run>',
      summary: 'Who failed in a run, and why',
      run: (ask, words) => detail(ask, { outcome: 'failed', runId: (words.objects[0] ?? '').toUpperCase(), after: null }),
    },
  ],
  presses: {
    'sync.history': (ask, press) => history(ask, press.value ?? '', null),
    'sync.older': older,
    'sync.open': (ask, press) => detail(ask, { outcome: 'all', runId: press.value ?? '', after: null }),
    'sync.errors': (ask, press) => detail(ask, { outcome: 'failed', runId: press.value ?? '', after: null }),
    'sync.outcome': chosen,
    'sync.events': chosen,
    'sync.frozen': frozen,
  },
};

async function older(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readOlder(press.value);
  return wanted === null ? { is: 'nothing' } : history(ask, wanted.connectorId, wanted.after);
}

async function history(ask: Ask, connectorId: string, after: string | null): Promise<Answer> {
  const visible = await connectorById(ask.outside, ask.actor, connectorId);
  const { connector, whole } = visible;
  return {
    is: 'modal',
    view: loading('Sync history', `Reading the runs of ${connector.name}…`),
    later: async () => {
      const { runs, next } = await seenRuns(ask.outside, visible, { limit: PAGE, ...(after === null ? {} : { after }) });
      const names = await namesOf(
        ask.outside,
        runs.map(({ by }) => by),
      );
      return runHistoryModal({ connector, whole, runs, next, first: after === null, timeZone: ask.outside.settings.timeZone, names });
    },
  };
}

async function chosen(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readDetail(press.value);
  return wanted === null ? { is: 'nothing' } : detail(ask, wanted);
}

async function detail(ask: Ask, wanted: DetailChoice): Promise<Answer> {
  const { run, visible, whole, maySteer } = await seenRun(ask.outside, ask.actor, wanted.runId);
  const { connector } = visible;
  const mayRetry = whole && maySteer;
  return {
    is: 'modal',
    view: loading(`Run ${run.id}`, 'Reading its events…'),
    later: async () => {
      const filter = wanted.outcome === 'all' ? {} : { success: wanted.outcome === 'done' };
      const { events, next } = await seenEvents(ask.outside, visible, run, filter, { limit: PAGE, ...(wanted.after === null ? {} : { after: wanted.after }) });
      return runModal({
        run,
        connector,
        events,
        outcome: wanted.outcome,
        next,
        first: wanted.after === null,
        timeZone: ask.outside.settings.timeZone,
        mayRetry,
      });
    },
  };
}

async function frozen(ask: Ask, press: Press): Promise<Answer> {
  const seen = await seenRun(ask.outside, ask.actor, press.value ?? '');
  return { is: 'modal', view: frozenModal(seen.run, await leftAsTheyWere(ask.outside, seen)) };
}
