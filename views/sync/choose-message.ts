import type { Connector } from '../../src/domain/connectors/connector.ts';
import { actions, button, type Message, message, section, staticSelect } from '../blocks.ts';

/** Asks which connector to preview or sync: the hub's *Sync*. */
export function chooseMessage(connectors: readonly Connector[]): Message {
  const active = connectors.filter(({ state }) => state.is === 'active');
  if (active.length === 0) {
    return message({
      text: 'No connector is active yet, so there is nothing to sync.',
      blocks: [
        section('No connector is active yet, so there is nothing to sync.'),
        actions([button({ text: 'Connectors', action: 'connectors.list', style: 'primary' })]),
      ],
    });
  }
  const choices = active.map(({ id, name }) => ({ text: name, value: id }));
  return message({
    text: 'Which connector? Preview first, sync, or see its history.',
    blocks: [
      section('Which connector?'),
      actions([
        staticSelect({ action: 'sync.preview', placeholder: 'Preview…', choices }),
        staticSelect({ action: 'sync.now', placeholder: 'Sync now…', choices }),
        staticSelect({ action: 'sync.history', placeholder: 'Sync history…', choices }),
      ]),
    ],
  });
}
