import type { Outside } from '../../../ports/outside.ts';
import type { Described } from '../../approvals/request.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Consequences, consequencesOf } from '../consequences.ts';
import type { ConnectorId } from '../connector.ts';
import { requireConnector } from './require.ts';
import { requireNoRun, wrongState } from './states.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'breath'>;

/** What a disconnect comes to (C13); refuses like `disconnect`. Reads all accounts: for after the ack. */
export async function describeDisconnect(outside: Parts, actor: Actor, id: ConnectorId): Promise<Described> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'disconnect');
  if (connector.state.is !== 'active' && connector.state.is !== 'disabled') throw wrongState(connector, 'disconnect', 'none');
  const { accounts, running, scheduled, secret, requests, plans, enrollmentTasks } = await consequencesOf(outside, connector);
  const stops = [...(scheduled ? ['the schedule'] : []), ...(running === null ? [] : [`the sync ${running.id} that is under way`])];
  return {
    title: `disconnect ${connector.name}`,
    lines: [
      stops.length === 0 ? 'Nothing is under way; no sync can start.' : `Stops at once: ${stops.join(' and ')}.`,
      `${counted(accounts.active, 'account')} in ${connector.name} ${accounts.active === 1 ? 'stays as it is' : 'stay as they are'}.`,
      ...(secret === 'none' ? [] : [secret === 'typed' ? 'The stored secret is erased.' : 'The reference to its secret is let go.']),
      ...(enrollmentTasks === 0
        ? []
        : [
            `${counted(enrollmentTasks, 'open enrollment task')} ${enrollmentTasks === 1 ? 'closes' : 'close'}: nobody enrolls by ${enrollmentTasks === 1 ? 'it' : 'them'} any more.`,
          ]),
      ...(plans === 0 ? [] : [`${counted(plans, 'open plan')} ${plans === 1 ? 'closes' : 'close'}: not applied.`]),
      ...closing(requests),
    ],
    size: accounts.active,
    organizationId: connector.organizationId,
    connectorId: id,
  };
}

/** What deleting a connector comes to (C14); refuses like `deleteConnector`. */
export async function describeDelete(outside: Parts, actor: Actor, id: ConnectorId): Promise<Described> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'delete');
  if (connector.state.is === 'active' || connector.state.is === 'disabled') throw wrongState(connector, 'delete', 'disconnect');
  await requireNoRun(outside, connector, 'delete');
  const { accounts, assignments, runs, requests } = await consequencesOf(outside, connector);
  const known = accounts.active + accounts.inactive;
  return {
    title: `delete ${connector.name}`,
    lines: [
      `Erased for ever: what Usher knows of ${counted(known, 'account')}, ${counted(assignments, 'assignment')}, the people in ${counted(runs, 'run')}.`,
      'Accounts in the target stay as they are. The audit and one line per run stay too.',
      ...closing(requests),
    ],
    size: known,
    organizationId: connector.organizationId,
    connectorId: id,
  };
}

function closing(requests: Consequences['requests']): readonly string[] {
  return requests === 0 ? [] : [`${counted(requests, 'open approval request')} ${requests === 1 ? 'closes' : 'close'}.`];
}

function counted(number: number, one: string): string {
  return `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;
}
