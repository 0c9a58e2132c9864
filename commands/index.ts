import type { Command } from './command.ts';
import { connectorAttributes } from './connectors/attributes.ts';
import { configureConnector } from './connectors/configure.ts';
import { listConnectors } from './connectors/list.ts';
import { newConnector } from './connectors/new.ts';
import { rehearseConnector } from './connectors/rehearse.ts';
import { setConnector } from './connectors/set.ts';
import { showConnector } from './connectors/show.ts';
import { connectorStates } from './connectors/states.ts';
import type { Help } from './exchange/routes.ts';
import { helpOf } from './home/help.ts';
import { homeCommands, hub } from './home/hub.ts';
import { historyCommands } from './sync/history.ts';
import { startCommands } from './sync/start.ts';
import { steerCommands } from './sync/steer.ts';

export { drawHome as home } from './home/hub.ts';

/** Every command there is. What is not listed here does not exist. */
export const registry: readonly Command[] = [
  homeCommands,
  listConnectors,
  showConnector,
  newConnector,
  configureConnector,
  connectorAttributes,
  setConnector,
  rehearseConnector,
  connectorStates,
  startCommands,
  steerCommands,
  historyCommands,
];

/** What answers when no topic and verb fit. */
export const help: Help = { hub, help: helpOf(() => registry.flatMap((command) => command.typed ?? [])) };
