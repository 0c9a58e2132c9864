import { alertModel } from '../../domain/alerts/verbs/model.ts';
import { approvalModel } from '../../domain/approvals/verbs/model.ts';
import type { Card } from '../../domain/cards/card.ts';
import { isRehearsed } from '../../domain/connectors/settings.ts';
import { namesOf } from '../../domain/rights/verbs/names.ts';
import type { Outside } from '../../ports/outside.ts';
import { alertMessage, escalationMessage } from '../../../views/alerts/alert-card.ts';
import { requestCard } from '../../../views/approvals/request-card.ts';
import { rehearsalMessage, rehearsalModal } from '../../../views/connectors/rehearsal.ts';
import { note } from '../../../views/notice.ts';
import { runMessage } from '../../../views/sync/run-card.ts';
import type { Drawn } from './postman.ts';

/** What a card shows now, read from the store as it is; null where its subject is gone. */
export async function drawCard(outside: Outside, card: Card): Promise<Drawn | null> {
  const { content } = card;
  switch (content.is) {
    case 'note':
      return { message: note(content.text), view: null };
    case 'approval': {
      const model = await approvalModel(outside, content.requestId, card.place.is === 'channel' ? card.place.channelId : null);
      return model === null ? null : { message: requestCard(model, card.place.is === 'person' ? card.place.userId : null), view: null };
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
  return {
    message: runMessage({ run, connector, now: outside.clock.now(), by: (await namesOf(outside, [run.by]))(run.by), mayName: card.place.is !== 'channel' }),
    view: null,
  };
}

/** A later rehearsal has a card of its own: the earlier one's shows nothing new. */
async function drawRehearsal(outside: Outside, connectorId: string, rehearsalId: string): Promise<Drawn | null> {
  const connector = (await outside.store.get('connector', connectorId))?.value;
  if (connector?.rehearsal?.id !== rehearsalId) return null;
  const model = { connector, activatable: isRehearsed(connector, (text) => outside.fingerprint.of(text)) };
  return { message: rehearsalMessage(model), view: rehearsalModal(model) };
}
