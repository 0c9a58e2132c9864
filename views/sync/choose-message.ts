import type { Connector } from '../../src/domain/connectors/connector.ts';
import { namedChoices } from '../named-choices.ts';
import { actions, button, type Message, message, section, staticSelect } from '../blocks.ts';

/** Asks which connector to preview or sync: the hub's *Sync*. `runnable` are those that the person may sync, of those they may see. */
export function chooseMessage(connectors: readonly Connector[], runnable: readonly Connector[]): Message {
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
  const choices = namedChoices(active);
  const running = choices.filter(({ value }) => runnable.some(({ id }) => id === value));
  return message({
    text: running.length === 0 ? 'Which connector’s history?' : 'Which connector? Preview first, sync, or see its history.',
    blocks: [
      section('Which connector?'),
      actions([
        running.length > 0 && staticSelect({ action: 'sync.preview', placeholder: 'Preview…', choices: running }),
        running.length > 0 && staticSelect({ action: 'sync.now', placeholder: 'Sync now…', choices: running }),
        staticSelect({ action: 'sync.history', placeholder: 'Sync history…', choices }),
      ]),
    ],
  });
}
