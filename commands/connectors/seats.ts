import { readSeats } from '../../src/domain/catalog/verbs/read-seats.ts';
import { saveSeats } from '../../src/domain/catalog/verbs/seats.ts';
import type { Instance } from '../../src/domain/catalog/catalog.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { seatsTaken } from '../../src/domain/connectors/verbs/card.ts';
import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { Message } from '../../views/blocks.ts';
import { type SeatsInput, seatsIn } from '../../views/connectors/configure-modal.ts';
import { note } from '../../views/notice.ts';
import { count, plural } from '../../views/words.ts';
import type { Answer, Ask, Command } from '../command.ts';
import { named, type Words } from '../words.ts';

/** The seat total of a connector's instance: how it stands, read anew where the target tells it, or set (E12). */
export const connectorSeats: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'seats',
      right: 'see',
      usage: 'connectors seats <connector> [total=500 | total=unlimited | total="/Seats /total"]',
      summary: 'Seats taken and left; set the total, or where it is read',
      run: typedSeats,
    },
  ],
};

async function typedSeats(ask: Ask, words: Words): Promise<Answer> {
  const { connector, whole } = await connectorNamed(ask.outside, ask.actor, named(words));
  const { total } = words.options;
  if (total !== undefined) await saveSeats(ask.outside, ask.actor, connector.id, wantedIn(total));
  else if (!whole)
    throw new Refusal({ is: 'nothing-to-do', detail: `The seats of ${connector.name} are counted for all of it, and you hold a role for a part.` });
  return { is: 'message', message: note(`Counting the seats of ${connector.name}…`), later: () => seatsNow(ask, connector.id) };
}

function wantedIn(total: string): SeatsInput {
  const wanted = seatsIn(total);
  if (wanted === null) throw badInput('total', 'That is neither a number nor a path and pointer.', 'Type total=500, total=unlimited or total="/Seats /total".');
  return wanted;
}

async function seatsNow(ask: Ask, connectorId: string): Promise<Message> {
  const { outside } = ask;
  const reading = await readSeats(outside, connectorId);
  const { connector } = await connectorById(outside, ask.actor, connectorId);
  const instance = (await outside.store.get('instance', connector.instanceId))?.value;
  const taken = await seatsTaken(outside, connectorId, connector.listing?.unmanagedActive ?? 0);
  const why = reading.is === 'failed' ? `The total could not be read: ${reading.why}` : undefined;
  return note(`${connector.name}: ${inWords(taken, instance?.seats)}`, [counted(connector), why].filter((part) => part !== undefined).join(' '));
}

function inWords(taken: number, seats: Instance['seats'] | undefined): string {
  const active = plural(taken, 'active account');
  if (seats === undefined || seats.is === 'unlimited') return `${active}, seats unlimited.`;
  if (seats.total === null) return `${active}; the seat total is not known yet.`;
  const left = seats.total - taken;
  return `${count(taken)} of ${plural(seats.total, 'seat')} taken, ${left < 0 ? `${count(-left)} short` : `${count(left)} left`}.`;
}

/** All active accounts count, adopted and hand-made too, as last listed (E12). */
function counted({ listing }: Connector): string {
  if (listing === null) return 'Accounts that Usher has not listed yet are not counted.';
  return listing.unmanagedActive === 0
    ? 'Every active account is Usher’s.'
    : `${plural(listing.unmanagedActive, 'active account')} among them ${listing.unmanagedActive === 1 ? 'is' : 'are'} not managed by Usher.`;
}
