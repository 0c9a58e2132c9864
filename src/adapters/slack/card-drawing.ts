import { alertModel } from '../../domain/alerts/verbs/model.ts';
import { approvalModel } from '../../domain/approvals/verbs/model.ts';
import type { Card } from '../../domain/cards/card.ts';
import { taskOfRun } from '../../domain/enrollment/verbs/of-run.ts';
import { taskModel } from '../../domain/enrollment/verbs/model.ts';
import { heldImportModel } from '../../domain/directory/verbs/held-import-model.ts';
import { holdModel } from '../../domain/holds/verbs/model.ts';
import { isRehearsed } from '../../domain/connectors/settings.ts';
import { planModel } from '../../domain/plans/verbs/model.ts';
import { offboardingModel } from '../../domain/halts/verbs/offboard.ts';
import { silenceModel } from '../../domain/alerts/verbs/silence.ts';
import { namesOf } from '../../domain/rights/verbs/names.ts';
import type { Run } from '../../domain/sync/run.ts';
import type { Trace } from '../../domain/sync/trace.ts';
import { traceOf } from '../../domain/sync/verbs/trace.ts';
import type { Outside } from '../../ports/outside.ts';
import { alertMessage, escalationMessage } from '../../../views/alerts/alert-card.ts';
import { requestCard } from '../../../views/approvals/request-card.ts';
import { silenceMessage } from '../../../views/alerts/silence-card.ts';
import { offboardingCard } from '../../../views/halts/offboarding-card.ts';
import { rehearsalMessage, rehearsalModal } from '../../../views/connectors/rehearsal.ts';
import { heldImportMessage } from '../../../views/directory/held-import-card.ts';
import { taskMessage } from '../../../views/enrollment/task-card.ts';
import { holdMessage } from '../../../views/holds/hold-card.ts';
import { note } from '../../../views/notice.ts';
import { planMessage } from '../../../views/plans/plan-card.ts';
import { traceMessage } from '../../../views/people/trace-blocks.ts';
import { runMessage } from '../../../views/sync/run-card.ts';
import type { Drawn } from './postman.ts';

/** What a card shows now, read from the store as it is; null where its subject is gone. */
export async function drawCard(outside: Outside, card: Card): Promise<Drawn | null> {
  const { content } = card;
  switch (content.is) {
    case 'offboarding': {
      const model = await offboardingModel(outside, content.personId);
      return model === null ? null : { message: offboardingCard(model), view: null };
    }
    case 'silence': {
      const model = await silenceModel(outside, content.silenceId);
      return model === null ? null : { message: silenceMessage(model), view: null };
    }
    case 'enrollment': {
      const model = await taskModel(outside, content.taskId);
      return model === null ? null : { message: taskMessage(model, card.place.is === 'channel'), view: null };
    }
    case 'note':
      return { message: note(content.text), view: null };
    case 'approval': {
      const model = await approvalModel(outside, content.requestId, card.place.is === 'channel' ? card.place.channelId : null);
      return model === null ? null : { message: requestCard(model, card.place.is === 'person' ? card.place.userId : null), view: null };
    }
    case 'plan': {
      const model = await planModel(outside, content.planId, card.place.is !== 'channel');
      return model === null ? null : { message: planMessage(model), view: null };
    }
    case 'hold': {
      const model = await holdModel(outside, content.holdId);
      return model === null ? null : { message: holdMessage(model), view: null };
    }
    case 'held-import': {
      const model = await heldImportModel(outside, content.source, content.since);
      return model === null ? null : { message: heldImportMessage(model), view: null };
    }
    case 'trace': {
      const run = (await outside.store.get('run', content.runId))?.value;
      const connector = run === undefined ? undefined : (await outside.store.get('connector', run.connectorId))?.value;
      return run === undefined || connector === undefined
        ? null
        : { message: traceMessage(await traceOf(outside, run, content.personId), connector), view: null };
    }
    case 'run':
      return drawRun(outside, card, content.runId);
    case 'rehearsal':
      return drawRehearsal(outside, content.connectorId, content.rehearsalId);
    case 'alert':
    case 'alert-escalation': {
      const model = await alertModel(outside, content.alertId);
      return model === null ? null : { message: content.is === 'alert' ? alertMessage(model) : escalationMessage(model), view: null };
    }
  }
}

async function drawRun(outside: Outside, card: Card, runId: string): Promise<Drawn | null> {
  const run = (await outside.store.get('run', runId))?.value;
  const connector = run === undefined ? undefined : (await outside.store.get('connector', run.connectorId))?.value;
  if (run === undefined || connector === undefined) return null;
  const by = (await namesOf(outside, [run.by]))(run.by);
  const verification = run.kind === 'verify' ? ((await outside.store.get('verification', run.connectorId))?.value ?? null) : null;
  return {
    message: runMessage({
      run,
      connector,
      now: outside.clock.now(),
      by,
      mayName: card.place.is !== 'channel',
      verification,
      ...(await traced(outside, run)),
      task: await taskOfRun(outside, run),
    }),
    view: null,
  };
}

/** The trace of *one person now* (S16); nothing for any other run. */
async function traced(outside: Outside, run: Run): Promise<{ readonly trace?: Trace }> {
  const [personId, ...others] = run.kind === 'person' && run.scope.is === 'people' ? run.scope.ids : [];
  return personId === undefined || others.length > 0 ? {} : { trace: await traceOf(outside, run, personId) };
}

/** A later rehearsal has a card of its own: the earlier one's shows nothing new. */
async function drawRehearsal(outside: Outside, connectorId: string, rehearsalId: string): Promise<Drawn | null> {
  const connector = (await outside.store.get('connector', connectorId))?.value;
  if (connector?.rehearsal?.id !== rehearsalId) return null;
  const model = { connector, activatable: isRehearsed(connector, (text) => outside.fingerprint.of(text)) };
  return { message: rehearsalMessage(model), view: rehearsalModal(model) };
}
