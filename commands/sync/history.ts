import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { fullName } from '../../src/domain/directory/person.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { runHistory } from '../../src/domain/sync/verbs/history.ts';
import { runOf } from '../../src/domain/sync/verbs/permit.ts';
import { seenEvents } from '../../src/domain/sync/verbs/seen-events.ts';
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
      usage: 'sync history <connector>',
      summary: 'Its runs, newest first',
      run: async (ask, words) => history(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id, null),
    },
    {
      topic: 'sync',
      verb: 'show',
      usage: 'sync show <run>',
      summary: 'What a run did to whom',
      run: (ask, words) => detail(ask, { outcome: 'all', runId: (words.objects[0] ?? '').toUpperCase(), after: null }),
    },
    {
      topic: 'sync',
      verb: 'errors',
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
  const { connector, whole } = await connectorById(ask.outside, ask.actor, connectorId);
  return {
    is: 'modal',
    view: loading('Sync history', `Reading the runs of ${connector.name}…`),
    later: async () => {
      const { runs, next } = await runHistory(ask.outside, connector.id, { limit: PAGE, ...(after === null ? {} : { after }) });
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
  const run = await runOf(ask.outside, wanted.runId);
  const visible = await connectorById(ask.outside, ask.actor, run.connectorId);
  const { connector } = visible;
  return {
    is: 'modal',
    view: loading(`Run ${run.id}`, 'Reading its events…'),
    later: async () => {
      const filter = wanted.outcome === 'all' ? {} : { success: wanted.outcome === 'done' };
      const { events, next } = await seenEvents(ask.outside, visible, run, filter, { limit: PAGE, ...(wanted.after === null ? {} : { after: wanted.after }) });
      return runModal({ run, connector, events, outcome: wanted.outcome, next, first: wanted.after === null, timeZone: ask.outside.settings.timeZone });
    },
  };
}

async function frozen(ask: Ask, press: Press): Promise<Answer> {
  const run = await runOf(ask.outside, press.value ?? '');
  const { whole, organizations } = await connectorById(ask.outside, ask.actor, run.connectorId);
  const names = new Map<string, string>();
  for (const { personId } of run.frozen.first) {
    const person = await ask.outside.store.get('person', personId);
    const isTheirs = whole || (person !== undefined && organizations.has(person.value.organizationId));
    names.set(personId, !isTheirs ? 'somebody elsewhere' : person === undefined ? personId : fullName(person.value));
  }
  return { is: 'modal', view: frozenModal(run, (personId) => names.get(personId) ?? personId) };
}
