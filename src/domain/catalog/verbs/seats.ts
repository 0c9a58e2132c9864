import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Instance } from '../catalog.ts';

/** What an admin says of the seats of an instance (E12): a number, unlimited, or where the target tells it. */
export type WantedSeats =
  | { readonly is: 'unlimited' }
  | { readonly is: 'set'; readonly total: number }
  | { readonly is: 'read'; readonly path: string; readonly pointer: string };

const MOST = 10_000_000;

/** Sets the seat total of the connector's instance (E12); one that is to be read is not known until `readSeats`. The same again changes nothing. */
export async function saveSeats(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance'>,
  actor: Actor,
  id: ConnectorId,
  wanted: WantedSeats,
): Promise<Instance> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'set the seats of');
  check(wanted);
  const next = await revise(
    outside.store,
    'instance',
    connector.instanceId,
    (now) => (isSame(now.seats, wanted) ? null : { ...now, seats: seatsOf(outside, actor, wanted) }),
    (_, before) => ({
      appends: [
        audited(outside, actor, {
          ...{ action: 'connectors.seats', connectorId: id, summary: `set the seats of ${connector.name}: ${inWords(wanted)}` },
          before: { seats: inWords(before.seats) },
          after: { seats: inWords(wanted) },
        }),
      ],
    }),
  );
  if (next === undefined) throw new Refusal({ is: 'not-found', what: 'instance', typed: connector.instanceId, near: [] });
  return next;
}

function check(wanted: WantedSeats): void {
  if (wanted.is === 'set' && !(Number.isInteger(wanted.total) && wanted.total >= 0 && wanted.total <= MOST))
    throw badInput('seats', 'Seats must be a whole number.', 'Type the number of licences, or “unlimited”.');
  // Below the base URL only: “..” would leave the tenant that the token was given for.
  if (wanted.is === 'read' && !/^\/(?!.*\.\.)[\w./-]*$/.test(wanted.path))
    throw badInput('seats', 'The path must begin with a slash and hold neither a query nor “..”.', 'Such as /Seats.');
  // RFC 6901.
  if (wanted.is === 'read' && !/^(?:\/(?:[^~/]|~[01])*)+$/.test(wanted.pointer))
    throw badInput('seats', 'The pointer must be a JSON pointer.', 'Such as /total, for the field “total” of the answer.');
}

function isSame(seats: Instance['seats'], wanted: WantedSeats): boolean {
  if (seats.is === 'read' && wanted.is === 'read') return seats.path === wanted.path && seats.pointer === wanted.pointer;
  return seats.is === 'set' && wanted.is === 'set' ? seats.total === wanted.total : seats.is === 'unlimited' && wanted.is === 'unlimited';
}

function seatsOf(outside: Pick<Outside, 'clock'>, actor: Actor, wanted: WantedSeats): Instance['seats'] {
  switch (wanted.is) {
    case 'unlimited':
      return { is: 'unlimited' };
    case 'set':
      return { is: 'set', total: wanted.total, by: actor.userId, at: outside.clock.now() };
    case 'read':
      return { is: 'read', path: wanted.path, pointer: wanted.pointer, total: null, at: null };
  }
}

function inWords(wanted: WantedSeats): string {
  switch (wanted.is) {
    case 'unlimited':
      return 'unlimited';
    case 'set':
      return String(wanted.total);
    case 'read':
      return `read from ${wanted.path} ${wanted.pointer}`;
  }
}
